"""A field that is emptied or missing on many records at once stops its flow, and is not carried."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from hub.conclusions import Member
from hub.events import Event, Linked, event_of, new_id
from hub.flows.examples import seen_in
from tests.flows.judge.told import goes_on, scene_for, stage_of

MANY = 22
CARRY = 'fields.website.empty = "carry"\nguard.at_most = []\n'
FEW = f'{CARRY}guard.emptied = ["3 records", "50 %"]'


def companies(first: int = 1, last: int = MANY) -> list[str]:
    return [
        f'10:00 account {n} Account_Name = "Velm {n}", Website = "velm{n}.example"'
        for n in range(first, last + 1)
    ]


def emptied(last: int, minute: int = 10) -> list[str]:
    return [f"10:{minute} account {n} Website = null" for n in range(1, last + 1)]


@pytest.mark.parametrize("count", [19, 21])
def test_past_so_many_it_goes_to_hold_and_a_person_is_asked_once(count: int) -> None:
    stage = stage_of(*companies(), above=CARRY)

    # when they are read in one page
    for one in seen_in(emptied(count), scene_for("customers", CARRY).names()):
        stage.see(one)
    stage.settle()
    goes_on(stage, "10:20 account 22 Website = null", above=CARRY)

    # then nothing of it is carried, and below that all of it is
    websites = [
        stage.sides.fields(("books", "contacts", record))["website"]
        for record in stage.sides.of_kind("books", "contacts")
    ]
    is_held = count > 20
    assert stage.hub.known.flows["customers"].mode == ("hold" if is_held else "on")
    assert len(stage.hub.waiting()) == is_held
    assert sum(not one for one in websites) == (0 if is_held else 20)


def test_a_share_of_many_is_more_than_a_number() -> None:
    stage = stage_of(*companies(last=10), above=FEW)

    goes_on(stage, *emptied(4), above=FEW)

    # the database behind it is empty, so of a share nothing is left
    assert stage.hub.known.flows["customers"].mode == "hold"


def test_what_was_empty_from_the_first_word_on_does_not_count() -> None:
    stage = stage_of(*(line.split(", Website")[0] for line in companies()), above=CARRY)

    assert stage.hub.known.flows["customers"].mode == "on"


def test_what_is_empty_when_a_link_that_a_person_made_is_first_looked_at_does_not_count() -> None:
    numbers = range(1, MANY + 1)
    stage = stage_of(
        *(f'there was: account {n} Account_Name = "Velm {n}", Website = null' for n in numbers),
        *(f'there was: books.contact {n} company_name = "Aar {n}"' for n in numbers),
        "10:00 nothing happens",
        above=CARRY,
    )
    for n in numbers:
        members = [
            Member(connection="crm", kind="Accounts", record=str(n)),
            Member(connection="books", kind="contacts", record=str(n), part="EUR"),
        ]
        stage.hub.tell(event_of(Linked(link=UUID(int=n), members=members), id=UUID(int=1_000 + n)))

    for n in numbers:
        goes_on(stage, f'10:05 account {n} Account_Name = "Velm & {n}"', above=CARRY)

    assert stage.hub.known.flows["customers"].mode == "on"


@pytest.mark.parametrize(("count", "road"), [(20, "fetch"), (21, "fetch"), (21, "poll")])
def test_a_field_that_full_reads_bring_no_more_stops_its_flow_once(count: int, road: str) -> None:
    stage = stage_of(*companies())

    # when it is missing in what a vendor answers, of each record more than once
    for minute in (10, 11):
        for n in range(1, count + 1):
            stage.hub.tell(account_without_website(n, minute, road))
    stage.settle()

    # then one flow is held once, and what the others say is left as it is
    is_held = count > 20 and road == "fetch"
    assert stage.hub.known.flows["customers"].mode == ("hold" if is_held else "on")
    assert len(stage.hub.waiting()) == is_held
    said = {stage.sides.fields(("books", "contacts", str(n)))["website"] for n in range(1, 23)}
    assert said == {f"velm{n}.example" for n in range(1, 23)}


def test_a_field_that_was_put_back_and_goes_missing_again_counts_again() -> None:
    few = 'guard.emptied = ["3 records", "50 %"]'
    stage = stage_of(*companies(last=2), above=few)

    for minute in (10, 30):
        for n in (1, 2):
            stage.hub.tell(account_without_website(n, minute, "fetch"))
        goes_on(stage, *(f'10:{minute + 5} account {n} Website = "new{n}"' for n in (1, 2)))
    assert stage.hub.known.flows["customers"].mode == "hold"


def account_without_website(number: int, minute: int, road: str) -> Event:
    fields = {"id": str(number), "Account_Name": f"Velm {number}", "Currency": "EUR"}
    return Event(
        type="observed", id=new_id(), connection="crm", kind="Accounts", record=str(number),
        data=msgspec.json.encode(fields), road=road,
        occurred_at=datetime(2026, 3, 2, 10, minute, 30, tzinfo=UTC),
    )  # fmt: skip
