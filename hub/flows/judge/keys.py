"""By what a record is found: what flows match it by, what they follow to it, the hub's mark."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hub.flows import books, steps
from hub.flows.flow import LinesNeed, LinkNeed, Once, Sync, While
from hub.flows.judge.words import manner_of, side_of, takes_part
from hub.flows.known import MARK, MARKS
from hub.flows.match import keys_of
from hub.flows.steps.place import SEVERAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.flows.flow import Flow, Path
    from hub.flows.known import Key, Known, Record

VALUE_CHARACTERS_MAX = 500

_SUMMED = [(kind, books.CUSTOMER) for kind in books.SUMMED]


def entries_of(known: Known, flows: Iterable[Flow], record: Record) -> frozenset[tuple[str, str]]:
    """Give every name and value under which a record is found."""
    if record.gone:
        return frozenset()
    found = {(MARK, mark)} if (mark := mark_of(record.fields)) else set()
    for flow in flows:
        found |= set(_entries(known, flow, record))
    return frozenset(
        (name, value[:VALUE_CHARACTERS_MAX].replace("\0", "")) for name, value in found if value
    )


def names_of(flows: Iterable[Flow], connection: str, kind: str) -> frozenset[str]:
    """Give the fields of a kind that its entries are made of; a last `*` stands for any end."""
    found = {place[0] for place in MARKS} | {"custom_fields"}
    for flow in flows:
        if isinstance(flow, Sync):
            found |= _names_of_sync(flow, connection, kind)
        elif connection == flow.source.connection:
            followed = _followed(flow) if isinstance(flow, Once) else _SUMMED
            found |= {field for each, field in followed if each == kind}
    return frozenset(found)


def _names_of_sync(flow: Sync, connection: str, kind: str) -> set[str]:
    side = side_of(flow, connection, kind)
    found: set[str] = set()
    if side is not None:
        keys = (*flow.match.sure, *flow.match.maybe)
        parts = [part for key in keys for part in key.parts]
        places = (part.places[side.name][0] for part in parts if side.name in part.places)
        found |= {name for place in places for name in place.split(SEVERAL)}
        found |= {path[1] for path in (side.only.reads if side.only else ()) if len(path) > 1}
        found |= {side.by} - {""}
    if flow.people is not None:
        found |= _names_of_sync(flow.people, connection, kind)
        number = flow.sides.index(side) if side in flow.sides else None
        if number is not None:
            found |= {flow.people.sides[number].within} - {""}
    return found


def same_entries(names: frozenset[str], one: Record, other: Record) -> bool:
    """Tell whether two states of a record say the same in these fields."""
    if one.gone != other.gone:
        return False
    changed = _changed(one.fields, other.fields)
    return changed.isdisjoint(names) and not any(map(_begins_so(names).match, changed))


@lru_cache(maxsize=1_000)
def _begins_so(names: frozenset[str]) -> re.Pattern[str]:
    """Give what finds those that begin as a name with a `*` does; it is asked of every event."""
    fronts = [re.escape(name[:-1]) for name in sorted(names) if name.endswith("*")]
    return re.compile("|".join(fronts) or r"(?!)")


def _changed(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    """Name the fields that do not say the same; empty and not there at all are alike here."""
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def kinds_of(flow: Flow) -> set[tuple[str, str]]:
    """Give the kinds that a flow is about: connection and kind."""
    match flow:
        case Sync():
            own = {(side.connection, side.kind) for side in flow.sides}
            return own | (kinds_of(flow.people) if flow.people else set())
        case Once():
            own = {(flow.source.connection, flow.source.kind)}
            return own | {(flow.source.connection, kind) for kind, _ in _followed(flow)}
        case While():
            return {(flow.source.connection, flow.source.kind)} | {
                (flow.source.connection, kind) for kind, _ in _SUMMED
            }


def mark_of(fields: Mapping[str, Any]) -> str:
    """Give the hub's own id that a record bears, wherever its vendor puts it."""
    for place in MARKS:
        found = steps.value_at(fields, place)
        if isinstance(found, str) and found:
            return found
    for custom in fields.get("custom_fields") or ():
        if custom.get("api_name") == books.MARK and custom.get("value"):
            return str(custom["value"])
    return ""


def _entries(known: Known, flow: Flow, record: Record) -> Iterable[tuple[str, str]]:
    connection, kind, _ = record.key
    if isinstance(flow, Sync):
        yield from _of_sync(known, flow, record)
    elif connection == flow.source.connection:
        for each, field in _followed(flow) if isinstance(flow, Once) else _SUMMED:
            if each == kind:
                yield _lookup(field, record)


def _of_sync(known: Known, flow: Sync, record: Record) -> Iterable[tuple[str, str]]:
    """Find a record by the flow's keys, by the company it names, and by whom it holds."""
    side = side_of(flow, record.key[0], record.key[1])
    if side is not None and takes_part(side, record):
        for text, value in keys_of(
            flow.match, side.name, record.fields, manner_of(known, flow, side)
        ):
            yield f"{flow.name}: {text}", value
        if side.by:
            yield _lookup(side.by, record)
    if flow.people is None:
        return
    yield from _of_sync(known, flow.people, record)
    for number, people in enumerate(flow.people.sides):
        if people.within and side is flow.sides[number]:
            for person in record.fields.get(people.within) or ():
                yield holds(people.kind), str(person.get(books.PERSON_ID) or "")


def found_by(flows: Iterable[Flow], key: Key) -> set[tuple[str, str, str, str]]:
    """Give where records that name this one are looked for: connection, kind, name and value."""
    found = set()
    for flow in flows:
        if isinstance(flow, Sync) and flow.people is not None:
            for people, company in zip(flow.people.sides, flow.sides, strict=True):
                if people.by and (company.connection, company.kind) == key[:2]:
                    found.add((people.connection, people.kind, f"by {people.by}", key[2]))
        elif isinstance(flow, Once) and flow.source.connection == key[0]:
            found |= {(key[0], kind, f"by {field}", key[2]) for kind, field in _followed(flow)}
    return found


def holds(kind: str) -> str:
    """Give the name under which a record is found by those of a kind that stand within it."""
    return f"holds {kind}"


def _lookup(field: str, record: Record) -> tuple[str, str]:
    """Have a record found by the one that it names in a field."""
    path: Path = (field,)
    found = steps.value_at(record.fields, path)
    if isinstance(found, dict):
        found = found.get("id")
    return f"by {field}", found if isinstance(found, str) else ""


def _followed(flow: Once) -> list[tuple[str, str]]:
    """Give the kinds whose records name the source, and the field in which they do."""
    lines = [need for need in flow.needs if isinstance(need, LinesNeed)]
    links = [need for need in flow.needs if isinstance(need, LinkNeed)]
    return [
        *((place.kind, place.by) for need in lines for place in need.first_of if place.kind),
        *((flow.source.kind, need.path[1]) for need in links if len(need.path) > 1),
    ]
