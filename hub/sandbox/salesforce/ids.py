"""Ids: 15 characters that mind letter case, and three more that say which of them are capitals.

Who sends an id may send either; what is answered always has 18.
"""

from __future__ import annotations

import re
import string

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
SHORT, LONG = 15, 18
_SUMS = string.ascii_uppercase + "012345"
_SHAPE = re.compile(r"[0-9A-Za-z]{15}([A-Z0-5]{3})?")
_POD = "Hn"
_DIGITS = SHORT - 5


def made_id(prefix: str, number: int) -> str:
    """Make the id of the so many-th record; capitals and small letters both come up in it."""
    digits = ""
    for _ in range(_DIGITS):
        number, rest = divmod(number, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return long_id(f"{prefix}{_POD}{digits}")


def long_id(short: str) -> str:
    """Give an id of 15 characters with the three that tell its capitals."""
    sums = ""
    for start in range(0, SHORT, 5):
        group = short[start : start + 5]
        sums += _SUMS[sum(1 << bit for bit, sign in enumerate(group) if sign in _SUMS[:26])]
    return short + sums


def read_id(said: object) -> str | None:
    """Give the 18 characters of an id that is well formed; None for anything else."""
    if not isinstance(said, str) or not _SHAPE.fullmatch(said):
        return None
    whole = long_id(said[:SHORT])
    return whole if said in (whole, whole[:SHORT]) else None
