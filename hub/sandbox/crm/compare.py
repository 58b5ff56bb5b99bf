"""Comparing what a field holds with what a search, a query or a bulk read asks for.

Text is compared without regard to letter case, times as instants, lookups by id. An empty field
matches nothing but the question whether it is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.fields import LINKS, NESTED, NUMBERS, TEXTS
from hub.sandbox.crm.values import day, moment

if TYPE_CHECKING:
    from datetime import datetime

    from hub.sandbox.crm.fields import Field

Test = Callable[[Any, Any], bool]

OF_TEXTS = frozenset({
    "like", "not_like", "starts_with", "ends_with", "contains", "not_contains",
})  # fmt: skip
"""What can be asked of texts only."""


class NotOfType(Exception):
    """What a field is compared with is not of its type."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def operand(field: Field, said: Any, operator: str) -> Any:
    """Read what a field is to be compared with."""
    if operator in OF_TEXTS and field.type not in TEXTS | LINKS | NESTED:
        raise NotOfType("text")
    text = str(said)
    if field.type in NUMBERS:
        try:
            return Decimal(text)
        except InvalidOperation:
            raise NotOfType(field.expected) from None
    if field.type == "boolean":
        if text.casefold() not in ("true", "false"):
            raise NotOfType("boolean")
        return text.casefold() == "true"
    if field.type == "datetime":
        return _needed(moment(text), "datetime")
    if field.type == "date":
        return _needed(day(text), "date")
    return text.casefold()


def holds(operator: str, value: Any, asked: Any) -> bool:
    """Tell whether a field's value meets a condition."""
    if operator == "is_null":
        return value is None or value == []
    if operator == "is_not_null":
        return not holds("is_null", value, None)
    if value is None:
        return False
    if isinstance(value, list):
        negative = operator.startswith("not_")
        return (all if negative else any)(holds(operator, one, asked) for one in value)
    return TESTS[operator](_plain(value), asked)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        value = str(value.get("name"))  # a tag
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def _needed(value: datetime | str | None, expected: str) -> Any:
    if value is None:
        raise NotOfType(expected)
    return value


@lru_cache(maxsize=1000)
def _pattern(like: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in like.split("%")), re.DOTALL)


def _like(value: Any, asked: Any) -> bool:
    return _pattern(asked).fullmatch(str(value)) is not None


TESTS: dict[str, Test] = {
    "equals": lambda value, asked: bool(value == asked),
    "not_equal": lambda value, asked: bool(value != asked),
    "greater_than": lambda value, asked: bool(value > asked),
    "greater_equal": lambda value, asked: bool(value >= asked),
    "less_than": lambda value, asked: bool(value < asked),
    "less_equal": lambda value, asked: bool(value <= asked),
    "in": lambda value, asked: value in asked,
    "not_in": lambda value, asked: value not in asked,
    "between": lambda value, asked: bool(asked[0] <= value <= asked[1]),
    "not_between": lambda value, asked: not asked[0] <= value <= asked[1],
    "starts_with": lambda value, asked: str(value).startswith(asked),
    "ends_with": lambda value, asked: str(value).endswith(asked),
    "contains": lambda value, asked: asked in str(value),
    "not_contains": lambda value, asked: asked not in str(value),
    "like": _like,
    "not_like": lambda value, asked: not _like(value, asked),
}
