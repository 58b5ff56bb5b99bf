"""A connection of some departments: what is of others is nobody's, and never lost in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.connectors.connector import Notice, NotRead, Write
from hub.connectors.outcome import Refused, RetryAt
from hub.connectors.zoho_desk import ZohoDesk
from hub.connectors.zoho_desk.ground import DeskGround
from tests.connectors.played import Played, noticed, played, records

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.connectors.connector import Page
    from hub.database import Database


@pytest.fixture
async def vendor(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("desk", database, tmp_path) as one:
        one.quirks(search_lag_seconds=0)
        one.world.clock.set_back(7_200)
        yield one


async def test_only_tickets_of_the_chosen_departments_are_listed(vendor: Played) -> None:
    here, there = in_each(vendor)
    connector = of("support")

    first = await read(connector, vendor)
    news = await read(connector, vendor, connector.start(vendor.world.clock.now()))

    assert records(first) == [here]
    assert records(news) == [here]
    assert noticed(news) == {here, there}  # for it may have left the chosen ones
    listed = [call.query for call in vendor.world.calls if call.path.endswith("/tickets")]
    assert listed
    assert all(f"departmentIds={department(vendor, 'Support')}" in query for query in listed)


async def test_a_ticket_that_is_moved_away_is_gone_and_moved_back_is_there_again(
    vendor: Played,
) -> None:
    # given
    connector = of("Support")
    ticket, _ = in_each(vendor)
    cursor = (await read(connector, vendor, connector.start(vendor.world.clock.now())))[-1].cursor

    # when it is moved, and moved back
    vendor.world.clock.advance(60)
    vendor.system.edit("tickets", ticket, {"departmentId": department(vendor, "Billing")})
    away = await read(connector, vendor, cursor)
    [fetched] = await connector.fetch(vendor.vendor, vendor.kind("tickets"), [ticket])
    vendor.world.clock.advance(60)
    vendor.system.edit("tickets", ticket, {"departmentId": department(vendor, "Support")})
    back = await read(connector, vendor, away[-1].cursor)
    [again] = await connector.fetch(vendor.vendor, vendor.kind("tickets"), [ticket])

    # then it says so under the stamps of the moves
    assert ticket in noticed(away)
    assert fetched.data is None
    assert ticket in noticed(back)
    assert again.data is not None
    assert fetched.at is not None
    assert again.at is not None
    assert again.at > fetched.at


async def test_nothing_is_written_to_a_ticket_of_another_department(vendor: Played) -> None:
    here, there = in_each(vendor)
    billing = department(vendor, "Billing")
    contact = str(vendor.system.put("contacts", {"lastName": "Ortiz"})["id"])
    made = {"subject": "New", "departmentId": billing, "contactId": contact}
    before = len(vendor.system.state()["tickets"])

    outcomes = [
        await write(vendor, "tickets", {"priority": "Low"}, record=there),
        await write(vendor, "tickets", {"departmentId": billing}, record=here),
        await write(vendor, "tickets", made, mark="m-1"),
        await write(vendor, "comments", {"ticketId": there, "content": "Settled."}),
    ]

    assert [one.reason for one in outcomes if isinstance(one, Refused)] == ["departments"] * 4
    assert len(vendor.system.state()["tickets"]) == before
    assert not [call for call in vendor.world.calls if call.method in ("PATCH", "POST")
                and "/tickets" in call.path]  # fmt: skip


async def test_tickets_of_the_chosen_departments_and_all_contacts_are_written(
    vendor: Played,
) -> None:
    here, _ = in_each(vendor)
    support = department(vendor, "Support")
    contact = str(vendor.system.put("contacts", {"lastName": "Ortiz"})["id"])
    made = {"subject": "New", "departmentId": support, "contactId": contact}

    outcomes = [
        await write(vendor, "tickets", {"priority": "Low"}, record=here),
        await write(vendor, "tickets", made, mark="m-1"),
        await write(vendor, "comments", {"ticketId": here, "content": "Settled."}),
        await write(vendor, "contacts", {"phone": "1"}, record=contact),
    ]

    assert not [one for one in outcomes if isinstance(one, Refused)]


async def test_a_flow_finds_no_ticket_of_another_department_but_the_hub_finds_its_own(
    vendor: Played,
) -> None:
    # given one of each, and one that the hub has made, which was moved away since
    here, there = in_each(vendor)
    billing = department(vendor, "Billing")
    moved = a_ticket(vendor, departmentId=billing, subject="Moved", cf={"cf_hub_key": "m-9"})
    connector, kind = of("Support"), vendor.kind("tickets")

    found = await connector.search(vendor.vendor, kind, {"subject": "Help"})

    assert [one.record for one in found] == [here]
    assert await connector.find(vendor.vendor, kind, "m-9") == moved
    assert there


async def test_tags_are_looked_for_in_the_chosen_departments_alone(vendor: Played) -> None:
    here, there = in_each(vendor, tags=["refund"])
    connector = of("Support", tags=["refund"], open_seconds=0.000_001)

    pages = await read(connector, vendor, connector.start(vendor.world.clock.now()))

    tagged = [one for page in pages for one in page.seen
              if isinstance(one, Notice) and b"tagged" in one.data]  # fmt: skip
    assert [one.record for one in tagged] == [here]
    assert there not in records(pages)


async def test_when_the_settings_choose_less_the_rest_is_gone_and_when_more_it_is_there_again(
    vendor: Played,
) -> None:
    # given a hub that read all departments
    here, there = in_each(vendor)
    vendor.world.clock.advance(3_600)
    everywhere = of()
    all_ = await read(everywhere, vendor, everywhere.start(vendor.world.clock.now()))

    # when the settings choose one, and later all again
    less = await read(of("Support"), vendor, all_[-1].cursor)
    same = await read(of("Support"), vendor, less[-1].cursor)
    more = await read(everywhere, vendor, less[-1].cursor)

    # then it is told of all at once, and once
    assert (noticed(less), records(less)) == ({there}, [])
    assert noticed(same) == set()
    assert (records(more), noticed(more)) == ([there], {there})
    assert here


async def test_a_department_that_is_not_there_stops_the_reading_of_tickets_and_is_told(
    vendor: Played,
) -> None:
    here, _ = in_each(vendor)
    connector, kind = of("Suport"), vendor.kind("tickets")

    with pytest.raises(NotRead) as lists:
        await connector.first(vendor.vendor, kind, "")
    with pytest.raises(NotRead) as fetches:
        await connector.fetch(vendor.vendor, kind, [here])
    written = await write(vendor, "tickets", {"priority": "Low"}, record=here, connector=connector)
    contacts = await connector.first(vendor.vendor, vendor.kind("contacts"), "")

    # then nothing is taken for gone, and it is looked again later
    for error in (lists, fetches):
        assert isinstance(error.value.outcome, RetryAt)
        assert 'no department "Suport"; did you mean "Support"?' in str(error.value)
    assert isinstance(written, RetryAt)
    assert contacts.seen


async def test_what_the_settings_choose_is_told_by_name_and_found_by_an_id_too(
    vendor: Played,
) -> None:
    def ground(*names: str) -> DeskGround:
        return DeskGround("7788", names)

    [wrong] = await ground("Billling").chosen(vendor.vendor)
    [right] = await ground("billing", department(vendor, "Support")).chosen(vendor.vendor)

    assert wrong.state == "needs"
    assert '"Billling"; did you mean "Billing"?' in wrong.sentence
    assert right.state == "well"
    assert "Tickets of Billing, Support" in right.sentence
    assert await ground().chosen(vendor.vendor) == []


def of(*departments: str, **how: Any) -> ZohoDesk:
    return ZohoDesk("7788", departments=departments, **how)


async def read(connector: ZohoDesk, vendor: Played, cursor: str | None = None) -> list[Page]:
    """Read all there is, or all that is new behind a cursor."""
    vendor.world.clock.advance(1)
    take = connector.first if cursor is None else connector.news
    pages: list[Page] = []
    while not pages or not pages[-1].done:
        at = pages[-1].cursor if pages else cursor or ""
        pages.append(await take(vendor.vendor, vendor.kind("tickets"), at))
    return pages


async def write(
    vendor: Played, kind: str, fields: dict[str, Any], connector: ZohoDesk | None = None, **how: Any
) -> Any:
    connector = connector or of("Support")
    one = Write(fields=fields, **how)
    [written] = await connector.write(vendor.vendor, vendor.kind(kind), [one])
    return written.outcome


def in_each(vendor: Played, **fields: object) -> tuple[str, str]:
    """Have a ticket in Support, and one in Billing."""
    return a_ticket(vendor, departmentId=department(vendor, "Support"), **fields), a_ticket(
        vendor, departmentId=department(vendor, "Billing"), **fields
    )


def a_ticket(vendor: Played, **fields: object) -> str:
    return str(vendor.system.put("tickets", {"subject": "Help", **fields})["id"])


def department(vendor: Played, name: str) -> str:
    found = vendor.system.state()["departments"]
    return next(str(one["id"]) for one in found if one["name"] == name)
