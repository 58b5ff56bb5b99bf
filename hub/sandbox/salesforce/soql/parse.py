r"""Reading a query.

    SELECT Name, Owner.Email, (SELECT Quantity FROM OpportunityLineItems) FROM Opportunity
    WHERE (NOT Name LIKE 'Test%') AND CloseDate = LAST_N_DAYS:30 ORDER BY CloseDate DESC LIMIT 10

Texts stand in single quotes, in which \' is a quote; AND and OR are not mixed without parentheses.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hub.sandbox.cursor import Cursor
from hub.sandbox.salesforce.refusal import Refusal, malformed_query
from hub.sandbox.salesforce.soql.dates import is_period
from hub.sandbox.salesforce.soql.query import (
    All,
    Among,
    Any_,
    Compare,
    Not,
    Order,
    Path,
    Query,
    Value,
    Where,
)
from hub.sandbox.salesforce.soql.tokens import tokens, unquoted
from hub.sandbox.salesforce.values import read_moment

LENGTH_MAX = 100_000
LIMIT_MAX = 50_000
OFFSET_MAX = 2_000
FIELDS_LIMIT_MAX = 200
OPERATORS = frozenset({"=", "!=", "<>", "<", ">", "<=", ">="})


def parse(text: str) -> Query:
    """Read a query, or refuse it as the vendor does."""
    if len(text) > LENGTH_MAX:
        raise Refusal("QUERY_TOO_COMPLICATED", "SOQL statements may have 100000 characters")
    reader = _Reader(text)
    query = reader.query()
    reader.end()
    return query


def parse_condition(text: str) -> Where:
    """Read what stands behind a WHERE, alone."""
    reader = _Reader(text)
    where = reader.where()
    reader.end()
    return where


class _Reader(Cursor):
    def __init__(self, text: str) -> None:
        super().__init__(tokens(text), text)
        self._text = text

    def query(self, *, is_child: bool = False) -> Query:
        self.need("select")
        columns: list[Path] = []
        groups: list[str] = []
        children: list[Query] = []
        counts = self._counts()
        while not counts:
            if self.take("("):
                if is_child:
                    raise self.failure()
                children.append(self.query(is_child=True))
                self.need(")")
            elif self.take("fields"):
                groups.append(self._group())
            else:
                columns.append(self._path())
            if not self.take(","):
                break
        self.need("from")
        entity = self.word()
        where = self.where() if self.take("where") else None
        orders = tuple(self._orders()) if self.take("order") else ()
        limit, offset = self._limits()
        if groups and (limit is None or limit > FIELDS_LIMIT_MAX):
            message = "The SOQL FIELDS function must have a LIMIT of at most 200"
            raise malformed_query(message)
        return Query(
            entity=entity,
            columns=tuple(columns),
            groups=tuple(groups),
            children=tuple(children),
            counts=counts,
            where=where,
            orders=orders,
            limit=limit,
            offset=offset,
        )

    def where(self) -> Where:
        """Read conditions that are joined by one word; the other needs parentheses."""
        parts, join = [self._one()], ""
        while self.now.kind == "word" and self.now.text.lower() in ("and", "or"):
            word = self.now.text.lower()
            if join and word != join:
                raise self.failure()
            join = word
            self.skip()
            parts.append(self._one())
        if len(parts) == 1:
            return parts[0]
        return All(parts=tuple(parts)) if join == "and" else Any_(parts=tuple(parts))

    def _counts(self) -> bool:
        ahead = [self.ahead(count).text.lower() for count in range(3)]
        if ahead != ["count", "(", ")"]:
            return False
        self.skip(3)
        return True

    def _group(self) -> str:
        self.need("(")
        word = self.word().upper()
        self.need(")")
        if word not in ("ALL", "STANDARD", "CUSTOM"):
            raise self.failure()
        return word

    def _one(self) -> Where:
        if self.take("not"):
            return Not(part=self._one())
        if self.take("("):
            found = self.where()
            self.need(")")
            return found
        return self._condition()

    def _condition(self) -> Where:
        path = self._path()
        if self.now.text in OPERATORS:
            operator = self.next().text.replace("<>", "!=")
            return Compare(path=path, operator=operator, values=(self._value(),))
        if self.take("like"):
            return Compare(path=path, operator="like", values=(self._value(),))
        for word in ("includes", "excludes"):
            if self.take(word):
                return Compare(path=path, operator=word, values=self._values())
        negated = self.take("not")
        self.need("in")
        if self.ahead(1).text.lower() == "select":
            self.need("(")
            inner = self.query(is_child=True)
            self.need(")")
            return Among(path=path, negated=negated, query=inner)
        values = self._values()
        return Compare(path=path, operator="not in" if negated else "in", values=values)

    def _values(self) -> tuple[Value, ...]:
        self.need("(")
        values = [self._value()]
        while self.take(","):
            values.append(self._value())
        self.need(")")
        return tuple(values)

    def _value(self) -> Value:
        token = self.next()
        word = token.text.lower()
        if token.kind == "text":
            return Value(kind="text", value=unquoted(token.text[1:-1]))
        if token.kind == "number":
            return Value(kind="number", value=Decimal(token.text))
        if token.kind == "day":
            return self._day(token.text)
        if word in ("true", "false"):
            return Value(kind="flag", value=word == "true")
        if word == "null":
            return Value(kind="null")
        if is_period(token.text):
            return Value(kind="period", value=token.text.upper())
        self.back()
        raise self.failure()

    def _day(self, text: str) -> Value:
        moment = read_moment(text)
        if moment is None:
            raise self.failure()
        if "T" in text:
            return Value(kind="datetime", value=moment)
        return Value(kind="date", value=date.fromisoformat(text))

    def _orders(self) -> list[Order]:
        self.need("by")
        orders = []
        while True:
            path = self._path()
            falls = self.take("desc")
            if not falls:
                self.take("asc")
            last = False
            if self.take("nulls"):
                last = self.take("last")
                if not last:
                    self.need("first")
            orders.append(Order(path=path, falls=falls, nulls_last=last))
            if not self.take(","):
                return orders

    def _limits(self) -> tuple[int | None, int]:
        limit = self.number() if self.take("limit") else None
        offset = self.number() if self.take("offset") else 0
        if offset > OFFSET_MAX:
            message = "Maximum SOQL offset allowed is 2000"
            raise Refusal("NUMBER_OUTSIDE_VALID_RANGE", message)
        return limit, offset

    def _path(self) -> Path:
        return tuple(self.word().split("."))

    def failure(self) -> Refusal:
        token = self.now
        near = self._text[max(0, token.at - 20) : token.at + 20]
        found = f"unexpected token: '{token.text or '<EOF>'}'"
        return malformed_query(f"{near}\n^\nERROR at Row:1:Column:{token.at + 1}\n{found}")
