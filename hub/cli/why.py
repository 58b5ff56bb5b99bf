"""`hub why`: what became of what a record said, and who put a value into a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.log.keep import archive_directory
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.record import RECORD
from hub.cli.visible import visible
from hub.console.ending import Force
from hub.console.moment import clock
from hub.console.why import Seen, in_words, why
from hub.console.why_field import Agreed, Why, why_field
from hub.errors import Refused
from hub.operate.in_force import in_force

if TYPE_CHECKING:
    from hub.conclusions import Member
    from hub.console.followed import Followed
    from hub.console.told import Told
    from hub.settings import Settings

CHANGED_MAX = 6
"""So many changed fields are named on a line."""

_COLOURS = {"delivered": "green", "waiting": "yellow", "inbox": "magenta", "parked": "red"}


@click.command("why")
@click.argument("record", type=RECORD, metavar="RECORD[.FIELD]")
@click.option(
    "-n",
    "most",
    type=click.IntRange(1, 10_000),
    default=10,
    show_default=True,
    metavar="N",
    help="How many observations to tell of, from the last one back.",
)
@pass_invocation
def why_command(invocation: Invocation, *, record: Member, most: int) -> None:
    """Tell in plain words what became of what a RECORD said, and what it waits for.

    With a FIELD: which event, which version of which flow and which person put its value there.
    The field is named as its vendor names it, or as the flow does.

    \b
    Examples:
      hub why crm.Accounts/5550002000000000357
      hub why crm.Accounts/5550002000000000357.Phone
      hub why books.contacts/4600.name --json
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found = run(_look(invocation.settings, record, most))
    if isinstance(found, Why):
        for line in _field_lines(found):
            invocation.say(line)
    else:
        for each in found:
            _say(invocation, each)
    invocation.result(found)


async def _look(settings: Settings, record: Member, most: int) -> list[Seen] | Why:
    async with opened(settings, "serve") as (_, db):
        flows = {
            name: Force(
                flow=one.flow,
                mode=one.mode,
                moded=one.moded,
                installed=one.installed,
                version=one.version,
                started=one.started,
            )
            for name, one in (await in_force(db)).items()
        }
        found = await why(db, record, flows, most)
        if found:
            return found
        # An id may hold dots itself, so a field is looked for only behind one that is known.
        id_, dot, field = record.record.rpartition(".")
        about = msgspec.structs.replace(record, record=id_) if dot else None
        told = about and await why_field(db, archive_directory(settings), about, field, flows)
        if not told:
            raise Refused(
                f"Nothing is known of {visible(record.subject)}. `hub links find WORDS` looks for "
                "records by what they are called."
            )
        return told


def _say(invocation: Invocation, seen: Seen) -> None:
    when = click.style(clock(seen.recorded_at), dim=True)
    what = "first seen" if seen.first else ", ".join(seen.changed[:CHANGED_MAX]) or "nothing new"
    more = len(seen.changed) - CHANGED_MAX
    if not seen.first and more > 0:
        what += f" and {more} more"
    if seen.type == "gone":
        what = "gone"
    by = f"  by {visible(seen.origin)}" if seen.origin else ""
    invocation.say(f"#{seen.position:<8}  {when}  {visible(what)}{by}")
    for ending, line in zip(seen.endings, in_words(seen), strict=True):
        how, _, rest = visible(line).partition(": ")
        shown = click.style(how, fg=_COLOURS.get(ending.how))
        invocation.say(f"    {shown}: {rest}")


def _field_lines(found: Why) -> list[str]:
    value = bytes(found.value).decode() if found.value is not None else "not there"
    is_so = f"was {value}, and the record is gone" if found.gone else f"is {value}"
    lines = [click.style(visible(f"{found.record}.{found.field} {is_so}"), bold=True)]
    if found.said is not None:
        lines.append(f"  said at {_told(found.said)}")
    if found.delivery is not None:
        sent = f", sent at {_told(found.written)}" if found.written else ""
        lines.append(f"  written by the hub: delivery {found.delivery}{visible(sent)}")
    for one in found.agreed:
        lines += [f"  {visible(line)}" for line in _agreed_lines(one)]
    for each in found.followed:
        lines += [f"  {visible(line)}" for line in _followed_lines(each)]
    if not found.agreed and not found.followed:
        lines.append("  no flow has agreed on it")
    return [*lines, *(_field_lines(found.before) if found.before is not None else ())]


def _agreed_lines(one: Agreed) -> list[str]:
    value = "nothing" if one.value is None else one.value
    installed = f"#{one.installed}" + (f" by {one.installed_by}" if one.installed_by else "")
    lines = [f"{one.flow} ({one.field}, version {one.version}, installed {installed}): {value}"]
    if one.since is not None:
        who = f"{one.by} said so" if one.by else "it was so"
        lines.append(f"  {who} at {_told(one.since)}")
    return [*lines, f"  here: {one.stands}"]


def _followed_lines(one: Followed) -> list[str]:
    installed = f"#{one.installed}" + (f" by {one.installed_by}" if one.installed_by else "")
    lines = [f"{one.flow} (version {one.version}, installed {installed}): {one.why}"]
    return [*lines, f"  concluded at {_told(one.since)}"] if one.since is not None else lines


def _told(one: Told) -> str:
    when = f" {clock(one.at)}" if one.at else ""
    by = f", by {one.by}" if one.by else ""
    road = f" ({one.road})" if one.road else ""
    return visible(f"#{one.position}{when}{road}{by}")
