"""What each step answers, and what is known of the side that speaks or is written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from hub.errors import HubError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from hub.flows.flow import Path, Step

Canonical: TypeAlias = str | bool | dict[str, str] | None
"""What a field says, however it was written; None: it is empty."""

FOUND_LENGTH_MAX = 60


class NotUnderstood(HubError):
    """A value that a step cannot read or cannot write: what was expected, and what was found."""

    def __init__(self, expected: str, found: object) -> None:
        text = f"“{found}”" if isinstance(found, str) else str(found)
        short = text if len(text) <= FOUND_LENGTH_MAX else f"{text[:FOUND_LENGTH_MAX]}…"
        super().__init__(f"expected {expected}, found {short}")


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How a side says things. All of it has a default; what is not known stays as it was said."""

    second: bool = False
    """Whether it is the second side of the flow: it reads a table from right to left."""
    country: str = ""
    """ISO alpha-2: where its phone numbers are at home that do not say so."""
    currencies: Mapping[str, str] = {}
    """Where currencies are ids: their ISO codes, by id."""
    names: AbstractSet[str] = frozenset()
    """The fields of the kind: they tell whether a postcode is a `Code`, a `Zip`, a `PostalCode`."""
    countries: Literal["name", "code"] = "name"
    """What it calls countries by."""
    empty: Literal[""] | None = None
    """What clears a field there."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a step, beside the value."""

    step: Step
    path: Path = ()
    manner: Manner = Manner()


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """How one step answers; only `ask` calls these, and never with an empty value."""

    read: Callable[[Any, Asked], Canonical]
    key: Callable[[Any, str], str]
    """The text to match by, of a value or a part of it; "" where it is not fit for that."""
    write: Callable[[Any, Asked], Any] = lambda value, _: value
    clear: Callable[[Asked], Any] = lambda asked: asked.manner.empty
    same: Callable[[Any, Any], bool] = lambda one, other: bool(one == other)
    apart: Callable[[Any], str] = lambda _: ""
    """What, where both say it and it differs, makes two of equal keys."""
