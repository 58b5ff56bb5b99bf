"""The played vendors in a thread of their own, and a hub.toml that leads to them.

A command runs a loop of its own, so whoever answers it needs another one.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.accounts import Accounts
from hub.sandbox.books import Books
from hub.sandbox.crm import Crm
from hub.sandbox.desk import Desk
from hub.sandbox.notify import Slack
from hub.sandbox.salesforce import Salesforce
from hub.sandbox.server import running
from hub.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE, THERE = "810000001", "810000002"
"""The two organisations that a login at the played Books sees."""


class Played:
    """What the vendors hold, and what was asked of them."""

    def __init__(self) -> None:
        self.world = World(seed=1, start=datetime.now(UTC))
        self.accounts = Accounts(self.world)
        self.crm = Crm(self.world, self.accounts)
        self.books = Books(self.world, self.accounts)
        self.desk = Desk(self.world, self.accounts)
        self.slack = Slack(self.world)
        self.books.quirks = msgspec.structs.replace(self.books.quirks, calls_per_minute=10_000)
        self.salesforce = Salesforce(self.world)
        self.address = ""

    def writes(self, system: str) -> list[tuple[str, str]]:
        """Name the calls that were done and that change something."""
        return [
            (call.method, call.path)
            for call in self.world.calls
            if call.system == system and call.method != "GET" and call.status in (200, 201)
        ]

    def table(self, name: str) -> dict[str, Any]:
        return self.books.organizations[HERE].tables[name].records

    def settings(self, file: Path, *, public_url: str = "", **connections: str) -> None:
        """Write a hub.toml with both connections; `connections` are more lines of each."""
        file.with_name("secret").write_text("sandbox")
        file.with_name("secret").chmod(0o600)
        serve = f'[serve]\npublic_url = "{public_url}"\n' if public_url else ""
        file.write_text(serve + "".join(self._table(*one, connections) for one in _CONNECTIONS))

    def _table(self, name: str, system: str, plan: str, lines: dict[str, str]) -> str:
        return (
            f'[connections.{name}]\nsystem = "{system}"\nclient_id = "sandbox"\n'
            f'secret_file = "secret"\naddress = "{self.address}"\nmode = "test"\n'
            f'plan = "{plan}"\n{lines.get(name, "")}\n'
        )


_CONNECTIONS = (("crm", "zoho_crm", "enterprise"), ("books", "zoho_books", "premium"))


@contextmanager
def vendors() -> Iterator[Played]:
    """Play them until the end of the block."""
    played, ready = Played(), threading.Event()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def play() -> None:
        zoho = (played.accounts, played.crm, played.books, played.desk)
        systems = (*zoho, played.salesforce, played.slack)
        async with running(played.world, systems, port=0) as played.address:
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(play(),))
    thread.start()
    try:
        assert ready.wait(10), "the sandbox did not start"
        yield played
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
