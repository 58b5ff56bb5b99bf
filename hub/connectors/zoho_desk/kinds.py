"""The facts of Zoho Desk: its kinds of records, its sizes, and what its plans allow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.connectors.connector import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = "/api/v1"
ROWS_MAX = 100
TABLE_ROWS_MAX = 50
HISTORY_ROWS_MAX = 50
SEARCH_FROM_MAX = 900
"""So far into what a search finds it goes; beyond, the search begins anew where it was."""

OVERLAP = timedelta(seconds=60)
LAG = timedelta(minutes=6)
"""How long what was written may be missing from what is searched."""

YOUNG_MAX = 50
"""So many young records are looked at one by one, for a mark that no search may know yet."""

YOUNG_ROWS_MAX = 1_000
"""So many rows of young records are compared beside a search."""

SCAN_SECONDS = 86_400.0
BUSY_SECONDS = 5.0
SPENT_SECONDS = 3_600.0
"""How long it is left alone when the day's credits are gone and it does not say for how long."""

LISTENS = timedelta(hours=26)
"""A webhook has no end: it is looked after when half of this is over."""

MARK = "cf_hub_key"
CUSTOM = "cf"
TAGS = "tags"

PLANS: Mapping[str, tuple[int, int]] = {
    "free": (5_000, 5),
    "express": (25_000, 10),
    "standard": (50_000, 10),
    "professional": (75_000, 15),
    "enterprise": (100_000, 25),
    "ultimate": (100_000, 25),
}
"""Credits of a day, without those that come with each user, and calls at once."""

LIST_WEIGHT = 3
"""What a page near the head of a list costs."""

_WEIGHTS = ((2_000, LIST_WEIGHT), (10_000, 5), (50_000, 10), (100_000, 50))
_WEIGHT_BEYOND = 100

TABLES = frozenset({"departments", "teams", "agents"})
"""Short ones, which are read whole each time."""

ROW_FIELDS = (
    "ticketNumber", "subject", "status", "statusType", "priority", "channel", "departmentId",
    "contactId", "accountId", "assigneeId", "teamId", "email", "phone", "dueDate", "createdTime",
    "modifiedTime", "closedTime", "isOverDue", "isEscalated", "isSpam", "threadCount",
    "commentCount", "webUrl",
)  # fmt: skip
"""What rows of tickets are asked for: by themselves they do not even say when they were changed."""

CAPS: Mapping[str, Mapping[str, int]] = {
    "contacts": {
        "city": 30, "state": 30, "country": 30, "zip": 30, "street": 250, "title": 100,
        "description": 65_535,
    },
    "accounts": {
        "city": 30, "state": 30, "country": 30, "code": 30, "street": 250, "description": 65_535,
    },
    "tickets": {"subject": 255, "resolution": 65_535, "description": 65_535},
}  # fmt: skip
"""What is cut to so many characters on purpose. Names, addresses of mail and numbers are not, nor
are fields of a portal's own, which may hold such: cut, they would be others."""


def weight_from(first: int) -> int:
    """Give what a page of a list costs that begins so far into it."""
    return next((weight for most, weight in _WEIGHTS if first <= most), _WEIGHT_BEYOND)


def _kind(name: str, *searched_by: str) -> Kind:
    return Kind(
        name=name,
        path=f"{ROOT}/{name}",
        stamps=("modifiedTime",),
        mark=MARK,
        rows_unsure=(CUSTOM, "customFields"),
        writes=1,
        notifies=True,
        scan_seconds=SCAN_SECONDS,
        searched_by=searched_by,
    )


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("tickets", "ticketNumber", "subject", "email", "phone", "contactId", "accountId"),
        _kind("contacts", "email", "phone", "firstName", "lastName", "accountId"),
        _kind("accounts", "accountName", "email", "phone", "website"),
        Kind(
            name="comments",
            path=f"{ROOT}/tickets",
            within="tickets",
            writes=1,
            told_by=("content",),
            searched_by=("ticketId",),
        ),
        Kind(name="departments", path=f"{ROOT}/departments", notifies=True, poll_seconds=3_600),
        Kind(name="teams", path=f"{ROOT}/teams", poll_seconds=3_600),
        Kind(name="agents", path=f"{ROOT}/agents", notifies=True, poll_seconds=3_600),
    )
}

CLOSED = "Closed"
"""The type of every status in which a ticket waits for nobody."""
