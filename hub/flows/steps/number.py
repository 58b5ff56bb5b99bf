"""Money and numbers: a decimal, to the digit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hub.flows.steps.answers import Answers, NotUnderstood

if TYPE_CHECKING:
    from hub.flows.steps.answers import Asked

_AROUND = re.compile(r"^[\s€$£¥₹]+|[\s€$£¥₹]+$|^[A-Z]{3}\s+|\s+[A-Z]{3}$")
_GROUPS = re.compile(r"(?<=\d)[\s'\u2019](?=\d{3}(\D|$))")
_BOTH_MARKS = (
    re.compile(r"[-+]?\d{1,3}(,\d{3})+\.\d+"),
    re.compile(r"[-+]?\d{1,3}(\.\d{3})+,\d+"),
)
_GROUPED = re.compile(r"[-+]?\d{1,3}([.,])\d{3}(\1\d{3})+")
_COMMA = re.compile(r"[-+]?\d+,(\d{1,2}|\d{4,})")
_PLAIN = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,2})?")
DIGITS_MAX = 40


def _reading(expected: str, *, symbols: bool) -> Answers:
    def read(value: Any, asked: Asked) -> str:  # noqa: ARG001
        found = decimal_of(value, symbols=symbols)
        if found is None:
            raise NotUnderstood(expected, value)
        return plain(found)

    return Answers(
        read=read, key=lambda value, _: str(value), write=lambda value, _: Decimal(value)
    )


def decimal_of(value: Any, *, symbols: bool = False) -> Decimal | None:
    """Give the number that a value says, or None if it says none, or may mean two."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = _written_plainly(_AROUND.sub("", value.strip()) if symbols else value.strip())
    if not isinstance(value, str | int | Decimal):
        return None
    return _small_enough(Decimal(value)) if value != "" else None


def plain(number: Decimal) -> str:
    """Write it without an exponent and without zeros that say nothing: one text per number."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _written_plainly(text: str) -> str:
    """Give a text with a decimal point and no groups, or "".

    `1.234` is one and a bit, as vendors' JSON has it; `1,234` may be either, and is not guessed.
    """
    text = _GROUPS.sub("", text)
    if _BOTH_MARKS[0].fullmatch(text):
        return text.replace(",", "")
    if _BOTH_MARKS[1].fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if _GROUPED.fullmatch(text):
        return re.sub("[.,]", "", text)
    if _COMMA.fullmatch(text):
        return text.replace(",", ".")
    return text if _PLAIN.fullmatch(text) else ""


def _small_enough(number: Decimal) -> Decimal | None:
    if not number.is_finite():
        return None
    _, digits, exponent = number.as_tuple()
    return (
        number if isinstance(exponent, int) and len(digits) + abs(exponent) <= DIGITS_MAX else None
    )


ANSWERS = _reading("a number such as 12.5", symbols=False)
MONEY = _reading("an amount of money such as 12.50", symbols=True)
