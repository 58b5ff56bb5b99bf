"""A hub beside the played vendors, with flows in force: people edit, and flows act on it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from hub.events import Resolved
from hub.flows.flow import Sync
from hub.flows.load import load
from hub.flows.load.document import template
from hub.flows.load.world import Account, World
from hub.operate.act import act
from hub.operate.install import install, set_mode
from hub.operate.review import review
from hub.projectors.sync import Sync as SyncProjector
from hub.replay.rebuild import rebuild
from tests.inbound.ground import a_ground
from tests.inbound.played_hub import PlayedHub, a_hub_on, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from hub.flows.flow import Mode
    from hub.settings import Settings

WORLD = World(
    connections={
        "crm": Account(system="zoho_crm", mode="test"),
        "books": Account(system="zoho_books", mode="test"),
        "slack": Account(system="slack", mode="test"),
    }
)
BY = "ana"
POLL_SECONDS = 0.5
PLAN = UUID(int=7)


class FlowsAtWork:
    """What a test has to do with: the vendors, the hub, and what flows make of it."""

    def __init__(self, hub: PlayedHub) -> None:
        self.hub = hub
        self.ground = hub.ground
        self.crm: Any = hub.ground.systems["crm"]
        self.books: Any = hub.ground.systems["books"]

    async def install(
        self, *flows: str, mode: Mode = "on", above: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Put library flows in force; `above` is laid over those that it names."""
        files = {f"{name}.toml": template(name) for name in flows}
        for name, text in above.items():
            files[f"{name}.toml"] = f'extends = "library/{name}"\n{text}'
        async with self.hub.hub.database.connected() as db:
            await install(self.hub.hub.append, db, files, {}, world=WORLD, by=BY)
        for name in flows:
            await set_mode(self.hub.hub.append, name, mode, BY)

    async def first_sync(self, flow: str = "customers") -> None:
        """Have all records judged that were there before."""
        await self.hub.agreed()
        known = load(template(flow), flow, {}, WORLD)
        assert isinstance(known, Sync)
        async with self.hub.hub.database.connected() as db:
            async for _ in review(self.hub.hub.append, db, known, BY, PLAN):
                pass
        await self.at_rest()

    async def resolve(self, item: UUID, choice: str) -> None:
        what = Resolved(item=item, choice=choice)
        await self.hub.hub.append(act(what, BY))

    async def at_rest(self) -> None:
        """Wait until nothing is owed or waits to be read, and nothing more follows."""

        async def quiet() -> bool:
            last = await self.last()
            await self.folded(last)
            owed = "select count(*) from deliveries where state in ('owed', 'sending')"
            if await self.hub.value(owed):
                return False
            await self.hub.hooks_out()
            await self.hub.no_notices()
            return await self.last() == last and not await self.hub.value(owed)

        await until(quiet, lambda: "it does not come to rest", seconds_max=30)

    async def last(self) -> int:
        """Give the position of the last event that anything may follow from."""
        query = "select coalesce(max(position), 0) from events where type <> 'read_on'"
        return int(await self.hub.value(query))

    async def folded(self, position: int) -> None:
        async def is_folded() -> bool:
            return bool(await self.hub.value("select min(position) from projectors") >= position)

        await until(is_folded, lambda: f"{position} is not folded")

    async def until(self, is_so: Callable[[], object], what: str) -> None:
        """Wait for what shows at a vendor; fail, and say how the hub stands, otherwise."""
        stands: list[str] = []

        async def shows() -> bool:
            if so := bool(is_so()):
                return so
            stands[:] = await self.stands()
            return False

        await until(shows, lambda: "\n".join([what, *stands]))

    async def until_so(self, is_so: Callable[[], Awaitable[bool]], what: str) -> None:
        """Wait for what shows in a table; fail, and say how the hub stands, otherwise."""
        stands: list[str] = []

        async def shows() -> bool:
            stands[:] = await self.stands()
            return await is_so()

        await until(shows, lambda: "\n".join([what, *stands]))

    async def p5_rebuilds(self) -> None:
        """Make the sync projector's tables anew from the log: they are the same, row for row."""
        database = self.hub.hub.database
        while True:
            last = await self.last()
            await self.folded(last)
            before = await self._rows()
            rebuilt = await rebuild(SyncProjector(), database, database.settings.home / "archive")
            after = await self._rows()
            if await self.last() == last:  # else a reading that came late made other rows
                break
        changed = {
            name: (
                sorted(set(before[name]) - set(after[name])),
                sorted(set(after[name]) - set(before[name])),
            )
            for name in before
            if before[name] != after[name]
        }
        if changed:
            pytest.fail(f"a rebuild makes other rows: {changed}")
        assert all(table.is_same for table in rebuilt.tables)

    async def _rows(self) -> dict[str, list[str]]:
        names = SyncProjector.tables
        return {
            name: sorted(str(dict(row)) for row in await self.hub.rows(f'table "{name}"'))
            for name in names
        }

    async def stands(self) -> list[str]:
        """Tell what the hub waits for."""
        found = [
            *await self.hub.rows('select flow, "case", state, why, data from cases'),
            *await self.hub.rows("select reason, sentence from inbox where settled is null"),
            *await self.hub.rows("select * from deliveries where state <> 'done'"),
            *await self.hub.rows("select position, reason from parked"),
        ]
        return [str(dict(row)) for row in found]

    def contacts(self, **said: object) -> list[dict[str, Any]]:
        """Give the customers in Books that say this."""
        found = self.ground.there("books", "contacts", "contact_id").values()
        return [one for one in found if all(one[name] == word for name, word in said.items())]

    def writes(self, since: int = 0) -> list[Any]:
        """Give the calls that changed something at a vendor."""
        return [
            call
            for call in self.ground.calls(since=since)
            if call.method in ("POST", "PUT", "DELETE") and "/coql" not in call.path
            and "/oauth/" not in call.path and "/actions/watch" not in call.path
        ]  # fmt: skip


@asynccontextmanager
async def flows_at_work(
    place: Settings, *flows: str, customers: int = 5, poll_seconds: float = POLL_SECONDS
) -> AsyncIterator[FlowsAtWork]:
    async with (
        a_ground(customers=customers) as ground,
        a_hub_on(ground, place, poll_seconds=poll_seconds) as hub,
    ):
        at_work = FlowsAtWork(hub)
        await at_work.install(*flows)
        yield at_work
