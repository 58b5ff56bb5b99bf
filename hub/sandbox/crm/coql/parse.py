"""Reading a query.

    select Last_Name, Account_Name.Account_Name as account from Contacts
    where ((Email is not null and Modified_Time >= '2026-01-01T00:00:00+00:00') or id in ('1', '2'))
    order by Modified_Time asc, id asc limit 200 offset 400

Three or more conditions are nested: `((a and b) and c)`. A `'` inside a text is written twice.
"""

from __future__ import annotations

import re

from hub.sandbox.crm.coql.query import Both, Column, Condition, Query, Where
from hub.sandbox.crm.refusal import Refusal
from hub.sandbox.cursor import Cursor, Token

LIMIT = 200
LIMIT_MAX = 2_000
REACH_MAX = 100_000
CRITERIA_MAX = 25
VALUES_MAX = 50
ORDER_MAX = 10
GROUP_MAX = 4
FUNCTIONS_MAX = 5
FUNCTIONS = ("count", "sum", "max", "min", "avg")

OPERATORS = {
    "=": "equals", "!=": "not_equal", "<>": "not_equal", ">": "greater_than",
    "<": "less_than", ">=": "greater_equal", "<=": "less_equal",
}  # fmt: skip

_TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(\d+(?:\.\d+)?|-\d+(?:\.\d+)?)"
                    r"|([A-Za-z_$][\w.$]*)|(!=|<>|>=|<=|[=<>(),*])|(\S))")  # fmt: skip
_LIMIT = re.compile(r"\blimit\s+(\d+)(?:\s*,\s*(\d+))?[^']*$", re.IGNORECASE)


def parse(text: str, *, needs_nesting: bool = True, columns_max: int = 50) -> Query:
    """Read a query, or refuse it as the vendor does."""
    return _Parser(text, needs_nesting=needs_nesting, columns_max=columns_max).query()


def limit_of(text: str) -> int:
    """Give how many rows a query asks for at most, without reading it."""
    found = _LIMIT.search(text)
    return int(found[2] or found[1]) if found else LIMIT


def _tokens(text: str) -> list[Token]:
    tokens = []
    for found in _TOKEN.finditer(text):
        kind = ("text", "number", "word", "sign", "odd")[(found.lastindex or 5) - 1]
        tokens.append(Token(kind, found[found.lastindex or 0], found.start(found.lastindex or 0)))
    return tokens


