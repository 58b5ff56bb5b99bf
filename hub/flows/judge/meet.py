"""Look on the other side of a sync for who may be the same as a record that is in no link."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from hub.flows.judge.words import manner_of, part_now, part_of, takes_part
from hub.flows.known import subject_of, together
from hub.flows.match import Link, Nobody, Propose, card, compare, keys_of, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.flows.flow import Side, Sync
    from hub.flows.known import Key, Known, Record
    from hub.flows.match import Hit, Verdict


class Meeting:
    """The records of one side, and those of the other that they may be the same as."""

    def __init__(self, known: Known, flow: Sync, side: Side, other: Side) -> None:
        self._known = known
        self._flow = flow
        self._side = side
        self._other = other

    def of(self, record: Record) -> Verdict:
        """Say who it is, of all that are found by its keys.

        One whose place is another's already is not linked with, and not passed over either: it may
        be a double.
        """
        theirs = self._found(record)
        free = [one for one in theirs if not self._is_taken(record, one.key)]
        found = verdict(self.hits(record, free))
        if not isinstance(found, Nobody) or len(free) == len(theirs):
            return found
        doubles = verdict(self.hits(record, theirs))
        match doubles:
            case Link():
                theirs_key = (self._other.connection, self._other.kind, doubles.record)
                linked = ", ".join(self._linked_with(theirs_key))
                why = f"{doubles.why}, but that is linked with {linked}"
                return Propose(records=(doubles.record,), why=why)
            case Propose():
                return msgspec.structs.replace(doubles, why=f"{doubles.why}, and is linked already")
            case _:
                return doubles

    def hits(self, record: Record, theirs: Sequence[Record]) -> list[Hit]:
        """Compare a record with each of some others."""
        flow, known = self._flow, self._known
        mine = card(flow, self._side.name, record.fields, manner_of(known, flow, self._side))
        manner = manner_of(known, flow, self._other)
        found = [
            compare(flow.match, one.key[2], mine, card(flow, self._other.name, one.fields, manner))
            for one in theirs
        ]
        return [hit for hit in found if hit is not None]

    def _found(self, record: Record) -> list[Record]:
        """Give the records of the other side that have a key in common, and take part."""
        known, flow, kind = self._known, self._flow, (self._other.connection, self._other.kind)
        manner = manner_of(known, flow, self._side)
        keys = keys_of(flow.match, self._side.name, record.fields, manner)
        asks = [partial(known.find, *kind, f"{flow.name}: {text}", value) for text, value in keys]
        together(asks)
        theirs = [(*kind, each) for each in sorted({one for ask in asks for one in ask()})]
        together(partial(known.record, each) for each in theirs)
        together(partial(known.link_of, each) for each in theirs)
        records = [known.record(each) for each in theirs]
        return [one for one in records if one is not None and takes_part(self._other, one)]

    def _is_taken(self, record: Record, theirs: Key) -> bool:
        """Tell whether the place of this record, in the link of the other, is another's already."""
        link = self._known.link_of(theirs)
        if link is None:
            return False
        kind = (self._side.connection, self._side.kind)
        part = part_of(self._known, self._flow, self._side, record)
        members = self._known.members(link)
        return any(
            (each.connection, each.kind) == kind and part_now(self._known, self._flow, each) == part
            for each in members
        )

    def _linked_with(self, theirs: Key) -> list[str]:
        link = self._known.link_of(theirs)
        members = self._known.members(link) if link is not None else ()
        return [each.subject for each in members if each.subject != subject_of(theirs)]
