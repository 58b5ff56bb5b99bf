"""`hub flows try`: what a flow would do with one real record, and just that one, on yes.

The record is judged in a transaction that is rolled back, so that what is shown is worked out by
what works it out in the field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import click
import msgspec

from hub.cli.acting import BY, YES, acted, agreed, came_of
from hub.cli.flow_name import FLOW
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.record import RECORD
from hub.cli.visible import visible
from hub.cli.wording import contents
from hub.errors import Refused
from hub.events import Reviewed
from hub.flows.judge.keys import kinds_of
from hub.operate.act import act
from hub.operate.answer import approve
from hub.operate.in_force import the_flow
from hub.outbound.owed import Content, NotNow
from hub.replay.plan import Supposing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.conclusions import Conclusion, Member
    from hub.database.db import Db
    from hub.outbound.owed import Nothing, Owed
    from hub.settings import Settings


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One write, as the vendor would be told it."""

    delivery: UUID
    connection: str
    kind: str
    record: str
    fields: dict[str, Any]
    why_not: str = ""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """`position` is None where nothing was done."""

    flow: str
    record: str
    concluded: list[str]
    calls: list[Call]
    position: int | None = None


class _RollBack(Exception):
    """Nothing of it is to be kept."""


@click.command("try")
@click.argument("name", type=FLOW)
@click.argument("record", type=RECORD)
@YES
@BY
@pass_invocation
def try_command(invocation: Invocation, *, name: str, record: Member, yes: bool, by: str) -> None:
    """Show exactly what the flow NAME would write for one real RECORD, and on yes do just that.

    The flow must be in shadow, in hold or on; in shadow a document is only shown.

    \b
    Examples:
      hub flows try customers crm.Accounts/5550002000000000357
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    tried = run(_try(invocation, name, record, by, yes=yes))
    if tried.position is None:
        invocation.say("Nothing was done.")
    invocation.result(tried)


async def _try(invocation: Invocation, name: str, record: Member, by: str, *, yes: bool) -> Tried:
    async with opened(invocation.settings, "serve") as (database, db):
        installed = await the_flow(db, name)
        if (record.connection, record.kind) not in kinds_of(installed.flow):
            kinds = ", ".join(sorted(f"{one}.{kind}" for one, kind in kinds_of(installed.flow)))
            raise Refused(f"{name} is not about {record.connection}.{record.kind}, but {kinds}.")
        tried = await _supposed(invocation.settings, db, name, record)
        _show(invocation, tried)
        wanted = [one for one in tried.calls if not one.why_not]
        question = f"Do just this, in {', '.join(sorted({one.connection for one in wanted}))}?"
        if not wanted or not agreed(invocation, question, yes=yes):
            return tried
        if not installed.decides:
            raise Refused(
                f"{name} is {installed.mode}, and decides nothing. First: hub flows start {name}"
            )
        about = {"connection": record.connection, "kind": record.kind, "flow": name}
        review = act(Reviewed(flow=name, records=[record.record]), by, **about)
        done = await acted(database, db, review, approve([one.delivery for one in wanted], by))
    invocation.say(f"#{done.position}  {came_of(done)}")
    return msgspec.structs.replace(tried, position=done.position)


async def _supposed(settings: Settings, db: Db, name: str, record: Member) -> Tried:
    installed = await the_flow(db, name)
    supposing = Supposing(db, installed.flow, mode="hold")
    await supposing.begin()
    conclusions = await supposing.judge(record.connection, record.kind, record.record)
    if not await supposing.knows((record.connection, record.kind, record.record)):
        raise Refused(f"Nothing is known of {record.subject}. `hub links find WORDS` finds some.")
    calls: list[Call] = []
    try:
        async with db.transaction():
            await supposing.write()
            await db.execute("update flows set mode = 'on' where flow = $1", name)
            for connection in sorted({one for one, _ in supposing.owed()}):
                ids = [id_ for one, id_ in supposing.owed() if one == connection]
                calls += await _calls(settings, db, connection, ids)
            raise _RollBack  # noqa: TRY301 - it is what ends the transaction
    except _RollBack:
        pass
    return Tried(flow=name, record=record.subject, concluded=_in_words(conclusions), calls=calls)


async def _calls(settings: Settings, db: Db, connection: str, ids: Sequence[UUID]) -> list[Call]:
    said = await contents(settings, db, connection, ids)
    found = [_call(connection, row, what) for row, what in said]
    return [one for one in found if one.fields or one.why_not]


def _call(connection: str, row: Owed, content: Content | Nothing | NotNow) -> Call:
    return Call(
        delivery=row.id,
        connection=connection,
        kind=row.kind,
        record=row.record,
        fields=dict(content.fields) if isinstance(content, Content) else {},
        why_not=content.why if isinstance(content, NotNow) else "",
    )


def _in_words(conclusions: Sequence[Conclusion]) -> list[str]:
    found = []
    for one in conclusions:
        sentence = getattr(one, "sentence", None) or getattr(one, "why", "")
        found.append(f"{type(one).__name__.lower()}: {sentence}")
    return list(dict.fromkeys(found))


def _show(invocation: Invocation, tried: Tried) -> None:
    for line in tried.concluded:
        invocation.say(f"  {visible(line)}")
    for one in tried.calls:
        act_ = f"change {one.record}" if one.record else "make one"
        invocation.say(click.style(f"{one.connection}.{one.kind}: {act_}", bold=True))
        if one.why_not:
            invocation.say(f"  waits: {visible(one.why_not)}")
        width = max(map(len, one.fields), default=0)
        for name, value in one.fields.items():
            text = msgspec.json.encode(value).decode()
            invocation.say(f"  {name:{width}}  {visible(text)}")
    if not tried.calls:
        invocation.say("It would write nothing.")
