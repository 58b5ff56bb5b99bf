"""Run a hub in a process of its own, until it is killed: serving.py BULK_FROM.

It reads a kind in bulk where the vendor has so many records of it, else by lists.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop

from hub.app import running
from hub.connectors.zoho_crm import crm
from hub.settings import load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

BULK_FROM = 2_000


@asynccontextmanager
async def serving(environ: Mapping[str, str], bulk_from: int = BULK_FROM) -> AsyncIterator[int]:
    """Run a hub, and kill it: no process is less prepared for its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ops.bench.serving", str(bulk_from)),
        env={**os.environ, **environ},
    )
    try:
        yield process.pid
    finally:
        process.kill()
        await process.wait()


def memory_mb(pid: int, which: str) -> int:
    """Give what a process holds (VmRSS), or the most it has held (VmHWM)."""
    found = re.search(rf"{which}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) // 1024


async def _run() -> None:
    async with running(load(None, os.environ), os.environ, migrates=False):
        await asyncio.Event().wait()


if __name__ == "__main__":
    vars(crm)["BULK_FROM"] = int(sys.argv[1])
    uvloop.run(_run())
