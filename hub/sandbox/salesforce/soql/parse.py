r"""Reading a query.

    SELECT Name, Owner.Email, (SELECT Quantity FROM OpportunityLineItems) FROM Opportunity
    WHERE (NOT Name LIKE 'Test%') AND CloseDate = LAST_N_DAYS:30 ORDER BY CloseDate DESC LIMIT 10

Texts stand in single quotes, in which \' is a quote; AND and OR are not mixed without parentheses.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

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
from hub.sandbox.salesforce.soql.tokens import end_of, tokens, unquoted
from hub.sandbox.salesforce.values import read_moment

if TYPE_CHECKING:
    from hub.sandbox.salesforce.soql.tokens import Token

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


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._n = 0

    def query(self, *, is_child: bool = False) -> Query:
        self._need("select")
        columns: list[Path] = []
        groups: list[str] = []
        children: list[Query] = []
        counts = self._counts()
        while not counts:
            if self._take("("):
                if is_child:
                    raise self._failure()
                children.append(self.query(is_child=True))
                self._need(")")
            elif self._take("fields"):
                groups.append(self._group())
            else:
                columns.append(self._path())
            if not self._take(","):
                break
        self._need("from")
        entity = self._word()
        where = self.where() if self._take("where") else None
        orders = tuple(self._orders()) if self._take("order") else ()
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

    def end(self) -> None:
        if self._now.kind != "end":
            raise self._failure()

    def where(self) -> Where:
        """Read conditions that are joined by one word; the other needs parentheses."""
        parts, join = [self._one()], ""
        while self._now.kind == "word" and self._now.text.lower() in ("and", "or"):
            word = self._now.text.lower()
            if join and word != join:
                raise self._failure()
            join = word
            self._n += 1
            parts.append(self._one())
        if len(parts) == 1:
            return parts[0]
        return All(parts=tuple(parts)) if join == "and" else Any_(parts=tuple(parts))

    @property
    def _now(self) -> Token:
        if self._n < len(self._tokens):
            return self._tokens[self._n]
        return end_of(self._text)

    def _counts(self) -> bool:
        ahead = [one.text.lower() for one in self._tokens[self._n : self._n + 3]]
        if ahead != ["count", "(", ")"]:
            return False
        self._n += 3
        return True

    def _group(self) -> str:
        self._need("(")
        word = self._word().upper()
        self._need(")")
        if word not in ("ALL", "STANDARD", "CUSTOM"):
            raise self._failure()
        return word

    def _one(self) -> Where:
        if self._take("not"):
            return Not(part=self._one())
        if self._take("("):
            found = self.where()
            self._need(")")
            return found
        return self._condition()

    def _condition(self) -> Where:
        path = self._path()
        if self._now.text in OPERATORS:
            operator = self._next().text.replace("<>", "!=")
            return Compare(path=path, operator=operator, values=(self._value(),))
        if self._take("like"):
            return Compare(path=path, operator="like", values=(self._value(),))
        for word in ("includes", "excludes"):
            if self._take(word):
                return Compare(path=path, operator=word, values=self._values())
        negated = self._take("not")
        self._need("in")
        if self._tokens[self._n + 1 : self._n + 2] and self._ahead(1) == "select":
            self._need("(")
            inner = self.query(is_child=True)
            self._need(")")
            return Among(path=path, negated=negated, query=inner)
        values = self._values()
        return Compare(path=path, operator="not in" if negated else "in", values=values)

    def _values(self) -> tuple[Value, ...]:
        self._need("(")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._need(")")
        return tuple(values)

    def _value(self) -> Value:
        token = self._next()
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
        self._n -= 1
        raise self._failure()

    def _day(self, text: str) -> Value:
        moment = read_moment(text)
        if moment is None:
            raise self._failure()
        if "T" in text:
            return Value(kind="datetime", value=moment)
        return Value(kind="date", value=date.fromisoformat(text))

    def _orders(self) -> list[Order]:
        self._need("by")
        orders = []
        while True:
            path = self._path()
            falls = self._take("desc")
            if not falls:
                self._take("asc")
            last = False
            if self._take("nulls"):
                last = self._take("last")
                if not last:
                    self._need("first")
            orders.append(Order(path=path, falls=falls, nulls_last=last))
            if not self._take(","):
                return orders

    def _limits(self) -> tuple[int | None, int]:
        limit = self._number() if self._take("limit") else None
        offset = self._number() if self._take("offset") else 0
        if offset > OFFSET_MAX:
            message = "Maximum SOQL offset allowed is 2000"
            raise Refusal("NUMBER_OUTSIDE_VALID_RANGE", message)
        return limit, offset

    def _number(self) -> int:
        token = self._next()
        if token.kind != "number" or not token.text.isdecimal():
            self._n -= 1
            raise self._failure()
        return int(token.text)

    def _path(self) -> Path:
        return tuple(self._word().split("."))

    def _word(self) -> str:
        if self._now.kind != "word":
            raise self._failure()
        return self._next().text

    def _ahead(self, count: int) -> str:
        return self._tokens[self._n + count].text.lower()

    def _take(self, text: str) -> bool:
        if self._now.kind == "text" or self._now.text.lower() != text:
            return False
        self._n += 1
        return True

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise self._failure()

    def _next(self) -> Token:
        token = self._now
        if token.kind == "end":
            raise self._failure()
        self._n += 1
        return token

    def _failure(self) -> Refusal:
        token = self._now
        near = self._text[max(0, token.at - 20) : token.at + 20]
        found = f"unexpected token: '{token.text or '<EOF>'}'"
        return malformed_query(f"{near}\n^\nERROR at Row:1:Column:{token.at + 1}\n{found}")
