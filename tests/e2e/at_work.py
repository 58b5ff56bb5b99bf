"""A hub beside the played vendors, with flows in force: people edit, and flows act on it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hub.events import Resolved
from hub.flows.flow import Sync
from hub.flows.load import load
from hub.flows.load.document import template
from hub.flows.load.world import Account, World
from hub.operate.act import act
from hub.operate.install import install, set_mode
from hub.operate.review import review
from tests.inbound.played_hub import PlayedHub, a_ground, a_hub_on, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from hub.flows.flow import Mode
    from hub.settings import Settings

WORLD = World(
    connections={
        "crm": Account(system="zoho_crm", mode="test"),
        "books": Account(system="zoho_books", mode="test"),
    }
)
BY = "ana"
PLAN = UUID(int=7)


class FlowsAtWork:
    """What a test has to do with: the vendors, the hub, and what flows make of it."""

    def __init__(self, hub: PlayedHub) -> None:
        self.hub = hub
        self.ground = hub.ground
        self.crm: Any = hub.ground.systems["crm"]
        self.books: Any = hub.ground.systems["books"]

    async def install(self, *flows: str, mode: Mode = "on", above: str = "") -> None:
        """Put library flows in force, in order; `above` is laid over the last of them."""
        files = {f"{name}.toml": template(name) for name in flows}
        if above:
            files[f"{flows[-1]}.toml"] = f'extends = "library/{flows[-1]}"\n{above}'
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
        """Wait until nothing is owed, everything is folded, and nothing waits to be read."""

        async def quiet() -> bool:
            owed = "select count(*) from deliveries where state in ('owed', 'sending')"
            behind = "select (select max(position) from events) - min(position) from projectors"
            return not await self.hub.value(owed) and not await self.hub.value(behind)

        async def quiet_twice() -> bool:
            if not await quiet():
                return False
            await self.hub.hooks_out()
            await self.hub.no_notices()
            return await quiet()

        await until(quiet_twice, lambda: "it does not come to rest", seconds_max=30)

    async def until(self, is_so: Callable[[], object], what: str) -> None:
        """Wait for something that shows at a vendor."""

        async def shows() -> bool:
            return bool(is_so())

        await until(shows, lambda: what)

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
    place: Settings, *flows: str, customers: int = 5
) -> AsyncIterator[FlowsAtWork]:
    async with a_ground(customers=customers) as ground, a_hub_on(ground, place) as hub:
        at_work = FlowsAtWork(hub)
        await at_work.install(*flows)
        yield at_work
