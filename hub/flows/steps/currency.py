"""A currency, by its ISO code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.flows.steps.answers import Answers, NotUnderstood

if TYPE_CHECKING:
    from hub.flows.steps.answers import Asked

_SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "₪": "ILS", "₩": "KRW", "₺": "TRY", "US$": "USD"}
"""Those that mean one currency alone."""
_CODE_LENGTH = 3


def read(value: Any, asked: Asked) -> str:
    said = value["id"] if isinstance(value, dict) and "id" in value else value
    text = str(said).strip()
    known = asked.manner.currencies.get(text) or _SYMBOLS.get(text) or text.upper()
    if len(known) != _CODE_LENGTH or not known.isascii() or not known.isalpha():
        raise NotUnderstood("a currency by its ISO code such as EUR", value)
    return known


def write(value: str, asked: Asked) -> str:
    """Give the code, or the side's id for it where currencies are ids there."""
    ids = {code: id for id, code in asked.manner.currencies.items()}  # noqa: A001
    if ids and value not in ids:
        known = ", ".join(sorted(ids))
        raise NotUnderstood(f"a currency that the connection has ({known}; add it there)", value)
    return ids.get(value, value)


ANSWERS = Answers(read=read, write=write, key=lambda value, _: str(value))
