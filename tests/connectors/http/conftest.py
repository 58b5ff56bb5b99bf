"""A way out to a vendor of few words, which answers as a test has it do."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from hub.connectors.budget import AtOnce, Budget, Window
from hub.connectors.http import Call, Vendor
from tests.connectors.vendor import OneToken, a_line, judge, serving

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hub.connectors.outcome import Outcome
    from hub.database import Database
    from tests.connectors.vendor import Handler, Line


@pytest.fixture
def budget_of(database: Database) -> Callable[..., Budget]:
    def make(**how: Any) -> Budget:
        return Budget(
            database,
            "books",
            how.pop("windows", [Window(name="minute", most=100_000, seconds=60)]),
            how.pop("at_once", [AtOnce(name="at once", most=10)]),
            **how,
        )

    return make


class At:
    """A vendor's way out, and who gives its tokens."""

    def __init__(self, vendor: Vendor, tokens: OneToken) -> None:
        self.vendor = vendor
        self.tokens = tokens

    async def read(self, path: str = "/contacts", **how: Any) -> Outcome:
        return await self.vendor.call(Call(method="GET", path=path, verb="read", **how))

    async def write(self, path: str = "/invoices", **how: Any) -> Outcome:
        return await self.vendor.call(
            Call(**{"method": "POST", "path": path, "verb": "marked", "body": b"{}", **how})
        )


@pytest.fixture
def at(budget_of: Callable[..., Budget]) -> Callable[..., Any]:
    @asynccontextmanager
    async def open_(url: str, **how: Any) -> AsyncIterator[At]:
        tokens = OneToken(url)
        budget = budget_of(**how)
        vendor = Vendor(
            "books", tokens=tokens, budget=budget, judge=judge, scheme="Zoho-oauthtoken",
            wait_seconds_max=0.1,
        )  # fmt: skip
        async with vendor:
            yield At(vendor, tokens)
        await budget.close()

    return open_


@pytest.fixture
def answered(at: Callable[..., Any]) -> Callable[..., Any]:
    """Open a vendor that answers every call with a handler."""

    @asynccontextmanager
    async def open_(handler: Handler, **how: Any) -> AsyncIterator[At]:
        app = web.Application(client_max_size=100_000_000)
        app.router.add_route("*", "/{path:.*}", handler)
        async with serving(app) as url, at(url, **how) as opened:
            yield opened

    return open_


@pytest.fixture
def lined(at: Callable[..., Any]) -> Callable[..., Any]:
    """Open a vendor that answers every call with bytes."""

    @asynccontextmanager
    async def open_(
        act: Callable[[bytes, asyncio.StreamWriter], Awaitable[None]],
    ) -> AsyncIterator[tuple[At, Line]]:
        async with a_line(act) as (line, url), at(url) as opened:
            yield opened, line

    return open_
