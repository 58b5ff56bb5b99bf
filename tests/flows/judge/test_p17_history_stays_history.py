"""P17: what was there before a flow began is no change, and leads to nothing by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hub.cli.flows_test import LIBRARY as WORLD
from hub.flows.known import InForce, Record
from hub.flows.load import load
from hub.flows.load.document import template
from tests.flows.judge.told import SETUP, VELM, WON, follows

INVOICE = "invoice_from_won_deal"


def test_a_first_sight_of_a_won_deal_is_no_change() -> None:
    follows(
        ['10:00 deal 7 is first seen: Stage = "Closed Won", Amount = 100', "11:00 nothing happens"],
        "nothing",
        "nothing is asked",
        flow=INVOICE,
    )


def test_a_won_deal_of_before_that_is_edited_is_no_change_either() -> None:
    follows(
        ['there was: deal 7 Stage = "Closed Won", Amount = 100', "10:00 deal 7 Amount = 200"],
        "nothing",
        flow=INVOICE,
    )


def test_a_deal_of_before_that_is_won_now_is_a_change() -> None:
    follows(
        [
            (
                'there was: deal 7 Deal_Name = "Setup", Stage = "Proposal", Amount = 100, '
                'Currency = "EUR", Account_Name = account 3'
            ),
            VELM,
            WON,
        ],
        "books.invoices is made once",
        flow=INVOICE,
    )


def test_a_deal_that_is_created_as_won_after_the_start_is_a_change() -> None:
    follows(
        [VELM, SETUP.replace("Proposal", "Closed Won")],
        "books.invoices is made once with total = 100",
        flow=INVOICE,
    )


@pytest.mark.parametrize("line", ["there was: account 3", "10:00 account 3 is first seen:"])
def test_a_company_of_before_is_made_nowhere(line: str) -> None:
    follows([f'{line} Account_Name = "Velm"', "10:05 nothing happens"], "nothing")


def test_a_company_of_before_that_is_edited_is_still_of_before() -> None:
    follows(
        ['there was: account 3 Account_Name = "Velm"', '10:00 account 3 Phone = "1"'], "nothing"
    )


def test_the_first_sync_links_and_makes_what_a_person_has_looked_at() -> None:
    follows(
        [
            'there was: account 3 Account_Name = "Velm", Billing_Code = "1010"',
            'there was: account 4 Account_Name = "Oriel"',
            'there was: books.contact 9 company_name = "Velm", billing_address.zip = "1010"',
            "first sync",
            "10:00 nothing happens",
        ],
        "account 3 is linked with books.contact 9",
        'books.contacts is made once with company_name = "Oriel"',
    )


def test_an_invoice_that_was_sent_before_makes_no_document() -> None:
    follows(
        [
            'there was: invoice 8 customer_id = "9", status = "sent", total = 50',
            "11:00 nothing happens",
        ],
        "books.invoices is not made",
        "nothing is asked",
        flow=INVOICE,
    )


@pytest.mark.parametrize(("apart", "is_new"), [(-1, False), (0, True), (1, True)])
def test_what_is_made_in_the_second_in_which_a_flow_begins_is_new(
    apart: int, *, is_new: bool
) -> None:
    second = datetime.fromisoformat("2026-03-02T10:00:07+00:00")
    flow = load(template("customers"), "customers", {}, WORLD)
    force = InForce(flow=flow, mode="on", started_at=second + timedelta(microseconds=400_000))

    made = (second + timedelta(seconds=apart)).isoformat()
    record = Record(key=("crm", "Accounts", "3"), fields={"Created_Time": made})

    assert force.has_new(record) is is_new
