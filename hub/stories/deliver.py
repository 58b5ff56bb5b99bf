"""Carry out what a hub in memory owes, and read what it wants to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from hub.events import Answered, Fetched, Sending, event_of
from hub.outbound.owed import Content, NotNow

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hub.events import Event
    from hub.outbound.owed import Nothing
    from hub.projectors.sync.delivery_rows import Delivery
    from hub.stories.memory import HubInMemory
    from hub.stories.sides import Sides

ROUNDS_MAX = 100


class Deliverer:
    """The way between a hub and its vendors: nothing is refused on it, and nothing is lost."""

    def __init__(
        self,
        hub: HubInMemory,
        sides: Sides,
        observe: Callable[..., None],
        tick: Callable[[], datetime],
    ) -> None:
        self._hub = hub
        self._sides = sides
        self._observe = observe
        self._tick = tick
        self._read_to = 0

    def settle(self) -> None:
        """Go on until nothing is owed, and nothing is to be read."""
        for _ in range(ROUNDS_MAX):
            moved = self._read_wanted()
            for id_, _ in self._hub.owed():
                row = dict(self._hub.owed()).get(id_)  # what went before may have settled it
                moved |= row is not None and self._deliver(id_, row)
            if not moved:
                return
        raise AssertionError(f"expected deliveries to come to rest, found {self._hub.owed()}")

    def _read_wanted(self) -> bool:
        """Read what was asked for since the last time."""
        wanted = [one for one in self._hub.log[self._read_to :] if one.type == "noticed"]
        self._read_to = len(self._hub.log)
        for one in wanted:
            self._fetch(one)
        return bool(wanted)

    def _fetch(self, notice: Event) -> None:
        key = (notice.connection or "", notice.kind or "", notice.record or "")
        self._tick()
        if self._sides.has(key):
            self._observe(key)
        what = Fetched(records={key[2]: notice.position})
        self._hub.tell(event_of(what, id=self._id(), connection=key[0], kind=key[1]))

    def _deliver(self, id_: UUID, row: Delivery) -> bool:
        """Write one; tell whether it may be written now."""
        whole = self._sides.whole((row.connection, row.kind, row.record))
        empty = self._sides.empty(row.connection)
        content = self._hub.content(id_, row, whole=whole, empty=empty)
        if isinstance(content, NotNow):
            return False
        self._tick()
        if isinstance(content, Content):
            self._write(id_, row, content)
        else:
            self._rest(id_, row, content)
        return True

    def _write(self, id_: UUID, row: Delivery, content: Content) -> None:
        sending = Sending(
            delivery=id_,
            attempt=row.attempt + 1,
            fields=dict(content.fields),
            agreed={flow: dict(values) for flow, values in content.agreed.items()},
            told=dict(content.told),
            narrowed=dict(content.narrowed),
        )
        self._tell(row, sending)
        at = self._tick()
        key = (row.connection, row.kind, row.record)
        written = self._sides.write(key, content.fields, id_, at)
        answer = Answered(
            delivery=id_, attempt=sending.attempt, outcome="done", sentence="", record=written[2],
            at=at, tells=True,
        )  # fmt: skip
        self._tell(row, answer)
        self._observe(self._sides.seen_as(written, content.fields), origin=f"hub:{id_}")

    def _rest(self, id_: UUID, row: Delivery, content: Nothing) -> None:
        """Have a delivery come to rest for which there is nothing to write."""
        number = row.attempt + 1
        told = Sending(delivery=id_, attempt=number, fields={}, told=dict(content.told))
        done = Answered(
            delivery=id_, attempt=number, outcome="done", sentence=content.why, record=row.record
        )
        self._tell(row, told)
        self._tell(row, done)

    def _tell(self, row: Delivery, what: Sending | Answered) -> None:
        event = event_of(
            what, id=self._id(), connection=row.connection, kind=row.kind,
            record=row.record or None, flow=row.flow or None,
        )  # fmt: skip
        self._hub.tell(event)

    def _id(self) -> UUID:
        return UUID(int=len(self._hub.log) + 1)
