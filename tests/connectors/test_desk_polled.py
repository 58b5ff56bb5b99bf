"""What Zoho Desk tells nobody of: the clock at a ticket, its tags, and who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.connectors.connector import Notice
from hub.connectors.zoho_desk import ZohoDesk
from hub.connectors.zoho_desk.described import FIELDS
from hub.connectors.zoho_desk.tagged import packed, unpacked
from hub.flows.expression import compile  # noqa: A004
from tests.connectors.played import Played, played, said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from hub.connectors.connector import Page
    from hub.database import Database

AT_ONCE = 0.000_001
NEWEST_FIRST: dict[str, Any] = {"history_order": "newest"}


@pytest.fixture
async def vendor(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("desk", database, tmp_path) as one:
        one.world.clock.set_back(7_200)
        yield one


async def test_a_tag_that_was_taken_off_has_its_ticket_read_without_it(vendor: Played) -> None:
    # given a ticket that was met under its tag, though it is closed
    connector = looking_for("refund")
    ticket = a_ticket(vendor, tags=["Refund", "vip"], status="Closed")
    first = await round_of(connector, vendor)

    # when the tag is taken off, and put on again
    vendor.system.act("untag", "tickets", ticket, {"tags": ["refund"]})
    lost = await round_of(connector, vendor, first)
    [without] = await connector.fetch(vendor.vendor, vendor.kind("tickets"), [ticket])
    vendor.system.act("tag", "tickets", ticket, {"tags": ["refund"]})
    got = await round_of(connector, vendor, lost)

    # then each is noticed, and what is read has the tags of then
    assert [of(page) for page in (first, lost, got)] == [
        [("tagged", ticket)],
        [("untagged", ticket)],
        [("tagged", ticket)],
    ]
    assert said(without.data or b"")["tags"] == ["vip"]
    assert len({one.at for one in notices(first, lost, got)}) == 3


async def test_where_no_tag_moved_nobody_is_noticed_again(vendor: Played) -> None:
    connector = looking_for("refund", "nobody bears this")
    a_ticket(vendor, tags=["refund"])
    first = await round_of(connector, vendor)

    again = await round_of(connector, vendor, first)

    assert of(again) == []


async def test_a_tag_that_the_settings_name_from_now_on_is_not_taken_for_new(
    vendor: Played,
) -> None:
    a_ticket(vendor, tags=["refund"])
    ticket = a_ticket(vendor, tags=["credit"])
    first = await round_of(looking_for("refund"), vendor)

    more = await round_of(looking_for("refund", "credit"), vendor, first)

    [notice] = [one for one in more.seen if isinstance(one, Notice)]
    assert notice.record == ticket
    assert notice.at is not None
    assert notice.at.isoformat(timespec="milliseconds")[:19] == created(vendor, ticket)[:19]


async def test_a_tag_that_the_department_has_no_more_is_off_all_its_tickets(
    vendor: Played,
) -> None:
    connector = looking_for("refund")
    tickets = sorted(a_ticket(vendor, tags=["refund"]) for _ in range(3))
    first = await round_of(connector, vendor)
    org: Any = vendor.system
    org.org.tags.clear()
    org.org.tagged.clear()

    after = await round_of(connector, vendor, first)

    assert of(after) == [("untagged", ticket) for ticket in tickets]


async def test_a_ticket_that_was_merged_into_another_is_noticed_under_its_tag(
    vendor: Played,
) -> None:
    connector = looking_for("refund")
    child, master = a_ticket(vendor, tags=["refund"]), a_ticket(vendor)
    first = await round_of(connector, vendor)
    vendor.system.act("merge", "tickets", master, {"ids": [child]})

    after = await round_of(connector, vendor, first)
    [gone] = await connector.fetch(vendor.vendor, vendor.kind("tickets"), [child])

    assert of(after) == [("untagged", child)]
    assert gone.data is None


def test_who_bore_a_tag_is_kept_short_and_to_the_digit() -> None:
    tickets = {"4410000000812345", "4410000000812399", "9223372036854775807"}

    steps = packed(tickets)

    assert steps[1] == 54
    assert unpacked(steps) == tickets
    assert unpacked(packed(())) == set()


@pytest.mark.parametrize("quirks", [{}, NEWEST_FIRST], ids=["oldest_first", "newest_first"])
async def test_a_ticket_is_read_with_the_end_of_its_history_where_that_is_asked_for(
    vendor: Played, quirks: dict[str, Any]
) -> None:
    # given a ticket of which much was said, that was escalated, and lost a tag
    vendor.quirks(**quirks)
    ticket = a_ticket(vendor, priority="High", tags=["refund"])
    for number in range(60):
        vendor.system.act("comment", "tickets", ticket, {"content": f"Note {number}"})
    vendor.world.clock.advance(86_400)
    vendor.system.act("untag", "tickets", ticket, {"tags": ["refund"]})

    # when
    connector = ZohoDesk("7788", history_rows=3)
    [found] = await connector.fetch(vendor.vendor, vendor.kind("tickets"), [ticket])

    # then it says who did it, the latest first
    told = said(found.data or b"")
    assert [one["eventName"] for one in told["history"]] == [
        "TagsRemoved",
        "TicketEscalated",
        "OvershotDueTime",
    ]
    assert [one["actor"]["type"] for one in told["history"]] == ["Agent", "SLA", "SLA"]
    assert told["tags"] == []

    # and a flow can ask for it
    by = 'ticket.history.exists(row, row.eventName == "TicketEscalated" && row.actor.type == "{}")'
    names: dict[str, Any] = {"ticket": FIELDS["tickets"]}
    whose = ("SLA", "Agent")
    conditions = [compile(by.format(who), names, wanted="condition") for who in whose]
    assert [each.of({"ticket": told}) for each in conditions] == [True, False]


@pytest.mark.parametrize(("quirks", "pages"), [({}, 2), (NEWEST_FIRST, 1)])
async def test_a_long_history_is_read_on_only_where_it_begins_with_the_oldest(
    vendor: Played, quirks: dict[str, Any], pages: int
) -> None:
    vendor.quirks(**quirks)
    ticket = a_ticket(vendor)
    for number in range(60):
        vendor.world.clock.advance(1)
        vendor.system.act("comment", "tickets", ticket, {"content": f"Note {number}"})

    connector = ZohoDesk("7788", history_rows=50)
    [found] = await connector.fetch(vendor.vendor, vendor.kind("tickets"), [ticket])

    times = [one["eventTime"] for one in said(found.data or b"")["history"]]
    assert len(times) == 50
    assert times == sorted(times, reverse=True)
    assert len(asked(vendor, "/History")) == pages


async def test_the_history_costs_nothing_where_nobody_asked_for_it(vendor: Played) -> None:
    ticket = a_ticket(vendor)

    [found] = await vendor.connector.fetch(vendor.vendor, vendor.kind("tickets"), [ticket])

    assert "history" not in said(found.data or b"")
    assert asked(vendor, "/History") == []


def looking_for(*tags: str) -> ZohoDesk:
    return ZohoDesk("7788", open_seconds=AT_ONCE, tags=tags)


async def round_of(connector: ZohoDesk, vendor: Played, after: Page | None = None) -> Page:
    """Read all that is new; give the last page, which tells of the tags."""
    vendor.world.clock.advance(60)
    kind = vendor.kind("tickets")
    cursor = connector.start(vendor.world.clock.now()) if after is None else after.cursor
    while True:
        page = await connector.news(vendor.vendor, kind, cursor)
        if page.done:
            return page
        cursor = page.cursor


def of(page: Page) -> list[tuple[str, str]]:
    return [(said(one.data)["event"], one.record) for one in page.seen if isinstance(one, Notice)]


def notices(*pages: Page) -> Sequence[Notice]:
    return [one for page in pages for one in page.seen if isinstance(one, Notice)]


def asked(vendor: Played, path: str) -> list[Any]:
    return [call for call in vendor.world.calls if call.path.endswith(path)]


def created(vendor: Played, ticket: str) -> str:
    return str(vendor.there("tickets")[ticket]["createdTime"])


def a_ticket(vendor: Played, **fields: object) -> str:
    return str(vendor.system.put("tickets", {"subject": "Help", **fields})["id"])
