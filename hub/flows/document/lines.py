"""Where a document's lines come from: the first place that has some and that the company chose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from hub.flows.document.taken import NoLines, Taken, taken
from hub.flows.document.value import NotMade, value_of
from hub.flows.money import NotMoney
from hub.flows.steps import ABSENT

if TYPE_CHECKING:
    from hub.flows.flow import Lines, LinesNeed

Record: TypeAlias = Mapping[str, Any]
Found: TypeAlias = Callable[["Lines"], Sequence[Record]]
"""Gives the records of a place that name the source."""


def lines_of(
    need: LinesNeed, source: Record, names: Mapping[str, Any], found: Found
) -> Taken | NoLines:
    """Take the lines; `names` has the source under its name in the flow, and `ask`."""
    places = _chosen(need, names)
    try:
        for place in places:
            result = _from(place, need, source, names, found)
            if result:
                return result
    except (NotMade, NotMoney) as error:
        return NoLines(why=str(error))
    called = ", ".join(place.called for place in places) or "no place at all"
    return NoLines(why=f"Expected lines from one of these: {called}. None of them has any.")


def _chosen(need: LinesNeed, names: Mapping[str, Any]) -> list[Lines]:
    """Give the places in the order of the company's answer, where it was asked."""
    answer = names.get("ask", {}).get(need.name)
    if answer is None:
        return list(need.first_of)
    by_name = {place.called: place for place in need.first_of}
    return [by_name[called] for called in answer if called in by_name]


def _from(
    place: Lines, need: LinesNeed, source: Record, names: Mapping[str, Any], found: Found
) -> Taken | NoLines | None:
    records = _that_count(place, names, found) if place.kind else [source]
    if not place.each:
        return _of_records(place, need, source, names, records)
    if len(records) > 1:
        which = ", ".join(_called(one) for one in records)
        return NoLines(why=f"Expected one {place.called}, found {len(records)}: {which}.")
    if not records:
        return None
    rows = records[0].get(place.each, ABSENT)
    if rows is ABSENT:
        why = f"{place.called}: expected {place.each} of {_called(records[0])}, not read yet."
        return NoLines(why=why, unread=str(records[0].get("id", "")))
    return taken(place, need, names, records[0], rows) if rows else None


def _of_records(
    place: Lines, need: LinesNeed, source: Record, names: Mapping[str, Any], records: list[Record]
) -> Taken | NoLines | None:
    """Make a line of each record; a source that says no rate has no line of its own."""
    if not place.kind and value_of(place.fields["rate"], {**names, "it": source}) in (ABSENT, None):
        return None
    return taken(place, need, names, source, records) if records else None


def _that_count(place: Lines, names: Mapping[str, Any], found: Found) -> list[Record]:
    if place.such is None:
        return list(found(place))
    return [one for one in found(place) if place.such.of({**names, "it": one})]


def _called(record: Record) -> str:
    named = record.get("Subject") or record.get("Name")
    return f"{record.get('id', 'the source')}" + (f" “{named}”" if named else "")
