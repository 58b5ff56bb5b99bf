"""`hub inbox`: what needs a person, and the person's answers."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hub.cli.acting import BY, SYNC, Acted, applied, came_of, kept
from hub.cli.asked import called, in_words
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.visible import visible
from hub.console.inbox import Came, Question, came_of_answer, inbox, the_item
from hub.console.moment import clock
from hub.errors import Refused
from hub.flows.judge.choice import choice_of
from hub.flows.judge.reasons import EDIT, LINK, REFUSED, RETRY, SKIP
from hub.operate.answer import answer
from hub.operate.edit import edited
from hub.operate.in_force import the_flow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.database.db import Db
    from hub.settings import Settings


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered, and where that stands in the log."""

    item: Question
    choice: str
    position: int
    applied: bool
    came: Came = Came()


@click.group("inbox")
def inbox_group() -> None:
    """Settle what needs a person.

    These are proposals of links, newcomers, conflicts, records that are gone, writes that were
    refused. Each answer is an event of the log, under your name. An item is named by its id, or by
    as much of it as no other begins with.

    \b
    Examples:
      hub inbox list
      hub inbox show 3f2a91c0
      hub inbox resolve 3f2a91c0 --choose "link books.contacts/4600"
      hub inbox edit 77d0e1b2 --set phone="+32 2 555 01 01"
    """  # noqa: D301 - click reads \b as "keep these lines as they are"


@inbox_group.command("list")
@click.option("--flow", help="Only what this flow asks.")
@click.option("--reason", help="Only items of this reason: proposal, newcomer, conflict, refused.")
@click.option("--all", "settled", is_flag=True, help="What is settled already, too.")
@pass_invocation
def list_command(
    invocation: Invocation, *, flow: str | None, reason: str | None, settled: bool
) -> None:
    """List what waits, the longest first.

    \b
    Examples:
      hub inbox list
      hub inbox list --reason proposal
      hub inbox list --all --json
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found, names = run(_inbox(invocation.settings, flow, reason, settled=settled))
    for one in found:
        invocation.say(_line(one, names))
        invocation.say(f"          {visible(one.sentence)}")
    if found:
        invocation.say("hub inbox show ITEM tells what each can be answered with.")
    else:
        invocation.say("Nothing waits for a person.")
    invocation.result(found)


@inbox_group.command("show")
@click.argument("item")
@pass_invocation
def show_command(invocation: Invocation, *, item: str) -> None:
    """Show one ITEM whole, and the commands that answer it.

    \b
    Examples:
      hub inbox show 3f2a91c0
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found, names = run(_item(invocation.settings, item))
    invocation.say(_line(found))
    for line in (found.sentence, *in_words(found, names)):
        invocation.say(f"  {visible(line)}")
    if found.settled is None:
        for each in what_to_do(found):
            invocation.say(f"  - {visible(each)}")
    else:
        chosen = f": {found.chosen}" if found.chosen else ""
        said = f"settled by {found.settled_by} at #{found.settled}{chosen}"
        invocation.say(f"  {visible(said)}")
    invocation.result(found)


@inbox_group.command("resolve")
@click.argument("item")
@click.option("--choose", "choice", required=True, help="One of the choices that it offers.")
@click.option("--note", default="", help="Why; it is kept beside the answer.")
@BY
@pass_invocation
def resolve_command(invocation: Invocation, *, item: str, choice: str, note: str, by: str) -> None:
    """Answer an ITEM with one of its choices.

    \b
    Examples:
      hub inbox resolve 3f2a91c0 --choose "link books.contacts/4600"
      hub inbox resolve 3f2a91c0 --choose leave --note "a branch of its own"
      hub inbox resolve 58c1d7aa --choose "take crm.Accounts/555"
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    _settle(invocation, item, choice, by, note=note)


@inbox_group.command("retry")
@click.argument("item")
@BY
@pass_invocation
def retry_command(invocation: Invocation, *, item: str, by: str) -> None:
    """Have what was refused tried again, as it is agreed now.

    \b
    Examples:
      hub inbox retry 77d0e1b2
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    _settle(invocation, item, RETRY, by)


@inbox_group.command("skip")
@click.argument("item")
@click.option("--note", default="", help="Why; it is kept beside the answer.")
@BY
@pass_invocation
def skip_command(invocation: Invocation, *, item: str, note: str, by: str) -> None:
    """Leave what was refused unwritten, until something about it changes.

    \b
    Examples:
      hub inbox skip 77d0e1b2 --note "the customer is closed"
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    _settle(invocation, item, SKIP, by, note=note)


@inbox_group.command("edit")
@click.argument("item")
@click.option("--set", "given", multiple=True, required=True, metavar="FIELD=VALUE",
              help="What a field is to say instead; may be given several times.")  # fmt: skip
@BY
@pass_invocation
def edit_command(invocation: Invocation, *, item: str, given: Sequence[str], by: str) -> None:
    """Put other words into what was refused, and have it tried again.

    The fields of a sync are named as the flow names them, and what you say is then agreed: every
    side is to show it. Those of a document are named as the vendor names them.

    \b
    Examples:
      hub inbox edit 77d0e1b2 --set phone="+32 2 555 01 01"
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    fields = dict(_pair(each) for each in given)
    _settle(invocation, item, EDIT, by, fields=fields)