class _Parser(Cursor):
    def __init__(self, text: str, *, needs_nesting: bool, columns_max: int) -> None:
        super().__init__(_tokens(text), text)
        self._needs_nesting = needs_nesting
        self._columns_max = columns_max
        self._criteria = 0

    def query(self) -> Query:
        self._clause("select")
        columns = self._columns()
        self._clause("from")
        module = self.word()
        self._clause("where")
        where = self._group()
        group_by = tuple(self._names(GROUP_MAX)) if self._two("group", "by") else ()
        order_by = tuple(self._orders()) if self._two("order", "by") else ()
        limit, offset = self._limit()
        self.end()
        return Query(
            columns=columns,
            module=module,
            where=where,
            group_by=group_by,
            order_by=order_by,
            limit=limit,
            offset=offset,
        )

    def _columns(self) -> tuple[Column, ...]:
        columns = [self._column()]
        while self.take(","):
            columns.append(self._column())
        if len(columns) > self._columns_max:
            raise _over(self._columns_max)
        if sum(one.function is not None for one in columns) > FUNCTIONS_MAX:
            raise _over(FUNCTIONS_MAX)
        seen: set[str] = set()
        for one in columns:
            if one.shown in seen:
                message = "duplicate column in select"
                raise Refusal("DUPLICATE_DATA", message, column_name=one.shown)
            seen.add(one.shown)
        return tuple(columns)

    def _column(self) -> Column:
        name = self.word()
        path, shown, function = name, name, None
        if name.lower() in FUNCTIONS and self.take("("):
            path = "id" if self.take("*") else self.word()
            self.need(")")
            function, shown = name.upper(), f"{name}({path})"
        if self.take("as"):
            shown = self.word()
        return Column(path=path, shown=shown, function=function)  # type: ignore[arg-type]

    def _group(self) -> Where:
        """Read a condition, or two that are joined; more than two have to be nested."""
        test = self._one()
        joined = 0
        while (join := self.now.text.lower()) in ("and", "or") and self.now.kind == "word":
            joined += 1
            if joined > 1 and self._needs_nesting:
                raise self.failure()
            self.skip()
            test = Both(join="and" if join == "and" else "or", left=test, right=self._one())
        return test

    def _one(self) -> Where:
        if self.take("("):
            test = self._group()
            self.need(")")
            return test
        return self._condition()

    def _condition(self) -> Where:
        self._criteria += 1
        if self._criteria > CRITERIA_MAX:
            raise _over(CRITERIA_MAX)
        column = self.word()
        if self.take("is"):
            operator = "is_not_null" if self.take("not") else "is_null"
            self.need("null")
            return Condition(column=column, operator=operator)
        if self.now.text in OPERATORS:
            operator = OPERATORS[self.next().text]
            return Condition(column=column, operator=operator, value=self._value())
        negated = "not_" if self.take("not") else ""
        if self.take("like"):
            return Condition(column=column, operator=f"{negated}like", value=self._value())
        if self.take("between"):
            first = self._value()
            self.need("and")
            values = [first, self._value()]
            return Condition(column=column, operator=f"{negated}between", value=values)
        if self.take("in"):
            return Condition(column=column, operator=f"{negated}in", value=self._values())
        raise self.failure()

    def _values(self) -> list[str]:
        self.need("(")
        values = [self._value()]
        while self.take(","):
            values.append(self._value())
        self.need(")")
        if len(values) > VALUES_MAX:
            raise _over(VALUES_MAX)
        return values

    def _value(self) -> str:
        token = self.next()
        if token.kind == "text":
            return token.text[1:-1].replace("''", "'")
        if token.kind == "number" or token.text.lower() in ("true", "false"):
            return token.text
        self.back()
        raise self.failure()

    def _orders(self) -> list[tuple[str, bool]]:
        orders = []
        for name in self._names(ORDER_MAX, each_ends=("asc", "desc")):
            column, _, way = name.partition(" ")
            orders.append((column, way == "desc"))
        return orders

    def _names(self, most: int, each_ends: tuple[str, ...] = ()) -> list[str]:
        names = []
        while True:
            name = self.word()
            end = self.now.text.lower()
            if end in each_ends:
                self.skip()
                name = f"{name} {end}"
            names.append(name)
            if not self.take(","):
                break
        if len(names) > most:
            raise _over(most)
        return names

    def _limit(self) -> tuple[int, int]:
        """Read `limit n offset m`, or `limit m, n`."""
        limit, offset = LIMIT, 0
        if self.take("limit"):
            limit = self.number()
            if self.take(","):
                limit, offset = self.number(), limit
        if self.take("offset"):
            offset = self.number()
        if limit > LIMIT_MAX:
            raise _over(LIMIT_MAX)
        if limit + offset > REACH_MAX:
            raise _over(REACH_MAX)
        return limit, offset

    def _clause(self, word: str) -> None:
        """Read the word that a clause begins with, which must be there."""
        if not self.take(word):
            if self.now.kind in ("end", "word") or word == "select":
                raise Refusal("SYNTAX_ERROR", "missing clause", clause=word)
            raise self.failure()

    def _two(self, first: str, second: str) -> bool:
        if not self.take(first):
            return False
        self.need(second)
        return True

    def failure(self) -> Refusal:
        token = self.now
        near = token.text or "end of query"
        message = f"error occurred while parsing near {near}"
        return Refusal("SYNTAX_ERROR", message, line=1, column=token.at + 1, near=near)


def _over(limit: int) -> Refusal:
    return Refusal("LIMIT_EXCEEDED", "limit exceeded", limit=limit)
