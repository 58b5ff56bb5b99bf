"""What is to stand in a field, worked out of the names that are at hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hub.errors import HubError
from hub.flows.document.due import due_of
from hub.flows.document.tax import Miss, tax_for
from hub.flows.expression import ExpressionFault
from hub.flows.flow import Step
from hub.flows.money import NotMoney
from hub.flows.steps import ABSENT, NotUnderstood, read, value_at, write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.flows.flow import Value

AS_IT_STANDS = Step()


class NotMade(HubError):
    """A record that cannot be made as things stand; the sentence is for a person."""


def value_of(
    value: Value,
    names: Mapping[str, Any],
    *,
    figure: Callable[[str, str], Any] | None = None,
) -> Any:
    """Give the value, exact to the digit; ABSENT where a path leads to nothing that was read.

    `figure` gives a figure by its name and what it is about.
    """
    if value.figure:
        return figure(value.figure, value.of) if figure else ABSENT
    try:
        found = _said(value, names)
        if found is ABSENT or value.step == AS_IT_STANDS:
            return found
        return _stepped(value.step, found, names)
    except (ExpressionFault, NotMoney, NotUnderstood) as error:
        raise NotMade(f"{value.text}: {error}") from error


def _stepped(step: Step, found: Any, names: Mapping[str, Any]) -> Any:
    match step.name:
        case "due":
            return due_of(names.get("date") or names["today"], found)
        case "tax":
            return _tax(found, names, dict(step.table))
        case _:
            return write(step, read(step, found))


def _said(value: Value, names: Mapping[str, Any]) -> Any:
    if value.sentence:
        return "".join(
            part if isinstance(part, str) else _in_words(value_at(names, part))
            for part in value.sentence
        )
    if value.path:
        return value_at(names, value.path)
    return value.expression.of(names) if value.expression else value.word


def _in_words(found: object) -> str:
    """Write a value within a sentence; of what is not known, nothing is said."""
    if found is ABSENT or found is None:
        return ""
    return f"{found:f}" if isinstance(found, Decimal) else str(found)


def _tax(taxes: Any, names: Mapping[str, Any], called: Mapping[str, str]) -> str:
    found = tax_for(taxes, names.get("taxes", ()), called)
    if isinstance(found, Miss):
        raise NotMade(found.sentence)
    return found
