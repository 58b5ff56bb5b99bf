"""What others wrote, made fit for a terminal: nothing in it breaks a line, hides or turns."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

# Control characters, line ends of Unicode, what turns the direction of writing, lone surrogates.
_UNSEEN = re.compile(
    "[\0-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""Give the text with such characters written as Python writes them: `\n`, `\u202e`."""
    return _UNSEEN.sub(lambda found: repr(found[0])[1:-1], text)


def clock(at: datetime) -> str:
    """Give a moment as a person here reads it, with the zone: 2026-03-01 12:00:00+01:00."""
    # The first and the last day there is may have no local time: they are told as they came.
    with suppress(OverflowError, ValueError):
        at = at.astimezone()
    return at.isoformat(sep=" ", timespec="seconds")
