"""Estimates: sent, answered, expired by the clock, and turned into invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hub.sandbox.world import World
    from tests.sandbox.books.caller import Caller, Json


def path_of(estimate: Json) -> str:
    return f"/estimates/{estimate['estimate_id']}"


@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_only_a_quote_that_was_sent_can_be_answered(
    call: Caller, world: World, answer: str
) -> None:
    estimate = call.estimate(call.contact())
    path = path_of(estimate)

    too_early = call("POST", f"{path}/status/{answer}")
    call("POST", f"{path}/status/sent")
    world.clock.advance(86_400)
    call("POST", f"{path}/status/{answer}")
    again = call("POST", f"{path}/status/{answer}")

    assert (too_early.status, again.status) == (400, 400)
    assert call.get(path)["status"] == answer
    assert call.get(path)[f"{answer}_date"] == "2026-03-03"


def test_a_quote_expires_by_the_clock_where_the_organisation_is(call: Caller, world: World) -> None:
    estimate = call.estimate(call.contact(), expiry_date="2026-03-02")
    draft = call.get(path_of(estimate))
    call("POST", f"{path_of(estimate)}/email")
    world.clock.advance(13 * 3600 + 44 * 60 + 55)
    last_second = call.get(path_of(estimate))

    world.clock.advance(1)

    assert (draft["status"], last_second["status"]) == ("draft", "sent")
    assert call.get(path_of(estimate))["status"] == "expired"
    assert call.names("/estimates", "status", filter_by="Status.Expired") == ["expired"]


def test_a_quote_becomes_an_invoice(call: Caller) -> None:
    contact = call.contact()
    line = {"name": "Work", "rate": 80, "quantity": 2, "tax_id": call.tax("VAT 19")}
    estimate = call.estimate(contact, line)
    call("POST", f"{path_of(estimate)}/status/sent")
    call("POST", f"{path_of(estimate)}/status/accepted")

    converted = {"invoiced_estimate_id": estimate["estimate_id"]}
    invoice = call.made("/invoices", {"customer_id": contact["contact_id"], **converted})

    found = call.get(path_of(estimate))
    assert invoice["estimate_id"] == estimate["estimate_id"]
    assert invoice["total"] == estimate["total"]
    assert invoice["line_items"][0]["quantity"] == 2
    assert (found["status"], found["invoice_ids"]) == ("invoiced", [invoice["invoice_id"]])
    assert found["invoiced_amount"] == invoice["total"]
    assert found["uninvoiced_amount"] == 0


def test_part_of_a_quote_can_be_invoiced(call: Caller) -> None:
    contact = call.contact()
    estimate = call.estimate(contact)
    half = {"name": "Half", "rate": 60}

    call.invoice(contact, half, invoiced_estimate_id=estimate["estimate_id"])

    assert call.get(path_of(estimate))["uninvoiced_amount"] == 40


def test_an_invoice_of_a_quote_that_is_not_there_is_refused(call: Caller) -> None:
    entered = {"customer_id": call.contact()["contact_id"], "invoiced_estimate_id": "1"}

    assert call("POST", "/invoices", entered).refusal == (400, 4)


def test_quotes_have_numbers_of_their_own(call: Caller) -> None:
    contact = call.contact()
    call.invoice(contact)

    assert call.estimate(contact)["estimate_number"] == "QT-000001"


def test_a_quote_is_not_owed(call: Caller) -> None:
    contact = call.contact()
    estimate = call.estimate(contact)
    call("POST", f"{path_of(estimate)}/status/sent")

    found = call.get(f"/contacts/{contact['contact_id']}")

    assert found["outstanding_receivable_amount"] == 0
    assert found["has_transaction"] is True


def test_a_quote_can_be_changed_and_deleted(call: Caller) -> None:
    estimate = call.estimate(call.contact())

    changed = call("PUT", path_of(estimate), {"line_items": [{"name": "More", "rate": 150}]})
    gone = call("DELETE", path_of(estimate))

    assert changed["estimate"]["total"] == 150
    assert changed["estimate"]["uninvoiced_amount"] == 150
    assert gone.message == "The estimate has been deleted."
