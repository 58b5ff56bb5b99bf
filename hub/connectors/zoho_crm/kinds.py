"""The facts of Zoho CRM: its modules, its sizes, and what its plans allow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hub.connectors.connector import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS_MAX = 200
IDS_MAX = 100
FIELDS_MAX = 50
STAMP = "Modified_Time"
MARK = "Hub_Id"
CONDITION = "If-Unmodified-Since"
"""The header by which a change is made only to what was seen; its name is not confirmed."""

OVERLAP = timedelta(seconds=60)
"""How far before the last change a poll begins: stamps are whole seconds, and commits come late."""

CHANNEL_LASTS = timedelta(days=6, hours=23)
"""A little less than a week: what is asked for beyond that lasts an hour."""

HEAVY_AT_ONCE = 10
HEAVY_FROM = 10
"""A write of more records than this is one of those of which fewer may be under way."""

WRITES_MAX = 100
FOUND_MAX = IDS_MAX
"""A search that finds more than can be read at once was no search for one record."""

BULK_FROM = 2_000
"""From so many records on, a bulk read costs less than lists do."""

BULK_ROWS = 2_000
BULK_LOOK_SECONDS = 10.0
CONCURRENCY_SECONDS = 5.0
TABLES = frozenset({"users", "currencies", "taxes"})
"""Short ones, which are read whole each time."""

NOTES_FIELDS = ("id", "Note_Title", "Note_Content", "Parent_Id", "Modified_Time", "Created_Time")

PLANS: Mapping[str, tuple[int, int]] = {
    "free": (5_000, 5),
    "standard": (50_000, 10),
    "professional": (50_000, 15),
    "enterprise": (50_000, 20),
    "ultimate": (50_000, 25),
}
"""Credits in 24 hours, without those that come with each user, and calls at once."""


def _module(name: str, **facts: Any) -> Kind:
    return Kind(name=name, path=f"/crm/v8/{name}", stamps=(STAMP,), searched_by=("*",), **facts)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _module("Accounts", fetches=IDS_MAX, writes=WRITES_MAX, notifies=True, mark=MARK),
        _module("Contacts", fetches=IDS_MAX, writes=WRITES_MAX, notifies=True, mark=MARK),
        _module("Deals", fetches=IDS_MAX, writes=WRITES_MAX, notifies=True, mark=MARK),
        _module("Products", fetches=IDS_MAX, writes=WRITES_MAX, notifies=True, mark=MARK),
        _module("Quotes", fetches=1, writes=WRITES_MAX, notifies=True, mark=MARK),
        _module("Tasks", fetches=IDS_MAX, writes=WRITES_MAX, notifies=True, mark=MARK),
        _module("Notes", fetches=1, writes=WRITES_MAX),
        Kind(name="users", path="/crm/v8/users", stamps=(STAMP,), poll_seconds=3_600),
        Kind(
            name="currencies",
            path="/crm/v8/org/currencies",
            stamps=("modified_time",),
            poll_seconds=3_600,
        ),
        Kind(name="taxes", path="/crm/v8/org/taxes", poll_seconds=3_600),
    )
}
