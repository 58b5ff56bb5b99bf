"""Invoices: their states, which partly follow the clock, their numbers, and their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hub.sandbox.world import World
    from tests.sandbox.books.caller import Caller, Json

DAY = 86_400
UNTIL_MIDNIGHT = 13 * 3600 + 44 * 60 + 56


def path_of(invoice: Json) -> str:
    return f"/invoices/{invoice['invoice_id']}"


def status(call: Caller, invoice: Json) -> str:
    found = call.get(path_of(invoice))
    assert found["current_sub_status"] == found["status"]
    return str(found["status"])


def test_an_invoice_begins_as_a_draft_or_is_sent_at_once(call: Caller) -> None:
    contact = call.contact()

    assert call.invoice(contact, sent=False)["status"] == "draft"
    assert call.invoice(contact)["status"] == "sent"


@pytest.mark.parametrize("step", ["status/sent", "email"])
def test_a_draft_becomes_sent_by_a_step(call: Caller, step: str) -> None:
    invoice = call.invoice(call.contact(), sent=False)

    reply = call("POST", f"{path_of(invoice)}/{step}")

    assert reply.body.keys() == {"code", "message"}
    assert status(call, invoice) == "sent"
    assert call.get(path_of(invoice))["is_emailed"] is (step == "email")


def test_an_invoice_is_overdue_when_its_last_day_is_over_where_the_organisation_is(
    call: Caller, world: World
) -> None:
    invoice = call.invoice(call.contact(), payment_terms=1)
    world.clock.advance(UNTIL_MIDNIGHT + DAY - 1)
    last_second = status(call, invoice)

    world.clock.advance(1)

    assert last_second == "sent"
    assert status(call, invoice) == "overdue"
    assert call.names("/invoices", "status", status="overdue") == ["overdue"]
    assert call.names("/invoices", "status", filter_by="Status.Sent") == []


def test_becoming_overdue_leaves_the_stamp(call: Caller, world: World) -> None:
    invoice = call.invoice(call.contact())
    world.clock.advance(10 * DAY)

    assert status(call, invoice) == "overdue"
    assert call.get(path_of(invoice))["last_modified_time"] == invoice["last_modified_time"]


def test_an_invoice_that_is_due_later_is_no_longer_overdue(call: Caller, world: World) -> None:
    invoice = call.invoice(call.contact())
    world.clock.advance(2 * DAY)

    call("PUT", path_of(invoice), {"due_date": "2026-04-01"})

    assert status(call, invoice) == "sent"


def test_an_overdue_invoice_that_is_paid_in_part_is_overdue_unless_switched(
    call: Caller, world: World
) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    call.payment(contact, 40, {invoice["invoice_id"]: 40})
    in_time = status(call, invoice)
    world.clock.advance(DAY)
    late = status(call, invoice)

    call.quirk(overdue_hides_partially_paid=False)

    assert (in_time, late) == ("partially_paid", "overdue")
    assert status(call, invoice) == "partially_paid"


def test_an_invoice_is_paid_when_nothing_is_left(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)

    call.payment(contact, 40, {invoice["invoice_id"]: 40})
    part = call.get(path_of(invoice))
    call.payment(contact, 60, {invoice["invoice_id"]: 60}, date="2026-03-22")
    whole = call.get(path_of(invoice))

    assert (part["status"], part["balance"], part["payment_made"]) == ("partially_paid", 60, 40)
    assert (whole["status"], whole["balance"], whole["payment_made"]) == ("paid", 0, 100)
    assert whole["last_payment_date"] == "2026-03-22"


def test_a_client_who_opens_an_invoice_has_viewed_it(call: Caller) -> None:
    invoice = call.invoice(call.contact())

    call.act("view", "invoices", invoice["invoice_id"])

    assert status(call, invoice) == "viewed"


def test_unpaid_is_a_filter_and_never_a_status(call: Caller, world: World) -> None:
    contact = call.contact()
    sent, overdue, part, paid = (
        call.invoice(contact, payment_terms=days) for days in (30, 0, 30, 30)
    )
    call.invoice(contact, sent=False)
    call.payment(contact, 140, {part["invoice_id"]: 40, paid["invoice_id"]: 100})
    world.clock.advance(DAY)

    found = call("GET", "/invoices", status="unpaid", sort_column="invoice_number")["invoices"]
    by_name = call.names("/invoices", "invoice_id", filter_by="Status.Unpaid")

    assert [row["status"] for row in found] == ["sent", "overdue", "partially_paid"]
    assert set(by_name) == {one["invoice_id"] for one in (sent, overdue, part)}


def test_a_void_invoice_keeps_its_balance_and_owes_nothing(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)

    reply = call("POST", f"{path_of(invoice)}/status/void")
    found = call.get(path_of(invoice))

    assert reply.message == "Invoice status has been changed to Void."
    assert (found["status"], found["total"], found["balance"]) == ("void", 100, 100)
    owing = call.get(f"/contacts/{contact['contact_id']}")
    assert owing["outstanding_receivable_amount"] == 0


def test_voiding_gives_payments_and_credits_back_to_the_customer(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    payment = call.payment(contact, 40, {invoice["invoice_id"]: 40})
    note = call.creditnote(contact, 30)
    applied = {"invoices": [{"invoice_id": invoice["invoice_id"], "amount_applied": 30}]}
    call("POST", f"/creditnotes/{note['creditnote_id']}/invoices", applied)

    call("POST", f"{path_of(invoice)}/status/void")

    found = call.get(path_of(invoice))
    assert (found["balance"], found["payment_made"], found["credits_applied"]) == (100, 0, 0)
    assert found["last_payment_date"] == ""
    payment = call.get(f"/customerpayments/{payment['payment_id']}")
    assert (payment["unused_amount"], payment["invoices"]) == (40, [])
    note = call.get(f"/creditnotes/{note['creditnote_id']}")
    assert (note["status"], note["balance"]) == ("open", 30)
    owing = call.get(f"/contacts/{contact['contact_id']}")
    assert owing["unused_credits_receivable_amount"] == 70


def test_a_void_invoice_can_only_become_a_draft(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    path = path_of(invoice)
    call("POST", f"{path}/status/void")
    applied = [{"invoice_id": invoice["invoice_id"], "amount_applied": 1}]
    paid = {
        "customer_id": contact["contact_id"], "payment_mode": "cash", "amount": 1,
        "date": "2026-03-02", "invoices": applied,
    }  # fmt: skip

    refused = [
        call("POST", f"{path}/status/void"),
        call("POST", f"{path}/status/sent"),
        call("POST", f"{path}/email"),
        call("PUT", path, {"notes": "x"}),
        call("POST", "/customerpayments", paid),
    ]
    call("POST", f"{path}/status/draft")

    assert [reply.status for reply in refused] == [400] * 5
    assert status(call, invoice) == "draft"


def test_an_invoice_that_is_not_void_cannot_become_a_draft(call: Caller) -> None:
    invoice = call.invoice(call.contact())

    assert call("POST", f"{path_of(invoice)}/status/draft").status == 400


def test_what_is_left_can_be_written_off_and_taken_back(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    call.payment(contact, 40, {invoice["invoice_id"]: 40})

    call("POST", f"{path_of(invoice)}/writeoff")
    off = call.get(path_of(invoice))
    call("POST", f"{path_of(invoice)}/writeoff/cancel")

    assert (off["status"], off["balance"], off["write_off_amount"]) == ("paid", 0, 60)
    assert status(call, invoice) == "partially_paid"
    assert call("POST", f"{path_of(invoice)}/writeoff/cancel").status == 400


def test_an_invoice_with_payments_cannot_be_deleted(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    call.payment(contact, 40, {invoice["invoice_id"]: 40})
    (row,) = call.get(f"{path_of(invoice)}/payments")

    refused = call("DELETE", path_of(invoice))
    call("DELETE", f"{path_of(invoice)}/payments/{row['invoice_payment_id']}")

    assert refused.status == 400
    assert status(call, invoice) == "sent"
    assert call("DELETE", path_of(invoice)).status == 200


def test_numbers_run_on_and_are_not_used_again(call: Caller) -> None:
    contact = call.contact()
    first, second = call.invoice(contact), call.invoice(contact)
    call("DELETE", path_of(second))
    call("POST", f"{path_of(first)}/status/void")

    third = call.invoice(contact)

    assert first["invoice_number"] == "INV-000001"
    assert third["invoice_number"] == "INV-000003"


def test_a_number_of_ones_own_must_be_asked_for_and_be_free(call: Caller) -> None:
    contact = call.contact()
    own = {
        "customer_id": contact["contact_id"],
        "invoice_number": "INV-000002",
        "line_items": [{"name": "Work", "rate": 1}],
    }

    ignored = call("POST", "/invoices", own)
    taken = call("POST", "/invoices", own, ignore_auto_number_generation="true")
    twice = call("POST", "/invoices", own, ignore_auto_number_generation="true")
    none = call(
        "POST", "/invoices", {**own, "invoice_number": ""}, ignore_auto_number_generation="true"
    )

    assert ignored["invoice"]["invoice_number"] == "INV-000001"
    assert taken["invoice"]["invoice_number"] == "INV-000002"
    assert "already exists" in twice.message
    assert none.refusal == (400, 4)
    assert call.invoice(contact)["invoice_number"] == "INV-000003"


def test_an_invoice_can_be_renumbered_to_a_free_number(call: Caller) -> None:
    contact = call.contact()
    call.invoice(contact)
    path = path_of(call.invoice(contact))

    refused = call("PUT", path, {"invoice_number": "INV-000001"})
    call("PUT", path, {"invoice_number": "A-7"})

    assert "already exists" in refused.message
    assert call.get(path)["invoice_number"] == "A-7"


def test_a_reference_may_be_used_twice(call: Caller) -> None:
    contact = call.contact()
    call.invoice(contact, reference_number="DEAL-1")
    call.invoice(contact, reference_number="DEAL-1")

    assert len(call.names("/invoices", "invoice_id", reference_number="DEAL-1")) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"customer_id": ""},
        {"line_items": []},
        {"line_items": [{"quantity": 1, "rate": 5}]},
        {"line_items": [{"name": "No rate"}]},
        {"line_items": [{"item_id": "1"}]},
        {"line_items": [{"name": "A", "rate": 1, "quantity": -1}]},
        {"line_items": [{"name": "A", "rate": 1, "tax_id": "1"}]},
        {"line_items": "none"},
        {"date": "02.03.2026"},
        {"date": "2026-02-30"},
        {"date": "0001-01-01"},
        {"due_date": "2026-03-01"},
        {"payment_terms": -1},
        {"payment_terms": 10**14},
        {"currency_id": "1"},
        {"contact_persons": ["1"]},
        {"discount_type": "sideways"},
        {"is_inclusive_tax": "perhaps"},
        {"shipping_charge": "much"},
        {"exchange_rate": True, "shipping_charge": []},
    ],
)
def test_what_is_wrong_on_an_invoice_is_refused_by_name(call: Caller, wrong: Json) -> None:
    entered = {
        "customer_id": call.contact()["contact_id"],
        "date": "2026-03-02",
        "line_items": [{"name": "Work", "rate": 100}],
        **wrong,
    }

    refused = call("POST", "/invoices", entered)

    assert refused.refusal == (400, 4)
    assert call.names("/invoices", "invoice_id") == []


def test_a_refused_invoice_uses_up_no_number(call: Caller) -> None:
    contact = call.contact()
    call("POST", "/invoices", {"customer_id": contact["contact_id"], "line_items": []})

    assert call.invoice(contact)["invoice_number"] == "INV-000001"


def test_lines_that_are_sent_replace_those_that_are_not(call: Caller) -> None:
    invoice = call.invoice(
        call.contact(), {"name": "A", "rate": 1}, {"name": "B", "rate": 2}, {"name": "C", "rate": 3}
    )
    kept = invoice["line_items"][1]

    sent = [{"line_item_id": kept["line_item_id"], "quantity": 5}, {"name": "D", "rate": 4}]
    changed = call("PUT", path_of(invoice), {"line_items": sent})["invoice"]

    shown = [(one["name"], one["item_total"], one["item_order"]) for one in changed["line_items"]]
    assert shown == [("B", 10, 1), ("D", 4, 2)]
    assert changed["line_items"][0]["line_item_id"] == kept["line_item_id"]
    assert (changed["total"], changed["balance"]) == (14, 14)


def test_a_change_without_lines_leaves_them(call: Caller) -> None:
    invoice = call.invoice(call.contact(), {"name": "A", "rate": 1})

    changed = call("PUT", path_of(invoice), {"notes": "x", "shipping_charge": 9})["invoice"]

    assert changed["line_items"] == invoice["line_items"]
    assert changed["total"] == 10


def test_an_invoice_cannot_become_less_than_what_was_paid_of_it(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    call.payment(contact, 40, {invoice["invoice_id"]: 40})

    less = call("PUT", path_of(invoice), {"line_items": [{"name": "A", "rate": 39}]})
    exact = call("PUT", path_of(invoice), {"line_items": [{"name": "A", "rate": 40}]})

    assert less.status == 400
    assert (exact["invoice"]["status"], exact["invoice"]["balance"]) == ("paid", 0)


@pytest.mark.parametrize("field", ["customer_id", "currency_id"])
def test_an_invoice_that_was_paid_stays_with_its_customer_and_currency(
    call: Caller, field: str
) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    call.payment(contact, 40, {invoice["invoice_id"]: 40})
    others = {
        "customer_id": call.contact("Aster")["contact_id"],
        "currency_id": call.currency("EUR"),
    }

    assert call("PUT", path_of(invoice), {field: others[field]}).refusal == (400, 4)


def test_the_due_date_follows_the_terms_of_the_customer(call: Caller) -> None:
    contact = call.contact(payment_terms=15)

    invoice = call.invoice(contact, date="2026-03-03")
    own = call.invoice(contact, date="2026-03-03", due_date="2026-05-01")
    moved = call("PUT", path_of(invoice), {"date": "2026-03-10"})["invoice"]

    assert (invoice["payment_terms_label"], invoice["due_date"]) == ("Net 15", "2026-03-18")
    assert own["due_date"] == "2026-05-01"
    assert moved["due_date"] == "2026-03-25"


@pytest.mark.parametrize(
    ("days", "text"), [(0, "Due Today"), (1, "Due in 1 day"), (30, "Due in 30 days")]
)
def test_the_days_left_are_a_text(call: Caller, days: int, text: str) -> None:
    call.invoice(call.contact(), payment_terms=days)

    assert call.names("/invoices", "due_days") == [text]


def test_the_days_past_are_a_text(call: Caller, world: World) -> None:
    call.invoice(call.contact())
    world.clock.advance(2 * DAY)

    assert call.names("/invoices", "due_days") == ["Overdue by 2 days"]


def test_a_document_keeps_the_address_it_was_made_with(call: Caller) -> None:
    contact = call.contact(billing_address={"city": "Hamburg", "zip": "20457"})
    invoice = call.invoice(contact)

    moved = {"billing_address": {"city": "Kiel"}}
    call("PUT", f"/contacts/{contact['contact_id']}", moved)
    call("PUT", f"{path_of(invoice)}/address/shipping", {"city": "Bremen"})

    found = call.get(path_of(invoice))
    assert found["billing_address"]["city"] == "Hamburg"
    assert found["shipping_address"]["city"] == "Bremen"


def test_a_renamed_customer_is_renamed_on_his_invoices(call: Caller) -> None:
    contact = call.contact("Larkspur")
    invoice = call.invoice(contact)

    call("PUT", f"/contacts/{contact['contact_id']}", {"contact_name": "Larkspur AG"})

    assert call.get(path_of(invoice))["customer_name"] == "Larkspur AG"


def test_comments_can_be_written_changed_and_deleted(call: Caller, world: World) -> None:
    path = f"{path_of(call.invoice(call.contact()))}/comments"

    made = call("POST", path, {"description": "Called, will pay"})["comment"]
    call("PUT", f"{path}/{made['comment_id']}", {"description": "Will not pay"})
    world.clock.advance(4 * DAY)
    listed = call.get(path)
    call("DELETE", f"{path}/{made['comment_id']}")

    assert [one["description"] for one in listed] == ["Will not pay", "Invoice created"]
    assert listed[0]["date_description"] == "4 days ago"
    assert [one["description"] for one in call.get(path)] == ["Invoice created"]


def test_the_same_invoice_sent_twice_is_made_twice(call: Caller) -> None:
    """There is no key of idempotency."""
    contact = call.contact()

    assert call.invoice(contact)["invoice_id"] != call.invoice(contact)["invoice_id"]


@pytest.mark.parametrize("step", ["submit", "approve"])
def test_there_is_nothing_to_approve(call: Caller, step: str) -> None:
    invoice = call.invoice(call.contact(), sent=False)

    assert call("POST", f"{path_of(invoice)}/{step}").status == 400
    assert status(call, invoice) == "draft"
