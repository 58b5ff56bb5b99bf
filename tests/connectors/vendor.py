"""A small vendor on a real socket: it gives out tokens, and answers calls as a test has it do."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from hub.connectors.http import Left, Verdict, retry_after_seconds
from hub.connectors.oauth import Token
from hub.connectors.outcome import Answer, Done, Refused, RetryAt, Unknown
from hub.settings import Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


LIVE = "1000.live-token"


class Accounts:
    """A token endpoint; `says` puts something else in place of the next tokens."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[dict[str, str]] = []
        self.given: list[str] = []
        self.says: Callable[[], web.StreamResponse | Awaitable[web.StreamResponse]] | None = None
        self.api_domain: str | None = None
        self._numbers = itertools.count(1)

    async def token(self, request: web.Request) -> web.StreamResponse:
        assert not request.query, "secrets have no place in a URL"
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        if self.says is not None:
            said = self.says()
            return said if isinstance(said, web.StreamResponse) else await said
        self.given.append(f"1000.token-{next(self._numbers)}")
        return web.json_response(
            {
                "access_token": self.given[-1],
                "api_domain": self.url if self.api_domain is None else self.api_domain,
                "token_type": "Bearer",
                "expires_in": 3600,
            }
        )


@asynccontextmanager
async def an_accounts_server() -> AsyncIterator[Accounts]:
    accounts = Accounts()
    app = web.Application()
    app.router.add_post("/oauth/v2/token", accounts.token)
    async with serving(app) as url:
        accounts.url = url
        yield accounts


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


class Line:
    """A server of bytes: each connection is handed to what the test wants done with it."""

    def __init__(self, act: Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]) -> None:
        self.requests: list[bytes] = []
        self._act = act

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                head = request.decode("latin-1").lower()
                if "content-length: " in head:
                    size = int(head.split("content-length: ")[1].split("\r\n")[0])
                    request += await reader.readexactly(size)
                self.requests.append(request)
                await self._act(request, writer)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def a_line(
    act: Callable[[bytes, asyncio.StreamWriter], Any],
) -> AsyncIterator[tuple[Line, str]]:
    line = Line(act)
    server = await asyncio.start_server(line.take, "127.0.0.1", 0)
    try:
        yield line, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def always(answer: Callable[[], web.StreamResponse]) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        return answer()

    return handle


class OneToken:
    """Gives one token, and another when that is said to be dead."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.renewed = 0

    async def get(self, dead: Secret | None = None) -> Token | RetryAt | Refused:
        if dead is not None:
            self.renewed += 1
        end = datetime.now(UTC) + timedelta(hours=1)
        text = Secret(f"{LIVE}-{self.renewed}")
        return Token(text=text, base_url=self.base_url, renew_at=end, expires_at=end)


def judge(answer: Answer) -> Verdict:
    """Judge as a connector does, for a vendor of few words."""
    said = answer.said()
    if answer.status == 401:
        refused = Refused(sentence="not let in", because="authorisation", reason="57")
        return Verdict(outcome=refused, token_dead=said["code"] == "INVALID_TOKEN")
    if answer.status == 429:
        seconds = retry_after_seconds(answer) or 60
        at = answer.at + timedelta(seconds=seconds)
        return Verdict(
            outcome=RetryAt(sentence="too many", at=at), stop_seconds=seconds, stop_why="43"
        )
    if answer.status >= 500:
        return Verdict(outcome=Unknown(sentence="it broke"))
    left = answer.headers.get("x-rate-limit-remaining")
    return Verdict(
        outcome=Done(sentence=f"done: {said['message']}" if said else "done", answer=answer),
        left={"minute": Left(cost=int(left), seconds=3600)} if left else {},
    )
