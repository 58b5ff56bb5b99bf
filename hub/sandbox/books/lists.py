"""Lists: filters and their variants, orders, pages, and the context that comes with a page."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from hub.sandbox.books import custom_fields, intake
from hub.sandbox.books.amounts import ZERO
from hub.sandbox.books.refusals import bad_parameter, bad_value
from hub.sandbox.books.table import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hub.sandbox.books.kinds import Kind, Query
    from hub.sandbox.books.organization import Organization
    from hub.sandbox.system import Fields

    Test = Callable[[Fields], bool]

PER_PAGE_MAX = 200
DIGITS_MAX = 9


def listed(organization: Organization, kind: Kind, query: Query) -> tuple[list[Fields], Fields]:
    """Give a page of rows, and its context."""
    page = _whole(query, "page", 1)
    per_page = min(_whole(query, "per_page", PER_PAGE_MAX), PER_PAGE_MAX)
    first = (page - 1) * per_page
    matching = _matching(organization, kind, query)
    found = list(islice(matching, first, first + per_page + 1))
    column, descending = _order(kind, query)
    context = {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(found) > per_page,
        "report_name": kind.report,
        "applied_filter": query.get("filter_by", kind.applied_filter),
        "custom_fields": [],
        "sort_column": column,
        "sort_order": "D" if descending else "A",
    }
    return [kind.row(organization, record) for record in found[:per_page]], context


def paged(rows: list[Fields], query: Query, report: str) -> tuple[list[Fields], Fields]:
    """Give a page of rows that are few and in their order already."""
    page = _whole(query, "page", 1)
    per_page = min(_whole(query, "per_page", PER_PAGE_MAX), PER_PAGE_MAX)
    first = (page - 1) * per_page
    return rows[first : first + per_page], {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(rows) > first + per_page,
        "report_name": report,
        "applied_filter": "",
        "custom_fields": [],
        "sort_column": "created_time",
        "sort_order": "D",
    }


def counted(organization: Organization, kind: Kind, query: Query) -> Fields:
    """Count what matches, and add up totals and balances: for `response_option`."""
    found = list(_matching(organization, kind, query))
    return {
        "count": len(found),
        "total": sum((record["total"] for record in found), ZERO),
        "balance": sum((record["balance"] for record in found), ZERO),
    }


def _matching(organization: Organization, kind: Kind, query: Query) -> Iterator[Fields]:
    tests = list(_tests(organization, kind, query))
    records = organization.tables[kind.name].records
    for record_id in _ordered(organization, kind, query):
        record = records[record_id]
        if all(test(record) for test in tests):
            yield record


def _ordered(organization: Organization, kind: Kind, query: Query) -> list[str]:
    """Give the ids in order: all of them, or those an index already narrows it down to."""
    table = organization.tables[kind.name]
    column, descending = _order(kind, query)
    key = _sort_key(organization, kind, column)
    for name in kind.filters.texts:
        if query.get(name) and table.is_indexed(name):
            return table.sorted(table.find(name, query[name]), key, descending=descending)
    if column in kind.filters.derived:
        # It may change with the clock alone, so no order of it is kept.
        return table.sorted(table.records.values(), key, descending=descending)
    return table.order(column, key, descending=descending)


def _order(kind: Kind, query: Query) -> tuple[str, bool]:
    column = query.get("sort_column", "")
    if column not in kind.order.allowed:
        column = kind.order.column
        descending = kind.order.descending
    else:
        descending = False
    if query.get("sort_order") in ("A", "D"):
        descending = query["sort_order"] == "D"
    return column, descending


def _sort_key(organization: Organization, kind: Kind, column: str) -> Callable[[Fields], Any]:
    table = organization.tables[kind.name]
    if column in ("created_time", "last_modified_time"):
        # Stamps carry an offset that changes with the season: their text is no order.
        seconds = table.created if column == "created_time" else table.modified
        return lambda record: seconds[record[kind.id_field]]
    value = _value(organization, kind, column)

    def key(record: Fields) -> tuple[bool, Any]:
        found = value(record)
        return (True, folded(found)) if isinstance(found, str) else (False, found or ZERO)

    return key


def _value(organization: Organization, kind: Kind, name: str) -> Callable[[Fields], Any]:
    derive = kind.filters.derived.get(name)
    if derive is not None:
        return lambda record: derive(organization, record)
    return lambda record: record.get(name, "")


def _tests(organization: Organization, kind: Kind, query: Query) -> Iterator[Test]:
    """Give a test for every parameter that is known; empty ones count as not sent."""
    for name, wanted in query.items():
        if wanted:
            yield from _test(organization, kind, name, wanted)
    lag = organization.quirks.list_lag_seconds
    if lag:
        created, until = organization.tables[kind.name].created, organization.second() - lag
        yield lambda record: created[record[kind.id_field]] <= until


def _test(organization: Organization, kind: Kind, name: str, wanted: str) -> Iterable[Test]:
    if name == "filter_by":
        passes = kind.filters.by
        return [lambda record: passes(organization, record, wanted) is not False]
    if name == "search_text":
        return [_search(organization, kind, wanted)]
    if name == "last_modified_time":
        return _modified_since(organization, kind, wanted)
    if name.startswith("custom_field") and kind.name in organization.custom_fields:
        return _any_custom_field(name, wanted)
    return _field_tests(organization, kind, name, wanted)


def _field_tests(organization: Organization, kind: Kind, name: str, wanted: str) -> Iterator[Test]:
    filters = kind.filters
    for base, variant in _readings(name):
        value = _value(organization, kind, base)
        if base in filters.texts and variant in _TEXT:
            yield _text_test(variant, value, folded(wanted))
        elif base in filters.numbers and variant in _NUMBER:
            yield _number_test(variant, value, name, wanted)
        elif base in filters.dates and variant in _DATE:
            yield _date_test(variant, value, name, wanted)


_TEXT: dict[str, Callable[[str, str], bool]] = {
    "": lambda found, wanted: found == wanted,
    "startswith": lambda found, wanted: found.startswith(wanted),
    "contains": lambda found, wanted: wanted in found,
}
_NUMBER: dict[str, Callable[[Any, Any], bool]] = {
    "": lambda found, wanted: found == wanted,
    "less_than": lambda found, wanted: found < wanted,
    "less_equals": lambda found, wanted: found <= wanted,
    "greater_than": lambda found, wanted: found > wanted,
    "greater_equals": lambda found, wanted: found >= wanted,
}
_DATE: dict[str, Callable[[str, str], bool]] = {
    "": lambda found, wanted: found == wanted,
    "start": lambda found, wanted: found >= wanted,
    "end": lambda found, wanted: found <= wanted,
    "before": lambda found, wanted: found < wanted,
    "after": lambda found, wanted: found > wanted,
}
_VARIANTS = tuple(variant for variant in (*_TEXT, *_NUMBER, *_DATE) if variant)


def _readings(name: str) -> Iterator[tuple[str, str]]:
    yield name, ""
    for variant in _VARIANTS:
        if name.endswith(f"_{variant}"):
            yield name.removesuffix(f"_{variant}"), variant


def _text_test(variant: str, value: Callable[[Fields], Any], wanted: str) -> Test:
    holds = _TEXT[variant]

    def test(record: Fields) -> bool:
        found = value(record)
        # What the lines of a document say is several texts: one of them is enough.
        several = found if isinstance(found, list) else [found]
        return any(holds(folded(one), wanted) for one in several)

    return test


def _number_test(variant: str, value: Callable[[Fields], Any], name: str, wanted: str) -> Test:
    holds, amount = _NUMBER[variant], intake.decimal(wanted, name)
    return lambda record: holds(value(record) or ZERO, amount)


def _date_test(variant: str, value: Callable[[Fields], Any], name: str, wanted: str) -> Test:
    holds, day = _DATE[variant], intake.day({name: wanted}, name)
    return lambda record: bool(value(record)) and holds(value(record), day)


def _search(organization: Organization, kind: Kind, wanted: str) -> Test:
    values = [_value(organization, kind, name) for name in kind.filters.search]
    return lambda record: any(folded(wanted) in folded(value(record)) for value in values)


def _any_custom_field(name: str, wanted: str) -> Iterable[Test]:
    """Let the one documented name match what any custom field says."""
    variants = [variant for base, variant in _readings(name) if base == "custom_field"]
    return [_custom_field_test(variant, folded(wanted)) for variant in variants if variant in _TEXT]


def _custom_field_test(variant: str, wanted: str) -> Test:
    holds = _TEXT[variant]
    return lambda record: any(
        holds(folded(value), wanted) for value in record["custom_field_hash"].values()
    )


def _modified_since(organization: Organization, kind: Kind, wanted: str) -> Iterable[Test]:
    """Narrow to what changed after a moment, where that is documented: for invoices alone."""
    quirks = organization.quirks
    obeyed = kind.modified_filter or quirks.modified_filter_everywhere
    if not obeyed or quirks.modified_filter == "none":
        return []
    try:
        since = datetime.strptime(wanted, "%Y-%m-%dT%H:%M:%S%z").timestamp()
    except ValueError:
        # A plus sign that was not sent as %2B has become a space.
        raise bad_value("last_modified_time") from None
    if quirks.modified_filter == "day":
        return [lambda record: record["last_modified_time"][:10] == wanted[:10]]
    modified = organization.tables[kind.name].modified
    if quirks.modified_filter_inclusive:
        return [lambda record: modified[record[kind.id_field]] >= since]
    return [lambda record: modified[record[kind.id_field]] > since]


def _whole(query: Query, name: str, default: int) -> int:
    value = query.get(name, "") or str(default)
    if not value.isdecimal() or len(value) > DIGITS_MAX or int(value) < 1:
        raise bad_parameter(name)
    return int(value)


def with_custom_fields(
    organization: Organization, kind: str, row: Fields, record: Fields
) -> Fields:
    """Give a row its custom fields too; only contacts and invoices show them in lists."""
    return row | custom_fields.shown(organization, kind, record)
