"""What a demo does as a person would on the first day: put the flows in force, have the customers
of all sides matched once they are read, and say yes where only one can be meant.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from hub.cli.demo.place import BY, FLOWS
from hub.cli.flows import read_flows, world_of
from hub.connectors.build import connector_of
from hub.database import statement
from hub.events import new_id
from hub.flows.flow import Sync
from hub.flows.judge.choice import links_in
from hub.operate.answer import answer
from hub.operate.install import install, set_mode
from hub.operate.read_again import noticed, partly_known
from hub.operate.review import review

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.database import Database
    from hub.database.db import Db
    from hub.log.follow import Wake
    from hub.settings import Settings

    Tell = Callable[[str, str], None]

LOOK_SECONDS = 0.1


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """What a demo has to do with: the hub's log, for the hub itself is another process."""

    settings: Settings
    database: Database
    append: Callable[..., Awaitable[Any]]
    wake: Wake


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How far a first sync is; `asked` is what waits for a person."""

    head: int
    known: int
    to_read: int
    to_write: int
    linked: int
    asked: int
    behind: int

    @property
    def is_read(self) -> bool:
        return bool(self.known) and not self.to_read and not self.behind

    @property
    def is_done(self) -> bool:
        return self.is_read and not self.to_write


async def first_sync(demo: Demo, tell: Tell) -> Standing:
    """Go through it all; `tell` is given what is being done, and how far it is."""
    flows = await _put_in_force(demo)
    await _until(demo, tell, lambda now: now.is_read, "reading all systems")
    for flow in flows:
        await _have_read_whole(demo, flow)
    await _until(demo, tell, lambda now: now.is_read, "reading customers whole")
    # One flow after the other: what one has made in Books, the next one finds there.
    for flow in flows:
        await _match(demo, tell, flow)
    return await _until(demo, tell, lambda now: now.is_done, "all sides agree")


async def _match(demo: Demo, tell: Tell, flow: Sync) -> None:
    """Have the customers of a flow matched, and wait until both its sides agree."""
    async with demo.database.connected() as db:
        async for _ in review(demo.append, db, flow, BY, new_id()):
            pass
    await _until(demo, tell, lambda now: not now.behind, f"{flow.name}: matching")
    await _say_yes(demo)
    doing = f"{flow.name}: bringing both sides to agree"
    await _until(demo, tell, lambda now: now.is_done, doing)


async def _put_in_force(demo: Demo) -> list[Sync]:
    """Install the flows and switch them on; give those that link records."""
    files = {f"{name}.toml": text for name, text in FLOWS.items()}
    async with demo.database.connected() as db:
        await install(demo.append, db, files, {}, world=world_of(demo.settings), by=BY)
    for name in FLOWS:
        await set_mode(demo.append, name, "on", BY, reason="a demo")
    return [flow for flow in read_flows(demo.settings).values() if isinstance(flow, Sync)]


async def _have_read_whole(demo: Demo, flow: Sync) -> None:
    """Ask for each customer of which only a row of a list was seen: that tells no address."""
    async with demo.database.connected() as db:
        found = await partly_known(db, flow)
    for connection, kind, records in found:
        await demo.append(*noticed(connection, kind, records, BY))


async def _say_yes(demo: Demo) -> None:
    """Accept each proposal that names one record only, as a person would who looked at it."""
    async with demo.database.connected() as db:
        waiting = await db.fetch(statement("cli/demo/proposals.sql"))
    for row in waiting:
        yes = links_in(_choices(row))
        if len(yes) == 1:
            about = {"flow": row["flow"], "subject": row["subject"]}
            said = answer(row["item"], yes[0], BY, note="only one is like it", **about)
            await demo.append(*said)


async def _until(demo: Demo, tell: Tell, met: Callable[[Standing], bool], doing: str) -> Standing:
    session, kinds = demo.database.session(), _kinds(demo.settings)
    try:
        while True:
            now = await session.until_done(partial(_standing, kinds=kinds))
            tell(doing, _line(now))
            if met(now):
                return now
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        await session.close()


async def _standing(db: Db, kinds: list[tuple[str, str]]) -> Standing:
    columns = zip(*kinds, strict=True)
    row = await db.fetchrow(statement("cli/demo/first_sync.sql"), *map(list, columns))
    return Standing(**dict(row))


def _kinds(settings: Settings) -> list[tuple[str, str]]:
    """Name the kinds that are read through, each with its connection."""
    connectors = {name: connector_of(name, one) for name, one in settings.connections.items()}
    return [
        (name, kind.name)
        for name, connector in connectors.items()
        if connector is not None
        for kind in connector.kinds.values()
        if not kind.within
    ]


def _line(now: Standing) -> str:
    said = [f"{now.known:,} records known"]
    said += [f"{now.to_read:,} to read"] if now.to_read else []
    said += [f"{now.linked:,} pairs linked"] if now.linked else []
    said += [f"{now.to_write:,} to write"] if now.to_write else []
    said += [f"{now.asked:,} in the inbox"] if now.asked else []
    return ", ".join(said)


def _choices(row: Any) -> list[str]:
    return msgspec.json.decode(row["choices"], type=list[str])
