"""What was changed in Zoho Books is listed by a filter, as far as that proves itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.connectors.played import Played, played

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database import Database

OLD = 205
DAY_SECONDS = 86_400
DAYS = 6


@pytest.fixture
async def vendor(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("books", database, tmp_path) as one:
        one.world.clock.set_back(DAYS * DAY_SECONDS)  # so that it comes to the day that it is here
        yield one


async def test_a_list_of_one_page_is_read_whole(vendor: Played) -> None:
    made = enter(vendor, 3)

    assert await changed(vendor, now(vendor) + timedelta(days=1)) == set(made)
    assert paths(vendor) == 1


@pytest.mark.parametrize("inclusive", [True, False])
async def test_what_was_changed_since_is_found_however_old_it_is(
    vendor: Played, *, inclusive: bool
) -> None:
    # given more than one page that is old, and what was changed yesterday and today
    vendor.quirks(modified_filter_inclusive=inclusive)
    old = enter(vendor, OLD)
    vendor.world.clock.advance(5 * DAY_SECONDS)
    since = now(vendor)
    vendor.system.edit("invoices", old[0], {"reference_number": "deal 1"})
    vendor.world.clock.advance(DAY_SECONDS)
    vendor.system.edit("invoices", old[1], {"reference_number": "deal 2"})
    new = enter(vendor, 1)

    # when it is asked for twice
    first = await changed(vendor, since)
    calls = paths(vendor)
    again = await changed(vendor, since)

    # then the first time it is proved, by the newest that there are
    assert first is not None
    assert first >= {old[0], old[1], *new}
    assert again == {old[0], old[1], *new}
    assert calls == 2
    assert paths(vendor) == 3


async def test_a_filter_that_takes_a_moment_for_a_day_is_believed_of_that_day_alone(
    vendor: Played,
) -> None:
    vendor.quirks(modified_filter="day")
    enter(vendor, OLD)
    vendor.world.clock.advance(DAYS * DAY_SECONDS)
    (new,) = enter(vendor, 1)
    stamp = vendor.there("invoices")[new]["last_modified_time"]
    morning = datetime.fromisoformat(f"{stamp[:10]}T00:00:01{stamp[-5:]}")

    assert await changed(vendor, now(vendor) - timedelta(days=2)) is None
    assert new in (await changed(vendor, morning) or ())
    assert await changed(vendor, morning - timedelta(days=1)) is None


async def test_nothing_changed_lately_proves_nothing(vendor: Played) -> None:
    enter(vendor, OLD)
    vendor.world.clock.advance(5 * DAY_SECONDS)

    assert await changed(vendor, now(vendor) - timedelta(minutes=10)) is None


async def test_a_filter_that_is_ignored_gives_the_whole_list(vendor: Played) -> None:
    vendor.quirks(modified_filter="none")
    old = enter(vendor, OLD)
    vendor.world.clock.advance(DAYS * DAY_SECONDS)
    new = enter(vendor, 1)

    assert await changed(vendor, now(vendor) - timedelta(days=2)) == {*old, *new}


async def test_of_other_kinds_no_such_list_is_asked_for(vendor: Played) -> None:
    assert await changed(vendor, now(vendor), "estimates") is None
    assert paths(vendor) == 0


def enter(vendor: Played, count: int) -> list[str]:
    books: Any = vendor.system
    customers = vendor.there("contacts")
    customer = next(iter(customers), None) or books.put("contacts", {"contact_name": "Larkspur"})[
        "contact_id"
    ]  # fmt: skip
    line = {"name": "Survey", "rate": 5, "quantity": 1}
    invoice = {"customer_id": customer, "line_items": [line]}
    return [books.put("invoices", dict(invoice))["invoice_id"] for _ in range(count)]


async def changed(vendor: Played, since: datetime, kind: str = "invoices") -> set[str] | None:
    connector: Any = vendor.connector
    found: set[str] = set()
    cursor = ""
    while True:
        page = await connector.changed(vendor.vendor, vendor.kind(kind), since, cursor, "documents")
        if page is None:
            return None
        found |= {one.record for one in page.seen}
        if page.done:
            return found
        cursor = page.cursor


def now(vendor: Played) -> datetime:
    return vendor.world.clock.now()


def paths(vendor: Played) -> int:
    return sum(
        "/invoices" in call.path and call.status == 200 for call in vendor.world.calls_since(0)
    )
