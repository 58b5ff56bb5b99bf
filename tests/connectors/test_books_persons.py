"""The persons of a customer of Zoho Books: written one by one, found within it, never as a set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.connectors.connector import NotRead, Write, Written
from hub.connectors.outcome import Done, Refused, Unknown
from hub.sandbox.faults import Fault
from tests.connectors.played import Played, played, said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database import Database

ADA = {"first_name": "Ada", "last_name": "Lund", "email": "ada@lund.example"}


@pytest.fixture
async def vendor(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("books", database, tmp_path) as one:
        yield one


async def test_persons_as_a_set_are_refused_before_anything_is_asked(vendor: Played) -> None:
    of_set = Write(fields={"contact_persons": [ADA]}, record=customer(vendor))
    calls = vendor.world.calls_count

    [refused] = await vendor.connector.write(vendor.vendor, vendor.kind("contacts"), [of_set])

    assert isinstance(refused.outcome, Refused)
    assert vendor.world.calls_count == calls


async def test_p6_a_person_whose_answer_was_lost_is_made_once(vendor: Played) -> None:
    # given
    record = customer(vendor)
    vendor.world.faults.add(Fault(system="books", fault="answer_lost", method="POST", count=1))

    # when
    lost = await make(vendor, record, ADA, look=False)
    again = await make(vendor, record, ADA)

    # then
    assert isinstance(lost.outcome, Unknown)
    assert vendor.kind("contactpersons").creates == "readable"
    [person] = persons(vendor, record)
    assert (again.record, again.was_there) == (person["contact_person_id"], True)
    assert said(again.data or b"")["email"] == "ada@lund.example"


async def test_two_people_behind_one_address_are_two_persons(vendor: Played) -> None:
    record = customer(vendor)

    first = await make(vendor, record, {**ADA, "email": "info@lund.example"})
    second = await make(
        vendor, record, {"first_name": "Bo", "last_name": "Ek", "email": "info@lund.example"}
    )

    assert not second.was_there
    assert first.record != second.record
    assert {one["first_name"] for one in persons(vendor, record)} == {"Ada", "Bo"}


async def test_a_person_whom_nothing_would_tell_is_not_made(vendor: Played) -> None:
    record = customer(vendor)

    for fields in ({"contact_id": record, "phone": "1"}, ADA):
        [one] = await write(vendor, Write(fields=fields))
        assert isinstance(one.outcome, Refused)
    assert persons(vendor, record) == []


async def test_nobody_is_made_while_the_customer_cannot_be_read(vendor: Played) -> None:
    record = customer(vendor)
    vendor.world.faults.add(Fault(system="books", fault="http_500", method="GET", count=1))

    one = await make(vendor, record, ADA)

    assert not isinstance(one.outcome, Done | Unknown)
    assert persons(vendor, record) == []


async def test_a_change_of_a_person_leaves_the_others_and_says_its_name_again(
    vendor: Played,
) -> None:
    record = customer(vendor)
    ada = await make(vendor, record, ADA)
    await make(vendor, record, {"first_name": "Bo", "email": "bo@lund.example"})
    change = Write(fields={"contact_id": record, "phone": "+46 8 1"}, record=ada.record)

    [changed] = await write(vendor, change)

    assert isinstance(changed.outcome, Done)
    assert [(one["first_name"], one["phone"]) for one in persons(vendor, record)] == [
        ("Ada", "+46 8 1"),
        ("Bo", ""),
    ]
    assert '"first_name":"Ada"' in vendor.world.calls[-1].body


async def test_a_person_is_searched_within_its_customer(vendor: Played) -> None:
    record, other = customer(vendor), customer(vendor, "Other")
    ada = await make(vendor, record, ADA)
    await make(vendor, other, ADA)
    kind = vendor.kind("contactpersons")
    by_mail = {"contact_id": record, "email": "ADA@lund.example"}

    found = await vendor.connector.search(vendor.vendor, kind, by_mail)

    assert [one.record for one in found] == [ada.record]
    with pytest.raises(ValueError, match="contact_id"):
        await vendor.connector.search(vendor.vendor, kind, {"email": "ada@lund.example"})


async def test_a_person_is_read_with_its_customer_and_never_alone(vendor: Played) -> None:
    ada = await make(vendor, customer(vendor), ADA)

    with pytest.raises(NotRead, match="of its customer"):
        await vendor.connector.fetch(vendor.vendor, vendor.kind("contactpersons"), [ada.record])


async def test_a_customer_may_be_made_with_its_persons(vendor: Played) -> None:
    one = Write(fields={"contact_name": "New", "contact_persons": [ADA]}, mark="m-1")

    [made] = await vendor.connector.write(vendor.vendor, vendor.kind("contacts"), [one])

    assert [person["first_name"] for person in persons(vendor, made.record)] == ["Ada"]


def customer(vendor: Played, name: str = "Lund AB") -> str:
    return str(vendor.system.put("contacts", {"contact_name": name})["contact_id"])


def persons(vendor: Played, record: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = vendor.there("contacts")[record]["contact_persons"]
    return found


async def make(
    vendor: Played, record: str, fields: dict[str, Any], *, look: bool = True
) -> Written:
    [one] = await write(vendor, Write(fields={"contact_id": record, **fields}, look=look))
    return one


async def write(vendor: Played, one: Write) -> list[Written]:
    return await vendor.connector.write(vendor.vendor, vendor.kind("contactpersons"), [one])
