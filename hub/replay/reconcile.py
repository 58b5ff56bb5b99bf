"""Hold both sides of a sync against what is agreed: counts, digests, sums of money, and drift.

Drift is a side's word that is neither the agreed value nor its own way of saying that, and that
nobody is carrying on, asking about, or about to write. It is found on what is known; whoever wants
it on what is there has all of it read again before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from hub.flows import steps
from hub.flows.judge.words import said, side_of, takes_part
from hub.flows.known import NotAtHand
from hub.replay.plan import Supposing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from uuid import UUID

    from hub.flows.agree import FieldState, Said
    from hub.flows.flow import Field, Side, Sync
    from hub.flows.known import Key, Record
    from hub.flows.steps import Canonical
    from hub.replay.plan import Page

DIGEST_BYTES = 8
_WHOLE = 2 ** (8 * DIGEST_BYTES)


class Count(msgspec.Struct, kw_only=True):
    """The records of one side."""

    kind: str
    taking_part: int = 0
    linked: int = 0


class Held(msgspec.Struct, kw_only=True):
    """One field on all links: a digest of each side's words, and of money the sums."""

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
    field: str
    shown: Any
    agreed: Any


class Reconciled(msgspec.Struct, frozen=True, kw_only=True):
    """`pending` are words that differ and are being settled: owed, asked about, or under way."""

    flow: str
    sides: list[Count]
    fields: list[Held]
    drift: list[Drift]
    pending: int


async def reconciled(
    db: Any,  # noqa: ANN401
    flow: Sync,
    pages: AsyncIterator[Page],
    told: Callable[[int], None] = lambda _: None,
) -> Reconciled:
    """Go through the records of these pages, and hold each against what its link agrees on."""
    supposing = Supposing(db, flow)
    await supposing.begin()
    tally = _Tally(flow)
    done = 0
    async for connection, kind, records in pages:
        await supposing.bring(connection, kind, records)
        for record in records:
            key = (connection, kind, record)
            tally.take(key, *await _looked(supposing, flow, key))
        done += len(records)
        told(done)
    return tally.result()


class _Words(msgspec.Struct, frozen=True, kw_only=True):
    """What a record of a link says, and what its link agrees on."""

    link: UUID
    subject: str
    words: dict[str, Said]
    states: dict[str, FieldState]
    under_way: bool


async def _looked(
    supposing: Supposing, flow: Sync, key: Key
) -> tuple[Record | None, _Words | None]:
    while True:
        try:
            return _look(supposing, flow, key)
        except NotAtHand as wanted:
            await supposing.fetch(wanted)


def _look(supposing: Supposing, flow: Sync, key: Key) -> tuple[Record | None, _Words | None]:
    world, side = supposing.world, side_of(flow, key[0], key[1])
    record = world.record(key)
    link = world.link_of(key)
    if record is None or side is None or link is None or not takes_part(side, record):
        return record, None
    owed = world.owed_to(key)
    return record, _Words(
        link=link,
        subject=record.subject,
        words=said(world, flow, side, record),
        states=dict(world.agreement(link, flow.name)),
        under_way=owed is not None and owed.state in ("owed", "sending", "parked"),
    )


class _Tally:
    """What was counted so far."""

    def __init__(self, flow: Sync) -> None:
        self._flow = flow
        self._counts = {
            (side.connection, side.kind): Count(kind=f"{side.connection}.{side.kind}")
            for side in flow.sides
        }
        self._digests: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._sums: defaultdict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
        self._differing: Counter[str] = Counter()
        self._drift: list[Drift] = []
        self._pending = 0

    def take(self, key: Key, record: Record | None, found: _Words | None) -> None:
        side, count = side_of(self._flow, key[0], key[1]), self._counts.get(key[:2])
        if side is None or count is None or record is None:
            return
        count.taking_part += takes_part(side, record)
        if found is not None:
            count.linked += 1
            for field in self._flow.fields:
                if field.name in found.words and field.name in found.states:
                    self._field(side, field, found)

    def result(self) -> Reconciled:
        return Reconciled(
            flow=self._flow.name,
            sides=list(self._counts.values()),
            fields=[self._held(field) for field in self._flow.fields if field.write != "never"],
            drift=self._drift,
            pending=self._pending,
        )

    def _field(self, side: Side, field: Field, found: _Words) -> None:
        state, word = found.states[field.name], found.words[field.name].value
        value = state.value if _stands(field, state, found.subject, word) else word
        self._digests[side.name, field.name] += _digest(found.link, value)
        if field.step.name == "money":
            currency = found.words.get("currency")
            unit = str(currency.value) if currency is not None else ""
            sums = self._sums[side.name, field.name]
            sums[unit] = sums.get(unit, Decimal(0)) + _amount(word)
        if value == state.value or field.write != "always":
            return
        self._differing[field.name] += 1
        if found.under_way or state.asks or found.subject in state.held:
            self._pending += 1
        else:
            drift = Drift(record=found.subject, field=field.name, shown=word, agreed=state.value)
            self._drift.append(drift)

    def _held(self, field: Field) -> Held:
        sides = [side.name for side in self._flow.sides if side.name in field.places]
        sums = {
            side: {unit: str(total) for unit, total in self._sums[side, field.name].items()}
            for side in sides
            if (side, field.name) in self._sums
        }
        return Held(
            field=field.name,
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
