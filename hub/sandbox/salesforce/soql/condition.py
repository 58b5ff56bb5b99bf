"""Which records meet a condition. Text is compared without regard to letter case."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from hub.sandbox.salesforce.fields import NOT_FILTERED, NUMBERS
from hub.sandbox.salesforce.ids import read_id
from hub.sandbox.salesforce.refusal import Refusal
from hub.sandbox.salesforce.soql.dates import moments, period
from hub.sandbox.salesforce.soql.place import field_at, getter
from hub.sandbox.salesforce.soql.query import All, Among, Any_, Not

if TYPE_CHECKING:
    from hub.sandbox.salesforce.fields import Field, Object
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.salesforce.soql.query import Compare, Query, Value, Where
    from hub.sandbox.store import Record

Test: TypeAlias = Callable[["Record"], bool]
Rows: TypeAlias = Callable[["Query"], "list[Record]"]
"""Gives the records of a query within a condition."""


def meets(org: Organisation, where: Where, record: Record) -> bool:
    """Tell whether one record meets a condition that asks for no other rows."""
    return test(org, org.object_there(record.module), where, lambda _: [])(record)


def test(org: Organisation, entity: Object, where: Where, rows: Rows) -> Test:
    """Make a test of a condition; one that cannot be asked is refused."""
    if isinstance(where, All | Any_):
        parts = [test(org, entity, one, rows) for one in where.parts]
        join = all if isinstance(where, All) else any
        return lambda record: join(part(record) for part in parts)
    if isinstance(where, Not):
        inner = test(org, entity, where.part, rows)
        return lambda record: not inner(record)
    if isinstance(where, Among):
        return _among(org, entity, where, rows)
    return _compare(org, entity, where)


def operand(org: Organisation, field: Field, value: Value) -> Any:
    """Read what a field is compared with; a period is given as its two ends."""
    if value.kind == "null":
        return None
    if value.kind == "period" and field.type in ("date", "datetime"):
        days = period(value.value, org.world.clock.now().astimezone(org.zone).date())
        return days if field.type == "date" else moments(days, org.zone)
    if value.kind not in _KINDS.get(field.type, ("text",)):
        raise _not_of_type(field, value)
    if field.type in ("id", "reference"):
        found = read_id(value.value)
        if found is None and value.value:
            message = f"invalid ID field: {value.value}"
            raise Refusal("INVALID_QUERY_FILTER_OPERATOR", message)
        return found
    return value.value.casefold() if isinstance(value.value, str) else value.value


_KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(NUMBERS, ("number",)),
    "boolean": ("flag",),
    "date": ("date",),
    "datetime": ("datetime",),
}


def _among(org: Organisation, entity: Object, where: Among, rows: Rows) -> Test:
    field_at(org, entity, where.path)
    [column] = where.query.columns or (("Id",),)
    get, inner = getter(org, where.path), getter(org, column)
    found = {inner(one) for one in rows(where.query)} - {None}
    return lambda record: (get(record) in found) is not where.negated


def _compare(org: Organisation, entity: Object, where: Compare) -> Test:
    field = field_at(org, entity, where.path)
    if field.type in NOT_FILTERED:
        message = f"field '{field.name}' can not be filtered in a query call"
        raise Refusal("INVALID_FIELD", message)
    get = getter(org, where.path)
    wanted = [operand(org, field, one) for one in where.values]
    if where.operator in ("in", "not in", "includes", "excludes"):
        return _several(get, wanted, where.operator)
    [asked] = wanted
    if where.operator == "like":
        pattern = _pattern(str(asked))
        return lambda record: (
            (value := get(record)) is not None and bool(pattern.fullmatch(str(value)))
        )
    compare = _by_ends if isinstance(asked, tuple) else _by_value
    return lambda record: compare(_folded(get(record)), where.operator, asked)


def _several(get: Callable[[Record], Any], wanted: list[Any], operator: str) -> Test:
    words = set(wanted)
    if operator in ("in", "not in"):
        is_in = operator == "in"
        return lambda record: (_folded(get(record)) in words) is is_in
    includes = operator == "includes"
    sets = [set(str(one).split(";")) for one in wanted]

    def holds(record: Record) -> bool:
        there = set((_folded(get(record)) or "").split(";"))
        return any(one <= there for one in sets) is includes

    return holds


def _by_value(value: Any, operator: str, asked: Any) -> bool:
    if operator == "=":
        return bool(value == asked)
    if operator == "!=":
        return bool(value != asked)
    if value is None or asked is None:
        return False
    return _ORDERED[operator](value, asked)


def _by_ends(value: Any, operator: str, ends: tuple[Any, Any]) -> bool:
    """Compare with a period: before it, within it, behind it."""
    begin, end = ends
    if value is None:
        return operator == "!="
    within = begin <= value < end
    if operator in ("=", "!="):
        return bool(within is (operator == "="))
    if operator in ("<", "<="):
        return bool(value < begin or (operator == "<=" and within))
    return bool(value >= end or (operator == ">=" and within))


_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda value, asked: bool(value < asked),
    ">": lambda value, asked: bool(value > asked),
    "<=": lambda value, asked: bool(value <= asked),
    ">=": lambda value, asked: bool(value >= asked),
}


def _folded(value: Any) -> Any:
    """Make of a value what is compared; ids mind their letter case."""
    if isinstance(value, str) and read_id(value) != value:
        return value.casefold()
    return value


@lru_cache(maxsize=1_000)
def _pattern(like: str) -> re.Pattern[str]:
    r"""Read a pattern: % is any text, _ any one sign, and \ before either means itself."""
    parts = re.findall(r"\\[%_]|.", like, re.DOTALL)
    signs = {"%": ".*", "_": "."}
    plain = (signs.get(one) or re.escape(one.removeprefix("\\") or one) for one in parts)
    return re.compile("".join(plain), re.DOTALL | re.IGNORECASE)


def _not_of_type(field: Field, value: Value) -> Refusal:
    kind = {"datetime": "dateTime"}.get(field.type, field.type)
    quotes = "should not" if value.kind == "text" else "should"
    message = (
        f"value of filter criterion for field '{field.name}' must be of type {kind} and {quotes} "
        "be enclosed in quotes"
    )
    return Refusal("INVALID_FIELD", message)
