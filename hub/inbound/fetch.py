"""Read what notices speak of: the newest state of each record, in batches, the oldest notice first.

A notice is durable before it is acted on, so nothing is lost if the vendor is down for an hour. A
flood of notices of one record is one read; a notice that comes while its record is being read is
not settled by that. What is known already is not read; what is read only to be sure comes last.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import NotRead
from hub.connectors.outcome import Refused
from hub.errors import as_one
from hub.events import Fetched, Unreadable, event_of, seen_id
from hub.inbound.patience import is_odd, not_read, understood
from hub.inbound.restated import Listener
from hub.inbound.waiting import but, only, read_to, told, unsettled, waiting_in, without
from hub.observe import metrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hub.connectors.budget import Share
    from hub.connectors.connector import Kind, Seen
    from hub.events import Event
    from hub.inbound.account import Account
    from hub.inbound.waiting import Done, Last, Newest

ROAD = "fetch"
WAITING_MAX = 1_000
LOOK_SECONDS = 1.0
ODD_MAX = 5
"""A record that is answered oddly so often in a row is said to be unreadable."""

FOLLOWED_SECONDS = 0.05
"""How soon to look again while the projector of the notices is a moment behind the log."""

AT_ONCE = 3
"""Batches under way: while one is on the wire, another is kept. Polls want places too."""

ROUND_SECONDS = 2.0
"""How long batches are begun before it is looked again what waits, and what comes first."""


async def fetch(account: Account) -> None:
    """Fetch whatever was noticed; runs until cancelled."""
    session = account.database.session()
    listener = Listener(account.name, session)
    done: Done = {}
    try:
        while True:
            head = account.wake.head
            waiting, followed = await session.until_done(
                partial(waiting_in, connection=account.name, most=WAITING_MAX + len(done))
            )
            done = unsettled(waiting, done)
            todo = but(waiting, done)
            metrics.notices_waiting.set(sum(map(len, todo.values())), connection=account.name)
            known, soon = await listener.restated(told(todo))
            if known:
                done |= await _settle(account, only(todo, known))
            if todo := without(todo, known | soon):
                done |= await _fetch_all(account, todo)
            elif soon or followed < head:
                await asyncio.sleep(FOLLOWED_SECONDS)
            else:
                await account.wake.wait(head + 1, LOOK_SECONDS)
    finally:
        await session.close()


async def _settle(account: Account, known: Mapping[str, Last]) -> Done:
    """Say that these are not read, for all that was told of them was known."""
    await account.keep(*(_fetched(account, kind, last, known=True) for kind, last in known.items()))
    return read_to(known)


async def _fetch_all(account: Account, todo: Mapping[str, Last]) -> Done:
    """Read it in batches, some of them at once, for a while; give what was read."""
    batches = _batches(account, todo)
    clock = asyncio.get_running_loop().time
    done: Done = {}
    until = clock() + ROUND_SECONDS

    async def read_on() -> None:
        for name, batch in batches:
            await _fetch_some(account, name, batch)
            done.update(read_to({name: batch}))
            if clock() > until:
                return

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(read_on())
    except ExceptionGroup as several:
        raise as_one(several) from None
    return done


def _batches(account: Account, todo: Mapping[str, Last]) -> Iterator[tuple[str, Last]]:
    """Put together what one call reads: first what somebody waits for."""
    for spare in (False, True):
        for name, last in todo.items():
            kind = account.connector.kinds.get(name)
            records = [record for record, one in last.items() if one.spare is spare]
            size = kind.fetches if kind else WAITING_MAX
            for first in range(0, len(records), size):
                yield name, {record: last[record] for record in records[first : first + size]}


async def _fetch_some(account: Account, name: str, last: Last) -> None:
    kind = account.connector.kinds.get(name)
    if kind is None:
        reason = f"this hub knows no {name} there"
        await account.keep(*_unreadable(account, name, last, reason))
    else:
        await _fetch_batch(account, kind, last)


async def _fetch_batch(account: Account, kind: Kind, last: Last) -> None:
    """Read a batch, however often that takes; what the vendor refuses is said to be unreadable."""
    odd = 0
    while True:
        try:
            reading = account.connector.fetch(account.vendor, kind, list(last), _share(last))
            seen = await understood(reading)
        except NotRead as error:
            odd += is_odd(error)
            given_up = odd >= ODD_MAX or (odd and len(last) > 1)
            if given_up or _is_refused(error):
                await _part(account, kind, last, str(error))
                return
            await not_read(account, f"{account.name}.{kind.name} by {ROAD}", error)
        else:
            await account.keep(*_read(account, seen, last), _fetched(account, kind.name, last))
            return


def _share(last: Last) -> Share:
    return "readings" if all(one.spare for one in last.values()) else "contacts"


def _is_refused(error: NotRead) -> bool:
    refused = isinstance(error.outcome, Refused) and error.outcome.because != "authorisation"
    return refused and not is_odd(error)


def _read(account: Account, seen: list[Seen], last: Last) -> list[Event]:
    """Make the events of what was read, each caused by the notice that had it read."""
    return [
        _caused(event, last[event.record]) if event.record in last else event
        for event in account.events(ROAD, seen)
    ]


def _caused(event: Event, newest: Newest) -> Event:
    id_ = seen_id(event.occurred_at, event.id, newest.at) if newest.decides else event.id
    return msgspec.structs.replace(event, id=id_, cause=newest.at, trace=newest.trace)


def _fetched(account: Account, kind: str, last: Last, *, known: bool = False) -> Event:
    what = Fetched(records={record: one.at for record, one in last.items()}, known=known)
    return _about(account, kind, event_of(what))


async def _part(account: Account, kind: Kind, last: Last, reason: str) -> None:
    """Read each half of a batch that was refused, so that one bad record stops no other."""
    if len(last) == 1:
        await account.keep(*_unreadable(account, kind.name, last, reason))
        return
    records, middle = list(last), len(last) // 2
    for half in (records[:middle], records[middle:]):
        await _fetch_batch(account, kind, {record: last[record] for record in half})


def _unreadable(account: Account, kind: str, last: Last, reason: str) -> list[Event]:
    said = [
        msgspec.structs.replace(
            _about(account, kind, event_of(Unreadable(reason=reason))),
            record=record,
            cause=one.at,
            trace=one.trace,
        )
        for record, one in last.items()
    ]
    return [*said, _fetched(account, kind, last)]


def _about(account: Account, kind: str, event: Event) -> Event:
    return msgspec.structs.replace(event, connection=account.name, kind=kind, road=ROAD)
