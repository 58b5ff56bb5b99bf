"""A field that is emptied on many records at once stops its flow, and nothing of it is carried."""

from __future__ import annotations

from uuid import UUID

import pytest

from hub.conclusions import Member
from hub.events import Linked, event_of
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
