"""A country: its ISO code where we know it, else as it was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.flows.steps import text
from hub.flows.steps.answers import Answers
from hub.flows.steps.countries import COUNTRIES, code_of

if TYPE_CHECKING:
    from hub.flows.steps.answers import Asked, Manner


def read(value: Any, asked: Asked) -> str | None:
    said = text.read(value, asked)
    return said and (code_of(said) or said)


def same(one: str, other: str) -> bool:
    return key(one) == key(other)


def key(value: str, part: str = "") -> str:  # noqa: ARG001
    return code_of(value) or text.key(value)


def called(code: str, manner: Manner) -> str:
    """Give what a side calls a country."""
    known = COUNTRIES.get(code)
    return known.name if known and manner.countries == "name" else code


ANSWERS = Answers(
    read=read, key=key, same=same, write=lambda value, asked: called(value, asked.manner)
)
