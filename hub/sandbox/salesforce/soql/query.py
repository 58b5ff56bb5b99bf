"""What a query says, once it is read."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

Path: TypeAlias = tuple[str, ...]
"""The relations to go by, and the field at their end."""

LiteralKind = Literal["text", "number", "flag", "null", "date", "datetime", "period"]


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """What a field is compared with; a period is its name and a number, such as LAST_N_DAYS:3."""

    kind: LiteralKind
    value: Any = None


class Compare(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """One condition; `values` are several for IN and the like."""

    path: Path
    operator: str
    values: tuple[Value, ...]


class Among(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A reference that leads to one of the rows of another query, or to none of them."""

    path: Path
    negated: bool
    query: Query


class All(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    parts: tuple[Where, ...]


class Any_(msgspec.Struct, frozen=True, kw_only=True, tag=True):  # noqa: N801 - Any is taken
    parts: tuple[Where, ...]


class Not(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    part: Where


Where: TypeAlias = "Compare | Among | All | Any_ | Not"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    path: Path
    falls: bool = False
    nulls_last: bool = False


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A query, or one within another: then `entity` is the name of the relation."""

    entity: str
    columns: tuple[Path, ...] = ()
    groups: tuple[str, ...] = ()
    """FIELDS(ALL) and the like."""
    children: tuple[Query, ...] = ()
    counts: bool = False
    """Only how many there are is asked for."""
    where: Where | None = None
    orders: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