def what_to_do(one: Question) -> list[str]:
    """Name the commands that answer something."""
    if not one.reason.startswith(REFUSED):
        return [f'hub inbox resolve {one.short} --choose "{each}"' for each in one.choices]
    return [_command(one.short, each) for each in one.choices]


def _command(item: str, choice: str) -> str:
    if choice_of(choice).word == LINK:
        return f'hub inbox resolve {item} --choose "{choice}"'
    return f"hub inbox {choice} {item}{' --set FIELD=VALUE' if choice == EDIT else ''}"


def _settle(invocation: Invocation, item: str, choice: str, by: str, **how: Any) -> None:
    done = run(_answer(invocation.settings, item, choice, by, **how))
    invocation.say(f"#{done.position}  {visible(done.item.subject)}: {visible(choice)}, says {by}.")
    for line in _came(done):
        invocation.say(line)
    invocation.result(done)


def _came(done: Answered) -> list[str]:
    """Say what came of an answer, and what is asked because of it.

    It is not done where it was too late, or the next question is about the very same record.
    """
    how_far = came_of(Acted(position=done.position, applied=done.applied))
    asked = [
        line
        for one in done.came.asks
        for line in (f"Now waits: {_line(one)}", f"  {visible(one.sentence)}")
    ]
    late = [f"Nothing was done: {visible(one)}." for one in done.came.late]
    is_asked_on = any(one.subject == done.item.subject for one in done.came.asks)
    return [*(late or ([] if is_asked_on else [how_far])), *asked]


async def _answer(
    settings: Settings,
    begins: str,
    choice: str,
    by: str,
    *,
    fields: Mapping[str, str] | None = None,
    note: str = "",
) -> Answered:
    async with opened(settings) as (database, db):
        item = await the_item(db, begins)
        _must_take(item, choice)
        values = await _values(db, item, choice, fields or {})
        events = answer(
            item.item, choice, by, flow=item.flow, subject=item.subject, fields=values, note=note
        )
        positions = await kept(database, *events)
        is_applied = await applied(db, SYNC, max(positions))
        came = await came_of_answer(db, positions) if is_applied else Came()
    return Answered(
        item=item, choice=choice, position=max(positions), applied=is_applied, came=came
    )


async def _values(
    db: Db, item: Question, choice: str, given: Mapping[str, str]
) -> Mapping[str, Any]:
    """Read what is put instead; a flow that decides nothing now would not hear of an answer."""
    is_its_own = item.reason.startswith(REFUSED) and choice in (RETRY, SKIP)
    if not item.flow or is_its_own:
        return {}
    installed = await the_flow(db, item.flow)
    if not installed.decides:
        raise Refused(
            f"{item.flow} is {installed.mode}, and would not hear of the answer. First: "
            f"hub flows start {item.flow}"
        )
    return edited(installed.flow, item.subject, given)


def _must_take(item: Question, choice: str) -> None:
    if item.settled is not None:
        said = f"{item.chosen!r}" if item.chosen else "what happened since"
        raise Refused(f"{item.short} is settled already, by {item.settled_by}: {said}.")
    if choice not in item.choices:
        raise Refused(
            f"{item.short} cannot be answered with {choice!r}. Expected one of: "
            f"{', '.join(map(repr, item.choices))}."
        )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise click.UsageError(f"Expected --set FIELD=VALUE, found {text!r}.")
    return name, value


def _line(one: Question, names: Mapping[str, str] = MappingProxyType({})) -> str:
    short = click.style(one.short, bold=one.settled is None)
    since = clock(one.since_at) if one.since_at else f"#{one.since}"
    name = f" “{names[one.subject]}”" if one.subject in names else ""
    about = visible(f"{one.subject}{name}")
    return f"{short}  {visible(one.reason):16}  {about}  ({one.flow}, since {since})"


async def _inbox(
    settings: Settings, flow: str | None, reason: str | None, *, settled: bool
) -> tuple[list[Question], dict[str, str]]:
    async with opened(settings) as (_, db):
        found = await inbox(db, settled=settled, flow=flow, reason=reason)
        return found, await called(db, found)


async def _item(settings: Settings, begins: str) -> tuple[Question, dict[str, str]]:
    async with opened(settings) as (_, db):
        found = await the_item(db, begins)
        return found, await called(db, [found])
