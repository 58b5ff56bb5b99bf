"""Which things a once flow would do that were so before it began, and that it has left alone."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from hub.replay.plan import Supposing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from hub.database.db import Db
    from hub.flows.flow import Once
    from hub.flows.known import Record
    from hub.replay.plan import Page

NAMES = ("Deal_Name", "Account_Name", "Name", "Subject", "name", "number")


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that is so, and for which nothing was done; `at` is the vendor's last stamp of it."""

    record: str
    called: str
    at: datetime | None


async def offered(
    db: Db,
    flow: Once,
    since: datetime,
    pages: AsyncIterator[Page],
    told: Callable[[int], None] = lambda _: None,
) -> list[Offered]:
    """Go through the records of these pages; give those that are so, and changed since a moment."""
    supposing = Supposing(db, flow)
    await supposing.begin()
    found: list[Offered] = []
    done = 0
    async for connection, kind, records in pages:
        await supposing.bring(connection, kind, records)
        for id_ in records:
            record = supposing.world.record((connection, kind, id_))
            if record is not None and _is_so(flow, record) and _is_since(record, since):
                known = await _is_known(supposing, flow, id_)
                if not known:
                    found.append(Offered(record=id_, called=_called(record), at=record.stamp))
        done += len(records)
        told(done)
    return found


async def _is_known(supposing: Supposing, flow: Once, case: str) -> bool:
    return await supposing.at_hand(lambda: supposing.world.case(flow.name, case) is not None)


def _is_so(flow: Once, record: Record) -> bool:
    names = {flow.source.name: record.fields, "ask": flow.ask}
    return not record.gone and bool(flow.becomes.of(names))


def _is_since(record: Record, since: datetime) -> bool:
    return record.stamp is None or record.stamp >= since


def _called(record: Record) -> str:
    return next((str(record.fields[name]) for name in NAMES if record.fields.get(name)), "")
