"""What waits to be read: the newest notice of each record, and what is known of those notices."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from hub.database import statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from hub.database.db import Db

Key = tuple[str, str]
"""A kind, and a record of it."""

TELLS = "webhook"
"""The road by which a vendor tells by itself."""


class Newest(NamedTuple):
    """The newest notice of a record that is known: where it stands, and the trace it is in."""

    at: int
    trace: str | None
    decides: bool = False
    """Whether what is read is to decide between two words: then a repeat counts too."""
    spare: bool = False
    """Whether what is known of it is told already, and it is read to be sure."""
    told: bool = False
    """Whether its vendor told of it by itself, and what it says."""


Last = dict[str, Newest]
"""By record."""

Done = dict[Key, int]
"""Up to which notice a record of a kind was read, where the tables may not say so yet."""


async def waiting_in(db: Db, connection: str, most: int) -> tuple[dict[str, Last], int]:
    """Give what waits, and how far in the log that is known."""
    rows = await db.fetch(statement("inbound/waiting.sql"), connection, most)
    found: dict[str, Last] = defaultdict(dict)
    for row in rows if rows[0]["kind"] is not None else ():
        found[row["kind"]][row["record"]] = Newest(
            row["last"],
            row["trace"],
            decides=row["decides"],
            spare=row["spare"],
            told=row["spare"] and row["road"] == TELLS,
        )
    return found, rows[0]["followed"]


def but(waiting: Mapping[str, Last], done: Done) -> dict[str, Last]:
    """Leave out what was read already: the tables follow the log a moment later."""
    return without(
        waiting,
        {
            (kind, record)
            for kind, record, one in _each(waiting)
            if one.at <= done.get((kind, record), 0)
        },
    )


def told(waiting: Mapping[str, Last]) -> dict[Key, int]:
    """Give those of which their vendor told by itself, and said what they say."""
    return {(kind, record): one.at for kind, record, one in _each(waiting) if one.told}


def only(waiting: Mapping[str, Last], keys: AbstractSet[Key]) -> dict[str, Last]:
    """Give those of which the keys are among these."""
    found: dict[str, Last] = defaultdict(dict)
    for kind, record, one in _each(waiting):
        if (kind, record) in keys:
            found[kind][record] = one
    return found


def without(waiting: Mapping[str, Last], keys: AbstractSet[Key]) -> dict[str, Last]:
    """Give those of which the keys are not among these."""
    return only(waiting, read_to(waiting).keys() - keys)


def read_to(last: Mapping[str, Last]) -> Done:
    """Give up to which notice each of these is read once it is."""
    return {(kind, record): one.at for kind, record, one in _each(last)}


def unsettled(waiting: Mapping[str, Last], done: Done) -> Done:
    """Give what was read and is still said to wait; the rest is settled."""
    keys = ((kind, record) for kind, record, _ in _each(waiting))
    return {key: done[key] for key in keys if key in done}


def _each(waiting: Mapping[str, Last]) -> Iterator[tuple[str, str, Newest]]:
    for kind, last in waiting.items():
        for record, one in last.items():
            yield kind, record, one
