"""An answer to what waits in the inbox: taken if it can be one, kept, and told what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.cli.acting import SYNC, Acted, applied, came_of, kept
from hub.cli.asked import line_of
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.visible import visible
from hub.console.inbox import Came, Question, came_of_answer, the_item
from hub.errors import Refused
from hub.flows.judge.reasons import REFUSED, RETRY, SKIP
from hub.operate.answer import answer
from hub.operate.edit import edited
from hub.operate.in_force import the_flow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.cli.invocation import Invocation
    from hub.database.db import Db
    from hub.settings import Settings


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered, and where that stands in the log."""

    item: Question
    choice: str
    position: int
    applied: bool
    came: Came = Came()


def settle(invocation: Invocation, item: str, choice: str, by: str, **how: Any) -> None:
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
        for line in (f"Now waits: {line_of(one)}", f"  {visible(one.sentence)}")
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
