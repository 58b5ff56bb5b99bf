"""A while flow keeps records told, for as long as something is so, and tells nothing twice."""

from __future__ import annotations

from tests.flows.judge.told import SETUP, VELM, WON, follows

PAYMENT = "payment_status_to_crm"
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
    follows(
        [
            VELM,
            (
                '11:00 invoice 8 customer_id = books.contact 1, currency_id = "USD", total = 50, '
                'status = "sent", due_date = "2026-03-16"'
            ),
        ],
        "account 3 gets nothing",
        flow=PAYMENT,
    )


def test_an_account_says_what_all_its_invoices_come_to() -> None:
    two = (
        '{at} invoice {id} customer_id = books.contact 1, currency_id = "EUR", total = {total}, '
        'status = "sent", due_date = "2026-03-16"'
    )

    follows(
        [VELM, two.format(at="11:00", id=8, total="50.10"),
         two.format(at="12:00", id=9, total="0.05")],
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
