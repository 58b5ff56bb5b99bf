"""Fold what is owed, and how it stands: one row per record to be written to, or slot to be filled.

That a write is owed is a consequence of what was decided, never a command: it is worked out anew
whenever what a link agrees on has changed, or a delivery was answered.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import msgspec

from hub.conclusions import WITHDRAWN
from hub.errors import NotApplicable
from hub.events import ABOUT_A_RECORD, Answered, Approved, Resolved, Sending, payload
from hub.flows.judge.reasons import ADOPTED, CREATE, EDIT, RETRY, SKIP
from hub.flows.known import subject_of
from hub.projectors.sync.delivery_rows import Delivery, delivery_rows
from hub.projectors.sync.moved import answered, is_unwanted, is_withdrawn, sent

if TYPE_CHECKING:
    from hub.conclusions import Owes, Withdrawn
    from hub.events import Event
    from hub.flows.known import Key

TYPES = frozenset({"sending", "answered", "approved"})

_RECORDS = UUID("6f1f0c8e-1d0a-5e6b-9a57-0c5f5d1f7a11")
"""The name space of the deliveries to records that are there."""

ROUNDS_MAX = 10
"""More writes than a word takes to reach all systems, each as its vendor puts it."""
ROUND = timedelta(seconds=5)
"""What is owed because of what was written so shortly before counts as a round."""

LOOK = timedelta(seconds=2)
"""How long to wait for the read that decides what a record shows."""

RESTLESS = (
    f"Each of {ROUNDS_MAX} writes in a row led to the next, and this one would be one more: two "
    "systems, or two writers, disagree about it."
)


class Deliveries:
    """The rows at hand."""

    def __init__(self) -> None:
        self.restless: list[UUID] = []
        """What was parked because it did not come to rest, until a person was asked."""
        self.moot: list[UUID] = []
        """What is parked no more, until what a person was asked about it is settled."""
        self.rows = delivery_rows()

    def of(self, id_: UUID) -> Delivery | None:
        return self.rows.get((id_,))

    def apply(self, event: Event) -> Delivery | None:
        """Move the row that an event is about; give it as it stood before."""
        what = payload(event)
        row = self.of(what.delivery)
        if row is None:
            self._adopt(what, event)
            return None
        if isinstance(what, Answered) and is_unwanted(row, what, event):
            return None
        if isinstance(what, Sending) and event.record is None and row.state in ("skipped", "done"):
            return None  # announced too late: it is not sent then
        moved = sent(row, what) if isinstance(what, Sending) else answered(row, what)
        self._put(what.delivery, moved, event)
        return row

    def _adopt(self, what: Sending | Answered, event: Event) -> None:
        """Take for done what nobody owes yet: it bears the mark that it is going to be owed by."""
        if isinstance(what, Answered) and what.because == ADOPTED and event.connection:
            row = _new(event.connection, event.kind or "", what.record, event)
            self._put(what.delivery, msgspec.structs.replace(row, state="done"), event)

    def owe(self, what: Owes, event: Event) -> None:
        """Take in what a flow owes: a slot is filled once, whoever asks and however often."""
        known = self.of(what.delivery)
        if what.record:
            base = known or _new(what.connection, what.kind, what.record, event)
            told = {**base.told, what.flow: what.fields or {}}
            row = msgspec.structs.replace(base, told=told, flow=what.flow, case=what.case)
            self._reopen(what.delivery, row, event)
        elif known is None or not known.flow:
            row = msgspec.structs.replace(
                known or _new(what.connection, what.kind, "", event), part=what.part,
                link=what.link, flow=what.flow, case=what.case, share=what.share,
                fields=what.fields,
            )  # fmt: skip
            self._put(what.delivery, row, event)
        elif is_withdrawn(known):
            row = msgspec.structs.replace(known, fields=what.fields)
            self._reopen(what.delivery, row, event)

    def refresh(self, key: Key, flow: str, event: Event, *, owes: bool, news: bool) -> None:
        """Have the delivery to a record stand as what is owed to it says now.

        `news`: what is owed has changed, so one that was refused is tried again.
        """
        id_ = to_record(key)
        row = self.of(id_)
        if row is None:
            if owes:
                made = msgspec.structs.replace(
                    _new(*key, event), flow=flow, share=_share(event), rounds=self._rounds(event)
                )
                self._put(id_, made, event)
        elif owes or row.told:
            if row.state == "done" or (row.state in ("parked", "skipped") and news):
                row = msgspec.structs.replace(row, flow=flow, share=_share(event))
                self._reopen(id_, row, event)
            elif row.state == "sending" and news and not self._rounds(event):
                self.rows.put((id_,), msgspec.structs.replace(row, rounds=0))
        elif row.state in ("owed", "parked") and not (row.look and row.state == "owed"):
            self._put(id_, msgspec.structs.replace(row, state="done", because="", reason=""), event)

    def tell_again(self, key: Key, event: Event) -> None:
        """Have a record that is back be told what was refused while it was gone."""
        row = self.of(to_record(key))
        if row is not None and row.told and row.state == "parked":
            self._reopen(to_record(key), row, event)

    def look_again(self, id_: UUID, event: Event) -> None:
        """Have a record be looked at once more: what it shows after a write is not sure yet."""
        row = self.of(id_)
        if row is not None and row.state == "owed" and event.recorded_at is not None:
            later = event.recorded_at + LOOK
            self._put(id_, msgspec.structs.replace(row, look=True, not_before=later), event)

    def approve(self, what: Approved, event: Event) -> None:
        """Let go what waits for a person, as far as it is what the person has seen."""
        for id_ in what.deliveries:
            row = self.of(id_)
            is_seen = row is not None and (what.seen is None or row.owed <= what.seen)
            if row is not None and row.state == "owed" and is_seen:
                self._put(id_, msgspec.structs.replace(row, approved=event.position), event)

    def resolve(self, what: Resolved, event: Event) -> None:
        """Do with one that is parked what a person says: try it again, in other words, or not."""
        row = self.of(what.item)
        if row is None or row.state != "parked":
            return
        if what.choice == SKIP:
            self._put(what.item, msgspec.structs.replace(row, state="skipped"), event)
        elif what.choice in (RETRY, EDIT, CREATE):
            if row.link is None and row.fields is not None:
                row = msgspec.structs.replace(row, fields={**row.fields, **what.fields})
            self._reopen(what.item, row, event)

    def fill(self, id_: UUID, record: str, event: Event) -> bool:
        """Take a slot for filled by a record that joined its link; tell whether it was owed yet."""
        row = self.of(id_)
        if row is None or row.record or row.state not in ("owed", "parked"):
            return False
        filled = msgspec.structs.replace(
            row, state="done", record=record, look=False, not_before=None, because="", reason=""
        )
        self._put(id_, filled, event)
        return True

    def withdraw(self, what: Withdrawn, event: Event) -> bool:
        """Leave a slot unfilled that nobody has begun to fill; tell whether that was so.

        A record that is there is told no more what the flow had to tell it.
        """
        row = self.of(what.delivery)
        if row is not None and what.flow in row.told:
            told = {flow: fields for flow, fields in row.told.items() if flow != what.flow}
            self._put(what.delivery, msgspec.structs.replace(row, told=told), event)
            return False
        if row is None or row.record or row.look or row.state not in ("owed", "parked"):
            return False
        left = msgspec.structs.replace(row, state="skipped", because=WITHDRAWN, reason=what.why)
        self._put(what.delivery, left, event)
        return True

    def make_again(self, id_: UUID, event: Event) -> None:
        """Have a slot filled anew whose record its vendor has lost."""
        row = self.of(id_)
        if row is not None and row.state == "done":
            self._reopen(id_, msgspec.structs.replace(row, record="", rounds=0, sent={}), event)

    def _reopen(self, id_: UUID, row: Delivery, event: Event) -> None:
        if row.state == "sending":
            self._put(id_, row, event)
            return
        rounds = self._rounds(event)
        opened = msgspec.structs.replace(
            row, state="owed", attempt=0, rounds=rounds, not_before=None, owed=event.position,
            approved=None, because="", reason="", trace=event.trace,
        )  # fmt: skip
        if rounds >= ROUNDS_MAX:
            opened = msgspec.structs.replace(opened, state="parked", reason=RESTLESS)
            self.restless.append(id_)
        self._put(id_, opened, event)

    def _rounds(self, event: Event) -> int:
        """Give how many writes led to what is owed now, each shortly after the one before.

        What a person does begins anew: so a way from system to system counts as long as it is,
        and not how often it is gone.
        """
        cause = self.cause(event)
        if cause is None:
            return 0
        is_moved = cause.moved == event.position
        if cause.state == "done" and is_moved and event.type != "answered":
            return 0  # by what is seen it came to rest: nothing was written
        if cause.state in ("done", "sending"):
            return cause.rounds + 1
        return cause.rounds if is_moved else 0  # opened again by this already

    def cause(self, event: Event) -> Delivery | None:
        """Give the write that is answered, or just brought about what is seen."""
        if (id_ := cause_of(event)) is None:
            return None
        written, at = self.of(id_), event.recorded_at
        if event.type == "answered":
            return written
        is_near = written is not None and at is not None and at - written.moved_at < ROUND
        return written if is_near else None

    def _put(self, id_: UUID, row: Delivery, event: Event) -> None:
        at = event.recorded_at or row.moved_at
        before = self.rows.get((id_,))
        if before is not None and before.state == "parked" != row.state:
            self.moot.append(id_)
        self.rows.put((id_,), msgspec.structs.replace(row, moved=event.position, moved_at=at))


def cause_of(event: Event) -> UUID | None:
    """Give the delivery that may have brought an event about."""
    if event.type == "answered":
        delivery: UUID = payload(event).delivery
        return delivery
    if event.record is None or event.type not in ABOUT_A_RECORD:
        return None
    return to_record((event.connection or "", event.kind or "", event.record))


def deliveries_in(event: Event) -> list[UUID]:
    """Give the delivery that an event is about, if it is about one."""
    if event.type not in TYPES:
        return []
    with suppress(NotApplicable):  # it comes again, and is parked, in `apply`
        found = getattr(payload(event), "delivery", None)
        return [] if found is None else [found]
    return []


@lru_cache(maxsize=100_000)
def to_record(key: Key) -> UUID:
    """Give the id of the delivery to a record: there is one at a time."""
    return uuid5(_RECORDS, subject_of(key))


def _share(event: Event) -> str:
    """What a first sync brings about can wait for all that people do meanwhile."""
    return "backfill" if event.type == "reviewed" else "contacts"


def _new(connection: str, kind: str, record: str, event: Event) -> Delivery:
    assert event.recorded_at is not None
    return Delivery(
        connection=connection, kind=kind, record=record, owed=event.position,
        moved=event.position, moved_at=event.recorded_at, trace=event.trace,
    )  # fmt: skip
