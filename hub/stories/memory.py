"""A hub in memory: the folds by which the hub decides, over a database that holds nothing.

So a story is judged by the very code that judges a live event. Nothing here waits: a database that
is empty answers at once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from hub.flows.known import NotAtHand
from hub.outbound.around import Around, InForce
from hub.outbound.content import Writer
from hub.outbound.owed import Owed
from hub.projectors.sync import SyncFold
from hub.projectors.sync.records import Records

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Literal
    from uuid import UUID

    from hub.events import Event
    from hub.flows.known import Case, Key, Known
    from hub.outbound.owed import Content, Nothing, NotNow
    from hub.projectors.sync.delivery_rows import Delivery

T = TypeVar("T")

_encode = msgspec.json.Encoder(decimal_format="number").encode


class HubInMemory:
    """Takes events as the log does, judges each, and takes in what was concluded."""

    def __init__(self) -> None:
        self.now = datetime.min.replace(tzinfo=UTC)
        self.log: list[Event] = []
        self._fold = SyncFold(Records(empty=True, cache_bytes_max=2**62), live=True)
        _at_once(self._fold.decisions.flows.fetch_all(_EMPTY))

    @property
    def known(self) -> Known:
        """What a judge may ask; NotAtHand where nobody asked yet: see `ask`."""
        return self._fold.world

    def tell(self, event: Event) -> None:
        """Take an event in, and after it what was concluded from it."""
        at = len(self.log) + 1
        kept = msgspec.structs.replace(event, position=at, recorded_at=self.now)
        self.log.append(kept)
        self.ask(lambda: self._fold.apply(kept, at))
        self.ask(lambda: self._fold.judge(kept, at))
        for each in self._fold.said():
            self.tell(each)

    def ask(self, act: Callable[[], T]) -> T:
        """Ask something of what is known, having brought to hand whatever that takes."""
        while True:
            try:
                return act()
            except NotAtHand as wanted:
                _at_once(self._fold.bring(_EMPTY, wanted))

    def linked_with(self, key: Key) -> tuple[Key, ...]:
        """Give who is in the link of a record, itself among them."""
        link = self.ask(lambda: self.known.link_of(key))
        if link is None:
            return ()
        members = self.ask(lambda: self.known.members(link))
        return tuple(each.key for each in members)

    def cases(self) -> list[tuple[str, str, Case]]:
        """Give what flows have taken up: the flow, what it is about, and how that stands."""
        return [(*key, case) for key, case in sorted(self._fold.decisions.cases.values().items())]

    def waiting(self) -> list[UUID]:
        """Give what waits in the inbox, the oldest first."""
        items = self._fold.decisions.inbox.values()
        return [
            id_
            for _, id_ in sorted(
                (item.since, id_) for (id_,), item in items.items() if item.settled is None
            )
        ]

    def owed(self) -> list[tuple[UUID, Delivery]]:
        """Give the deliveries that are to be made, the oldest first."""
        rows = self._fold.deliveries.rows.values()
        return sorted(
            ((id_, row) for (id_,), row in rows.items() if row.state == "owed"),
            key=lambda each: (each[1].owed, each[0]),
        )

    def content(
        self, id_: UUID, row: Delivery, *, whole: str, empty: Literal[""] | None
    ) -> Content | Nothing | NotNow:
        """Work out what a delivery is to say; `whole` is the record that its own is a part of."""
        writer = Writer(row.connection, empty=empty)
        return writer.content(_owed(id_, row), self._around(id_, row, whole))

    def _around(self, id_: UUID, row: Delivery, whole: str) -> Around:
        world, decisions = self._fold.world, self._fold.decisions
        key = (row.connection, row.kind, row.record)
        link = row.link or self.ask(lambda: world.link_of(key))
        known = self.ask(lambda: world.record(key))
        currencies = self.ask(lambda: world.table(row.connection, "currencies"))
        return Around(
            flows={
                name: InForce(flow=one.flow, mode=one.mode)
                for name, one in decisions.in_force().items()
            },
            links={id_: link} if link is not None else {},
            agreements={each: one.fields for each, one in decisions.agreements.values().items()},
            names={row.record: frozenset(known.fields)} if known is not None else {},
            wholes={row.record: whole} if whole else {},
            currencies={one.key[2]: str(one.fields["currency_code"]) for one in currencies},
            beside=frozenset({id_} if self._is_beside(row) else ()),
        )

    def _is_beside(self, row: Delivery) -> bool:
        """Tell whether what is to be made has another of its kind beside it in its link."""
        if row.record or row.link is None:
            return False
        link, world = row.link, self._fold.world
        members = self.ask(lambda: world.members(link))
        keys = [each.key for each in members]
        same = [key for key in keys if key[:2] == (row.connection, row.kind)]
        there = [self.ask(partial(world.record, key)) for key in same]
        return any(one is not None and not one.gone for one in there)


def _owed(id_: UUID, row: Delivery) -> Owed:
    """Give a delivery as its table would have it."""
    columns: dict[str, Any] = {name: getattr(row, name, None) for name in Owed.__struct_fields__}
    columns["id"] = id_
    columns["fields"] = None if row.fields is None else _encode(row.fields)
    columns["told"] = _encode(row.told) if row.told else None
    return Owed(**columns)


class _Empty:
    """A database in which there is nothing."""

    async def fetch(self, *_: object) -> list[Any]:
        return []


_EMPTY = _Empty()


def _at_once(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run what awaits an empty database alone, and so never waits."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise AssertionError("expected what an empty database answers at once, found something to wait")
