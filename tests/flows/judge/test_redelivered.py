"""What a vendor has lost is written again, and whoever was told of it is told anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.events import Redelivered, payload
from hub.operate.act import act
from hub.projectors.sync.deliveries import to_record
from tests.flows.judge.told import SETUP, VELM, WON, goes_on, stage_of

if TYPE_CHECKING:
    from uuid import UUID

    from hub.stories.play import Stage

FLOW = "invoice_from_won_deal"
DEAL = ("crm", "Deals", "7")


def test_p6_an_invoice_that_is_lost_is_made_again_and_its_deal_names_the_new_one() -> None:
    stage = an_invoiced_deal(FLOW)
    (old,) = stage.sides.of_kind("books", "invoices")
    goes_on(stage, f"11:00 books.invoice {old} is gone", flow=FLOW)

    redelivers(stage, Redelivered(made=[made(stage, "invoices")], written=[]))

    (new,) = stage.sides.of_kind("books", "invoices")
    assert new != old
    assert stage.sides.fields(DEAL)["Books_Invoice_Id"] == new


def test_a_deal_that_has_lost_the_number_of_its_invoice_is_told_again() -> None:
    stage = an_invoiced_deal(FLOW)
    goes_on(stage, "11:00 deal 7 Books_Invoice_Id = null", flow=FLOW)
    assert stage.sides.fields(DEAL)["Books_Invoice_Id"] is None

    redelivers(stage, Redelivered(made=[], written=[to_record(DEAL)]))

    assert stage.sides.fields(DEAL)["Books_Invoice_Id"] == "1"
    assert stage.sides.of_kind("books", "invoices") == ["1"]


def test_what_a_deal_was_told_of_its_payment_is_told_again() -> None:
    flow = "payment_status_to_crm"
    stage = an_invoiced_deal(flow)
    goes_on(stage, '11:00 invoice 1 status = "sent", due_date = "2026-03-16"', flow=flow)
    goes_on(stage, "12:00 deal 7 Books_Payment_Status = null", flow=flow)
    assert stage.sides.fields(DEAL)["Books_Payment_Status"] is None

    redelivers(stage, Redelivered(made=[], written=[to_record(DEAL)]))

    assert stage.sides.fields(DEAL)["Books_Payment_Status"] == "Sent"


def an_invoiced_deal(flow: str) -> Stage:
    stage = stage_of(VELM, SETUP, WON, "10:30 nothing happens", flow=flow)
    assert stage.sides.of_kind("books", "invoices") == ["1"]
    return stage


def made(stage: Stage, kind: str) -> UUID:
    """Give the delivery that has made a record of such a kind."""
    (answer,) = [one for one in stage.hub.log if (one.type, one.kind) == ("answered", kind)]
    delivery: UUID = payload(answer).delivery
    return delivery


def redelivers(stage: Stage, what: Redelivered) -> None:
    stage.hub.tell(act(what, "ana"))
    stage.settle()
