"""What a flow needs: the record that is linked with one that a field names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.flows import steps
from hub.flows.document import NotMade, value_of
from hub.flows.flow import Once, Sync
from hub.flows.judge.place import is_duplicate
from hub.flows.judge.sync import SyncJudge
from hub.flows.judge.words import other_side, part_now, side_of
from hub.flows.known import subject_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.conclusions import Conclusion
    from hub.flows.flow import LinkNeed, Side
    from hub.flows.known import InForce, Key, Known, Record


class Needing(Exception):  # no fault: it says what is to be made or linked first
    """What is needed is not there yet; what is concluded about that."""

    def __init__(self, why: str, conclusions: list[Conclusion]) -> None:
        super().__init__(why)
        self.conclusions = conclusions


class Needs:
    """Looks for what is needed."""

    def __init__(self, known: Known, force: InForce, source: str) -> None:
        self._known = known
        self._force = force
        self._source = source

    def linked(self, need: LinkNeed, names: Mapping[str, Any], connection: str) -> Record:
        """Give the record on a connection; Needing if it must be made, NotMade if it cannot be."""
        by = self._known.flows.get(need.of)
        if by is None or not isinstance(by.flow, Sync):
            raise NotMade(f"{need.name}: the flow {need.of} is not installed")
        flow = by.flow
        side = next((each for each in flow.sides if each.connection != connection), None)
        there = next((each for each in flow.sides if each.connection == connection), None)
        named = steps.value_at(names, need.path)
        id_ = named.get("id") if isinstance(named, dict) else named
        if side is None or there is None or not isinstance(id_, str) or not id_:
            raise NotMade(f"{need.name}: {'.'.join(need.path)} names no record")
        key = (side.connection, side.kind, id_)
        part = self._part(need, names, there)
        found = self._member(flow, key, there, part)
        if found is not None:
            return found
        if need.miss != "create":
            raise NotMade(f"{need.name}: {subject_of(key)} is linked with none")
        raise self._to_be_made(by, flow, key, there, part)

    def made_of(self, need: LinkNeed, record: Record) -> Record | None:
        """Give the source of which a once flow has made this record, by the hub's mark on it."""
        by = self._known.flows.get(need.of)
        delivery = self._known.marked(record)
        if by is None or not isinstance(by.flow, Once) or delivery is None:
            return None
        if delivery.flow != by.flow.name:
            return None
        source = by.flow.source
        return self._known.record((source.connection, source.kind, delivery.case))

    def other_end(self, need: LinkNeed, key: Key) -> Record | None:
        """Give the first record that one is linked with on the other side, while it is there."""
        by = self._known.flows.get(need.of)
        if by is None or not isinstance(by.flow, Sync):
            return None
        side = side_of(by.flow, key[0], key[1])
        there = other_side(by.flow, side) if side is not None else None
        found = self._member(by.flow, key, there, "") if there is not None else None
        return None if found is None or found.gone else found

    def _part(self, need: LinkNeed, names: Mapping[str, Any], there: Side) -> str:
        if need.part is None or not there.part:
            return ""
        said = value_of(need.part, names)
        return str(said) if isinstance(said, str) else ""

    def _member(self, flow: Sync, key: Key, there: Side, part: str) -> Record | None:
        """Give who is in the link of a record on a side, of the part that is wanted.

        Where any will do it is the oldest, the main one.
        """
        link = self._known.link_of(key)
        members = self._known.members(link) if link is not None else ()
        fit = [
            (is_duplicate(each), *_age(record), record)
            for each in members
            if (each.connection, each.kind) == (there.connection, there.kind)
            and part in ("", part_now(self._known, flow, each))
            and (record := self._known.record(each.key))
        ]
        return min(fit, key=lambda one: one[:3])[3] if fit else None

    def _to_be_made(self, by: InForce, flow: Sync, key: Key, there: Side, part: str) -> Needing:
        judge = SyncJudge(self._known, by, flow, review=True)
        link = self._known.link_of(key)
        if link is None:
            conclusions = list(judge.record(key))
            return Needing(f"{subject_of(key)} is to be linked first", conclusions)
        made = list(judge.creates(link, there, part, subject_of(key)))
        return Needing(f"{subject_of(key)} is to be in {there.kind} for {part} first", made)


def _age(record: Record) -> tuple[bool, str]:
    """Sort the oldest first, and those of which it is not said last."""
    created = record.created_at
    return created is None, created.isoformat() if created is not None else ""
