"""The hub of a demo, in a process of its own: whoever likes may kill it, and see it come back."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import aiohttp

from hub.errors import HubError

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from hub.settings import Settings

START_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 15.0
LOOK_SECONDS = 0.05
AGAIN_SECONDS = 0.5
"""Between an end and a new start: when all is being stopped, so is who would start it again."""


class Child:
    """A hub that runs, and is started again whenever it ends."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._environ = environ
        self.lines = settings.home / "demo" / "hub.log"
        self.process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._settings.serve.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Child]:
        """Start it, and stop it at the end of the block."""
        self.lines.write_bytes(b"")
        await self._start()
        try:
            await self._ready()
            yield self
        finally:
            await self._stop()

    async def keep_alive(self, say: Callable[[str], None]) -> None:
        """Start it again whenever it ends, and say so; runs until cancelled."""
        while True:
            assert self.process is not None
            ended = await self.process.wait()
            await asyncio.sleep(AGAIN_SECONDS)
            say(f"the hub was {_how(ended)}: it is started again")
            began = asyncio.get_running_loop().time()
            await self._start()
            await self._ready()
            seconds = asyncio.get_running_loop().time() - began
            say(f"the hub is back after {seconds:.1f} s, as process {self.process.pid}")

    async def _start(self) -> None:
        with self.lines.open("ab") as lines:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "hub", "--config", str(self._settings.source), "serve"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=lines,
                stderr=lines,
                env=dict(self._environ),
            )

    async def _ready(self) -> None:
        """Wait until it answers."""
        assert self.process is not None
        async with asyncio.timeout(START_SECONDS_MAX), aiohttp.ClientSession() as session:
            while self.process.returncode is None:
                with suppress(aiohttp.ClientError, OSError):
                    async with session.get(f"{self.url}/healthz"):
                        return
                await asyncio.sleep(LOOK_SECONDS)
        raise HubError(f"The hub ended before it answered at {self.url}:\n{_end_of(self.lines)}")

    async def _stop(self) -> None:
        process = self.process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS_MAX):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _how(ended: int) -> str:
    if ended < 0:
        return f"killed by {signal.Signals(-ended).name}"
    return "stopped" if ended == 0 else f"ended with {ended}"


def _end_of(lines: Path) -> str:
    return lines.read_text(encoding="utf-8", errors="replace")[-2_000:].strip()
