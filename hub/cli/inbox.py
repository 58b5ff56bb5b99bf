"""`hub inbox`: what needs a person, and the person's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hub.cli.acting import BY
from hub.cli.answered import settle
from hub.cli.asked import called, in_words, line_of
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.meaning import meaning_of
from hub.cli.opened import opened
from hub.cli.visible import visible
from hub.console.inbox import Question, inbox, the_item
from hub.flows.judge.choice import choice_of
from hub.flows.judge.reasons import EDIT, LINK, REFUSED, RETRY, SKIP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.settings import Settings


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
        invocation.say(line_of(one, names))
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
    invocation.say(line_of(found))
    for each in (found.sentence, *in_words(found, names)):
        invocation.say(f"  {visible(each)}")
    if found.settled is None:
        for command, meaning in what_to_do(found):
            invocation.say(f"  - {visible(command)}")
            if meaning:
                invocation.say(f"      {visible(meaning)}")
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
    settle(invocation, item, choice, by, note=note)


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
    settle(invocation, item, RETRY, by)


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
    settle(invocation, item, SKIP, by, note=note)


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
    settle(invocation, item, EDIT, by, fields=fields)


def what_to_do(one: Question) -> list[tuple[str, str]]:
    """Name the commands that answer something, and what comes of each."""
    return [(_answering(one, each), meaning_of(one, each)) for each in one.choices]


def _answering(one: Question, choice: str) -> str:
    if one.reason.startswith(REFUSED):
        return _command(one.short, choice)
    return f'hub inbox resolve {one.short} --choose "{choice}"'


def _command(item: str, choice: str) -> str:
    if choice_of(choice).word == LINK:
        return f'hub inbox resolve {item} --choose "{choice}"'
    return f"hub inbox {choice} {item}{' --set FIELD=VALUE' if choice == EDIT else ''}"


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise click.UsageError(f"Expected --set FIELD=VALUE, found {text!r}.")
    return name, value


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
