"""`hub links`: which records are the same real thing, and a person's word about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from hub.cli.acting import BY, YES, Acted, acted, agreed, came_of
from hub.cli.agreed import agreed_lines, in_words
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.record import RECORD
from hub.cli.visible import visible
from hub.conclusions import Member
from hub.console.link import FOUND_MAX, Found, Happened, Link, find, link_of
from hub.console.moment import clock
from hub.errors import Refused
from hub.operate.in_force import in_force
from hub.operate.link import merge, split, unmade_of
from hub.replay.merging import rewritten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.database.db import Db
    from hub.replay.merging import Rewritten
    from hub.settings import Settings

DASHES_OF_AN_ID = 4


class RecordOrLink(click.ParamType[Any]):
    """Takes a record, or the id of a link."""

    name = "record|link"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Member | UUID:
        if isinstance(value, Member | UUID):
            return value
        if value.count("-") == DASHES_OF_AN_ID and "/" not in value:
            try:
                return UUID(value)
            except ValueError:
                self.fail(f"expected the id of a link, found {value!r}", param, ctx)
        return RECORD.convert(value, param, ctx)


@click.group()
def links() -> None:
    """See which records are the same real thing, and put it right.

    \b
    Examples:
      hub links find "Lumen Bakery"
      hub links show crm.Accounts/5550002000000000357
      hub links merge crm.Accounts/555 books.contacts/4600
      hub links split books.contacts/4600
    """  # noqa: D301 - click reads \b as "keep these lines as they are"


@links.command("find")
@click.argument("words")
@pass_invocation
def find_command(invocation: Invocation, words: str) -> None:
    """Find records by their ids, or by what flows know them by: names, numbers, addresses.

    \b
    Examples:
      hub links find lumen
      hub links find 5550002000000000357 --json
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found = run(_find(invocation.settings, words))
    for one in found:
        link = f"link {one.link}" if one.link else "in no link"
        invocation.say(f"{visible(one.subject):40}  {visible(one.called):30}  {link}")
    if len(found) == FOUND_MAX:
        invocation.say(f"… these are the first {FOUND_MAX}.")
    if not found:
        invocation.say("Nobody is called so. Only records that a flow is about are known by name.")
    invocation.result(found)


async def _find(settings: Settings, words: str) -> list[Found]:
    async with opened(settings) as (_, db):
        return await find(db, words)


@links.command("show")
@click.argument("which", type=RecordOrLink(), metavar="RECORD|LINK")
@pass_invocation
def show_command(invocation: Invocation, which: Member | UUID) -> None:
    """Show a link: its members, on what they agree, and how it came about.

    \b
    Examples:
      hub links show crm.Accounts/5550002000000000357
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found = run(_show(invocation.settings, which))
    invocation.say(click.style(f"link {found.link}", bold=True))
    for member in found.members:
        part = f"  as {member.part}" if member.part else ""
        invocation.say(f"  {visible(member.subject)}{visible(part)}")
    for line in agreed_lines(found.agreed):
        invocation.say(f"  {visible(line)}")
    for each in found.history:
        invocation.say(f"  {_happened(each)}")
    invocation.result(found)


async def _show(settings: Settings, which: Member | UUID) -> Link:
    async with opened(settings) as (_, db):
        return await _the_link(db, which)


@links.command("merge")
@click.argument("which", type=RecordOrLink(), metavar="RECORD|LINK")
@click.argument("into", type=RecordOrLink(), metavar="RECORD|LINK")
@YES
@BY
@pass_invocation
def merge_command(
    invocation: Invocation, *, which: Member | UUID, into: Member | UUID, yes: bool, by: str
) -> None:
    """Have all members of one link be members of another: they are the same.

    First it is told what would be written to them, where they say different things.

    Where both have a record of one kind and part, that is refused: two customers of one currency
    are merged at the vendor.

    \b
    Examples:
      hub links merge crm.Accounts/555 books.contacts/4600
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    _told(invocation, run(_merge(invocation, which, into, by, yes=yes)))


