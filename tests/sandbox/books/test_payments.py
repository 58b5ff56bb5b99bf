"""Customer payments: one for many invoices, what is left over, what deletion undoes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hub.sandbox.world import World
    from tests.sandbox.books.caller import Caller, Json


def path_of(payment: Json) -> str:
    return f"/customerpayments/{payment['payment_id']}"


def invoice_of(call: Caller, invoice: Json) -> tuple[str, Json]:
    found = call.get(f"/invoices/{invoice['invoice_id']}")
    return found["status"], found["balance"]


def entered(contact: Json, amount: Json, *rows: tuple[Json, Json], **fields: Json) -> Json:
    return {
        "customer_id": contact["contact_id"],
        "payment_mode": "cash",
        "amount": amount,
        "date": "2026-03-20",
        "invoices": [
            {"invoice_id": invoice["invoice_id"], "amount_applied": part} for invoice, part in rows
        ],
        **fields,
    }


def test_a_payment_is_answered_as_live_ones_are(call: Caller) -> None:
    contact = call.contact(currency_id=call.currency("EUR"))
    vat = call.tax("VAT 19")
    invoice = call.invoice(
        contact, {"name": "Survey", "rate": 450, "quantity": 2, "tax_id": vat}, exchange_rate=1.08
    )

    payment = call.payment(
        contact,
        1071.0,
        {invoice["invoice_id"]: 1071.0},
        exchange_rate=1.09,
        reference_number="SEPA-5512",
    )

    expected = {
        "payment_number": "1", "payment_mode": "banktransfer", "payment_status": "paid",
        "date": "2026-03-20", "amount": 1071, "unused_amount": 0, "bank_charges": 0,
        "account_name": "Undeposited Funds", "currency_code": "EUR",
        "exchange_rate": Decimal("1.09"), "reference_number": "SEPA-5512", "description": "",
        "payment_refunds": [], "custom_fields": [], "custom_field_hash": {},
        "updated_time": payment["created_time"],
    }  # fmt: skip
    assert expected.items() <= payment.items()
    (row,) = payment["invoices"]
    shown = {"amount_applied": 1071, "tax_amount_withheld": 0, "total": 1071, "balance": 0}
    assert shown.items() <= row.items()
    assert row["invoice_payment_id"]


def test_a_payment_in_full_says_updated_time_and_one_in_a_list_last_modified_time(
    call: Caller,
) -> None:
    payment = call.payment(call.contact(), 10)

    (row,) = call("GET", "/customerpayments")["customerpayments"]

    assert "last_modified_time" not in payment
    assert row["last_modified_time"] == payment["updated_time"]


def test_one_payment_settles_many_invoices_and_keeps_the_rest(call: Caller) -> None:
    contact = call.contact()
    first, second = call.invoice(contact), call.invoice(contact)

    payment = call.payment(contact, 200, {first["invoice_id"]: 100, second["invoice_id"]: 70})

    assert payment["unused_amount"] == 30
    assert [invoice_of(call, one) for one in (first, second)] == [
        ("paid", 0),
        ("partially_paid", 30),
    ]
    owing = call.get(f"/contacts/{contact['contact_id']}")
    assert owing["outstanding_receivable_amount"] == 30
    assert owing["unused_credits_receivable_amount"] == 30


def test_a_deleted_payment_reopens_what_it_paid(call: Caller) -> None:
    contact = call.contact()
    first, second = call.invoice(contact), call.invoice(contact)
    payment = call.payment(contact, 150, {first["invoice_id"]: 100, second["invoice_id"]: 50})

    reply = call("DELETE", path_of(payment))

    assert reply.message == "The payment has been deleted."
    assert [invoice_of(call, one) for one in (first, second)] == [("sent", 100)] * 2
    assert call.get(f"/invoices/{first['invoice_id']}")["last_payment_date"] == ""


def test_many_payments_are_deleted_at_once_or_none(call: Caller) -> None:
    contact = call.contact()
    first, second = call.payment(contact, 1), call.payment(contact, 2)
    ids = f"{first['payment_id']},{second['payment_id']}"

    missing = call("DELETE", "/customerpayments", payment_id=f"{ids},1", bulk_delete="true")
    unsaid = call("DELETE", "/customerpayments", payment_id=ids)
    kept = len(call.names("/customerpayments", "payment_id"))
    call("DELETE", "/customerpayments", payment_id=ids, bulk_delete="true")

    assert (missing.refusal, unsaid.refusal, kept) == ((404, 1002), (400, 4), 2)
    assert call.names("/customerpayments", "payment_id") == []


def test_more_than_an_invoice_owes_cannot_be_applied_to_it(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)

    once = call("POST", "/customerpayments", entered(contact, 500, (invoice, 100.01)))
    twice = call("POST", "/customerpayments", entered(contact, 500, (invoice, 60), (invoice, 41)))

    assert (once.refusal, twice.refusal) == ((400, 24016), (400, 24016))
    assert invoice_of(call, invoice) == ("sent", 100)
    assert call.names("/customerpayments", "payment_id") == []


def test_more_than_was_paid_cannot_be_applied(call: Caller) -> None:
    contact = call.contact()
    refused = call("POST", "/customerpayments", entered(contact, 50, (call.invoice(contact), 51)))

    assert refused.status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": ""},
        {"amount": 0},
        {"amount": -5},
        {"date": ""},
        {"payment_mode": ""},
        {"payment_mode": "shells"},
        {"account_id": "1"},
        {"customer_id": ""},
    ],
)
def test_a_payment_needs_a_customer_an_amount_a_date_and_a_way(call: Caller, wrong: Json) -> None:
    body = {**entered(call.contact(), 10), **wrong}

    assert call("POST", "/customerpayments", body).refusal == (400, 4)


def test_an_invoice_of_somebody_else_cannot_be_paid(call: Caller) -> None:
    others = call.invoice(call.contact("Aster"))

    refused = call("POST", "/customerpayments", entered(call.contact(), 10, (others, 10)))

    assert refused.refusal == (400, 4)


def test_a_payment_of_a_draft_is_taken_unless_switched(call: Caller) -> None:
    contact = call.contact()
    first, second = call.invoice(contact, sent=False), call.invoice(contact, sent=False)
    call.payment(contact, 40, {first["invoice_id"]: 40})

    call.quirk(payments_on_drafts=False)

    assert invoice_of(call, first) == ("partially_paid", 60)
    refused = call("POST", "/customerpayments", entered(contact, 40, (second, 40)))
    assert refused.status == 400


def test_a_tax_that_was_withheld_settles_without_money(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    row = {
        "invoice_id": invoice["invoice_id"], "amount_applied": 90, "tax_amount_withheld": 10
    }  # fmt: skip

    payment = call.made("/customerpayments", entered(contact, 90, invoices=[row]))

    assert payment["unused_amount"] == 0
    assert invoice_of(call, invoice) == ("paid", 0)


def test_invoices_that_are_sent_with_a_change_replace_those_before(call: Caller) -> None:
    contact = call.contact()
    first, second = call.invoice(contact), call.invoice(contact)
    payment = call.payment(contact, 100, {first["invoice_id"]: 100})

    body = {"invoices": [{"invoice_id": second["invoice_id"], "amount_applied": 80}]}
    changed = call("PUT", path_of(payment), body)["payment"]

    assert changed["unused_amount"] == 20
    assert [one["invoice_number"] for one in changed["invoices"]] == ["INV-000002"]
    assert invoice_of(call, first) == ("sent", 100)
    assert invoice_of(call, second) == ("partially_paid", 20)


def test_the_same_invoice_can_be_applied_anew_up_to_what_it_owed(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    payment = call.payment(contact, 100, {invoice["invoice_id"]: 100})
    row = {"invoice_id": invoice["invoice_id"]}

    less = call("PUT", path_of(payment), {"invoices": [{**row, "amount_applied": 60}]})
    more = call("PUT", path_of(payment), {"invoices": [{**row, "amount_applied": 101}]})

    assert less["payment"]["unused_amount"] == 40
    assert more.refusal == (400, 24016)
    assert invoice_of(call, invoice) == ("partially_paid", 40)


def test_a_payment_cannot_become_less_than_what_is_applied(call: Caller, world: World) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    payment = call.payment(contact, 100, {invoice["invoice_id"]: 80})
    world.clock.advance(60)

    refused = call("PUT", path_of(payment), {"amount": 79, "description": "Less"})

    assert refused.status == 400
    assert call.get(path_of(payment)) == payment


def test_what_is_left_over_can_be_paid_back_and_no_more(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    payment = call.payment(contact, 150, {invoice["invoice_id"]: 100})
    bank = call.books.organizations[call.organization].accounts["Bank"]
    back = {"date": "2026-03-26", "from_account_id": bank}
    path = f"{path_of(payment)}/refunds"

    too_much = call("POST", path, {**back, "amount": 51})
    made = call("POST", path, {**back, "amount": 50})["payment_refunds"][0]
    found = call.get(path_of(payment))

    assert too_much.status == 400
    assert (found["unused_amount"], found["amount_refunded"]) == (0, 50)
    assert call("DELETE", path_of(payment)).status == 400
    call("DELETE", f"{path}/{made['payment_refund_id']}")
    assert call("DELETE", path_of(payment)).status == 200


def test_payments_are_numbered_plainly_and_come_newest_first(call: Caller) -> None:
    contact = call.contact()
    call.payment(contact, 1, date="2026-03-01")
    call.payment(contact, 2, date="2026-03-03")
    call.payment(contact, 3, date="2026-03-02")

    assert call.names("/customerpayments", "payment_number") == ["2", "3", "1"]


def test_payments_are_filtered(call: Caller) -> None:
    contact = call.contact()
    call.payment(contact, 1, reference_number="SEPA-1", description="First")
    call.payment(contact, 2, payment_mode="cash")

    assert call.names("/customerpayments", "amount", reference_number="sepa-1") == [1]
    assert call.names("/customerpayments", "amount", filter_by="PaymentMode.Cash") == [2]
    assert call.names("/customerpayments", "amount", amount_greater_than="1") == [2]
    assert call.names("/customerpayments", "amount", notes_contains="first") == [1]


def test_a_payment_is_in_the_currency_of_what_it_pays(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact, currency_id=call.currency("EUR"), exchange_rate=1.1)

    payment = call.payment(contact, 100, {invoice["invoice_id"]: 100}, exchange_rate=1.2)

    assert (payment["currency_code"], payment["bcy_amount"]) == ("EUR", 120)
