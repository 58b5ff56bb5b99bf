"""Put together what goes into one call: one kind, one share, all to be made or all changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, TypeAlias
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

from hub.connectors.connector import Kind  # noqa: TC001 - msgspec reads the annotations
from hub.outbound.owed import Content, Owed  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Act: TypeAlias = Literal["make", "change", "look"]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into one call; where records are only looked at there is no content."""

    kind: Kind
    share: Literal["documents", "contacts", "backfill"]
    act: Act
    rows: list[Owed]
    contents: dict[UUID, Content] = {}
    sent: dict[UUID, int] = {}
    """The positions of `sending`."""

    def saying(self, contents: Mapping[UUID, Content]) -> Group | None:
        """Give it with what it is to say, without those for which there is none."""
        if self.act == "look":
            return self
        rows = [row for row in self.rows if row.id in contents]
        own = {row.id: contents[row.id] for row in rows}
        return msgspec.structs.replace(self, rows=rows, contents=own) if rows else None

    @property
    def most(self) -> int:
        return self.kind.fetches if self.act == "look" else self.kind.writes


def grouped(
    rows: Iterator[Owed], kinds: Mapping[str, Kind], calls: int, of_share: Callable[[str], int]
) -> tuple[list[Group], list[Owed]]:
    """Give at most so many calls, in all and of a share, the urgent first; and what is passed over.

    Rows are taken until all these calls are full, or there are no more.
    """
    groups: list[Group] = []
    of_shares = Counter[str]()
    filling: dict[tuple[str, str, Act, bool], Group] = {}
    left: list[Owed] = []
    for row in rows:
        act, kind = act_of(row), kinds[row.kind]
        # What a sync writes goes out on a condition, which holds for a whole call.
        alone = kind.conditional and act == "change" and row.told is None
        key = (row.kind, row.share, act, alone)
        group = filling.get(key)
        if group is None and len(groups) < calls and of_shares[row.share] < of_share(row.share):
            of_shares[row.share] += 1
            group = Group(kind=kind, share=row.share, act=act, rows=[])
            filling[key] = group
            groups.append(group)
        if group is None:
            left.append(row)
            continue
        group.rows.append(row)
        if alone or len(group.rows) >= group.most:
            del filling[key]
        if not filling and len(groups) == calls:
            break
    return groups, left


def act_of(row: Owed) -> Act:
    if not row.record:
        return "make"
    return "look" if row.look else "change"
