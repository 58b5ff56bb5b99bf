"""A Postgres of the hub's own that lives as long as whoever asked for it, however that one ends.

It is held by a process of its own (`python tests/server.py`), which sees its stdin close when the
tests end or are killed, stops the server and removes its files. Meanwhile it minds the server as a
running hub does: one that is killed is started again.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hub.database.embedded import Server, embedded_server, open_server

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = "/dev/shm"
ROOM_BYTES = 8 * 2**30

ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}


@contextmanager
def held_server() -> Iterator[Server]:
    """Give a server that runs; it may be asked for its URL and its state, and be killed."""
    holder = subprocess.Popen(
        [sys.executable, "-m", "tests.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=ENVIRON,
        # What is meant for the tests, as Ctrl-C is, must not end it before them.
        start_new_session=True,
    )
    with holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        server = embedded_server(Path(holder.stdout.readline().strip()), ENVIRON)
        assert server.running_url(), "the server did not start"
        yield server


async def hold() -> None:
    with tempfile.TemporaryDirectory(prefix="hub-tests-", dir=place()) as home:
        async with open_server(Path(home), ENVIRON):
            print(home, flush=True)  # noqa: T201
            await asyncio.to_thread(sys.stdin.read)


def place() -> str | None:
    """Give where its files go: into memory where there is room, for a test makes hundreds."""
    try:
        disk = os.statvfs(MEMORY)
    except OSError:
        return None
    return MEMORY if disk.f_bavail * disk.f_frsize >= ROOM_BYTES else None


if __name__ == "__main__":
    asyncio.run(hold())
