"""What needs a person, and what each thing can be answered with."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from hub.conclusions import Asks, Noted
from hub.database import statement
from hub.errors import Refused
from hub.events import Event, payload
from hub.flows.judge.chosen import TOO_LATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.database.db import Db

_read = msgspec.json.decode

_NONE = UUID(int=0)

SHORT = 8
"""So much of an id is shown: it names one thing, as a rule."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in the inbox; `settled` is the event that settled it, None while it waits."""

    item: UUID
    flow: str
    reason: str
    sentence: str
    subject: str
    choices: list[str]
    data: dict[str, Any]
    since: int
    since_at: datetime | None
    settled: int | None
    settled_by: str

    @property
    def short(self) -> str:
        return str(self.item)[:SHORT]

    @property
    def chosen(self) -> str:
        """What it was answered with, where a person did that."""
        return str(self.data.get("choice", ""))


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an answer: why nothing did, where it was too `late`; what is asked by it."""

    late: list[str] = []
    asks: list[Question] = []


async def inbox(
    db: Db,
    *,
    settled: bool = False,
    flow: str | None = None,
    reason: str | None = None,
    begins: str = "",
) -> list[Question]:
    """Give what waits, the longest first; then what is settled, if that is asked for."""
    rows = await db.fetch(statement("console/inbox.sql"), settled, flow, reason, begins)
    return [_question(row) for row in rows]


async def the_item(db: Db, begins: str) -> Question:
    """Give the one thing whose id begins so, settled or not."""
    found = await inbox(db, settled=True, begins=begins.lower())
    if len({one.item for one in found}) > 1:
        ids = ", ".join(str(one.item) for one in found[:3])
        raise Refused(f"{begins} may be any of {len(found)}: {ids}… Give more of the id.")
    if not found:
        raise Refused(
            f"There is nothing in the inbox whose id begins with {begins!r}. `hub inbox list` "
            "names what waits, with --all also what is settled."
        )
    return found[0]


async def came_of_answer(db: Db, positions: Sequence[int]) -> Came:
    """Give what came of an answer whose events stand there, and are applied."""
    rows = await db.fetch(statement("projectors/sync/concluded.sql"), positions)
    events = [Event(type="decided", id=_NONE, shape=row["shape"], data=row["data"]) for row in rows]
    found = [one for event in events for one in payload(event).conclusions]
    late = [one.why for one in found if isinstance(one, Noted) and one.why == TOO_LATE]
    asked = {one.item for one in found if isinstance(one, Asks)}
    waiting = await inbox(db) if asked else []
    return Came(late=late[:1], asks=[one for one in waiting if one.item in asked])


def _question(row: Any) -> Question:
    columns = dict(row)
    columns["choices"], columns["data"] = _read(columns["choices"]), _read(columns["data"])
    return Question(**columns)
