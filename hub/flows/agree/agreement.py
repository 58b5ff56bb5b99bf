"""What is kept of the fields of one link, for one sync. It is JSON in events and in tables."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from hub.flows.steps.answers import Canonical  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.flows.flow import Field

    Same: TypeAlias = Callable[[Canonical, Canonical], bool]


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member's word: the vendor's time of it, and the event that brought it to us."""

    value: Canonical
    stamp: datetime | None = None
    position: int
    before: Canonical = None
    """What it showed until then, where a write was on its way to it: that hides it by now."""


class FieldState(msgspec.Struct, frozen=True, kw_only=True):
    value: Canonical = None
    """What all are to show; None: it is empty."""
    since: int = 0
    """The event that made it so."""
    by: str = ""
    """The member whose word it was, or the person who settled a conflict."""
    beside: tuple[str, ...] = ()
    """Others whose parts it has, where several changed different parts of it."""
    stamp: datetime | None = None
    words: dict[str, Said] = {}
    """Of each member, what it was last known to show; a member without one never spoke of it."""
    renderings: dict[str, Canonical] = {}
    """What members made of the agreed value, and may go on showing."""
    held: dict[str, Said] = {}
    """News that waits: for the end of a flight to that member, or for a person where `asks`."""
    asks: bool = False
    """Whether a person is to say what it is; nothing is owed meanwhile."""

    def stands(self, member: str) -> bool:
        """Tell whether a member, which has spoken, shows the agreed value or its rendering."""
        shown = self.words[member].value
        accepted = member in self.renderings and shown == self.renderings[member]
        return shown == self.value or accepted


Agreement: TypeAlias = "Mapping[str, FieldState]"
"""The fields of one link and flow, by name."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """The whole state of a field from now on."""

    state: FieldState
    why: str


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """A question for a person; asked again under the same field, it replaces the one before."""

    field: str
    values: dict[str, Canonical]
    """What there is to choose from, by who says it."""
    agreed: Canonical
    """What was shown before by a member that changed; None: nothing was."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    changes: dict[str, Change] = {}
    conflicts: list[Conflict] = []


def same_in(field: Field, same: Callable[[Field, Canonical, Canonical], bool]) -> Same:
    """Give whether two words mean the same in this field; empty is like nothing else."""

    def is_same(one: Canonical, other: Canonical) -> bool:
        if one is None or other is None:
            return one is other
        return one == other or same(field, one, other)

    return is_same


def agree(state: FieldState, member: str, word: Said, same: Same) -> FieldState:
    """Have a member's word be the agreed value; who means the same already may go on showing it."""
    renderings = {
        each: shown.value
        for each, shown in state.words.items()
        if shown.value != word.value and same(shown.value, word.value)
    }
    return msgspec.structs.replace(
        state, value=word.value, since=word.position, by=member, beside=(),
        stamp=word.stamp, renderings=renderings,
    )  # fmt: skip


def consider(state: FieldState, member: str, word: Said, *, wins: bool) -> FieldState:
    """Keep a word as what the member shows, unless our own write has gone over it since.

    In doubt a write is owed: a call too many is cheap, a word that is quietly lost is not.
    """
    shows = still_shows(state.words.get(member), word)
    if shows or (shows is None and not wins):
        return msgspec.structs.replace(state, words={**state.words, member: word})
    return state


def still_shows(known: Said | None, word: Said) -> bool | None:
    """Tell whether a member shows a word, or what was written to it since; None: it may be either.

    Vendors tell the time to the second.
    """
    if known is None or word.position > known.position:
        return True
    if word.stamp is None or known.stamp is None:
        return None
    if is_earlier(word.stamp, known.stamp):
        return False
    return True if is_earlier(known.stamp, word.stamp) else None


def is_earlier(one: datetime | None, other: datetime | None) -> bool:
    """Tell whether a stamp is surely before another of the same vendor: by a whole second."""
    if one is None or other is None:
        return False
    return one.replace(microsecond=0) < other.replace(microsecond=0)
