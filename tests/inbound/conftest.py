"""A hub with a shop that pushes to it."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest

from hub.log.read import page
from tests.hubs import ANY_PORT, SHOP, a_hub

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from hub.app import Hub
    from hub.database import Database
    from hub.events import Event
    from hub.settings import Settings
    from tests.hubs import Sender

    NewDatabase = Callable[..., Awaitable[Database]]


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root, hub = logging.getLogger(), logging.getLogger("hub")
    handlers, levels = root.handlers.copy(), (root.level, hub.level)
    yield
    root.handlers = handlers
    root.setLevel(levels[0])
    hub.setLevel(levels[1])


@pytest.fixture
async def place(new_database: NewDatabase) -> Settings:
    """Settings for a schema that nobody has used; it is dropped after the test."""
    return (await new_database(migrated=False)).settings


class Shop:
    """A hub of one connection, `shop`, and what it has kept."""

    def __init__(self, hub: Hub, sender: Sender) -> None:
        self.hub = hub
        self.push = sender.push
        self.delete = sender.delete
        self.send = sender.send
        self.raw = sender.raw

    async def kept(self) -> list[Event]:
        async with self.hub.database.connected() as db:
            return await page(db, 0, 1_000)


@pytest.fixture
async def open_shop(
    new_database: NewDatabase,
) -> AsyncIterator[Callable[..., Awaitable[Shop]]]:
    async with AsyncExitStack() as stack:

        async def open_one(**sections: Any) -> Shop:
            sections = {"serve": ANY_PORT, "connections": {"shop": SHOP}} | sections
            database = await new_database(migrated=False, **sections)
            hub, sender = await stack.enter_async_context(a_hub(database.settings))
            return Shop(hub, sender)

        yield open_one


@pytest.fixture
async def shop(open_shop: Callable[..., Awaitable[Shop]]) -> Shop:
    return await open_shop()
