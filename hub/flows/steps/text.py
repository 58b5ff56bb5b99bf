"""Any words; and what is left of them when they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hub.flows.steps.answers import Answers, NotUnderstood

if TYPE_CHECKING:
    from hub.flows.steps.answers import Asked

SLIP_LENGTH_MIN = 4
"""In a shorter word another letter makes another word."""

_NOT_TAKEN_APART = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\u0131": "i",
    }
)
"""Letters that Unicode does not know as a plain one with a mark."""


APOSTROPHES = re.compile("['`\u00b4\u2019]")


def read(value: Any, asked: Asked) -> str | None:  # noqa: ARG001
    """Read words, or a number as words; a lookup is read as its id."""
    if isinstance(value, Mapping) and isinstance(value.get("id"), str):
        value = value["id"]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = format(value, "f") if isinstance(value, Decimal) else str(value)
    if not isinstance(value, str):
        raise NotUnderstood("text", value)
    return tidy(value) or None


def tidy(text: str) -> str:
    """Give words as they were meant: no space around them, one kind of line end, one of accents."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return lines.strip()


def same(one: str, other: str) -> bool:
    """Tell whether texts differ in nothing but their spaces; case is somebody's choice."""
    return _spaced(one) == _spaced(other)


def key(value: str, part: str = "") -> str:  # noqa: ARG001
    return " ".join(value.casefold().split())


def folded(text: str) -> str:
    """Give words in small plain letters: `Søren ÅBY` is `soren aby`."""
    small = text.casefold().translate(_NOT_TAKEN_APART)
    apart = unicodedata.normalize("NFKD", small)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def but_for_a_slip(words: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether words are the same but for one letter in one of the longer ones."""
    if len(words) != len(others):
        return False
    differ = [(one, other) for one, other in zip(words, others, strict=True) if one != other]
    return not differ or (len(differ) == 1 and _is_slip(*differ[0]))


def _is_slip(one: str, other: str) -> bool:
    """Tell whether a letter was left out, put in, mistaken, or changed places with the next."""
    if min(len(one), len(other)) < SLIP_LENGTH_MIN or not (one.isalpha() and other.isalpha()):
        return False
    short, long = sorted((one, other), key=len)
    at = next(
        (at for at, pair in enumerate(zip(short, long, strict=False)) if len(set(pair)) > 1),
        len(short),
    )
    rest, longer = short[at:], long[at:]
    if len(short) < len(long):
        return rest == longer[1:]
    return rest[1:] == longer[1:] or (rest[:2] == longer[1::-1] and rest[2:] == longer[2:])


@lru_cache(maxsize=10_000)
def _spaced(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in text.split("\n") if line.strip())


ANSWERS = Answers(read=read, key=key, same=same)
