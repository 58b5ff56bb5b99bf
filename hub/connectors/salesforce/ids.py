"""Ids of Salesforce: 15 signs and 18 are the same record, and the hub keeps 18."""

from __future__ import annotations

import re

_SUMS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHORT = 15
_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[A-Za-z0-5]{3})?")


def is_id(text: str) -> bool:
    """Tell whether a text has the form of an id."""
    return bool(_SHAPE.fullmatch(text))


def whole(text: str) -> str:
    """Give the 18 signs of an id; what is none comes back as it is.

    The last three say, five signs each, which of the others are capitals.
    """
    if not is_id(text):
        return text
    short = text[:_SHORT]
    groups = (short[at : at + 5] for at in range(0, _SHORT, 5))
    return short + "".join(
        _SUMS[sum(1 << place for place, sign in enumerate(group) if sign.isupper())]
        for group in groups
    )
