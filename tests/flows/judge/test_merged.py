"""Two companies are merged at a vendor that does not say which stays: a person says so, once."""

from __future__ import annotations

import pytest

from tests.flows.judge.test_one_place import waiting
from tests.flows.judge.told import SETUP, VELM, WON, follows, goes_on, stage_of

DORN = '10:02 account 4 Account_Name = "Dorn", Website = "dorn.example", Currency = "EUR"'
ANA = (
    '10:03 crm.contact 5 Account_Name = account 3, First_Name = "Ana", Last_Name = "Reis", '
    'Email = "ana@velm.example"'
)
MOVED = "10:10 crm.contact 5 Account_Name = account 4"
GONE = "10:11 account 3 is gone"
MERGED = [VELM, DORN, ANA, MOVED, GONE]
OWED = (
    '10:05 invoice {} customer_id = books.contact {}, currency_id = "EUR", status = "sent", '
    'total = {}, due_date = "2026-03-16"'
)
THEIRS_STAYS = "ana says: link crm.Accounts/4, books.contacts/2 stays"
OURS_STAYS = "ana says: link crm.Accounts/4, books.contacts/1 stays"


@pytest.mark.parametrize("lines", [[MOVED, GONE], [GONE.replace(":11", ":09"), MOVED]])
def test_where_its_people_went_goes_on_in_whatever_order_that_is_seen(lines: list[str]) -> None:
    stage = stage_of(VELM, DORN, ANA, *lines)

    (item,) = waiting(stage)
    assert item.choices == [
        "link crm.Accounts/4, books.contacts/2 stays",
        "link crm.Accounts/4, books.contacts/1 stays",
        "unlink",
        "leave",
    ]
    assert "merged into crm.Accounts/4 (crm.Contacts/5 is there now; linked with" in item.sentence


def test_where_the_deals_of_its_invoices_went_goes_on() -> None:
    follows(
        [
            VELM, SETUP, DORN, WON,
            "10:30 deal 7 Account_Name = account 4", "10:31 account 3 is gone",
        ],
        "asked: It may have been merged into crm.Accounts/4 (crm.Deals/7 names it now",
        flow="payment_status_to_crm",
    )  # fmt: skip


def test_one_that_was_left_by_a_person_alone_is_asked_about_by_itself() -> None:
    follows(
        [VELM, "10:10 account 3 is gone"],
        "asked: crm.Accounts/3 is gone; it was linked with books.contacts/1.",
    )


def test_both_customers_agree_with_the_company_that_stays_and_nobody_is_asked_again() -> None:
    stage = stage_of(*MERGED)

    goes_on(stage, f"10:30 {THEIRS_STAYS}", '10:40 account 4 Website = "new.example"')

    assert waiting(stage) == []
    said = [stage.sides.fields(("books", "contacts", one))["website"] for one in ("1", "2")]
    assert said == ["new.example", "new.example"]
    assert stage.hub.linked_with(("crm", "Accounts", "3")) == ()


@pytest.mark.parametrize(("answer", "customer"), [(THEIRS_STAYS, "2"), (OURS_STAYS, "1")])
def test_what_is_won_afterwards_is_invoiced_to_the_customer_that_stays(
    answer: str, customer: str
) -> None:
    deal = SETUP.replace("10:01", "10:40").replace("account 3", "account 4")
    follows(
        [*MERGED, f"10:30 {answer}", deal, WON.replace("10:10", "10:50")],
        f"books.invoices is made once with customer_id = books.contact {customer}",
        flow="invoice_from_won_deal",
    )


def test_what_the_customer_of_the_one_that_is_gone_owes_is_owed_by_the_one_that_stays() -> None:
    follows(
        [
            VELM, DORN, ANA, OWED.format(8, 1, 50), OWED.format(9, 2, 20), MOVED, GONE,
            f"10:30 {THEIRS_STAYS}",
        ],
        "account 4 gets Books_Balance = 20",
        "asked: nothing that is said of books.contacts/1 is said of another",
        "account 4 gets Books_Balance = 70",
        flow="payment_status_to_crm",
    )  # fmt: skip


def test_one_that_was_in_no_link_takes_the_place_of_the_one_that_is_gone() -> None:
    stage = stage_of(
        'there was: account 4 Account_Name = "Dorn", Currency = "EUR"', VELM, ANA, MOVED, GONE
    )
    assert waiting(stage)[0].choices[0] == "link crm.Accounts/4"

    goes_on(stage, "10:30 ana says: link crm.Accounts/4")

    members = stage.hub.linked_with(("crm", "Accounts", "4"))
    assert {record for _, _, record in members} == {"4", "1"}


@pytest.mark.parametrize(("answer", "gone", "left"), [(THEIRS_STAYS, 2, 1), (OURS_STAYS, 1, 2)])
def test_the_duplicate_that_a_vendor_kept_is_the_customer_then_and_no_further_one_is_made(
    answer: str, gone: int, left: int
) -> None:
    deal = SETUP.replace("10:01", "10:45").replace("account 3", "account 4")
    merged_there = [f"10:30 {answer}", f"10:40 books.contact {gone} is gone"]
    follows(
        [*MERGED, *merged_there, deal, WON.replace("10:10", "10:50")],
        f"books.invoices is made once with customer_id = books.contact {left}",
        flow="invoice_from_won_deal",
    )
