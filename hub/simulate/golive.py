"""What an operator does when a hub comes: put flows in force, read both sides, match what is there.

Later the same operator looks into the inbox, and says yes where only one record can be meant.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from hub.app import appending
from hub.connectors.known_fields import fields_of
from hub.events import Event, fixed_id
from hub.flows.flow import Sync
from hub.flows.judge.choice import links_in
from hub.flows.known import MARKS
from hub.flows.load import Account, World, load_all
from hub.flows.load.document import EXTENDS, template
from hub.operate.answer import answer
from hub.operate.install import install, set_mode
from hub.operate.review import review

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.operate.install import Answers
    from hub.settings import Settings
    from hub.simulate.hub import PlayedHub
    from hub.simulate.story import Story

BY = "operator"
PLAN = UUID(int=1)
LOOK_SECONDS = 5.0
READ_SECONDS_MAX = 3_600.0
CREATE, RETRY = "create", "retry"
STAYS = "2m"
"""How long what is won or closed stays so before it is invoiced: a world is short."""


def _hurried(flow: str) -> str:
    return f'flow = "{flow}"\nextends = "{EXTENDS}{flow}"\nwhen.stays = "{STAYS}"\n'


FILES: Mapping[str, str] = {
    "customers.toml": template("customers"),
    "invoice_from_won_deal.toml": _hurried("invoice_from_won_deal"),
    "payment_status_to_crm.toml": template("payment_status_to_crm"),
}
FILES_OF_FOUR: Mapping[str, str] = {
    **FILES,
    "desk_customers.toml": template("desk_customers"),
    "salesforce_customers.toml": template("salesforce_customers"),
    "invoice_from_resolved_ticket.toml": _hurried("invoice_from_resolved_ticket"),
    "invoice_from_won_opportunity.toml": _hurried("invoice_from_won_opportunity"),
}

_STANDING = """
select (select count(*) from notices)
           + (select count(*) from roads where road = 'first' and done is null) as to_read,
       (select count(*) from deliveries where state in ('owed', 'sending'))
           + (select count(*) from cases where until is not null) as to_write,
       (select coalesce(max(position), 0) from events)
           - (select coalesce(min(position), 0) from projectors) as behind
"""
_IN_PART = (
    "select connection, kind, record from records where connection = 'books' and kind = 'contacts'"
)
_WAITING = """
select * from inbox
where settled is null
  and (reason in ('proposal', 'newcomer') or convert_from(choices, 'utf8') like '%"retry"%')
order by since
"""


class NotAtRest(Exception):
    """However long it was waited for, something was left to do."""


async def go_live(hub: PlayedHub, files: Mapping[str, str], answers: Answers, story: Story) -> None:
    """Put the flows in force, and have what was there before matched."""
    flows = load_all(files, answers, world_of(hub.settings))
    await until_still(hub, writes=False)
    assert hub.hub is not None
    append = hub.hub.append
    async with hub.database.connected() as db:
        await install(append, db, files, answers, world=world_of(hub.settings), by=BY)
    for name in flows:
        await set_mode(append, name, "on", BY)
    await _read_whole(hub)
    await until_still(hub, writes=False)
    for flow in flows.values():
        if isinstance(flow, Sync):
            async with hub.database.connected() as db:
                async for _ in review(append, db, flow, BY, PLAN):
                    pass
    await until_still(hub)
    story.tell("operator", "went live, and had what was there matched")


async def until_still(hub: PlayedHub, *, writes: bool = True) -> None:
    """Wait until everything was read, judged and, with `writes`, carried out."""
    clock = asyncio.get_running_loop().time
    patient_until = clock() + READ_SECONDS_MAX
    while True:
        (now,) = await hub.rows(_STANDING)
        if not (now["to_read"] or now["behind"] or (writes and now["to_write"])):
            return
        if clock() >= patient_until:
            raise NotAtRest(f"the hub does not come to rest: {dict(now)}")
        await asyncio.sleep(LOOK_SECONDS)


async def settle_inbox(hub: PlayedHub, story: Story, retried: set[UUID]) -> int:
    """Answer what has one sensible answer; give how much that was.

    What was refused is tried again, once: a vendor that let nobody in for a while has refused it.
    """
    settled = 0
    for row in await hub.rows(_WAITING):
        choice = _sensible(msgspec.json.decode(row["choices"], type=list[str]))
        if choice is None or (choice == RETRY and row["item"] in retried):
            continue
        retried.add(row["item"])
        events = answer(row["item"], choice, BY, flow=row["flow"], subject=row["subject"])
        async with appending(hub.database) as append:
            await append(*events)
        story.tell("operator", f"said {choice!r} to {row['subject']}")
        settled += 1
    return settled


def _sensible(choices: list[str]) -> str | None:
    """Link what can be one record only; make what is like nobody; try again what was refused."""
    links = links_in(choices)
    if len(links) == 1:
        return links[0]
    if RETRY in choices:
        return RETRY
    return CREATE if CREATE in choices and not links else None


def world_of(settings: Settings) -> World:
    """Give what the flows are checked against."""
    marks = frozenset(path[-1] for path in MARKS)
    return World(
        connections={
            name: Account(
                system=one.system, mode=one.mode, kinds=fields_of(one.system), marks=marks
            )
            for name, one in settings.connections.items()
        }
    )


async def _read_whole(hub: PlayedHub) -> None:
    """Ask for each customer of which only a row of a list was seen: that tells no address."""
    events = [
        Event(type="noticed", id=fixed_id(None, PLAN, row["record"]), road="need", **dict(row))
        for row in await hub.rows(_IN_PART)
    ]
    if events:
        assert hub.hub is not None
        await hub.hub.append(*events)
