"""What a hook told is taken note of once it is durable, and not before."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from hub.connectors.connector import Notice
from hub.errors import DatabaseAway
from hub.inbound.hooks import Hooks
from tests.connectors.vendor import serving

if TYPE_CHECKING:
    from hub.connectors.connector import Hook


async def test_a_hook_that_could_not_be_kept_is_heard_when_it_comes_again() -> None:
    account = FailsOnce()
    hooks = Hooks({"desk": account.seen}, no_secrets, bytes_max=1_000)
    app = web.Application()
    app.add_routes(hooks.routes())

    async with serving(app) as url, aiohttp.ClientSession() as session:
        statuses = []
        for _ in range(3):
            async with session.post(f"{url}/hooks/desk", data=b"[]") as answer:
                statuses.append(answer.status)

    assert statuses == [503, 200, 200]
    assert account.appended == 1


async def no_secrets(_: str) -> dict[str, Any]:
    return {}


class Teller:
    """Tells of one record, until that is kept."""

    def __init__(self) -> None:
        self.is_kept = False

    async def learn(self, *_: object) -> None:
        """Know already."""

    def hear(self, *_: object) -> list[Notice]:
        at = datetime(2026, 3, 1, tzinfo=UTC)
        return [] if self.is_kept else [Notice(kind="tickets", record="1", at=at, data=b"{}")]

    def kept(self, hook: Hook) -> None:
        assert hook.body == b"[]"
        self.is_kept = True


class FailsOnce:
    """An account whose database is away at the first append."""

    def __init__(self) -> None:
        self.tried = self.appended = 0
        serve = SimpleNamespace(append_wait_seconds_max=5)
        self.seen: Any = SimpleNamespace(
            name="desk",
            connector=Teller(),
            vendor=None,
            door=None,
            database=SimpleNamespace(settings=SimpleNamespace(serve=serve)),
            append=self.append,
            events=lambda _road, heard, **_: heard,
        )

    async def append(self, *events: object) -> None:
        self.tried += 1
        if self.tried == 1:
            raise DatabaseAway("it is away")
        self.appended += len(events)
