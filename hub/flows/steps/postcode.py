"""A postcode: the part of an address that is matched by."""

from __future__ import annotations

import re

_FRONT = re.compile(r"[A-Z]{1,3}\s*-\s*(?=\d)")
_FRONT_OF_DIGITS = re.compile(r"[A-Z]{1,2}\s?(?=\d{4,6}$)")
_ZIP_PLUS_4 = re.compile(r"(\d{5})-?\d{4}")


def key(code: str) -> str:
    """Give it without spaces and country (`D-20457` is `20457`); "" where it is none.

    Zeros in front go too: a spreadsheet that took it for a number has dropped them.
    """
    text = code.strip().upper()
    text = _FRONT_OF_DIGITS.sub("", _FRONT.sub("", text, count=1), count=1)
    long = _ZIP_PLUS_4.fullmatch(text)
    plain = re.sub(r"[\W_]", "", long[1] if long else text)
    plain = plain.lstrip("0") if plain.isdecimal() else plain
    return plain if any(letter.isdigit() for letter in plain) else ""
