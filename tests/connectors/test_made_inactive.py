"""Customers, items and products are made inactive, each as its vendor wants it said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.connectors.connector import Write, Written
from hub.connectors.outcome import Done, Refused, Unknown
from hub.flows.inactive import inactive_of
from hub.sandbox.faults import Fault
from tests.connectors.played import Played, played

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database import Database

NAMES = {"contacts": "contact_name", "items": "name", "Products": "Product_Name"}
BESIDE = {"items": {"rate": 1}}


@pytest.fixture
async def vendor(
    request: pytest.FixtureRequest, database: Database, tmp_path: Path
) -> AsyncIterator[Played]:
    async with played(getattr(request, "param", "books"), database, tmp_path) as one:
        yield one


@pytest.mark.parametrize(
    ("vendor", "kind"),
    [("books", "contacts"), ("books", "items"), ("crm", "Products")],
    indirect=["vendor"],
)
async def test_a_record_is_made_inactive_and_said_to_be(vendor: Played, kind: str) -> None:
    record = put(vendor, kind)
    inactive = inactive_of(kind)

    one = await write(vendor, kind, Write(fields=inactive, record=record))
    again = await write(vendor, kind, Write(fields=inactive, record=record))

    assert (type(one.outcome), type(again.outcome)) == (Done, Done)
    assert {one.record, again.record} == {record}
    there = vendor.there(kind)[record]
    assert {name: there[name] for name in inactive} == inactive


async def test_fields_beside_a_status_go_by_the_ordinary_call_whose_answer_is_all_of_it(
    vendor: Played,
) -> None:
    record = put(vendor, "contacts")
    fields = {"status": "inactive", "website": "velm.example"}

    one = await write(vendor, "contacts", Write(fields=fields, record=record))
    [read] = await vendor.connector.fetch(vendor.vendor, vendor.kind("contacts"), [record])

    assert calls(vendor)[:2] == [
        ("POST", f"/books/v3/contacts/{record}/inactive"),
        ("PUT", f"/books/v3/contacts/{record}"),
    ]
    assert (one.data, one.at) == (read.data, read.at)
    there = vendor.there("contacts")[record]
    assert (there["status"], there["website"]) == ("inactive", "velm.example")


@pytest.mark.parametrize(("status", "made_by"), [("active", 1), ("inactive", 2)])
async def test_what_is_made_has_the_status_that_it_is_to_have(
    vendor: Played, status: str, made_by: int
) -> None:
    fields = {"contact_name": "Velm", "status": status}

    one = await write(vendor, "contacts", Write(fields=fields, mark="m-1", look=False))

    assert isinstance(one.outcome, Done)
    assert vendor.there("contacts")[one.record]["status"] == status
    assert len(calls(vendor)) == made_by


async def test_what_was_there_already_keeps_the_status_that_it_has(vendor: Played) -> None:
    made = await write(vendor, "contacts", Write(fields={"contact_name": "Velm"}, mark="m-1"))
    fields = {"contact_name": "Velm", "status": "inactive"}

    again = await write(vendor, "contacts", Write(fields=fields, mark="m-1"))

    assert (again.record, again.was_there) == (made.record, True)
    assert vendor.there("contacts")[made.record]["status"] == "active"


async def test_a_lost_answer_leaves_the_rest_unwritten_until_it_was_looked_at(
    vendor: Played,
) -> None:
    record = put(vendor, "contacts")
    vendor.world.faults.add(Fault(system="books", fault="answer_lost", method="POST", count=1))
    fields = {"status": "inactive", "website": "velm.example"}

    one = await write(vendor, "contacts", Write(fields=fields, record=record))

    assert isinstance(one.outcome, Unknown)
    assert one.record == record
    there = vendor.there("contacts")[record]
    assert (there["status"], there["website"]) == ("inactive", "")


async def test_what_is_refused_beside_it_is_told_with_the_status_that_it_has_now(
    vendor: Played,
) -> None:
    put(vendor, "contacts", "Velm")
    record = put(vendor, "contacts", "Other")
    fields = {"status": "inactive", "contact_name": "Velm"}

    one = await write(vendor, "contacts", Write(fields=fields, record=record))

    assert isinstance(one.outcome, Refused)
    assert one.outcome.sentence.startswith("It is inactive now; of what else was to be written: ")


async def test_a_status_that_there_is_not_is_refused_before_any_call(vendor: Played) -> None:
    record = put(vendor, "items")

    one = await write(vendor, "items", Write(fields={"status": "void"}, record=record))

    assert isinstance(one.outcome, Refused)
    assert one.outcome.sentence == (
        "The status of items is one of active, inactive; found 'void'. Mend the flow that says so."
    )
    assert calls(vendor) == []


async def test_the_status_of_a_document_is_left_to_its_kind(vendor: Played) -> None:
    customer = put(vendor, "contacts")
    line = {"name": "Survey", "rate": 1, "quantity": 1}
    fields = {"customer_id": customer, "status": "draft", "line_items": [line]}

    one = await write(vendor, "invoices", Write(fields=fields, mark="m-1"))

    assert isinstance(one.outcome, Done)


def put(vendor: Played, kind: str, name: str = "Velm") -> str:
    fields = {NAMES[kind]: name, **BESIDE.get(kind, {})}
    return str(vendor.system.put(kind, fields)[vendor.kind(kind).id])


async def write(vendor: Played, kind: str, one: Write) -> Written:
    [written] = await vendor.connector.write(vendor.vendor, vendor.kind(kind), [one])
    return written


def calls(vendor: Played) -> list[tuple[Any, ...]]:
    """Give the calls by which something was written."""
    return [
        (one.method, one.path)
        for one in vendor.world.calls
        if one.method in ("POST", "PUT") and "/oauth/" not in one.path
    ]
