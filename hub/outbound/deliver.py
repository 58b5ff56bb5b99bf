"""Carry out what is owed to a connection: take it, work out what it is to say, tell the log that it
is about to be sent, write or look first, and tell the log what came of it.

The sync projector moves the rows by what the log is told. Until it has, what is in hand here is not
taken again: so there is one delivery at a time to each record, and none is made by an old row.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from hub.connectors.connector import NotRead
from hub.connectors.outcome import Refused
from hub.database.alone import alone
from hub.errors import HubError, as_one
from hub.log.read import head
from hub.observe import metrics
from hub.outbound.carry import Carrier
from hub.outbound.doors import DEAD
from hub.outbound.group import grouped
from hub.outbound.hold import FIRST
from hub.outbound.owed import Content
from hub.outbound.prepare import prepared
from hub.outbound.take import But, counts, folded, take
from hub.outbound.write import NOT_FORESEEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from hub.database import Session
    from hub.outbound.group import Group
    from hub.outbound.owed import Owed
    from hub.outbound.way import Way

LOOK_SECONDS = 1.0
"""How soon to look again when nothing tells that anything has moved."""

FOLLOWED_SECONDS = 0.02
"""The same, while the sync projector is a moment behind the log, and runs in another process."""

FRESH_SECONDS = 0.5
"""How long rows that were taken are good for."""

LET_IN_SECONDS = 30.0
STOP_SECONDS_MAX = 5.0
"""How long calls that are under way may take when it is to stop: what they answer is worth it."""

COUNT_SECONDS = 15.0
AGAIN_SECONDS = 5.0
HELD_MAX = 2_000
"""So many may wait to be folded: then the tables are to catch up first."""

CAUGHT_UP_SECONDS_MAX = 60.0
"""How long to wait in silence for tables that are behind the log."""

_log = logging.getLogger(__name__)


class Behind(HubError):
    """The tables do not follow the log."""


async def deliver(way: Way) -> None:
    """Carry out what is owed, in one process at a time; runs until cancelled."""
    while True:
        try:
            await alone(way.database, f"deliver.{way.name}", lambda: _deliver(way))
        except Exception as error:  # noqa: BLE001 - one connection that stumbles stops no other
            said = f"{type(error).__name__}: {error}"
            unforeseen = None if isinstance(error, HubError) else error
            _log.error(
                "Deliveries to %s stumbled, and are begun again. %s",
                way.name,
                said,
                exc_info=unforeseen,
            )
        await asyncio.sleep(AGAIN_SECONDS)


async def _deliver(way: Way) -> None:
    session = way.database.session()
    try:
        await _caught_up(way, session)
        async with asyncio.TaskGroup() as tasks:
            carrier = Carrier(way, tasks)
            try:
                await _Round(way, session, carrier).go()
            finally:
                await carrier.ended(STOP_SECONDS_MAX)
                await carrier.close()
    except ExceptionGroup as several:
        raise as_one(several) from None
    finally:
        await session.close()


async def _caught_up(way: Way, session: Session) -> None:
    """Wait until the tables show all that a process before this one has sent.

    Before that nothing is sent, or it might be twice. Whoever waits too long says so, and lets
    another process try.
    """
    there = await session.until_done(head)
    way.wake.to(there)
    until = way.clock.monotonic() + CAUGHT_UP_SECONDS_MAX
    while (at := await session.until_done(folded)) < there:
        if way.clock.monotonic() > until:
            raise Behind(
                f"The tables show the log up to #{at}, and it goes to #{there}: nothing is sent "
                "before they show all of it. `hub status` tells how far the projectors have come."
            )
        await way.folded.wait(there, FOLLOWED_SECONDS)


class _Round:
    """Goes round: what is owed is taken, worked out, and handed on to be carried out."""

    def __init__(self, way: Way, session: Session, carrier: Carrier) -> None:
        self._way = way
        self._session = session
        self._carrier = carrier
        self._rows: deque[Owed] = deque()
        self._read_at = float("-inf")
        self._counted_at = float("-inf")
        self._folded = 0

    async def go(self) -> None:
        while True:
            await self._let_in()
            await self._carrier.places.free()
            groups = await self._take()
            for group in self._carrier.ready(await self._prepare(groups)):
                self._carrier.carry(group)
            await self._count()
            if not groups:
                await self._wait()

    async def _take(self) -> list[Group]:
        """Take as much as there are calls free, from rows that were read a moment ago at most."""
        carrier = self._carrier
        if len(carrier.held) >= HELD_MAX:
            self._folded = await self._session.until_done(folded)
            carrier.held.settle(self._folded)
            return []
        age = self._way.clock.monotonic() - self._read_at
        places = carrier.places
        if age > FRESH_SECONDS or not any(places.left_for(row.share) for row in self._rows):
            await self._read()
        kinds = self._way.connector.kinds
        groups, left = grouped(self._free(), kinds, places.left, places.left_for)
        self._rows.extendleft(reversed(left))
        return groups

    def _free(self) -> Iterator[Owed]:
        """Take one row after the other, without those in hand."""
        while self._rows:
            row = self._rows.popleft()
            if row not in self._carrier.held:
                yield row

    async def _read(self) -> None:
        carrier = self._carrier
        while True:
            self._read_at = self._way.clock.monotonic()
            taken = await self._session.until_done(
                partial(
                    take,
                    connection=self._way.name,
                    now=self._way.clock.now(),
                    but=But(
                        held=carrier.held.ids,
                        aside=carrier.aside.waiting(),
                        shares=self._shut(),
                        kinds=carrier.doors.shut("kind"),
                    ),
                )
            )
            self._folded = taken.folded
            # What was in hand until now was left out: with nothing else to do, look for that.
            if not carrier.held.settle(taken.folded) or taken.rows:
                break
        self._rows = deque(row for row in taken.rows if carrier.can_be_sent(row))

    def _shut(self) -> list[str]:
        """Give the shares of which nothing is to be taken, so that others are not crowded out."""
        full = [] if self._carrier.places.left_for(FIRST) else [FIRST]
        return [*self._carrier.doors.shut("share"), *full]

    async def _prepare(self, groups: list[Group]) -> list[Group]:
        """Work out what is to be said; what does not go out now is left as it is to be left."""
        rows = [row for group in groups if group.act != "look" for row in group.rows]
        said = await prepared(self._session, self._way.contents, rows)
        contents: dict[UUID, Content] = {}
        for row, one in zip(rows, said, strict=True):
            if isinstance(one, Content):
                contents[row.id] = one
            else:
                self._carrier.rest(row, one)
        return list(filter(None, (group.saying(contents) for group in groups)))

    async def _count(self) -> None:
        """Show how much is owed, now and then."""
        now = self._way.clock.monotonic()
        if now - self._counted_at > COUNT_SECONDS:
            self._counted_at = now
            found = await self._session.until_done(partial(counts, connection=self._way.name))
            for state in ("owed", "sending"):
                owed = found.get(state, 0)
                metrics.deliveries.set(owed, connection=self._way.name, state=state)

    async def _wait(self) -> None:
        """Wait until the tables may say something else, or something may be tried again."""
        way, carrier = self._way, self._carrier
        seconds = carrier.doors.seconds(min(LOOK_SECONDS, carrier.aside.seconds()))
        if way.folded.head >= self._folded > 0:  # the sync projector runs in this process
            await way.folded.wait_about(way.name, self._folded + 1, seconds)
        elif await way.wake.wait(self._folded + 1, seconds):
            await way.folded.wait(self._folded + 1, FOLLOWED_SECONDS)

    async def _let_in(self) -> None:
        """While nobody lets the connection in, knock with what changes nothing."""
        way, doors = self._way, self._carrier.doors
        while doors.dead:
            await way.clock.sleep(LET_IN_SECONDS)
            try:
                await way.connector.zone(way.vendor)
            except NotRead as error:
                refused = error.outcome
                if isinstance(refused, Refused) and refused.reason in DEAD:
                    continue
            except NOT_FORESEEN:
                pass  # it was answered, however oddly
            doors.revive()
