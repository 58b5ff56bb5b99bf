"""Play a Zoho CRM that takes every change and answers at once, in a process of its own: sink.py.

It keeps nothing but when each call came and of how many records it was, and tells that when asked.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import uvloop
from aiohttp import web

from ops.bench.windows import most_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

RECORDS_PER_CREDIT = 10


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """What a sink was sent."""

    at_seconds: list[float]
    records: list[list[str]]

    @property
    def credits(self) -> list[int]:
        return [-(-len(each) // RECORDS_PER_CREDIT) for each in self.records]

    def most_credits(self, seconds: float) -> int:
        return most_in(self.at_seconds, self.credits, seconds)


class Sink:
    """The process, as a bench sees it."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def told(self) -> Arrived:
        """Give what came since this was last asked."""
        async with (
            aiohttp.ClientSession(self.address) as session,
            session.get("/told") as answer,
        ):
            return msgspec.json.decode(await answer.read(), type=Arrived)


@asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    """Play one for the length of a bench."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ops.bench.sink"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield Sink((await process.stdout.readline()).decode().strip())
    finally:
        process.terminate()
        await process.wait()


class _Row(msgspec.Struct):
    id: str


class _Rows(msgspec.Struct):
    data: list[_Row]


class _Desk:
    def __init__(self) -> None:
        self._at: list[float] = []
        self._records: list[list[str]] = []
        self._read = msgspec.json.Decoder(_Rows).decode

    async def change(self, request: web.Request) -> web.Response:
        rows = self._read(await request.read()).data
        self._at.append(time.monotonic())
        self._records.append([row.id for row in rows])
        modified = datetime.now(UTC).isoformat(timespec="seconds")
        items = [_item(row.id, modified) for row in rows]
        return web.Response(
            body=msgspec.json.encode({"data": items}), content_type="application/json"
        )

    async def tell(self, _: web.Request) -> web.Response:
        found = Arrived(at_seconds=self._at, records=self._records)
        self._at, self._records = [], []
        return web.Response(body=msgspec.json.encode(found))


def _item(record: str, modified: str) -> dict[str, Any]:
    details = {"id": record, "Modified_Time": modified}
    return {"code": "SUCCESS", "status": "success", "message": "updated", "details": details}


async def _serve() -> None:
    desk, app = _Desk(), web.Application(client_max_size=64 * 2**20)
    app.add_routes([web.get("/told", desk.tell), web.put("/crm/v8/{kind}", desk.change)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve())
