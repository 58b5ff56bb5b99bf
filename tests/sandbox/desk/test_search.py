"""Searching the played Desk: an index that lags, and never goes further than it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.desk.caller import Caller


def test_what_was_written_is_found_only_after_a_while(call: Caller) -> None:
    account = call("POST", "accounts", {"accountName": "Northwind"})["id"]

    at_once = call("GET", "accounts/search", accountName="northwind")
    call.world.clock.advance(61)
    later = call("GET", "accounts/search", accountName="northwind")

    assert (at_once.status, later.ids, later["count"]) == (204, [account], 1)


def test_the_index_shows_what_a_record_was_until_it_has_the_news(call: Caller) -> None:
    ticket = call.ticket()["id"]
    call.world.clock.advance(100)
    call.desk.edit("tickets", ticket, {"status": "Closed"})

    stale = call("GET", "tickets/search", status="${OPEN}")
    call.world.clock.advance(61)

    assert stale["data"][0]["status"] == "Open"
    assert call("GET", "tickets/search", status="${OPEN}").status == 204
    assert call("GET", "tickets/search", status="${CLOSED}").ids == [ticket]


def test_custom_fields_and_times_are_searched_by(call: Caller) -> None:
    ticket = call.ticket(cf={"cf_hub_key": "k-1"})["id"]
    call.ticket()
    call.world.clock.advance(3_600)
    begun = "2026-03-02T08:00:00.000Z,2026-03-02T09:30:00.000Z"

    assert call("GET", "tickets/search", customField1="cf_hub_key:k-1").ids == [ticket]
    assert len(call("GET", "tickets/search", modifiedTimeRange=begun).ids) == 2
    late = "2026-03-02T09:30:00.000Z,2026-03-02T12:00:00.000Z"
    assert call("GET", "tickets/search", modifiedTimeRange=late).status == 204


@pytest.mark.parametrize(
    "query",
    [
        {"from_": "1000"},
        {"limit": "101"},
        {"subject": "ab"},
        {"customField1": "cf_nobody:x"},
        {"modifiedTimeRange": "today"},
        {"colour": "red"},
        {"sortBy": "subject"},
    ],
)
def test_what_it_does_not_search_by_is_refused(call: Caller, query: dict[str, str]) -> None:
    refused = call("GET", "tickets/search", **query)

    assert refused.refusal == (422, "UNPROCESSABLE_ENTITY")
