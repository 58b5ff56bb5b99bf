"""A real browser, driven over its own debugging protocol: the least that a page needs."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import subprocess
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PROGRAM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
SECONDS_MAX = 15


class Page:
    """One open page. `run` gives what a script evaluates to; `until` waits for it to be true."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.said: list[str] = []
        """Errors of scripts, and what the page was not allowed to do."""

    async def open(self, url: str) -> None:
        for domain in ("Page", "Runtime", "Log"):
            await self._ask(f"{domain}.enable")
        await self._ask("Page.navigate", url=url)

    async def run(self, script: str) -> Any:
        answer = await self._ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def until(self, script: str) -> None:
        """Wait for the page itself to notice; it is asked once per frame."""
        frames = f"""new Promise((done) => {{
            const look = () => {{
                let found; try {{ found = {script} }} catch {{ found = false }}
                if (found) done(true); else requestAnimationFrame(look);
            }}; look();
        }})"""
        async with asyncio.timeout(SECONDS_MAX):
            await self.run(frames)

    async def _ask(self, method: str, **params: object) -> dict[str, Any]:
        number = next(self._numbers)
        await self._socket.send_str(
            msgspec.json.encode({"id": number, "method": method, "params": params}).decode()
        )
        while True:
            said = msgspec.json.decode((await self._socket.receive()).data)
            if said.get("id") == number:
                result: dict[str, Any] = said["result"]
                return result
            if said.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.said.append(str(said["params"]))


@asynccontextmanager
async def browsing(home: Path) -> AsyncIterator[Page]:
    """Start a browser that keeps everything in `home`, with one empty page; stop it at the end."""
    assert PROGRAM is not None
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1366,800",
        "--remote-debugging-port=0", f"--user-data-dir={home}", "about:blank",
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        port = await _port(process)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = await answer.json()
            url = next(one["webSocketDebuggerUrl"] for one in pages if one["type"] == "page")
            async with session.ws_connect(url, max_msg_size=0) as socket:
                yield Page(socket)
    finally:
        process.kill()
        await process.communicate()


async def _port(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(SECONDS_MAX):
        while line := (await process.stderr.readline()).decode():
            if "listening on ws://" in line:
                return line.split("ws://")[1].split("/")[0].rpartition(":")[2]
    raise AssertionError("The browser ended before it listened.")
