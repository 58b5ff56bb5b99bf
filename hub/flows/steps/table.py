"""One side's word for another's: `{ true = "active", false = "inactive" }`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.flows.steps import text
from hub.flows.steps.answers import Answers, NotUnderstood

if TYPE_CHECKING:
    from hub.flows.steps.answers import Asked

_FLAGS = {"true": True, "false": False}


def read(value: Any, asked: Asked) -> str:
    """Give the first side's word, whichever side said it in whichever case."""
    said = text.key(str(value).lower() if isinstance(value, bool) else str(value))
    column = 1 if asked.manner.second else 0
    for row in asked.step.table:
        if text.key(row[column]) == said:
            return row[0]
    raise NotUnderstood(_one_of(asked, column), value)


def write(value: str, asked: Asked) -> str | bool:
    """Give that side's word for it; the words true and false are written as such."""
    for first, second in asked.step.table:
        if first == value:
            word = second if asked.manner.second else first
            return _FLAGS.get(word, word)
    raise NotUnderstood(_one_of(asked, 0), value)


def _one_of(asked: Asked, column: int) -> str:
    return "one of " + ", ".join(f"“{row[column]}”" for row in asked.step.table)


ANSWERS = Answers(read=read, write=write, key=text.key)
