"""What changed and what was deleted between two moments: getUpdated and getDeleted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hub.sandbox.salesforce.refusal import Refusal
from hub.sandbox.salesforce.values import read_moment, told
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.salesforce.call import Call

LEAST = timedelta(minutes=1)


def updated(call: Call, name: str) -> Answer:
    """Name the records whose stamp lies between; what was deleted is not among them."""
    entity = call.org.object(name)
    begin, end = _window(call)
    table = call.org.tables[entity.name]
    ids = [key for stamp, key in table.since(begin) if stamp < end]
    covered = min(end, call.org.now())
    return Answer(body={"ids": ids, "latestDateCovered": told(covered)})


def deleted(call: Call, name: str) -> Answer:
    """Name the records that were deleted between, as far back as the log of them goes."""
    entity = call.org.object(name)
    days = call.org.quirks.delete_log_days
    begin, end = _window(call)
    log_begins = call.org.now() - timedelta(days=days)
    gone = call.org.tables[entity.name].removed.values()
    rows = [
        {"id": one.record.id, "deletedDate": told(one.at)}
        for one in gone
        if max(begin, log_begins) <= one.at < end
    ]
    return Answer(
        body={
            "deletedRecords": rows,
            "earliestDateAvailable": told(log_begins),
            "latestDateCovered": told(min(end, call.org.now())),
        }
    )


def _window(call: Call) -> tuple[datetime, datetime]:
    """Read the two moments; their seconds are cut off."""
    days = call.org.quirks.replication_days
    found = [read_moment(call.param(name)) for name in ("start", "end")]
    begin, end = (one.replace(second=0, microsecond=0) if one else None for one in found)
    if begin is None or end is None:
        raise Refusal("INVALID_FIELD", "start and end: a date and time is required")
    if begin < call.org.now() - timedelta(days=days):
        message = f"startDate before org.createdDate or more than {days} days ago"
        raise Refusal("INVALID_REPLICATION_DATE", message)
    if end - begin < LEAST:
        message = "end date must be at least one minute after start date"
        raise Refusal("INVALID_REPLICATION_DATE", message)
    return begin, end
