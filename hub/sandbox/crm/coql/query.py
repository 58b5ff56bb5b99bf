"""What a query says, when it has been read."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Aggregate = Literal["COUNT", "SUM", "MAX", "MIN", "AVG"]


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison; `value` is a text, a list of them, or nothing."""

    column: str
    operator: str
    value: Any = None


class Both(msgspec.Struct, frozen=True, kw_only=True):
    """Two things of which both, or either, must hold."""

    join: Literal["and", "or"]
    left: Where
    right: Where


Where = Condition | Both


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of the answer: a field, or what a function makes of all its values."""

    path: str
    shown: str
    function: Aggregate | None = None


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A whole query."""

    columns: tuple[Column, ...]
    module: str
    where: Where
    group_by: tuple[str, ...] = ()
    order_by: tuple[tuple[str, bool], ...] = ()
    """Columns with whether they fall."""

    limit: int = 200
    offset: int = 0
