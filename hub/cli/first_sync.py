"""What a demo does as a person would on the first day: put the flows in force, have the customers of
both sides matched once all are read, and say yes where only one can be meant.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from hub.cli.flows import world_of
from hub.database import statement
from hub.events import Event, Resolved, fixed_id, new_id
from hub.flows.flow import Sync
from hub.flows.load import load_all
from hub.flows.load.document import EXTENDS, template
from hub.operate.act import act
from hub.operate.install import install, set_mode
from hub.operate.review import review

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.app import Hub

BY = "demo"
STAYS = "3s"
"""How long a deal stays won before it is invoiced: who watches a demo does not wait ten minutes."""

NEED = "need"
"""The road of a notice by which the hub itself asks for a record."""

LOOK_SECONDS = 0.2
CUSTOMERS = "customers"
FILES = {
    "customers.toml": template("customers"),
    "invoice_from_won_deal.toml": (
        f'flow    = "invoice_from_won_deal"\nextends = "{EXTENDS}invoice_from_won_deal"\n'
        f'when.stays = "{STAYS}"\n'
    ),
    "payment_status_to_crm.toml": template("payment_status_to_crm"),
}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How far a first sync is."""

    known: int
    """Records that were read."""
    to_read: int
    """Records that wait to be read whole, and kinds that were not read through yet."""
    to_write: int
    linked: int
    asked: int
    """What waits for a person."""
    behind: int
    """Events that are not judged yet."""

    @property
    def is_read(self) -> bool:
        return not self.to_read and not self.behind

    @property
    def is_done(self) -> bool:
        return self.is_read and not self.to_write


async def first_sync(hub: Hub, tell: Callable[[str], None]) -> Standing:
    """Go through it all; `tell` is given a line whenever there is something new to say."""
    await _put_in_force(hub)
    await _until(hub, tell, lambda now: now.is_read, "reading both systems")
    await _have_read_whole(hub)
    await _until(hub, tell, lambda now: now.is_read, "reading customers whole")
    async with hub.database.connected() as db:
        async for _ in review(hub.append, db, _customers(hub), BY, new_id()):
            pass
    await _until(hub, tell, lambda now: not now.behind, "matching customers")
    await _say_yes(hub)
    return await _until(hub, tell, lambda now: now.is_done, "bringing both sides to agree")


async def _put_in_force(hub: Hub) -> None:
    async with hub.database.connected() as db:
        await install(hub.append, db, FILES, {}, world_of(hub.settings), BY)
    for name in load_all(FILES, {}, world_of(hub.settings)):
        await set_mode(hub.append, name, "on", BY, reason="a demo")


async def _have_read_whole(hub: Hub) -> None:
    """Ask for each customer of which only a row of a list was seen: that tells no address."""
    async with hub.database.connected() as db:
        rows = await db.fetch(statement("cli/seen_in_part.sql"))
    events = [Event(type="noticed", id=new_id(), road=NEED, **dict(row)) for row in rows]
    if events:
        await hub.append(*events)


async def _say_yes(hub: Hub) -> None:
    """Accept each proposal that names one record only, as a person would who looked at it."""
    async with hub.database.connected() as db:
        waiting = await db.fetch(statement("cli/proposals.sql"))
    for row in waiting:
        yes = [one for one in _choices(row) if one.startswith("link ")]
        if len(yes) == 1:
            what = Resolved(item=row["item"], choice=yes[0], note="the only one it can be")
            id_ = fixed_id(None, row["item"], row["since"], "yes")
            await hub.append(act(what, BY, id=id_, flow=row["flow"]))


async def _until(
    hub: Hub, tell: Callable[[str], None], met: Callable[[Standing], bool], doing: str
) -> Standing:
    session = hub.database.session()
    try:
        while True:
            now = await session.until_done(standing)
            tell(_line(doing, now))
            if met(now):
                return now
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        await session.close()


async def standing(db: Any) -> Standing:  # noqa: ANN401
    """Look how far it is."""
    return Standing(**dict(await db.fetchrow(statement("cli/first_sync.sql"))))


def _line(doing: str, now: Standing) -> str:
    said = [f"{now.known:,} records known"]
    said += [f"{now.to_read:,} to read"] if now.to_read else []
    said += [f"{now.linked:,} pairs linked"] if now.linked else []
    said += [f"{now.to_write:,} to write"] if now.to_write else []
    said += [f"{now.asked:,} in the inbox"] if now.asked else []
    return f"{doing}: {', '.join(said)}"


def _customers(hub: Hub) -> Sync:
    flow = load_all(FILES, {}, world_of(hub.settings))[CUSTOMERS]
    assert isinstance(flow, Sync)
    return flow


def _choices(row: Any) -> list[str]:  # noqa: ANN401
    return msgspec.json.decode(row["choices"], type=list[str])
