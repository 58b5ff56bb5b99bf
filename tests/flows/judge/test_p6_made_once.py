"""P6: one thing is made once, whoever wants it and however often."""

from __future__ import annotations

from unittest.mock import patch
from uuid import uuid5

from hub.events import Answered, event_of
from hub.flows.flow import Once
from hub.flows.judge import made
from hub.flows.judge.joint import _LINKS as LINKS
from hub.flows.judge.reasons import ADOPTED
from hub.flows.judge.slot import slot_of_case
from hub.flows.known import slot_of
from tests.flows.judge.told import SETUP, VELM, WON, follows, goes_on, scene_for, stage_of

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


def test_an_invoice_that_its_answer_tells_in_full_is_not_read_for_that() -> None:
    stage = stage_of(VELM, SETUP, WON, flow=INVOICE)
    stage.run_on()

    assert stage.sides.fields(("crm", "Deals", "7"))["Books_Invoice_Id"] == "1"
    assert not [one for one in stage.hub.log if (one.type, one.kind) == ("noticed", "invoices")]


def test_an_invoice_that_its_answer_tells_in_part_is_read_once() -> None:
    stage = stage_of(VELM, SETUP, WON, flow=INVOICE)
    with patch.object(made, "says_all", lambda *_: False):
        stage.run_on()

    assert stage.sides.fields(("crm", "Deals", "7"))["Books_Invoice_Id"] == "1"
    read = [one for one in stage.hub.log if (one.type, one.kind) == ("noticed", "invoices")]
    assert len(read) == 1


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


def test_what_a_hub_made_that_the_log_has_forgotten_is_not_made_again() -> None:
    stage = stage_of(VELM, SETUP, flow=INVOICE)
    flow = scene_for(INVOICE).flows[INVOICE]
    assert isinstance(flow, Once)
    slot = slot_of_case(INVOICE, "7", flow.make)
    adopted = Answered(
        delivery=slot, attempt=0, outcome="done", sentence="", record="5", was_there=True,
        because=ADOPTED,
    )  # fmt: skip
    stage.hub.tell(event_of(adopted, connection="books", kind="invoices", record="5"))
    goes_on(
        stage,
        f'10:05 invoice 5 cf_hub_id = "{slot}", total = 100, sub_total = 100, tax_total = 0, '
        'currency_code = "EUR", invoice_number = "INV-5"',
        WON, "10:30 nothing happens",
        flow=INVOICE,
    )  # fmt: skip
    stage.run_on()

    assert stage.sides.of_kind("books", "invoices") == ["5"]
    assert stage.sides.fields(("crm", "Deals", "7"))["Books_Invoice_Id"] == "5"


def test_a_customer_whom_the_log_has_forgotten_is_linked_by_its_mark() -> None:
    stage = stage_of("10:00 nothing happens")
    link = uuid5(LINKS, "customers/crm.Accounts/3")
    slot = slot_of(link, "books", "contacts", "EUR")
    goes_on(stage, f'10:01 books.contact 8 company_name = "Renamed", cf_hub_id = "{slot}"')
    adopted = Answered(
        delivery=slot, attempt=0, outcome="done", sentence="", record="8", was_there=True,
        because=ADOPTED,
    )  # fmt: skip
    stage.hub.tell(event_of(adopted, connection="books", kind="contacts", record="8"))

    goes_on(stage, VELM.replace("10:00", "10:02"))

    assert stage.sides.of_kind("books", "contacts") == ["8"]
    assert stage.hub.linked_with(("crm", "Accounts", "3")) == (
        ("books", "contacts", "8"),
        ("crm", "Accounts", "3"),
    )


def test_a_deal_that_was_deleted_in_its_wait_and_is_back_is_invoiced() -> None:
    back = SETUP.replace("10:01", "10:30").replace("Proposal", "Closed Won")

    follows(
        [VELM, SETUP, WON, "10:12 deal 7 is gone", back],
        "books.invoices is made once",
        flow=INVOICE,
    )


def test_a_deal_that_was_won_long_ago_and_is_back_is_history() -> None:
    old = 'deal 8 Deal_Name = "Old", Stage = "Closed Won", Amount = 5, Account_Name = account 3'

    follows(
        [f"there was: {old}", VELM, "10:12 deal 8 is gone", f"10:30 {old}"],
        "books.invoices is not made",
        flow=INVOICE,
    )
