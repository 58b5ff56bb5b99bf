"""Count what records say against what their links agree on: digests, sums of money, and drift."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from hub.flows import steps

if TYPE_CHECKING:
    from uuid import UUID

    from hub.flows.agree import FieldState, Said
    from hub.flows.flow import Field, Side, Sync
    from hub.flows.known import Record
    from hub.flows.steps import Canonical

DIGEST_BYTES = 8
_WHOLE = 2 ** (8 * DIGEST_BYTES)


class Count(msgspec.Struct, kw_only=True):
    """The records of one side."""

    kind: str
    taking_part: int = 0
    linked: int = 0
    alone: list[str] = []
    """Those with whom nobody of the other side is linked: they are held against none."""


class Held(msgspec.Struct, kw_only=True):
    """One field on the links of both sides: a digest of each side's words, of money the sums.

    What several of one side say alike, as a customer for each currency, is one word of that side.
    """

    field: str
    digests: dict[str, str] = {}
    sums: dict[str, dict[str, str]] = {}
    """By side and currency."""
    differing: int = 0

    @property
    def is_same(self) -> bool:
        return len(set(self.digests.values())) <= 1


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    record: str
    read: str
    """The record to be read for it: itself, or the one that holds it."""
    field: str
    shown: Any
    agreed: Any


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A record that takes part: what it says, and what its link agrees on, if it is in one."""

    side: Side
    record: Record
    read: str
    link: UUID | None
    alone: bool = True
    """Whether nobody of the other side is linked with it."""
    words: dict[str, Said] = {}
    states: dict[str, FieldState] = {}
    under_way: bool = False


class Tally:
    """What was counted so far of a flow's own records, or of the people within them: its `sync`."""

    def __init__(self, flow: Sync, sync: Sync, front: str = "") -> None:
        self.flow = flow
        self.sync = sync
        self.drift: list[Drift] = []
        self.pending = 0
        self._front = front
        self._counts = {
            side.name: Count(kind=f"{side.connection}.{side.kind}") for side in sync.sides
        }
        self._digests: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._parts: set[tuple[str, str, int]] = set()
        self._sums: defaultdict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
        self._differing: Counter[str] = Counter()

    @property
    def counts(self) -> list[Count]:
        return list(self._counts.values())

    def take(self, found: Found) -> None:
        count = self._counts[found.side.name]
        count.taking_part += 1
        if found.link is not None:
            count.linked += 1
        if found.alone:
            count.alone.append(found.record.subject)
        elif found.link is not None:
            for field in self.sync.fields:
                if field.name in found.words and field.name in found.states:
                    self._field(field, found, found.link)

    def held(self) -> list[Held]:
        """Give the fields that are kept the same; one said when a record is made may differ."""
        return [self._held(field) for field in self.sync.fields if field.write == "always"]

    def _field(self, field: Field, found: Found, link: UUID) -> None:
        state, word = found.states[field.name], found.words[field.name].value
        subject = found.record.subject
        value = state.value if _stands(field, state, subject, word) else word
        self._digest(found.side, field, _digest(link, value))
        if field.step.name == "money":
            self._add(found, field, word)
        if value == state.value or field.write != "always":
            return
        self._differing[field.name] += 1
        if found.under_way or state.asks or subject in state.held:
            self.pending += 1
        else:
            name = f"{self._front}{field.name}"
            self.drift.append(
                Drift(record=subject, read=found.read, field=name, shown=word, agreed=state.value)
            )

    def _digest(self, side: Side, field: Field, digest: int) -> None:
        """Take in a word, once for all those of a side that say it in one link."""
        if side.part:
            if (said := (side.name, field.name, digest)) in self._parts:
                return
            self._parts.add(said)
        self._digests[side.name, field.name] += digest

    def _add(self, found: Found, field: Field, word: Canonical) -> None:
        currency = found.words.get("currency")
        unit = str(currency.value) if currency is not None else ""
        sums = self._sums[found.side.name, field.name]
        sums[unit] = sums.get(unit, Decimal(0)) + _amount(word)

    def _held(self, field: Field) -> Held:
        sides = [side.name for side in self.sync.sides if side.name in field.places]
        sums = {
            side: {unit: str(total) for unit, total in self._sums[side, field.name].items()}
            for side in sides
            if (side, field.name) in self._sums
        }
        return Held(
            field=f"{self._front}{field.name}",
            digests={side: f"{self._digests[side, field.name] % _WHOLE:016x}" for side in sides},
            sums=sums,
            differing=self._differing[field.name],
        )


def _stands(field: Field, state: FieldState, subject: str, word: Canonical) -> bool:
    """Tell whether a word is the agreed value, or this record's own way of saying it."""
    if word is None or state.value is None:
        return word is state.value or (subject in state.renderings and word is None)
    accepted = state.renderings.get(subject)
    return steps.same(field.step, word, state.value) or word == accepted


def _digest(link: UUID, value: Canonical) -> int:
    text = msgspec.json.encode([str(link), value], order="deterministic")
    return int.from_bytes(sha256(text).digest()[:DIGEST_BYTES], "big")


def _amount(word: Canonical) -> Decimal:
    try:
        return Decimal(str(word))
    except InvalidOperation:
        return Decimal(0)
