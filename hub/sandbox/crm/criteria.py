r"""The criteria of a search: `((Last_Name:equals:Faro)and(Mailing_City:starts_with:Por))`.

Nested as deep as one likes, 15 conditions at most; `( ) , \` inside a value stand behind a `\`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from hub.sandbox.crm.compare import NotOfType, holds, operand
from hub.sandbox.crm.fields import Field
from hub.sandbox.crm.refusal import Refusal

if TYPE_CHECKING:
    from hub.sandbox.crm.fields import Module
    from hub.sandbox.store import Record

Meets = Callable[["Record"], bool]

CONDITIONS_MAX = 15
VALUES_MAX = 100
OPERATORS = frozenset({
    "equals", "not_equal", "starts_with", "contains", "in", "not_in", "between",
    "greater_than", "greater_equal", "less_than", "less_equal",
})  # fmt: skip

EMPTY = "${empty}"
ID = Field(api_name="id")

_CONDITION = re.compile(r"\s*([A-Za-z_$][\w.$]*)\s*:\s*([a-z_]+)\s*:((?:\\.|[^\\()])*)")
_JOIN = re.compile(r"\s*(and|or)\s*", re.IGNORECASE)
_COMMA = re.compile(r"(?<!\\),")


def read_criteria(module: Module, text: str) -> Meets:
    """Read criteria into a test of one record."""
    return _Reader(module, text).whole()


def invalid_query(reason: str, **details: str) -> Refusal:
    return Refusal("INVALID_QUERY", "Invalid query formed", 400, reason=reason, **details)


class _Reader:
    """Reads from left to right, once."""

    def __init__(self, module: Module, text: str) -> None:
        self._module = module
        self._text = text.strip()
        self._at = 0
        self._conditions = 0

    def whole(self) -> Meets:
        test = self._group()
        if self._at != len(self._text):
            self._fail()
        return test

    def _group(self) -> Meets:
        """Read one thing, or several that are joined."""
        test = self._one()
        while found := _JOIN.match(self._text, self._at):
            self._at = found.end()
            test = _joined(found[1].lower(), test, self._one())
        return test

    def _one(self) -> Meets:
        if self._text[self._at : self._at + 1] != "(":
            return self._condition()
        self._at += 1
        test = self._group()
        if self._text[self._at : self._at + 1] != ")":
            self._fail()
        self._at += 1
        return test

    def _condition(self) -> Meets:
        found = _CONDITION.match(self._text, self._at)
        if not found:
            self._fail()
        self._at = found.end()
        self._conditions += 1
        if self._conditions > CONDITIONS_MAX:
            message = "the number of criteria is over the limit"
            raise Refusal("CRITERIA_LIMIT_EXCEEDED", message, limit=CONDITIONS_MAX)
        name, operator, value = found[1], found[2], found[3].strip()
        field = self._field(name)
        if operator not in OPERATORS:
            raise invalid_query("invalid operator found", operator=operator)
        return _condition(field, operator, value)

    def _field(self, name: str) -> Field:
        """Find the field; a lookup may be asked for by its own name or by `.id`."""
        name = name.removesuffix(".id")
        if name == "id":
            return ID
        field = self._module.fields.get(name)
        if field is None or field.type in ("subform", "jsonobject"):
            raise invalid_query("the field is not available for search", api_name=name)
        return field

    def _fail(self) -> NoReturn:
        raise invalid_query(f"not understood at character {self._at + 1}")


def _condition(field: Field, operator: str, value: str) -> Meets:
    name = field.api_name
    if value.casefold() == EMPTY and operator in ("equals", "not_equal"):
        empty = "is_null" if operator == "equals" else "is_not_null"
        return lambda record: holds(empty, record.get(name), None)
    asked = _asked(field, operator, value)
    return lambda record: holds(operator, record.get(name), asked)


def _asked(field: Field, operator: str, value: str) -> Any:
    try:
        if operator not in ("in", "not_in", "between"):
            return operand(field, _plain(value), operator)
        values = [operand(field, _plain(one.strip()), operator) for one in _COMMA.split(value)]
    except NotOfType as wrong:
        raise invalid_query(
            "invalid value for search", expected_data_type=wrong.expected
        ) from wrong
    if operator == "between" and len(values) != len(("from", "to")):
        raise invalid_query("two values are needed", operator=operator)
    if len(values) > VALUES_MAX:
        message = 'Only 100 values are allowed in "IN" criteria'
        raise Refusal("INVALID_QUERY", message, param_name="criteria")
    return values


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)


def _joined(join: str, left: Meets, right: Meets) -> Meets:
    if join == "and":
        return lambda record: left(record) and right(record)
    return lambda record: left(record) or right(record)
