"""P6: one thing is made once, whoever wants it and however often."""

from __future__ import annotations

from tests.flows.judge.told import SETUP, VELM, WON, follows

INVOICE = "invoice_from_won_deal"


def test_a_company_that_is_edited_before_its_customer_is_made_gets_one() -> None:
    follows(
        [VELM, '10:00 account 3 Website = "new.example"', '10:00 account 3 Phone = "1"'],
        'books.contacts is made once with website = "new.example"',
        "nothing else",
    )


def test_two_deals_that_need_the_same_customer_get_one_made() -> None:
    old = 'there was: account 3 Account_Name = "Velm", Currency = "EUR"'
    other = SETUP.replace("deal 7", "deal 8")

    follows(
        [old, SETUP, other, WON, '10:10 deal 8 Stage = "Closed Won"'],
        "books.contacts is made once",
        "books.invoices is made with customer_id = books.contact 1",
        flow=INVOICE,
    )


def test_an_invoice_that_was_voided_is_not_made_again() -> None:
    follows(
        [
            VELM, SETUP, WON,
            '11:00 invoice 1 status = "void"',
            '12:00 deal 7 Stage = "Proposal"',
            '12:10 deal 7 Stage = "Closed Won"',
        ],
        "books.invoices is made once",
        flow=INVOICE,
    )  # fmt: skip


def test_an_invoice_that_was_deleted_is_not_made_again() -> None:
    follows(
        [VELM, SETUP, WON, "11:00 invoice 1 is gone", '12:00 deal 7 Stage = "Proposal"',
         '12:10 deal 7 Stage = "Closed Won"'],
        "books.invoices is made once",
        flow=INVOICE,
    )  # fmt: skip


def test_won_by_a_slip_and_then_for_good_gives_one_invoice() -> None:
    follows(
        [
            VELM, SETUP,
            '10:10 deal 7 Stage = "Closed Won"',
            '10:12 deal 7 Stage = "Proposal"',
            '10:14 deal 7 Stage = "Closed Won"',
            "10:16 deal 7 Amount = 120",
        ],
        "books.invoices is made once with total = 120",
        flow=INVOICE,
    )  # fmt: skip


def test_two_deals_in_another_currency_get_one_more_customer() -> None:
    abroad = VELM.replace("EUR", "USD")
    other = SETUP.replace("deal 7", "deal 8")

    follows(
        [abroad, SETUP, other, WON, '10:10 deal 8 Stage = "Closed Won"'],
        'books.contacts is made with currency_id = "USD"',
        'books.contacts is made with currency_id = "EUR"',
        "books.contact 2 gets nothing",
        "account 3 is linked with books.contact 2",
        flow=INVOICE,
    )


def test_the_next_deal_in_that_currency_has_its_customer_already() -> None:
    abroad = VELM.replace("EUR", "USD")
    later = SETUP.replace("deal 7", "deal 8").replace("10:01", "12:00")

    follows(
        [abroad, SETUP, WON, later, '12:10 deal 8 Stage = "Closed Won"'],
        'books.contacts is made with currency_id = "USD"',
        'books.contacts is made with currency_id = "EUR"',
        "books.invoices is made with customer_id = books.contact 2",
        'deal 7 gets Books_Invoice_Id = "1"',
        'deal 8 gets Books_Invoice_Id = "2"',
        "nothing else",
        flow=INVOICE,
    )
