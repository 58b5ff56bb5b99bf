"""Tell of each day, once, at its hour in the zone of the organisation whose day it was.

From then on it is owed until it is told: also past midnight, and where no hub ran, when one does;
of several only the last. The first of all is owed from the first such hour that is lived through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable  # noqa: TC003 - msgspec reads the annotations
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from hub.alerts.figures import figures_of, in_words
from hub.alerts.standing import Limits, standing
from hub.alerts.told import Address, Message, case_of, decided, told_of
from hub.database import Database, statement
from hub.database.alone import alone
from hub.log.follow import Wake  # noqa: TC001
from hub.log.read import head

if TYPE_CHECKING:
    from hub.database import Session
    from hub.database.db import Db

LOOK_SECONDS_MAX = 60.0
FOLLOWED_SECONDS = 1.0
MADE = "told"


class Daily(msgspec.Struct, frozen=True, kw_only=True):
    """One digest: whose it is, when it is due, and of which connection."""

    role: str
    to: Address
    at: time
    of: str
    limits: Limits
    database: Database
    append: Callable[..., Awaitable[list[int]]]
    followed: Wake

    @property
    def case(self) -> str:
        return f"digest {self.role}"


async def digest(daily: Daily) -> None:
    """Tell of every day, in one process at a time; runs until cancelled."""
    await alone(daily.database, f"digest.{daily.role}", partial(_digest, daily))


async def _digest(daily: Daily) -> None:
    session = daily.database.session()
    try:
        await _until_folded(session, daily.followed, await session.until_done(head))
        began = datetime.now(UTC)
        while True:
            position = await session.until_done(
                partial(tell_what_is_owed, daily=daily, began=began)
            )
            await _until_folded(session, daily.followed, position)
            await asyncio.sleep(LOOK_SECONDS_MAX)
    finally:
        await session.close()


async def _until_folded(session: Session, followed: Wake, position: int) -> None:
    """Wait until the tables show all up to this position: figures are of them."""
    while await session.until_done(_folded) < position:
        await followed.wait(position, FOLLOWED_SECONDS)


async def _folded(db: Db) -> int:
    return int(await db.fetchval(statement("alerts/folded.sql")))


async def tell_what_is_owed(
    db: Db, daily: Daily, began: datetime, now: datetime | None = None
) -> int:
    """Tell of the last day that is owed, if there is one; give the position it stands at."""
    now = now or datetime.now(UTC)
    zone = ZoneInfo(await db.fetchval(statement("alerts/zone.sql"), daily.of) or "UTC")
    here = now.astimezone(zone)
    due = datetime.combine(here, daily.at, zone)
    due -= timedelta(days=0 if due <= here else 1)
    day, told = due.date() - timedelta(days=1), await told_of(db)
    known = told.get(daily.case)
    if known is not None and known.data["day"] >= day.isoformat():
        return 0
    if known is None and due.date() < here.date() and due < began:
        return 0  # nobody was to be told of anything then
    figures = await figures_of(db, daily.of, day, zone)
    wrong = [one.title for one in await standing(db, daily.limits)]
    said = Message(subject=f"{daily.role.capitalize()}, {day}", text=in_words(figures, wrong))
    case = case_of(daily.case, MADE, f"the day {day} was told of", now, day=day.isoformat())
    (position,) = await daily.append(decided(daily.to, said, [case], told))
    return position
