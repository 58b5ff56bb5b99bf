"""end-to-end: customers changed in Books, until the CRM is told, at a steady pace.

The customers and the payment flows are in force, traces go to a backend, and both vendors do all
that they do: Books sends each change by a webhook and is asked for the rest of the record, the CRM
tells of what was written to it. The vendors run in a process of their own and the hub in another,
on the same cores. From handing over the webhook until the call that writes what it said.

Yardstick: the same changes, sent to a bare handler that at once writes them to the CRM.
HUB_BENCH_SECONDS, HUB_BENCH_PER_SECOND and HUB_BENCH_COMPANIES set other numbers.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import msgspec
from aiohttp import web

from ops.bench.fetch import token
from ops.bench.ground import milliseconds, tell
from ops.bench.spans import spans
from ops.bench.telling import Order, telling

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ops.bench.telling import Telling, Told
    from ops.bench.vendor import Vendor

SECONDS = float(os.environ.get("HUB_BENCH_SECONDS", "60"))
PER_SECOND = float(os.environ.get("HUB_BENCH_PER_SECOND", "300"))
COMPANIES = int(os.environ.get("HUB_BENCH_COMPANIES", "4000"))
"""So many that none is changed again within ten seconds at the pace above: a record that was
written so shortly before is read first, once the second of its stamp is over."""

WARM_SECONDS = 2.0
READY_SECONDS_MAX = 600
CONFIG = """
[serve]
port = {port}
public_url = "http://127.0.0.1:{port}"
[connections.crm]
system = "zoho_crm"
client_id = "sandbox"
secret_env = "BENCH_SECRET"
plan = "ultimate"
mode = "test"
address = "{address}"
[connections.books]
system = "zoho_books"
client_id = "sandbox"
secret_env = "BENCH_SECRET"
organization = "{organization}"
plan = "ultimate"
mode = "test"
address = "{address}"
"""


async def main() -> None:
    async with telling(COMPANIES) as there, spans() as traced:
        async with _bare(there) as url:
            bare = await _told(there, url)
        with tempfile.TemporaryDirectory(prefix="hub-bench-") as home:
            async with _hub(Path(home), there, traced.url) as (pid, url):
                told = await _told(there, url)
                memory = _memory_mb(pid)
    p50, p99 = (milliseconds(told.seconds, share) for share in (0.5, 0.99))
    bare_p50, bare_p99 = (milliseconds(bare.seconds, share) for share in (0.5, 0.99))
    tell(
        "end-to-end",
        ratio=p50 / bare_p50,
        p50_ms=p50,
        p99_ms=p99,
        bare_p50_ms=bare_p50,
        bare_p99_ms=bare_p99,
        lost=told.lost,
        overtaken=told.overtaken,
        refused=told.refused,
        changes=int(SECONDS * PER_SECOND),
        rate=(len(told.seconds) + told.overtaken) / told.took_seconds,
        companies=COMPANIES,
        memory_mb=memory,
        **traced.milliseconds(),
    )


async def _told(there: Telling, url: str) -> Told:
    """Have changes made at the pace, after a few that do not count."""
    await there.change(_order(WARM_SECONDS, url))
    return await there.change(_order(SECONDS, url))


def _order(seconds: float, url: str) -> Order:
    return Order(changes=int(seconds * PER_SECOND), per_second=PER_SECOND, url=url)


@asynccontextmanager
async def _hub(home: Path, there: Telling, traces: str) -> AsyncIterator[tuple[int, str]]:
    """Run a hub that knows all companies; give its process, and where Books is to send to."""
    companies, config, port = home / "companies.json", home / "hub.toml", _free_port()
    companies.write_bytes(msgspec.json.encode(there.companies))
    config.write_text(
        CONFIG.format(port=port, address=there.address, organization=there.organization)
    )
    environ = {
        **os.environ, "HUB_HOME": str(home), "HUB_CONFIG": str(config), "BENCH_SECRET": "sandbox",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": traces,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ops.bench.working", str(companies)),
        stdout=asyncio.subprocess.PIPE, env=environ,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(READY_SECONDS_MAX):
            if not await process.stdout.readline():
                message = "the hub ended before it was ready; what it said stands above"
                raise RuntimeError(message)
        yield process.pid, f"http://127.0.0.1:{port}/hooks/books"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def _bare(there: Telling) -> AsyncIterator[str]:
    """Write each change to the CRM as it comes, and answer then."""
    accounts = {contact: account for account, contact in there.companies}
    headers = {"Authorization": f"Zoho-oauthtoken {await token(cast('Vendor', there))}"}
    async with aiohttp.ClientSession(there.address, headers=headers) as session:

        async def take(request: web.Request) -> web.Response:
            contact: dict[str, Any] = msgspec.json.decode(await request.read())["contact"]
            row = {"id": accounts[contact["contact_id"]], "Website": contact["website"]}
            body = msgspec.json.encode({"data": [row], "trigger": []})
            async with session.put("/crm/v8/Accounts", data=body) as answer:
                await answer.read()
            return web.Response()

        app = web.Application()
        app.add_routes([web.post("/hooks/books", take)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/books"
        finally:
            await runner.cleanup()


def _memory_mb(pid: int) -> int:
    """Give the most memory a process has held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) // 1024


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])
