"""Look again and again at what is wrong, and have it told: at most one message by each look."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping  # noqa: TC003 - msgspec reads these
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from hub.alerts.outright import Send, is_stopped, is_stuck, sent
from hub.alerts.patience import OVER, Patience
from hub.alerts.standing import Limits, budgets_standing, standing
from hub.alerts.told import Address, Message, decided, told_of
from hub.connectors.budget import Budget  # noqa: TC001
from hub.database import Database  # noqa: TC001
from hub.database.alone import alone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.conclusions import Cased
    from hub.database import Session

LOOK_SECONDS = 15.0


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at, and who is told."""

    to: Address
    limits: Limits
    budgets: Mapping[str, Budget]
    database: Database
    append: Callable[..., Awaitable[list[int]]]
    send: Send


async def watch(watched: Watched) -> None:
    """Watch, in one process at a time; runs until cancelled."""
    await alone(watched.database, "alerts", partial(_watch, watched))


async def _watch(watched: Watched) -> None:
    session, patience = watched.database.session(), Patience()
    try:
        while True:
            await look(watched, session, patience)
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        await session.close()


async def look(watched: Watched, session: Session, patience: Patience) -> None:
    """Tell what is to be told now."""
    now = datetime.now(UTC)
    found = await session.until_done(partial(standing, limits=watched.limits))
    found += await budgets_standing(watched.budgets, now)
    told = await session.until_done(told_of)
    alerts = {name: one for name, one in told.items() if "title" in one.data}
    cases = patience.to_tell(found, alerts, now)
    if not cases:
        return
    event = decided(watched.to, message_of(cases), cases, told)
    if not is_stuck(found):
        await watched.append(event)
    elif not await session.until_done(partial(is_stopped, connection=watched.to.connection)):
        outright = await sent(watched.send, event)
        if outright is not None:
            await watched.append(outright)


def message_of(cases: Sequence[Cased]) -> Message:
    """Put all that is to be told into one message."""
    titles = [_title(one) for one in cases]
    more = f", and {len(titles) - 1} more" if len(titles) > 1 else ""
    text = "\n\n".join(f"{_title(one)}\n{one.why}" for one in cases)
    return Message(subject=f"{titles[0]}{more}", text=text)


def _title(one: Cased) -> str:
    return f"Over: {one.data['title']}" if one.state == OVER else str(one.data["title"])
