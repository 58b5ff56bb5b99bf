"""The rows of a query: few records are looked at where an index says which."""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, Any

from hub.sandbox.salesforce.refusal import invalid_type
from hub.sandbox.salesforce.soql.condition import operand, test
from hub.sandbox.salesforce.soql.place import field_at, getter
from hub.sandbox.salesforce.soql.query import All, Any_, Compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hub.sandbox.salesforce.fields import Object
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.salesforce.soql.query import Order, Query, Where
    from hub.sandbox.store import Record


def entity_of(org: Organisation, query: Query) -> Object:
    """Give the object that a query is about."""
    found = next((one for one in org.objects.values() if one.name.lower() == query.entity.lower()),
                 None)  # fmt: skip
    if found is None:
        raise invalid_type(query.entity)
    return found


def found_by(org: Organisation, query: Query, *, deleted_too: bool = False) -> list[Record]:
    """Give the records that a query finds, in its order and within its limit."""
    entity = entity_of(org, query)
    for path in query.columns:
        field_at(org, entity, path)
    there = _candidates(org, entity, query)
    if deleted_too:
        bin_ = org.tables[entity.name].removed.values()
        there = _Candidates(
            [*there.records, *(one.record for one in bin_ if not one.permanent)], ()
        )
    return _chosen(org, entity, query, there)


def among(
    org: Organisation, entity: Object, query: Query, records: Iterable[Record]
) -> list[Record]:
    """Give those of some records that a query within another finds."""
    for path in query.columns:
        field_at(org, entity, path)
    return _chosen(org, entity, query, _Candidates(records, ()))


class _Candidates:
    """Records that may meet a condition, and the order in which they come; none is known to be."""

    def __init__(self, records: Iterable[Record], order: tuple[str, ...]) -> None:
        self.records = records
        self.order = order


def _chosen(org: Organisation, entity: Object, query: Query, there: _Candidates) -> list[Record]:
    meets = (
        test(org, entity, query.where, lambda inner: found_by(org, inner)) if query.where else None
    )
    met: Iterator[Record] = (one for one in there.records if meets is None or meets(one))
    end = None if query.limit is None else query.offset + query.limit
    wanted = tuple(".".join(one.path).lower() for one in query.orders)
    in_order = not any(one.falls for one in query.orders) and wanted == tuple(
        name.lower() for name in there.order[: len(wanted)]
    )
    if in_order:
        return list(islice(met, query.offset, end))
    rows = list(met)
    for order in reversed(query.orders):
        rows.sort(key=_sort_key(org, entity, order), reverse=order.falls)
    return rows[query.offset : end]


def _sort_key(org: Organisation, entity: Object, order: Order) -> Callable[[Record], Any]:
    field_at(org, entity, order.path)
    get = getter(org, order.path)
    # Those without a value stand where they are asked to, whichever way the rest is sorted.
    empty_is_high = order.nulls_last is not order.falls

    def key(record: Record) -> tuple[bool, Any]:
        value = get(record)
        if isinstance(value, str):
            value = value.casefold()
        return ((value is None) is empty_is_high, "" if value is None else value)

    return lambda record: _Comparable(key(record))


class _Comparable:
    """A key of which the value is compared only where both have one."""

    __slots__ = ("key",)

    def __init__(self, key: tuple[bool, Any]) -> None:
        self.key = key

    def __lt__(self, other: _Comparable) -> bool:
        if self.key[0] != other.key[0]:
            return self.key[0] < other.key[0]
        mine, theirs = self.key[1], other.key[1]
        return mine != "" and theirs != "" and bool(mine < theirs)


def _candidates(org: Organisation, entity: Object, query: Query) -> _Candidates:
    """Give the records that may meet a query, by the narrowest index there is."""
    table = org.tables[entity.name]
    for one in _needed(query.where):
        field = org.field(entity, one.path[0]) if len(one.path) == 1 else None
        if field is None or one.operator not in ("=", "in"):
            continue
        values = [operand(org, field, value) for value in one.values]
        if field.type == "id":
            return _Candidates(filter(None, map(table.get, dict.fromkeys(values))), ())
        if field.type == "reference":
            ids = [key for value in values if value
                   for key in org.references.of(value, entity.name, field.name)]  # fmt: skip
            if not field.name.endswith("ById") and field.name != "OwnerId" and None not in values:
                return _Candidates([table.records[key] for key in dict.fromkeys(ids)], ())
        if field.unique and None not in values:
            keys = dict.fromkeys(
                key for value in values for key in table.by_value(field.name, value)
            )
            return _Candidates([table.records[key] for key in keys], ())
    for name in ("SystemModstamp", "Id"):
        begin = _lowest(org, entity, query.where, name)
        first = query.orders[0].path if query.orders else ()
        if begin is not None or (len(first) == 1 and first[0].lower() == name.lower()):
            order = table.order(name)
            start = 0 if begin is None else bisect_left(order, (begin, ""))
            rows = (table.records[key] for _, key in islice(order, start, None))
            return _Candidates(rows, (name, "Id"))
    return _Candidates(iter(table), ())


def _needed(where: Where | None) -> list[Compare]:
    """Give the conditions that must hold in any case."""
    if isinstance(where, Compare):
        return [where]
    if isinstance(where, All):
        return [found for part in where.parts for found in _needed(part)]
    return []


def _lowest(org: Organisation, entity: Object, where: Where | None, name: str) -> Any:
    """Give the lowest value of a field that can meet a condition; None where any may."""
    if isinstance(where, Compare):
        field = entity.field(where.path[0])
        if len(where.path) > 1 or field is None or field.name != name:
            return None
        if where.operator not in ("=", ">", ">="):
            return None
        value = operand(org, field, where.values[0])
        return value[0] if isinstance(value, tuple) else value
    if isinstance(where, All | Any_):
        found = [_lowest(org, entity, part, name) for part in where.parts]
        known = [one for one in found if one is not None]
        if isinstance(where, All):
            return max(known, default=None)
        return min(known) if known and len(known) == len(found) else None
    return None
