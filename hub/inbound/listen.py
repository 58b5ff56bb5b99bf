"""Have a vendor tell of changes by itself, and see to it that it never stops.

A subscription is renewed when half of its time is over, so that a day without success costs
nothing. What is told meanwhile is no more than a hurry-up: polling finds the same a little later.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Listening, NotRead, Page
from hub.inbound.patience import not_read, understood
from hub.inbound.places import places_of, read_on

if TYPE_CHECKING:
    from hub.connectors.connector import Door
    from hub.inbound.account import Account

KIND = "all"
ROAD = "channel"

_log = logging.getLogger(__name__)


async def listen(account: Account) -> None:
    """Subscribe, and renew; runs until cancelled, or ends where there is nothing to subscribe."""
    door = await account.door()
    if door is None:
        _log.info("%s: no public address is set, so it is only polled.", account.name)
        return
    place = (await places_of(account, KIND)).get(ROAD)
    known = msgspec.json.decode(place.cursor, type=Listening) if place and place.cursor else None
    while True:
        if known is not None:
            await asyncio.sleep(_rest_seconds(known))
        known = await _subscribed(account, door, known.cursor if known else "")
        if known is None:
            return
        kept = Page(seen=(), cursor=msgspec.json.encode(known).decode(), done=True)
        on = read_on(account, KIND, ROAD, kept, next_seconds=_rest_seconds(known))
        await account.keep(on)


async def _subscribed(account: Account, door: Door, cursor: str) -> Listening | None:
    """Subscribe, however often that takes."""
    while True:
        try:
            return await understood(
                account.connector.listen(account.vendor, door, cursor, datetime.now(UTC))
            )
        except NotRead as error:
            await not_read(account, f"{account.name} by {ROAD}", error)


def _rest_seconds(known: Listening) -> float:
    return max((known.until - datetime.now(UTC)).total_seconds() / 2, 0)
