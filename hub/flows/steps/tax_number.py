"""A tax or VAT number. Written as it was said: punctuation is part of some; matched without it."""

from __future__ import annotations

import re

from hub.flows.steps import text
from hub.flows.steps.answers import Answers

_COUNTRIES = """
AT BE BG CY CZ DE DK EE EL ES EU FI FR GB GR HR HU IE IT LT LU LV MT NL NO PL PT RO SE SI SK XI
"""
_FRONTS = frozenset(_COUNTRIES.split())
_SWISS = re.compile(r"CHE(\d{9})(?:MWST|TVA|IVA|VAT|HR)?")
_BEHIND = re.compile(r"(?:MVA|MWST|TVA|IVA)$")
_DIGITS_MIN = 6


def same(one: str, other: str) -> bool:
    return _letters(one) == _letters(other)


def key(number: str, part: str = "") -> str:  # noqa: ARG001
    """Give it in capitals and digits without its country; "" for what stands for `none`."""
    _, rest = _split(number)
    digits = re.sub(r"\D", "", rest)
    tells = len(digits) >= _DIGITS_MIN and len(set(digits)) > 1 and digits not in "1234567890"
    return rest if tells else ""


def apart(number: str) -> str:
    return _split(number)[0]


def _split(number: str) -> tuple[str, str]:
    """Give the country that it says, or "", and the rest."""
    letters = _letters(number)
    if swiss := _SWISS.fullmatch(letters):
        return "CH", swiss[1]
    front, rest = letters[:2], _BEHIND.sub("", letters[2:])
    if front in _FRONTS and len(re.sub(r"\D", "", rest)) >= _DIGITS_MIN:
        return {"EL": "GR", "XI": "GB"}.get(front, front), rest
    return "", _BEHIND.sub("", letters)


def _letters(number: str) -> str:
    return re.sub(r"[\W_]", "", text.folded(number)).upper()


ANSWERS = Answers(read=text.read, key=key, same=same, apart=apart)
