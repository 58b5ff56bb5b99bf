"""A while flow keeps records told, for as long as something is so, and tells nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.flows.judge.while_facts import currency_of
from hub.flows.known import Record
from hub.stories import play
from tests.flows.judge.told import SETUP, VELM, WON, follows, scene_for

if TYPE_CHECKING:
    from collections.abc import Sequence

PAYMENT = "payment_status_to_crm"
INVOICE = (
    '{at} invoice {id} customer_id = books.contact 1, currency_id = "{currency}", total = {total}, '
    'status = "sent", due_date = "2026-03-16"'
)
SENT = '12:00 invoice 1 status = "sent", due_date = "2026-03-16"'


def test_a_draft_tells_nothing() -> None:
    follows(
        [VELM, SETUP, WON, '12:00 invoice 1 notes = "x"'],
        "account 3 gets nothing",
        'deal 7 gets Books_Invoice_Id = "1"',
        "books.contacts is made once",
        "books.invoices is made once",
        "nothing else",
        flow=PAYMENT,
    )


def test_an_account_that_is_gone_is_told_nothing() -> None:
    follows(
        [
            VELM,
            "10:30 account 3 is gone",
            INVOICE.format(at="11:00", id=8, currency="EUR", total=50),
        ],
        "account 3 gets nothing",
        flow=PAYMENT,
    )


def test_an_account_that_is_made_later_is_told_what_its_customer_owes_already() -> None:
    follows(
        [
            '10:00 books.contact 1 company_name = "Velm", currency_id = "EUR"',
            INVOICE.format(at="11:00", id=8, currency="EUR", total=50),
            "12:00 ana says: create",
        ],
        "crm.Accounts is made once",
        "crm.account 1 gets Books_Balance = 50",
        flow=PAYMENT,
    )


def test_an_account_whose_currency_comes_to_be_known_later_is_told_in_it() -> None:
    follows(
        [
            '10:00 account 3 Account_Name = "Velm", Website = "velm.example"',
            INVOICE.format(at="11:00", id=8, currency="USD", total=50),
            '12:00 account 3 Currency = "USD"',
        ],
        "books.contacts is made once",
        "account 3 gets Books_Overdue_Count = 0",
        'account 3 gets Books_Balance = 50, Books_Currency = "USD"',
        flow=PAYMENT,
    )


def test_what_was_told_is_not_told_again() -> None:
    follows(
        [
            VELM,
            ('11:00 invoice 8 customer_id = books.contact 1, currency_id = "EUR", total = 50, '
            'status = "sent", due_date = "2026-03-16"'),
            '3 March 09:00 invoice 8 notes = "x"',
            "5 March 09:00 nothing happens",
        ],
        "books.contacts is made once",
        "account 3 gets Books_Balance = 50",
        "nothing else",
        flow=PAYMENT,
    )  # fmt: skip


def test_a_balance_in_another_currency_is_left_alone() -> None:
    see = [VELM, INVOICE.format(at="11:00", id=8, currency="USD", total=50)]

    (told,) = told_to("account 3", see)

    assert told.keys() == {"Books_Overdue_Count", "Books_As_Of"}


def test_a_customer_with_two_currencies_is_told_in_that_of_the_account() -> None:
    see = [
        VELM,
        '10:30 books.contact 2 company_name = "Velm", currency_id = "USD"',
        "10:31 ana says: link crm.Accounts/3",
        INVOICE.format(at="11:00", id=8, currency="EUR", total=50),
        INVOICE.format(at="17 March 11:00", id=9, currency="USD", total=70).replace(
            "contact 1", "contact 2"
        ),
    ]

    *_, last = told_to("account 3", see)

    assert (last["Books_Balance"], last["Books_Currency"]) == (50, "EUR")
    assert last["Books_Overdue_Count"] == 2


def test_that_a_figure_has_grown_older_is_no_news() -> None:
    see = [VELM, INVOICE.format(at="11:00", id=8, currency="EUR", total=50)]

    (told,) = told_to("account 3", [*see, "10 March 09:00 nothing happens"])

    assert told["Books_As_Of"] == "2026-03-02T11:00:01+00:00"


@pytest.mark.parametrize("name", ["Currency", "CurrencyIsoCode"])
def test_each_system_has_its_own_name_for_the_currency_of_a_record(name: str) -> None:
    record = Record(key=("any", "Account", "3"), fields={"Name": "Velm", name: "USD"})

    assert currency_of(record) == "USD"


def test_money_of_a_record_without_a_currency_is_of_the_base_currency() -> None:
    plain = VELM.replace(', Currency = "EUR"', "")
    see = [plain, INVOICE.format(at="11:00", id=8, currency="USD", total=50)]

    (told,) = told_to("account 3", see)

    assert "Books_Balance" not in told


def test_an_invoice_that_is_deleted_is_owed_no_more() -> None:
    follows(
        [VELM, INVOICE.format(at="11:00", id=8, currency="EUR", total=50),
         INVOICE.format(at="11:30", id=9, currency="EUR", total=20), "12:00 invoice 8 is gone"],
        "account 3 gets Books_Balance = 70",
        "account 3 gets Books_Balance = 20",
        flow=PAYMENT,
    )  # fmt: skip


def test_an_account_says_what_all_its_invoices_come_to() -> None:
    follows(
        [VELM, INVOICE.format(at="11:00", id=8, currency="EUR", total="50.10"),
         INVOICE.format(at="12:00", id=9, currency="EUR", total="0.05")],
        "account 3 gets Books_Balance = 50.10",
        "account 3 gets Books_Balance = 50.15",
        flow=PAYMENT,
    )  # fmt: skip


def test_what_a_person_overwrites_is_left_until_the_figure_moves() -> None:
    follows(
        [VELM, SETUP, WON, SENT, "13:00 deal 7 Books_Balance = 1",
         '14:00 invoice 1 status = "paid", balance = 0'],
        'deal 7 gets Books_Payment_Status = "Sent", Books_Balance = 100',
        'deal 7 gets Books_Payment_Status = "Paid", Books_Balance = 0',
        flow=PAYMENT,
    )  # fmt: skip


def told_to(record: str, see: Sequence[str]) -> list[dict[str, Any]]:
    """Play a story; give what was written to a record, write by write."""
    scene = scene_for(PAYMENT)
    word, id_ = record.split()
    key = scene.names().key(word, id_)
    return [one.sent for one in play(see, scene) if one.is_write and one.key == key]
