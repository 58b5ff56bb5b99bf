"""P10: what cannot be done waits for a person, with the reason; one flow stops no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.events import Due, Fetched, event_of
from tests.flows.judge.told import SETUP, VELM, WON, follows, stage_of

if TYPE_CHECKING:
    from hub.stories.play import Stage

INVOICE = "invoice_from_won_deal"


def test_a_flow_that_stumbles_over_a_record_asks_and_stops_no_other() -> None:
    follows(
        [VELM, SETUP.replace("Amount", 'Next_Step = "soon", Amount'), WON],
        "asked: It could not be judged",
        "books.contacts is made once",
        "books.invoices is not made",
        flow=INVOICE,
        above='when.becomes = "int(deal.Next_Step) > 1"',
    )


def test_a_deal_without_a_company_asks() -> None:
    follows(
        ['10:00 deal 7 Deal_Name = "Setup", Stage = "Proposal", Amount = 100', WON],
        "asked: customer: deal.Account_Name names no record",
        "nothing",
        flow=INVOICE,
    )


def test_a_tax_that_books_does_not_have_asks_for_it_by_its_name() -> None:
    quote = (
        '10:02 quote 4 Deal_Name = deal 7, Quote_Stage = "Confirmed", Currency = "EUR", '
        'Tax = 13, Grand_Total = 113, Quoted_Items = [{"Product_Name": {"name": "Survey"}, '
        '"Quantity": 1, "List_Price": 100, "Discount": 0, '
        '"Line_Tax": [{"name": "VAT 13", "percentage": 13}]}]'
    )

    follows(
        [VELM, SETUP, quote, WON],
        "asked: Expected one tax “VAT 13” at 13 %, found none",
        "books.invoices is not made",
        flow=INVOICE,
    )


def test_what_was_asked_is_judged_anew_when_the_deal_is_corrected() -> None:
    quote = (
        '10:02 quote 4 Deal_Name = deal 7, Quote_Stage = "Confirmed", Currency = "EUR", '
        'Grand_Total = 300, Quoted_Items = [{"Product_Name": {"name": "Survey"}, '
        '"Quantity": 3, "List_Price": 100, "Discount": 0, "Line_Tax": []}]'
    )

    follows(
        [VELM, SETUP, quote, WON, "11:00 deal 7 Amount = 300"],
        "asked: its lines come to 300.00 EUR",
        "books.invoices is made once with total = 300",
        flow=INVOICE,
    )


def test_what_was_asked_is_judged_anew_when_a_person_says_so() -> None:
    follows(
        [
            SETUP,
            WON,
            '10:40 deal 7 Description = "no company known yet"',
            '11:00 account 3 Account_Name = "Velm", Currency = "EUR"',
        ],
        "books.contacts is made once",
        flow=INVOICE,
    )


def test_who_waits_for_a_reading_waits_on_where_all_that_was_told_was_known() -> None:
    stage = stage_of(VELM, SETUP, WON, flow=INVOICE)
    stage.hub.tell(event_of(Due(flow=INVOICE, case="7")))
    read_to = len(stage.hub.log) + 1
    states = [state_of(stage)]

    for known in (True, False):
        what = Fetched(records={"7": read_to}, known=known)
        stage.hub.tell(event_of(what, connection="crm", kind="Deals"))
        states.append(state_of(stage))

    assert states[:2] == ["reading", "reading"]
    assert states[2] != "reading"


def state_of(stage: Stage) -> str:
    return next(
        case.state for flow, key, case in stage.hub.cases() if (flow, key) == (INVOICE, "7")
    )
