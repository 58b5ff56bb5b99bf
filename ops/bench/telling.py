"""Play the vendors in a process of its own for as many linked companies: telling.py COMPANIES.

On each line of its input it changes the websites of customers in Books, so many a second; Books
sends each by a signed webhook. It notes when one is handed over, and when the call comes that
writes that website to the CRM: so both moments are of one clock. Limits are lifted. It prints its
address and the companies, then a line for each order, and ends with its input.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import uvloop

from hub.sandbox import post
from hub.sandbox.server import running
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from ops.bench.companies import entered, website

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from aiohttp import ClientSession

    from hub.sandbox.system import Answer, Request, System
    from hub.sandbox.world import Hook

MUCH = 1_000_000_000
LIFTED: dict[str, dict[str, Any]] = {
    "crm": {
        "credits_per_day": 2 * MUCH, "calls_at_once": MUCH, "heavy_calls_at_once": MUCH,
        "bulk_step_seconds": 0,
    },
    "books": {
        "calls_per_minute": MUCH, "calls_per_minute_before_block": MUCH,
        "calls_per_day": 2 * MUCH, "calls_in_flight_max": MUCH,
    },
}  # fmt: skip
SECRET = "sandboxwebhooksecret"  # noqa: S105 - a played vendor's
QUIET_SECONDS = 5.0
"""So long nothing comes, and what has not come by then is lost."""

SAID = re.compile(rb'https://velm(\d+)\.example/(\d+)"')


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """How many changes to make, how fast, and where Books is to send them."""

    changes: int
    per_second: float
    url: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an order."""

    seconds: list[float]
    """From handing each over until it was written."""
    lost: int
    overtaken: int
    """Changes of which a later one of the same customer was written, and they were not."""
    refused: int
    took_seconds: float


class Telling:
    """The process, as a bench sees it."""

    def __init__(self, process: asyncio.subprocess.Process, told: dict[str, Any]) -> None:
        self._process = process
        self.address: str = told["address"]
        self.organization: str = told["organization"]
        self.companies: list[tuple[str, str]] = [(a, c) for a, c in told["companies"]]
        """Of each, its account in the CRM and its customer in Books."""

    async def change(self, order: Order) -> Told:
        """Have customers changed, and wait until all is written or nothing comes any more."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        return msgspec.json.decode(await self._process.stdout.readline(), type=Told)


@asynccontextmanager
async def telling(companies: int) -> AsyncIterator[Telling]:
    """Play the vendors for the length of a bench."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ops.bench.telling", str(companies)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=64 * 2**20,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Telling(process, json.loads(await process.stdout.readline()))
    finally:
        process.stdin.close()
        await process.wait()


class _Watch:
    """Notes when changes are handed over and when they are written."""

    def __init__(self) -> None:
        self.url = ""
        self.refused = 0
        self._next = 1
        self._handed: dict[tuple[int, int], float] = {}
        self._seconds: list[float] = []
        self._overtaken = 0
        self._came_at = 0.0

    async def carry_out(self, order: Order, books: System, contacts: list[str]) -> Told:
        self.url = order.url
        started = time.monotonic()
        for number in range(order.changes):
            await asyncio.sleep(started + number / order.per_second - time.monotonic())
            which = self._next % len(contacts)  # who was changed last before comes last
            books.edit("contacts", contacts[which], {"website": website(which, self._next)})
            self._next += 1
        self._came_at = max(self._came_at, time.monotonic())
        while self._handed and time.monotonic() - self._came_at < QUIET_SECONDS:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        lost, self._handed = len(self._handed), {}
        seconds, self._seconds = self._seconds, []
        overtaken, self._overtaken = self._overtaken, 0
        refused, self.refused = self.refused, 0
        return Told(
            seconds=seconds, lost=lost, overtaken=overtaken, refused=refused,
            took_seconds=self._came_at - started,
        )  # fmt: skip

    def handing(
        self, send: Callable[[ClientSession, Hook], Awaitable[tuple[int, str]]]
    ) -> Callable[[ClientSession, Hook], Awaitable[tuple[int, str]]]:
        """Note when a webhook of Books is handed over, to where it was ordered."""

        async def handed(session: ClientSession, hook: Hook) -> tuple[int, str]:
            if hook.system != "books":
                return await send(session, hook)
            for change in _changes(hook.body):
                self._handed.setdefault(change, time.monotonic())
            status, outcome = await send(session, msgspec.structs.replace(hook, url=self.url))
            self.refused += outcome != "delivered"
            return status, outcome

        return handed

    def answering(self, answer: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
        """Note when a website is written."""

        def answered(request: Request) -> Answer:
            if request.method == "PUT":
                now = time.monotonic()
                for change in _changes(request.body):
                    self._written(change, now)
            return answer(request)

        return answered

    def _written(self, change: tuple[int, int], now: float) -> None:
        handed = self._handed.pop(change, None)
        if handed is None:
            return
        self._seconds.append(now - handed)
        self._came_at = now
        which, number = change
        earlier = [one for one in self._handed if one[0] == which and one[1] < number]
        for one in earlier:
            del self._handed[one]
        self._overtaken += len(earlier)


def _changes(body: bytes) -> list[tuple[int, int]]:
    return [(int(which), int(number)) for which, number in SAID.findall(body)]


async def _play(count: int) -> None:
    world, watch = World(7), _Watch()
    systems = all_systems(world)
    by_name: dict[str, Any] = {system.name: system for system in systems}
    crm, books = by_name["crm"], by_name["books"]
    for name, lifted in LIFTED.items():
        by_name[name].quirks = msgspec.structs.replace(by_name[name].quirks, **lifted)
    companies = [entered(crm, books, number) for number in range(count)]
    what = {"entity": "contact", "event": "create_or_edit", "url": "http://127.0.0.1:1/"}
    books.act("subscribe", "", "", {**what, "secret": SECRET})
    vars(post)["_post"] = watch.handing(vars(post)["_post"])
    crm.answer = watch.answering(crm.answer)
    organization = books.state()["organizations"][0]["organization_id"]
    async with running(world, systems, port=0) as address:
        print(
            json.dumps({"address": address, "organization": organization, "companies": companies}),
            flush=True,
        )
        contacts = [contact for _, contact in companies]
        while line := await asyncio.to_thread(sys.stdin.readline):
            told = await watch.carry_out(msgspec.json.decode(line, type=Order), books, contacts)
            print(msgspec.json.encode(told).decode(), flush=True)


if __name__ == "__main__":
    uvloop.run(_play(int(sys.argv[1])))
