"""A phone number: E.164 where its country is known, else what was said.

Such fields hold anything (`ask for Ana`, two numbers at once): that is kept, and matches nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hub.flows.steps import text
from hub.flows.steps.answers import Answers
from hub.flows.steps.countries import COUNTRIES, DIAL_LENGTH_MAX, DIALS

if TYPE_CHECKING:
    from hub.flows.steps.answers import Asked

DIGITS_MIN, DIGITS_MAX = 7, 15
KEY_DIGITS = 9

_EXTENSION = re.compile(
    r"[\s,;]*(?:ext(?:ension)?\.?|extn\.?|x|#|;ext=)\s*(\d{1,6})$", re.IGNORECASE
)
_ONE_NUMBER = re.compile(r"[+\d\s().\-/\u00a0\u2010-\u2015]+")
_TRUNKS = {one.dial: one.trunk for one in COUNTRIES.values() if one.trunk}


def read(value: Any, asked: Asked) -> str | None:
    said = text.read(value, asked)
    if said is None:
        return None
    number, extension = _without_extension(said)
    digits = _international(number) or _from_home(number, asked.manner.country)
    if not digits:
        return said
    return f"+{digits} ext {extension}" if extension else f"+{digits}"


def same(one: str, other: str) -> bool:
    """Tell whether they reach the same phone; without a country, anywhere."""
    (one, one_extension), (other, other_extension) = (
        _without_extension(one),
        _without_extension(other),
    )
    if one_extension != other_extension:
        return False
    if not (_ONE_NUMBER.fullmatch(one) and _ONE_NUMBER.fullmatch(other)):
        return text.same(one, other)
    if one.startswith("+") and other.startswith("+"):
        return _digits(one) == _digits(other)
    return bool(_at_home(one)) and _at_home(one) == _at_home(other)


def key(number: str, part: str = "") -> str:  # noqa: ARG001
    """Give the last digits of what is dialled at home, so that it may be said without a country."""
    digits = _at_home(_without_extension(number)[0])
    tells = DIGITS_MIN <= len(digits) <= DIGITS_MAX and len(set(digits)) > 2  # noqa: PLR2004 - 000 0000, 1111111
    return digits[-KEY_DIGITS:] if tells else ""


def apart(number: str) -> str:
    return dial_of(_digits(number)) if number.startswith("+") else ""


def dial_of(digits: str) -> str:
    """Give the dialling code with which an international number begins, or ""."""
    fronts = (digits[:length] for length in range(DIAL_LENGTH_MAX, 0, -1))
    return next((front for front in fronts if front in DIALS), "")


def _international(number: str) -> str:
    """Give the digits of a number that says its country, or ""."""
    plain = number.replace("(0)", "").replace("(", "").strip()
    if not _ONE_NUMBER.fullmatch(number) or not plain.startswith(("+", "00")):
        return ""
    digits = _digits(plain).removeprefix("" if plain.startswith("+") else "00")
    dial = dial_of(digits)
    home = digits.removeprefix(dial)
    if dial and _TRUNKS.get(dial) == "0":
        home = home.removeprefix("0")
    digits = f"{dial}{home}"
    fits = DIGITS_MIN < len(digits) <= DIGITS_MAX and number.count("+") <= 1
    return digits if fits and not digits.startswith("0") else ""


def _from_home(number: str, country: str) -> str:
    """Give the digits of a number that does not say its country, which is said to be `country`."""
    home = COUNTRIES.get(country)
    if home is None or not _ONE_NUMBER.fullmatch(number) or "+" in number:
        return ""
    digits = _digits(number).removeprefix(home.trunk)
    return f"{home.dial}{digits}" if DIGITS_MIN <= len(digits) <= DIGITS_MAX - 3 else ""


def _at_home(number: str) -> str:
    if not _ONE_NUMBER.fullmatch(number):
        return ""
    digits = _digits(number)
    return (digits.removeprefix(dial_of(digits)) if number.startswith("+") else digits).lstrip("0")


def _without_extension(said: str) -> tuple[str, str]:
    found = _EXTENSION.search(said)
    return (said[: found.start()], found[1]) if found else (said, "")


def _digits(number: str) -> str:
    return "".join(re.findall(r"\d", number))


ANSWERS = Answers(read=read, key=key, same=same, apart=apart)
