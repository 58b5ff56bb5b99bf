"""The lines of `see` are read as people write them, and what cannot be read is said."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from hub.flows.examples import Names, NotAStory, seen_in

NAMES = Names(
    kinds=frozenset(
        {("crm", "Deals"), ("crm", "Contacts"), ("books", "contacts"), ("crm", "Accounts")}
    ),
    sources={"won": ("crm", "Deals")},
    nested=frozenset({"crm"}),
)


@pytest.mark.parametrize("word", ["deal", "Deals", "crm.deal", "crm.Deals", "won"])
def test_a_record_is_called_what_people_call_it(word: str) -> None:
    (seen,) = seen_in([f'10:00 {word} 7 Stage = "Lost"'], NAMES)

    assert seen.key == ("crm", "Deals", "7")


def test_fields_are_exact_and_may_lie_deep_or_name_another_record() -> None:
    (seen,) = seen_in(
        ['10:00 deal 7 Amount = 12.50, Owner.email = "a, b = c", Account_Name = account 3'], NAMES
    )

    assert seen.fields == {
        "Amount": Decimal("12.50"),
        "Owner": {"email": "a, b = c"},
        "Account_Name": {"id": "3"},
    }
    assert isinstance(seen.fields["Amount"], Decimal)


def test_where_ids_stand_alone_another_record_is_named_by_its_id() -> None:
    (seen,) = seen_in(["10:00 books.contact 9 main = deal 7"], NAMES)

    assert seen.fields == {"main": "7"}


def test_a_line_without_a_day_is_of_the_day_of_the_line_before() -> None:
    seen = seen_in(["31 March 23:00 nothing happens", "23:30 deal 7 is gone"], NAMES)

    assert [one.at for one in seen] == [
        datetime(2026, 3, 31, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 23, 30, tzinfo=UTC),
    ]


def test_what_was_there_before_has_no_time() -> None:
    seen = seen_in(["there was: deal 7 Amount = 1", "first sync"], NAMES)

    assert [(one.act, one.at) for one in seen] == [("was", None), ("first sync", None)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "10:00 contact 7 Amount = 1",
            "expected a kind of records, books.contacts or crm.Contacts",
        ),
        ("10:00 invoice 7 Amount = 1", "expected a kind of records, .*found “invoice”"),
        ("10:00 deal 7 Amount", "expected fields, as .*found “Amount”"),
        ("10:00 deal 7 Amount = ", "expected fields|expected a value|expected a record"),
        ("10:00 deal 7 Amount = 1; Stage = 2", "expected a comma, .*found “; Stage = 2”"),
        ("25:00 deal 7 Amount = 1", "expected a day and a time that there are"),
        ("31 Merch 10:00 deal 7 is gone", "expected a day and a time that there are"),
        ("deal 7 Amount = 1", "expected a time and what is seen then"),
        ("10:00 nothing", "expected a record and what it says"),
    ],
)
def test_what_cannot_be_read_is_said(line: str, said: str) -> None:
    with pytest.raises(NotAStory, match=said) as fault:
        seen_in([line], NAMES)

    assert line in str(fault.value)


def test_lines_stand_in_the_order_of_time() -> None:
    with pytest.raises(NotAStory, match="expected lines in the order of time"):
        seen_in(["10:05 deal 7 is gone", "10:04 deal 8 is gone"], NAMES)
