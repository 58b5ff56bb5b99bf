"""P7: what the hub wrote comes back, and nothing follows; what a person says beside it is heard."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.flows.steps import value_at
from tests.flows.judge.told import VELM, follows, goes_on, stage_of

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

    account = stage.sides.fields(("crm", "Accounts", "3"))
    contact = stage.sides.fields(("books", "contacts", "1"))
    for ours, theirs in PLACES.items():
        assert (account[ours] or "") == value_at(contact, tuple(theirs.split(".")))
    length = len(stage.hub.log)
    stage.settle()
    assert len(stage.hub.log) == length
