"""Tell without the sync projector, while that itself does not follow the log.

What is told goes out as a delivery, and deliveries are made by that projector: stuck, it would keep
to itself that it is. So for as long the message is sent outright, and what was told is put into the
log behind it. Ended between the two, the same message goes out once more, under the same id.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from hub.conclusions import Cased, Owes
from hub.connectors.connector import Write
from hub.connectors.outcome import Done, Outcome, Unknown
from hub.database import statement
from hub.events import event_of, payload

if TYPE_CHECKING:
    from hub.alerts.standing import Incident
    from hub.database.db import Db
    from hub.events import Decided, Event

STUCK = "lag sync"
"""The incident that this projector is behind."""

Send: TypeAlias = Callable[[str, Write], Awaitable[Outcome]]
"""Has a connection send a message."""

_log = logging.getLogger(__name__)


def is_stuck(found: Sequence[Incident]) -> bool:
    return any(one.about == STUCK for one in found)


async def is_stopped(db: Db, connection: str) -> bool:
    """Tell whether nothing may be written to a connection."""
    return bool(await db.fetchval(statement("alerts/stopped.sql"), connection))


async def sent(send: Send, told: Event) -> Event | None:
    """Send what an event owes; give what is to be kept of it, None where nothing was sent."""
    what: Decided = payload(told)
    (owes,) = (one for one in what.conclusions if isinstance(one, Owes))
    write = Write(fields=owes.fields or {}, delivery=str(owes.delivery), share=owes.share)
    outcome = await send(owes.connection, write)
    if not isinstance(outcome, Done | Unknown):
        _log.warning("An alert was not sent to %s: %s", owes.connection, outcome.sentence)
        return None
    return _without_delivery(told, what)


def _without_delivery(told: Event, what: Decided) -> Event:
    cases = [one for one in what.conclusions if isinstance(one, Cased)]
    data = event_of(msgspec.structs.replace(what, conclusions=cases)).data
    return msgspec.structs.replace(told, data=data)
