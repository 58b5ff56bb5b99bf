"""What a once flow knows of a thing: whether it is so, what it needs, and where its lines are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from hub.flows.document import NotMade, lines_of
from hub.flows.flow import LinesNeed, LinkNeed, Sync
from hub.flows.judge.needs import Needing, Needs
from hub.flows.judge.words import side_of
from hub.flows.known import together

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.document import NoLines, Taken
    from hub.flows.flow import Lines, Once
    from hub.flows.known import InForce, Key, Known, Record


class Facts:
    """The world as one once flow looks at it."""

    def __init__(self, known: Known, force: InForce, flow: Once) -> None:
        self._known = known
        self._force = force
        self._flow = flow

    @property
    def source_kind(self) -> tuple[str, str]:
        return self._flow.source.connection, self._flow.source.kind

    @property
    def made_kind(self) -> tuple[str, str]:
        return self._flow.make.connection, self._flow.make.kind

    def names(self, source: Record) -> dict[str, Any]:
        """Give what is at hand for the document, by name; Needing and NotMade tell what is not."""
        needs = Needs(self._known, self._force, self._flow.source.name)
        names: dict[str, Any] = {
            self._flow.source.name: source.fields,
            "ask": self._flow.ask,
            "today": self._known.day(self._flow.make.connection).isoformat(),
            "taxes": [one.fields for one in self._known.table(self._flow.make.connection, "taxes")],
        }
        for need in self._flow.needs:
            if isinstance(need, LinkNeed):
                names[need.name] = needs.linked(need, names, self._flow.make.connection).fields
        return names

    def linked(self, source: Record) -> list[Key]:
        """Give the linked records that the document would name, as far as they are known."""
        needs = Needs(self._known, self._force, self._flow.source.name)
        names, connection = {self._flow.source.name: source.fields}, self._flow.make.connection
        links = [need for need in self._flow.needs if isinstance(need, LinkNeed)]
        try:
            return [needs.linked(need, names, connection).key for need in links]
        except (Needing, NotMade):
            return []

    def taken(self, source: Record, names: Mapping[str, Any]) -> Taken | NoLines | None:
        """Give the lines; None where the flow needs none."""
        for need in self.lines_needs():
            return lines_of(need, source.fields, names, partial(self._records, source.key))
        return None

    def _records(self, source: Key, place: Lines) -> list[Mapping[str, Any]]:
        """Give the records that name the source in a field."""
        if not place.kind:
            return []
        keys = self._naming(source, place)
        records = [self._known.record(key) for key in keys]
        return [one.fields for one in records if one is not None and not one.gone]

    def found(self, source: Key) -> list[Key]:
        """Give the records that lines may come from."""
        places = [place for need in self.lines_needs() for place in need.first_of if place.kind]
        return [key for place in places for key in self._naming(source, place)]

    def _naming(self, source: Key, place: Lines) -> list[Key]:
        kind = (source[0], place.kind)
        keys = [(*kind, each) for each in self._known.find(*kind, f"by {place.by}", source[2])]
        together(partial(self._known.record, key) for key in keys)
        return sorted(keys)

    def lines_needs(self) -> list[LinesNeed]:
        return [need for need in self._flow.needs if isinstance(need, LinesNeed)]

    def cases_about(self, key: Key) -> list[str]:
        """Give the cases that a record belongs to: its own, or that of the source it names."""
        if key[:2] == self.source_kind:
            return [key[2]]
        places = [one for need in self.lines_needs() for one in need.first_of]
        found = []
        for place in places:
            if key[:2] == (self.source_kind[0], place.kind):
                record = self._known.record(key)
                named = record.fields.get(place.by) if record is not None else None
                id_ = named.get("id") if isinstance(named, dict) else named
                found += [id_] if isinstance(id_, str) else []
        return found

    def case_of(self, record: Record) -> str:
        """Give the case for which a record was made, by the hub's mark on it, or adopted."""
        delivery = self._known.marked(record)
        if delivery is not None:
            return delivery.case if delivery.flow == self._flow.name else ""
        adopted = self._known.case(self._flow.name, record.subject)
        return str(adopted.data.get("case", "")) if adopted is not None else ""

    def holds(self, record: Record) -> bool:
        """Tell whether it is so of a record."""
        names = {self._flow.source.name: record.fields, "ask": self._flow.ask}
        return bool(self._flow.becomes.of(names))

    def is_change(self, key: Key) -> bool:
        """Tell whether it was known not to be so before; a first sight counts only of a new one."""
        before = self._known.before(key)
        if before is not None and before.position:
            return not self.holds(before)
        record = self._known.record(key)
        return record is not None and self._force.has_new(record)

    def is_back(self, key: Key) -> bool:
        """Tell whether it was gone until now."""
        before = self._known.before(key)
        return before is not None and before.gone

    def is_touched(self, key: Key) -> bool:
        """Tell whether the event has changed anything that the record says, or took it away."""
        before, record = self._known.before(key), self._known.record(key)
        if before is None or record is None:
            return True
        return before.fields != record.fields or before.gone != record.gone

    def links(self, need: LinkNeed, key: Key) -> bool:
        """Tell whether the flow that a need leans on is about such records."""
        by = self._known.flows.get(need.of)
        return (
            by is not None
            and isinstance(by.flow, Sync)
            and (side_of(by.flow, key[0], key[1]) is not None)
        )
