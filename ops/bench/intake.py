"""intake: signed POSTs of 350 bytes over 64 connections, each answered after its durable commit.

Yardstick: the same aiohttp application, the same signature checks, and no database: the event is
given a position at once. The sender is a process of its own on the same cores.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from hub.app import running
from hub.inbound.push import Push
from hub.inbound.receive import Receiver
from hub.settings import load
from ops.bench.ground import ratio, tell

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.events import Event
    from hub.settings import Settings

CONNECTIONS = 64
REQUESTS = 6_000
ROUNDS = 5
KEY = "made-up-for-the-bench"
CONFIG = """
[serve]
port = 0
[connections.shop]
system = "push"
secret_env = "BENCH_SECRET"
"""


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as home:
        config = Path(home) / "hub.toml"
        config.write_text(CONFIG)
        variables = {"HUB_HOME": home, "BENCH_SECRET": KEY, "PATH": os.environ["PATH"]}
        settings = load(config, variables)
        async with running(settings, variables) as hub, _bare(settings) as bare_port:
            rates, bare_rates, waits = [], [], []
            for round_ in range(-1, ROUNDS):
                bare = await send(bare_port, round_)
                real = await send(hub.port, round_)
                if round_ >= 0:
                    bare_rates.append(bare["rate"])
                    rates.append(real["rate"])
                    waits.append(real)
    tell(
        "intake",
        ratio=ratio(rates, bare_rates),
        rate=int(sorted(rates)[ROUNDS // 2]),
        bare_rate=int(sorted(bare_rates)[ROUNDS // 2]),
        p50_ms=sorted(each["p50_ms"] for each in waits)[ROUNDS // 2],
        p99_ms=sorted(each["p99_ms"] for each in waits)[ROUNDS // 2],
        connections=CONNECTIONS,
    )


@asynccontextmanager
async def _bare(settings: Settings) -> AsyncIterator[int]:
    positions = count(1)

    async def append(_: Event) -> list[int]:
        return [next(positions)]

    push = Push(settings.connections, Receiver(append, 10.0), settings.log.event_bytes_max)
    app = web.Application(client_max_size=settings.log.event_bytes_max + 1)
    app.add_routes(push.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def send(port: int, round_: int, *file: str) -> dict[str, float]:
    """Send a round of requests from a process of its own; give what they took."""
    sender = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("sender.py")),
        *map(str, (port, CONNECTIONS, REQUESTS, round_ + 1)),
        KEY,
        *file,
        stdout=asyncio.subprocess.PIPE,
    )
    answer, _ = await sender.communicate()
    if sender.returncode:
        message = "the sender was refused"
        raise RuntimeError(message)
    return dict(json.loads(answer))