async def _merge(
    invocation: Invocation, which: Member | UUID, into: Member | UUID, by: str, *, yes: bool
) -> Acted | None:
    async with opened(invocation.settings) as (database, db):
        going, staying = await _the_link(db, which), await _the_link(db, into)
        if going.link == staying.link:
            raise Refused(f"They are in one link already: {going.link}.")
        _must_fit(going.members, staying.members, [which, into])
        names = ", ".join(one.subject for one in going.members)
        others = ", ".join(one.subject for one in staying.members)
        flows = [one.flow for one in (await in_force(db)).values()]
        unmade = await unmade_of(db, going.link, staying.link)
        events = merge(going.link, staying.link, going.members, flows, by, unmade=unmade)
        for one in await rewritten(db, staying.link, events):
            invocation.say(visible(_would_say(one)))
        if not agreed(invocation, f"Are {visible(names)} the same as {visible(others)}?", yes=yes):
            return None
        return await acted(database, db, *events)


def _would_say(one: Rewritten) -> str:
    was, then = in_words(one.now), in_words(one.then)
    return f"{one.record} would say {then} as its {one.field}, where it says {was}  ({one.flow})"


def _must_fit(
    going: Sequence[Member], staying: Sequence[Member], named: Sequence[Member | UUID]
) -> None:
    """Refuse where a place is taken: a link has one record of each kind and part."""
    there = {(one.connection, one.kind, one.part): one for one in staying}
    for one in going:
        other = there.get((one.connection, one.kind, one.part))
        if other is not None:
            out = _to_take_out(going, staying, (one, other), named)
            raise Refused(
                f"A link has one record of each kind and part, and both have one: "
                f"{visible(one.subject)} and {visible(other.subject)}. Merge the two at "
                f"{one.connection}, or take one out of its link first: hub links split "
                f"{visible(out)}"
            )


def _to_take_out(
    going: Sequence[Member],
    staying: Sequence[Member],
    taken: tuple[Member, Member],
    named: Sequence[Member | UUID],
) -> str:
    """Name whom to take out of its link: who was named and is in nobody's way, if not alone."""
    subjects = {one.subject for one in named if isinstance(one, Member)}
    in_the_way = {one.subject for one in taken}
    beside = [one.subject for link in (going, staying) if len(link) > 1 for one in link]
    first = [one for one in beside if one in subjects - in_the_way]
    return next(iter([*first, *(one for one in beside if one in in_the_way)]), taken[0].subject)


@links.command("split")
@click.argument("records", type=RECORD, nargs=-1, required=True, metavar="RECORD...")
@YES
@BY
@pass_invocation
def split_command(invocation: Invocation, *, records: Sequence[Member], yes: bool, by: str) -> None:
    """Have records leave their link for one of their own: they are another thing.

    \b
    Examples:
      hub links split books.contacts/4600
      hub links split crm.Accounts/555 books.contacts/4600 --yes
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    _told(invocation, run(_split(invocation, records, by, yes=yes)))


async def _split(
    invocation: Invocation, records: Sequence[Member], by: str, *, yes: bool
) -> Acted | None:
    async with opened(invocation.settings) as (database, db):
        found = await _the_link(db, records[0])
        wanted = {one.subject for one in records}
        going = [one for one in found.members if one.subject in wanted]
        left = [one for one in found.members if one.subject not in wanted]
        if strange := wanted - {one.subject for one in going}:
            raise Refused(f"{', '.join(sorted(strange))} is not in the link {found.link}.")
        if not left:
            raise Refused(f"These are all that the link {found.link} has: nothing is to be split.")
        others = ", ".join(one.subject for one in left)
        if not agreed(invocation, f"Part them from {visible(others)}?", yes=yes):
            return None
        flows = [one.flow for one in (await in_force(db)).values()]
        return await acted(database, db, *split(found.link, going, left, flows, by))


def _told(invocation: Invocation, done: Acted | None) -> None:
    invocation.say("Nothing was changed." if done is None else f"#{done.position}  {came_of(done)}")
    invocation.result(done)


async def _the_link(db: Db, which: Member | UUID) -> Link:
    if isinstance(which, UUID):
        found = await link_of(db, None, which)
    else:
        found = await link_of(db, which)
    if found is None:
        name = which if isinstance(which, UUID) else which.subject
        raise Refused(f"{name} is in no link. `hub links find WORDS` looks for records by name.")
    return found


def _happened(one: Happened) -> str:
    when = clock(one.recorded_at) if one.recorded_at else ""
    by = f"  by {one.origin}" if one.origin else ""
    return visible(
        f"#{one.position:<8} {when}  {one.connection}.{one.kind}/{one.record} {one.act}{by}"
    )
