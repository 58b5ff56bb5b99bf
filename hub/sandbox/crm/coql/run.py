"""Answering a query: the records it may mean, those that meet it, in its order, as its columns."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.body import read_body
from hub.sandbox.crm.compare import NotOfType, holds, operand
from hub.sandbox.crm.coql.parse import parse
from hub.sandbox.crm.coql.query import Both, Column, Condition, Query, Where
from hub.sandbox.crm.fields import LINKS, NUMBERS, Field
from hub.sandbox.crm.refusal import Refusal, mandatory
from hub.sandbox.crm.show import show_value
from hub.sandbox.crm.values import rounded
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record
    from hub.sandbox.system import Request

Fields = dict[str, Any]
Meets = "Callable[[Record], bool]"

RELATIONS_MAX = 2
ID = Field(api_name="id")


def coql(org: Organisation, request: Request) -> Answer:
    """Answer a query."""
    text = read_body(request).get("select_query")
    if not isinstance(text, str):
        raise mandatory("select_query", "$.select_query")
    quirks = org.quirks
    query = parse(
        text, needs_nesting=quirks.coql_needs_nesting, columns_max=quirks.coql_columns_max
    )
    if query.module not in org.tables:
        message = "the module name given seems to be invalid"
        raise Refusal("INVALID_MODULE", message, module=query.module)
    run = _Run(org, query)
    rows, more = run.rows()
    if not rows:
        return Answer(status=204)
    return Answer(body={"data": rows, "info": {"count": len(rows), "more_records": more}})


class _Run:
    def __init__(self, org: Organisation, query: Query) -> None:
        self._org = org
        self._query = query
        for column in query.columns:
            self._check(column)
        for name in query.group_by:
            self._ordered(name, "group by")

    def rows(self) -> tuple[list[Fields], bool]:
        """Give the rows that are asked for, and whether there are more."""
        query = self._query
        meets = self._test(query.where)
        found = [one for one in self._candidates(query.where) if meets(one)]
        if query.group_by or any(column.function for column in query.columns):
            rows = self._grouped(found)
        else:
            for path, falling in reversed(query.order_by or (("id", False),)):
                found.sort(key=self._sort_key(path), reverse=falling)
            rows = []
            found = found[query.offset : query.offset + query.limit + 1]
            rows = [self._row(one) for one in found]
            return rows[: query.limit], len(rows) > query.limit
        end = query.offset + query.limit
        return rows[query.offset : end], len(rows) > end

    def _candidates(self, where: Where) -> Iterable[Record]:
        """Give the records that may meet it: few, if an index says which."""
        table = self._org.tables[self._query.module]
        for one in _needed(where):
            path = one.column.removesuffix(".id") or "id"
            values = one.value if isinstance(one.value, list) else [one.value]
            field = self._org.modules[self._query.module].fields.get(path)
            if one.operator in ("equals", "in") and path == "id":
                ids = dict.fromkeys(values)
                return [found for found in map(table.get, ids) if found is not None]
            if one.operator in ("equals", "in") and field is not None and field.unique:
                keys = dict.fromkeys(key for value in values for key in table.by_value(path, value))
                return [table.records[key] for key in keys]
            if one.operator in ("greater_than", "greater_equal") and path == "Modified_Time":
                since = _read(ID if field is None else field, one)
                return [table.records[key] for _, key in table.since(since)]
        return table

    def _check(self, column: Column) -> None:
        """See that there is such a column, and that its function is one for such values."""
        field = self._column(column.path, "select")
        if column.function in ("MAX", "MIN"):
            self._ordered(column.path, "select")
        if column.function in ("SUM", "AVG") and field.type not in NUMBERS:
            raise _no_column(column.path, "select")

    def _test(self, where: Where) -> Callable[[Record], bool]:
        if isinstance(where, Both):
            left, right = self._test(where.left), self._test(where.right)
            if where.join == "and":
                return lambda record: left(record) and right(record)
            return lambda record: left(record) or right(record)
        return self._condition(where)

    def _condition(self, where: Condition) -> Callable[[Record], bool]:
        field = self._column(where.column, "where")
        if field.type in ("textarea", "subform", "jsonobject"):
            raise Refusal(
                "INVALID_QUERY",
                "the column is not supported in criteria",
                column_name=where.column,
                clause="where",
            )
        asked = None if where.value is None else _read(field, where)
        get, operator = self._getter(where.column), where.operator
        return lambda record: holds(operator, get(record), asked)

    def _column(self, path: str, clause: str) -> Field:
        """Find the field that a path leads to, through lookups."""
        module = self._org.modules[self._query.module]
        *way, last = path.split(".")
        field: Field | None = None
        for step in way:
            field = module.fields.get(step)
            if field is None or field.type not in LINKS or field.target == "se_module":
                raise _no_column(path, clause)
            if field.target == "Users":
                return ID
            module = self._org.modules[field.target]
        if len(way) > RELATIONS_MAX:
            raise _no_column(path, clause)
        found = ID if last == "id" else module.fields.get(last)
        if found is None:
            raise _no_column(path, clause)
        return found

    def _ordered(self, path: str, clause: str) -> Field:
        """Find a field of whose values one comes before the other."""
        field = self._column(path, clause)
        if not field.is_ordered:
            raise _no_column(path, clause)
        return field

    def _getter(self, path: str) -> Callable[[Record], Any]:
        *way, last = path.split(".")
        if last == "id" and way:
            *way, last = way
        org = self._org

        def get(record: Record) -> Any:
            other: Record | None = record
            for step in way:
                other = org.find(other.get(step)) if other else None
            return other.get(last) if other else None

        return get if way else lambda record: record.get(last)

    def _sort_key(self, path: str) -> Callable[[Record], Any]:
        field = self._ordered(path, "order by")
        get = self._getter(path)

        def key(record: Record) -> tuple[bool, Any]:
            value = get(record)
            if isinstance(value, str):
                value = value.casefold()
            return (value is not None, value if value is not None else _LEAST.get(field.type, ""))

        return key

    def _row(self, record: Record) -> Fields:
        row: Fields = {}
        for column in self._query.columns:
            row[column.shown] = self._value(column.path, record)
        return row | {"id": record.id}

    def _value(self, path: str, record: Record) -> Any:
        value = self._getter(path)(record)
        if path.endswith(".id"):
            return value
        shown = show_value(self._org, self._column(path, "select"), value)
        if isinstance(shown, dict) and "email" in shown:
            return {key: shown[key] for key in ("name", "id")}
        return shown

    def _grouped(self, found: list[Record]) -> list[Fields]:
        """Give one row for each group: all of them are one if nothing says how to group."""
        groups: dict[tuple[Any, ...], list[Record]] = {}
        getters = [self._getter(name) for name in self._query.group_by]
        for record in found:
            groups.setdefault(tuple(get(record) for get in getters), []).append(record)
        if not self._query.group_by:
            groups = {(): found}
        rows = [self._group_row(members) for members in groups.values()]
        for name, falling in reversed(self._query.order_by):
            rows.sort(key=lambda row: (row.get(name) is not None, str(row.get(name))))
            if falling:
                rows.reverse()
        return rows

    def _group_row(self, members: list[Record]) -> Fields:
        return {
            column.shown: self._aggregate(column, members)
            if column.function
            else self._value(column.path, members[0])
            for column in self._query.columns
        }

    def _aggregate(self, column: Column, members: list[Record]) -> Any:
        field = self._column(column.path, "select")
        get = self._getter(column.path)
        values = [value for one in members if (value := get(one)) is not None]
        if column.function == "COUNT":
            return len(values)
        if not values:
            return None
        if column.function in ("MAX", "MIN"):
            best = max(values) if column.function == "MAX" else min(values)
            return show_value(self._org, field, best)
        total = sum(map(Decimal, values), Decimal())
        whole = total if column.function == "SUM" else rounded(total / len(values))
        return show_value(self._org, field, whole)


_LEAST: dict[str, Any] = dict.fromkeys(NUMBERS, 0)


def _needed(where: Where) -> list[Condition]:
    """Give the conditions that must hold in any case."""
    if isinstance(where, Condition):
        return [where]
    return [*_needed(where.left), *_needed(where.right)] if where.join == "and" else []


def _read(field: Field, where: Condition) -> Any:
    try:
        if isinstance(where.value, list):
            return [operand(field, one, where.operator) for one in where.value]
        return operand(field, where.value, where.operator)
    except NotOfType as wrong:
        raise Refusal(
            "INVALID_QUERY",
            "value given seems to be invalid for the column",
            column_name=where.column,
            reason=f"expected {wrong.expected}",
            operator=where.operator,
        ) from wrong


def _no_column(path: str, clause: str) -> Refusal:
    message = "column given seems to be invalid"
    return Refusal("INVALID_QUERY", message, column_name=path, clause=clause)
