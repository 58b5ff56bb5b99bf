"""The one thing that a while flow opens for a source: its slot, its record, what it is to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.conclusions import Owes
from hub.flows.document import NotMade, make
from hub.flows.flow import Make
from hub.flows.judge.slot import slot_of_case

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from hub.flows.flow import Open, Part, While
    from hub.flows.judge.cases import OpenedCase
    from hub.flows.known import Key, Known, Record

AT_REST = frozenset({"done", "skipped"})


class Thing:
    """The things of one while flow."""

    def __init__(self, known: Known, flow: While, opens: Open) -> None:
        self._known = known
        self._flow = flow
        self._opens = opens
        self.kind = (opens.make.connection, opens.make.kind)

    def key(self, record: str) -> Key:
        return (*self.kind, record)

    def slot(self, case: str, generation: int) -> UUID:
        return slot_of_case(self._flow.id, case, self._opens.make, generation)

    def case_of(self, thing: Key) -> str:
        """Give the case for which a thing was made, by the hub's mark on it."""
        record = self._known.record(thing)
        slot = self._known.marked(record) if record is not None else None
        return slot.case if slot is not None and slot.flow == self._flow.name else ""

    def is_at_rest(self, case: OpenedCase) -> bool:
        """Tell whether nothing is owed to the thing of a case any more."""
        delivery = self._known.owed_to(self.key(case.record))
        return delivery is None or delivery.state in AT_REST

    def is_taken(self, part: Part, thing: Record, names: Mapping[str, Any]) -> bool:
        """Tell whether people have taken a thing over, so that it is left as it is."""
        return part.unless is not None and bool(part.unless.of({**names, "made": thing.fields}))

    def kept(self, thing: Record | None, names: Mapping[str, Any]) -> dict[str, Any]:
        """Give what is to be kept true now: nothing of one that is gone, or that people have."""
        if thing is not None and (thing.gone or self.is_taken(self._opens.keep, thing, names)):
            return {}
        try:
            return self.said(self._opens.keep, names)
        except NotMade:
            return {}

    @property
    def why_left(self) -> str:
        """Say when a thing is left alone in the end."""
        return self._opens.close.unless.text if self._opens.close.unless is not None else ""

    def said(self, part: Part, names: Mapping[str, Any]) -> dict[str, Any]:
        """Give what it is to say; NotMade where that cannot be worked out."""
        connection, kind = self.kind
        one = Make(connection=connection, kind=kind, fields=part.fields)
        said: dict[str, Any] = make(one, names)
        return said

    def owes(self, source: Record, generation: int, fields: dict[str, Any], why: str) -> Owes:
        connection, kind = self.kind
        case = source.key[2]
        return Owes(
            delivery=self.slot(case, generation),
            flow=self._flow.name,
            connection=connection,
            kind=kind,
            fields=fields,
            case=case,
            why=why,
        )

    def writes(self, source: Record, case: OpenedCase, said: dict[str, Any], why: str) -> Owes:
        key = connection, kind, record = self.key(case.record)
        return Owes(
            delivery=self._known.delivery_to(key),
            flow=self._flow.name,
            connection=connection,
            kind=kind,
            record=record,
            fields=said,
            case=source.key[2],
            why=why,
        )
