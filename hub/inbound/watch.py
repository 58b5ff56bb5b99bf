"""See to it that silence is noticed: tell when a road of a connection was not heard of in time.

That it fell silent is an event, and so is that it is heard of again. However many roads one cause
silences, it is said once.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from hub.database import statement
from hub.events import FellSilent, SpokeAgain, event_of
from hub.observe import metrics

if TYPE_CHECKING:
    import msgspec

    from hub.database.db import Db
    from hub.events import Event
    from hub.inbound.account import Account

GRACE_SECONDS = 30.0
LOOK_SECONDS = 5.0
UNHEARD_MAX = 3
"""So many changes in a row that a vendor did not tell of are no accident."""

_log = logging.getLogger(__name__)


async def watch(account: Account) -> None:
    """Look again and again; runs until cancelled."""
    session = account.database.session()
    try:
        # First a while for the roads to be walked: the hub itself may have been away.
        await asyncio.sleep(GRACE_SECONDS)
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            changed = await session.until_done(lambda db: _look(db, account))
            if changed:
                await account.keep(*changed)
    finally:
        await session.close()


async def _look(db: Db, account: Account) -> list[Event]:
    rows = await db.fetch(statement("inbound/silence.sql"), account.name, UNHEARD_MAX)
    fell = [row for row in rows if row["is_silent"] and row["silent"] is None]
    spoke = [row for row in rows if not row["is_silent"]]
    metrics.roads_silent.set(sum(row["is_silent"] for row in rows), connection=account.name)
    if fell:
        first = ", ".join(f"{row['kind']} by {row['road']}" for row in fell[:3])
        more = f" and {len(fell) - 3} more" if len(fell) > 3 else ""  # noqa: PLR2004
        _log.error("%s fell silent: %s%s. %s", account.name, first, more, _reason(fell[0]))
    if spoke:
        _log.warning("%s is heard of again by %d of its roads.", account.name, len(spoke))
    return [
        *(_about(account, row, FellSilent(reason=_reason(row))) for row in fell),
        *(_about(account, row, SpokeAgain()) for row in spoke),
    ]


def _reason(row: Any) -> str:
    if row["unheard"] >= UNHEARD_MAX:
        return (
            f"Polling found {row['unheard']} changes that the vendor should have told of. "
            "Run `hub doctor`: is its webhook, channel or topic still there, and is this hub told?"
        )
    return (
        f"It was to be read by {row['overdue_at']:%Y-%m-%d %H:%M:%S} UTC at the latest. "
        "The hub's log says what keeps it; `hub doctor` looks at the connection."
    )


def _about(account: Account, row: Any, what: msgspec.Struct) -> Event:
    return event_of(what, connection=account.name, kind=row["kind"], road=row["road"])
