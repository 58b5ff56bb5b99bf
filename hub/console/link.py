"""A link: who is the same real thing, on what its sides agree, and how it came about."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

from hub.conclusions import Member
from hub.database import statement
from hub.flows.agree import FieldState
from hub.flows.steps import company, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.database.db import Db

FOUND_MAX = 50

_read = msgspec.json.Decoder(dict[str, FieldState]).decode


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A record that is called so, and the link it is in."""

    connection: str
    kind: str
    record: str
    called: str
    link: UUID | None

    @property
    def subject(self) -> str:
        return f"{self.connection}.{self.kind}/{self.record}"


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """A field, and who of the members does not show what was agreed."""

    flow: str
    field: str
    value: Any
    by: str
    since: int
    asks: bool
    differing: dict[str, Any]


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """A member joined, left, or clashed with who was there."""

    position: int
    act: str
    connection: str
    kind: str
    record: str
    part: str
    other: UUID | None
    origin: str | None
    recorded_at: datetime | None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    link: UUID
    members: list[Member]
    agreed: list[Agreed]
    history: list[Happened]


async def find(db: Db, words: str) -> list[Found]:
    """Give records that are called something like this."""
    answers = (text.ANSWERS, company.ANSWERS)  # as flows know names: in small plain letters
    forms = {words, text.folded(words), *(one.key(words, "") for one in answers)}
    patterns = [f"%{_escaped(form)}%" for form in sorted(forms) if form.strip()]
    rows = await db.fetch(statement("console/found_records.sql"), words, patterns, FOUND_MAX)
    return [Found(**dict(row)) for row in rows]


def _escaped(words: str) -> str:
    """Give words of which none is a sign of a pattern."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def link_of(db: Db, record: Member | None, link: UUID | None = None) -> Link | None:
    """Give the link of a record, or the one that is named; None: there is none."""
    key = (record.connection, record.kind, record.record) if record else ("", "", "")
    rows = await db.fetch(statement("console/link.sql"), *key, link)
    if not rows:
        return None
    found = rows[0]["link"]
    agreements = await db.fetch(statement("console/agreements.sql"), found)
    history = await db.fetch(statement("console/link_history.sql"), found)
    return Link(
        link=found,
        members=[_member(row) for row in rows],
        agreed=[each for row in agreements for each in _agreed(row)],
        history=[Happened(**dict(row)) for row in history],
    )


def _member(row: Any) -> Member:
    return Member(
        connection=row["connection"], kind=row["kind"], record=row["record"], part=row["part"]
    )


def _agreed(row: Any) -> Iterator[Agreed]:
    for name, state in _read(row["fields"]).items():
        words = {**state.words, **state.held}
        yield Agreed(
            flow=row["flow"],
            field=name,
            value=state.value,
            by=state.by,
            since=state.since,
            asks=state.asks,
            differing={
                who: word.value
                for who, word in words.items()
                if who in state.held or not state.stands(who)
            },
        )
