"""P7: what the hub wrote comes back, and nothing follows; what a person says beside it is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.events import Event, payload
from hub.flows.steps import value_at
from hub.projectors.sync.deliveries import ROUNDS_MAX
from tests.flows.judge.test_one_place import waiting
from tests.flows.judge.told import VELM, follows, goes_on, stage_of

if TYPE_CHECKING:
    from datetime import datetime

ACCOUNT, CONTACT = ("crm", "Accounts", "3"), ("books", "contacts", "1")

PLACES = {
    "Website": "website", "Account_Name": "company_name", "Billing_City": "billing_address.city",
}  # fmt: skip


def test_what_was_made_comes_back_and_nothing_follows() -> None:
    follows(
        [VELM, "10:05 books.contact 1 notes = null", "10:06 account 3 Description = null"],
        "books.contacts is made once",
        "nothing else",
    )


def test_a_name_that_has_to_be_cut_is_written_once() -> None:
    name = "Velm " * 50
    follows(
        [f'10:00 account 3 Account_Name = "{name}"', "10:05 account 3 Description = null"],
        "books.contacts is made once",
        "account 3 gets nothing",
        "nothing else",
    )


def test_an_edit_of_another_field_in_the_minute_of_a_write_is_carried() -> None:
    follows(
        [
            VELM,
            '10:10 account 3 Website = "new.example"',
            '10:10 books.contact 1 billing_address.city = "Faro"',
        ],
        "books.contacts is made once",
        'books.contact 1 gets website = "new.example"',
        'account 3 gets Billing_City = "Faro"',
        "nothing else",
    )


def test_an_edit_back_right_after_a_write_is_carried() -> None:
    follows(
        [
            VELM,
            '10:10 account 3 Website = "new.example"',
            '10:11 books.contact 1 website = "velm.example"',
        ],
        'books.contact 1 gets website = "new.example"',
        'account 3 gets Website = "velm.example"',
    )


def test_two_writers_that_put_back_what_the_other_says_are_stopped_and_a_person_is_asked() -> None:
    stage = stage_of(VELM)

    for _ in range(8):
        goes_on(stage, '10:20 books.contact 1 website = "theirs.example"')
        goes_on(stage, '10:20 account 3 Website = "ours.example"')

    (item,) = waiting(stage)
    assert item.reason == "restless"
    assert len([one for one in stage.hub.log if one.type == "sending"]) <= 1 + ROUNDS_MAX


def test_two_people_who_change_their_minds_all_morning_are_not_stopped() -> None:
    stage = stage_of(VELM)

    for minute in range(10, 34, 2):
        goes_on(stage, f'10:{minute} books.contact 1 website = "theirs.example"')
        goes_on(stage, f'10:{minute + 1} account 3 Website = "ours.example"')

    assert waiting(stage) == []
    assert stage.sides.fields(CONTACT)["website"] == "ours.example"


def test_a_word_that_comes_late_with_the_stamp_of_our_write_is_judged_once_it_was_read_again() -> (
    None
):
    stage = stage_of(VELM, '10:10 account 3 Website = "ours.example"')
    ours = stage.sides.fields(CONTACT)
    stamp = stage.hub.now

    before = {**ours, "website": "theirs.example"}
    stage.hub.tell(webhook(before, stamp))
    told = len(stage.hub.log)
    stage.hub.tell(webhook(ours, stamp))
    stage.hub.tell(webhook(ours, stamp, cause=len(stage.hub.log)))
    stage.settle()

    assert stage.hub.log[told - 1].type == "observed"
    assert stage.sides.fields(CONTACT)["website"] == "ours.example"
    assert stage.sides.fields(ACCOUNT)["Website"] == "ours.example"


def webhook(fields: dict[str, Any], stamp: datetime, cause: int | None = None) -> Event:
    connection, kind, record = CONTACT
    return Event(
        type="observed", id=uuid4(), connection=connection, kind=kind, record=record,
        data=msgspec.json.encode(fields), road="webhook", occurred_at=stamp, cause=cause,
    )  # fmt: skip


edits = st.tuples(
    st.sampled_from(sorted(PLACES)),
    st.sampled_from(["crm", "books"]),
    st.sampled_from(["A", "B", "C"]),
    st.booleans(),
)


@settings(max_examples=12, derandomize=True, deadline=None, database=None)
@given(st.lists(edits, min_size=1, max_size=8))
def test_p11_both_sides_come_to_agree_and_the_hub_is_quiet(
    edited: list[tuple[str, str, str, bool]],
) -> None:
    stage = stage_of(VELM)
    minute = 10
    for field, side, value, is_later in edited:
        minute += is_later
        record = "account 3" if side == "crm" else "books.contact 1"
        name = field if side == "crm" else PLACES[field]
        goes_on(stage, f'11:{minute} {record} {name} = "{value}"')

    account = stage.sides.fields(ACCOUNT)
    contact = stage.sides.fields(CONTACT)
    for ours, theirs in PLACES.items():
        assert (account[ours] or "") == value_at(contact, tuple(theirs.split(".")))
    length = len(stage.hub.log)
    stage.settle()
    assert len(stage.hub.log) == length


def test_of_an_address_in_fields_of_their_own_only_what_differs_is_written() -> None:
    stage = stage_of(
        '10:00 account 3 Account_Name = "Velm", Billing_Street = "High 1", Billing_City = "Linz"',
        '10:10 books.contact 1 billing_address.address = "Mill 2", billing_address.city = "Linz"',
    )

    (written,) = [
        payload(one).fields
        for one in stage.hub.log
        if one.type == "sending" and one.kind == "Accounts"
    ]

    # else a city that a person is just changing there would be put back
    assert written == {"Billing_Street": "Mill 2"}


def test_another_part_of_an_address_that_stands_in_the_answer_to_a_write_is_a_persons() -> None:
    stage = stage_of(
        '10:00 account 3 Account_Name = "Velm", Billing_Street = "High 1", Billing_City = "Linz"',
    )

    # when somebody changes the city there, and the hub writes the street before it hears of that
    account = ("crm", "Accounts", "3")
    stage.sides.put(account, {"Billing_City": "Graz"}, at=stage.hub.now, created=stage.hub.now)
    goes_on(stage, '10:10 books.contact 1 billing_address.address = "Mill 2"')

    # then the answer tells of it: it is no way to say what was written, and is carried on
    there = stage.sides.fields(("books", "contacts", "1"))["billing_address"]
    here = stage.sides.fields(account)
    assert (there["address"], there["city"]) == ("Mill 2", "Graz")
    assert (here["Billing_Street"], here["Billing_City"]) == ("Mill 2", "Graz")
