"""The road `scan`: look through all records of a kind, for what no other road tells.

Some vendors keep no trace of a deleted record. One that a scan does not meet is not taken for
deleted: it is noticed, and read by itself, and only the vendor's word that it is gone makes it
gone. Where many are missing at once, something else is wrong: nothing is taken from such a scan.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from hub.connectors.connector import Notice, Page, Seen
from hub.database import statement
from hub.events import FellSilent, event_of
from hub.inbound.places import FIRST, Place, places_of, read_on
from hub.inbound.poll import pages, rest_seconds

if TYPE_CHECKING:
    from datetime import datetime

    from hub.connectors.connector import Kind
    from hub.database.db import Db
    from hub.inbound.account import Account

ROAD = "scan"
LOOK_SECONDS = 5.0
MISSING_MAX = 20
MISSING_SHARE_MAX = 0.01

_log = logging.getLogger(__name__)

Known = dict[str, "datetime | None"]


async def scan(account: Account, kind: Kind) -> None:
    """Scan again and again; runs until cancelled."""
    place = (await places_of(account, kind.name)).get(ROAD, Place())
    wait = kind.scan_seconds - (place.done_ago or 0)
    while True:
        await asyncio.sleep(max(wait, 0))
        if not (await places_of(account, kind.name))[FIRST].done:
            wait = min(kind.scan_seconds, LOOK_SECONDS)  # what is not known yet would be news
            continue
        known = await _known(account, kind)
        met, calls = await _met(account, kind)
        wait = rest_seconds(account.connector, calls, kind.scan_seconds)
        await _tell(account, kind, known, met, wait)


async def _met(account: Account, kind: Kind) -> tuple[dict[str, Seen], int]:
    """Read it through from its beginning; where that is cut off, it is begun anew."""
    met: dict[str, Seen] = {}
    calls = 0
    async for page in pages(account, kind, account.connector.first, "", ROAD):
        met |= {one.record: one for one in page.seen if isinstance(one, Seen)}
        calls += 1
    return met, calls


async def _tell(
    account: Account, kind: Kind, known: Known, met: dict[str, Seen], wait: float
) -> None:
    missing = known.keys() - met.keys()
    # What changed and nobody told, and what nobody knew of.
    newer = [one for record, one in met.items() if _is_news(one, known, record)]
    done = read_on(
        account, kind.name, ROAD, Page(seen=newer, cursor="-", done=True), next_seconds=wait
    )
    if len(missing) > max(MISSING_MAX, MISSING_SHARE_MAX * len(known)):
        reason = (
            f"{len(missing):,} of {len(known):,} known {kind.name} were not met. So many are not "
            "deleted at once: look at the account's rights and its organisation. Nothing was taken "
            "from this scan."
        )
        _log.error("%s.%s by %s: %s", account.name, kind.name, ROAD, reason)
        silent = event_of(
            FellSilent(reason=reason), connection=account.name, kind=kind.name, road=ROAD
        )
        await account.keep(done, silent)
        return
    notices = [Notice(kind=kind.name, record=record) for record in sorted(missing)]
    notices += [Notice(kind=kind.name, record=one.record, at=one.at) for one in newer]
    await account.keep(*account.events(ROAD, [*newer, *notices]), done)


def _is_news(one: Seen, known: Known, record: str) -> bool:
    if record not in known:
        return True
    stamp = known[record]
    return one.at is not None and stamp is not None and one.at > stamp


async def _known(account: Account, kind: Kind) -> Known:
    """Give the records that are known to be there, before the scan begins."""
    session = account.database.session()

    async def ask(db: Db) -> Known:
        rows = await db.fetch(statement("inbound/known.sql"), account.name, kind.name)
        return {row["record"]: row["stamp"] for row in rows}

    try:
        return await session.until_done(ask)
    finally:
        await session.close()
