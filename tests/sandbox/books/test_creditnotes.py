"""Credit notes: open from the start, applied to invoices, paid back, closed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.books.caller import Caller, Json


def path_of(note: Json) -> str:
    return f"/creditnotes/{note['creditnote_id']}"


def applied_to(invoice: Json, amount: Json) -> Json:
    return {"invoices": [{"invoice_id": invoice["invoice_id"], "amount_applied": amount}]}


def refund(call: Caller, amount: Json, **fields: Json) -> Json:
    bank = call.books.organizations[call.organization].accounts["Bank"]
    return {"date": "2026-03-26", "amount": amount, "from_account_id": bank, **fields}


def figures(call: Caller, note: Json) -> tuple[str, Json, Json, Json]:
    found = call.get(path_of(note))
    return (
        found["status"],
        found["balance"],
        found["total_credits_used"],
        found["total_refunded_amount"],
    )


def test_a_credit_note_is_answered_as_live_ones_are(call: Caller) -> None:
    contact = call.contact(currency_id=call.currency("EUR"))
    item = call.item("Site survey", 450)
    line = {"item_id": item["item_id"], "quantity": 1, "rate": 450.0}
    entered = {
        "customer_id": contact["contact_id"], "date": "2026-03-25", "exchange_rate": 1.09,
        "reference_number": "REFUND-9001", "line_items": [{**line, "tax_id": call.tax("VAT 19")}],
    }  # fmt: skip

    note = call.made("/creditnotes", entered)

    expected = {
        "creditnote_number": "CN-00001", "status": "open", "currency_code": "EUR",
        "exchange_rate": Decimal("1.09"), "sub_total": 450, "tax_total": Decimal("85.5"),
        "total": Decimal("535.5"), "balance": Decimal("535.5"), "total_credits_used": 0,
        "total_refunded_amount": 0, "invoices_credited": [], "creditnote_refunds": [],
        "salesperson_id": "-1", "salesperson_name": "Others",
    }  # fmt: skip
    assert expected.items() <= note.items()
    assert "last_modified_time" in note


def test_a_credit_note_is_open_from_the_start_unless_it_is_to_be_a_draft(call: Caller) -> None:
    contact = call.contact()

    assert call.creditnote(contact)["status"] == "open"
    assert call.creditnote(contact, is_draft=True)["status"] == "draft"


@pytest.mark.parametrize(
    "wrong",
    [
        {"date": ""},
        {"customer_id": ""},
        {"line_items": []},
        {"line_items": [{"name": "Neither item nor account", "rate": 1}]},
    ],
)
def test_a_credit_note_needs_a_date_a_customer_and_accountable_lines(
    call: Caller, wrong: Json
) -> None:
    entered = {
        "customer_id": call.contact()["contact_id"],
        "date": "2026-03-25",
        "line_items": [{"item_id": call.item()["item_id"]}],
        **wrong,
    }

    assert call("POST", "/creditnotes", entered).refusal == (400, 4)


def test_applying_settles_the_invoice_and_closes_the_note_in_the_end(call: Caller) -> None:
    contact = call.contact()
    first, second = call.invoice(contact), call.invoice(contact)
    note = call.creditnote(contact, 150)

    call("POST", f"{path_of(note)}/invoices", applied_to(first, 100))
    in_part = figures(call, note)
    call("POST", f"{path_of(note)}/invoices", applied_to(second, 50))

    assert in_part == ("open", 50, 100, 0)
    assert figures(call, note) == ("closed", 0, 150, 0)
    paid, open_ = (call.get(f"/invoices/{one['invoice_id']}") for one in (first, second))
    assert (paid["status"], paid["credits_applied"], paid["payment_made"]) == ("paid", 100, 0)
    assert (open_["status"], open_["balance"]) == ("partially_paid", 50)
    credited = call.get(f"{path_of(note)}/invoices")
    assert [(one["invoice_number"], one["credited_amount"]) for one in credited] == [
        ("INV-000001", 100),
        ("INV-000002", 50),
    ]


def test_credits_can_be_applied_from_the_side_of_the_invoice(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    note, payment = call.creditnote(contact, 30), call.payment(contact, 50)
    path = f"/invoices/{invoice['invoice_id']}"

    body = {
        "apply_creditnotes": [{"creditnote_id": note["creditnote_id"], "amount_applied": 30}],
        "invoice_payments": [{"payment_id": payment["payment_id"], "amount_applied": 45}],
    }
    reply = call("POST", f"{path}/credits", body)

    found = call.get(path)
    assert reply.status == 200
    assert (found["balance"], found["credits_applied"], found["payment_made"]) == (25, 30, 45)
    assert figures(call, note)[0] == "closed"
    assert call.get(f"/customerpayments/{payment['payment_id']}")["unused_amount"] == 5


@pytest.mark.parametrize(("amount", "code"), [(101, 24016), (0, 4), (-5, 4), ("much", 4)])
def test_no_more_can_be_applied_than_the_invoice_owes(
    call: Caller, amount: Json, code: int
) -> None:
    contact = call.contact()
    invoice, note = call.invoice(contact), call.creditnote(contact, 500)

    refused = call("POST", f"{path_of(note)}/invoices", applied_to(invoice, amount))

    assert refused.refusal == (400, code)
    assert figures(call, note) == ("open", 500, 0, 0)


def test_no_more_can_be_applied_than_the_note_has(call: Caller) -> None:
    contact = call.contact()
    first, second, note = call.invoice(contact), call.invoice(contact), call.creditnote(contact)
    both = {"invoices": applied_to(first, 60)["invoices"] + applied_to(second, 60)["invoices"]}

    assert call("POST", f"{path_of(note)}/invoices", both).status == 400
    assert call.get(f"/invoices/{first['invoice_id']}")["balance"] == 100


def test_an_invoice_of_somebody_else_or_a_draft_cannot_be_credited(call: Caller) -> None:
    contact = call.contact()
    note = call.creditnote(contact)
    others, draft = call.invoice(call.contact("Aster")), call.invoice(contact, sent=False)

    for invoice in (others, draft):
        refused = call("POST", f"{path_of(note)}/invoices", applied_to(invoice, 10))
        assert refused.status == 400


def test_what_was_applied_can_be_taken_back(call: Caller) -> None:
    contact = call.contact()
    invoice, note = call.invoice(contact), call.creditnote(contact)
    call("POST", f"{path_of(note)}/invoices", applied_to(invoice, 100))
    path = f"/invoices/{invoice['invoice_id']}"
    (row,) = call.get(f"{path}/creditsapplied")

    call("DELETE", f"{path}/creditsapplied/{row['creditnotes_invoice_id']}")

    assert figures(call, note) == ("open", 100, 0, 0)
    assert call.get(path)["status"] == "sent"
    assert call.get(f"{path}/creditsapplied") == []


def test_what_was_applied_can_be_taken_back_from_the_side_of_the_note(call: Caller) -> None:
    contact = call.contact()
    invoice, note = call.invoice(contact), call.creditnote(contact)
    call("POST", f"{path_of(note)}/invoices", applied_to(invoice, 100))
    (row,) = call.get(f"{path_of(note)}/invoices")

    call("DELETE", f"{path_of(note)}/invoices/{row['creditnote_invoice_id']}")

    assert figures(call, note)[0] == "open"


def test_a_refund_uses_a_note_up(call: Caller) -> None:
    note = call.creditnote(call.contact())
    path = f"{path_of(note)}/refunds"

    made = call("POST", path, refund(call, 60, refund_mode="banktransfer"))["creditnote_refund"]
    in_part = figures(call, note)
    one = f"{path}/{made['creditnote_refund_id']}"
    call("PUT", one, {"amount": 100})
    whole = figures(call, note)
    call("DELETE", one)

    assert in_part == ("open", 40, 0, 60)
    assert whole == ("closed", 0, 0, 100)
    assert figures(call, note) == ("open", 100, 0, 0)
    assert call.get(path_of(note))["creditnote_refunds"] == []


def test_no_more_can_be_paid_back_than_is_left(call: Caller) -> None:
    contact = call.contact()
    invoice, note = call.invoice(contact), call.creditnote(contact)
    call("POST", f"{path_of(note)}/invoices", applied_to(invoice, 50))

    assert call("POST", f"{path_of(note)}/refunds", refund(call, 51)).status == 400
    assert call("POST", f"{path_of(note)}/refunds", refund(call, 50)).status == 200


@pytest.mark.parametrize("missing", ["date", "amount", "from_account_id"])
def test_a_refund_needs_a_date_an_amount_and_an_account(call: Caller, missing: str) -> None:
    note = call.creditnote(call.contact())
    entered = refund(call, 10)
    del entered[missing]

    refused = call("POST", f"{path_of(note)}/refunds", entered)

    assert refused.message == f"Invalid value passed for {missing}"


def test_refunds_are_listed_for_a_note_for_a_customer_and_for_all(call: Caller) -> None:
    contact = call.contact()
    note, other = call.creditnote(contact), call.creditnote(call.contact("Aster"))
    for one in (note, other):
        call("POST", f"{path_of(one)}/refunds", refund(call, 10))

    def listed(path: str) -> list[str]:
        return call.names(path, "creditnote_number")

    assert listed(f"{path_of(note)}/refunds") == ["CN-00001"]
    assert listed(f"/contacts/{contact['contact_id']}/refunds") == ["CN-00001"]
    assert listed("/creditnotes/refunds") == ["CN-00001", "CN-00002"]


def test_the_way_of_a_note_is_void_then_draft_then_open(call: Caller) -> None:
    note = call.creditnote(call.contact())

    states = []
    for step in ("void", "draft", "open"):
        assert call("POST", f"{path_of(note)}/status/{step}").status == 200
        states.append(figures(call, note)[0])

    assert states == ["void", "draft", "open"]
    assert call("POST", f"{path_of(note)}/status/draft").status == 400


def test_a_note_that_was_used_can_neither_be_voided_nor_deleted(call: Caller) -> None:
    contact = call.contact()
    invoice, note = call.invoice(contact), call.creditnote(contact)
    call("POST", f"{path_of(note)}/invoices", applied_to(invoice, 10))

    assert call("POST", f"{path_of(note)}/status/void").status == 400
    assert call("DELETE", path_of(note)).status == 400


@pytest.mark.parametrize("step", ["draft", "void"])
def test_a_note_that_is_not_open_can_neither_be_applied_nor_refunded(
    call: Caller, step: str
) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    note = call.creditnote(contact, is_draft=True)
    if step == "void":
        call("POST", f"{path_of(note)}/status/void")

    assert call("POST", f"{path_of(note)}/invoices", applied_to(invoice, 1)).status == 400
    assert call("POST", f"{path_of(note)}/refunds", refund(call, 1)).status == 400


def test_a_note_can_be_tied_to_an_invoice(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    entered = {
        "customer_id": contact["contact_id"],
        "date": "2026-03-25",
        "line_items": [{"item_id": call.item()["item_id"]}],
    }

    note = call.made("/creditnotes", entered, invoice_id=invoice["invoice_id"])

    assert note["invoice_id"] == invoice["invoice_id"]


def test_notes_are_filtered_by_their_status(call: Caller) -> None:
    contact = call.contact()
    call.creditnote(contact)
    call.creditnote(contact, is_draft=True)

    assert call.names("/creditnotes", "status", filter_by="Status.Open") == ["open"]
    assert call.names("/creditnotes", "status", status="draft") == ["draft"]


@pytest.mark.parametrize("step", ["draft", "void"])
def test_a_note_that_is_not_open_cannot_be_applied_from_the_side_of_the_invoice_either(
    call: Caller, step: str
) -> None:
    contact = call.contact()
    invoice, note = call.invoice(contact), call.creditnote(contact, is_draft=True)
    if step == "void":
        call("POST", f"{path_of(note)}/status/void")
    row = {"creditnote_id": note["creditnote_id"], "amount_applied": 1}
    path = f"/invoices/{invoice['invoice_id']}/credits"

    assert call("POST", path, {"apply_creditnotes": [row]}).status == 400


def test_from_the_side_of_the_invoice_nothing_can_be_taken_twice(call: Caller) -> None:
    contact = call.contact()
    path = f"/invoices/{call.invoice(contact)['invoice_id']}"
    note, big = call.creditnote(contact, 30), call.creditnote(contact, 500)
    small = {"creditnote_id": note["creditnote_id"], "amount_applied": 20}
    large = {"creditnote_id": big["creditnote_id"], "amount_applied": 60}

    bodies: list[Json] = [[small, small], [large, large], []]
    refused = [call("POST", f"{path}/credits", {"apply_creditnotes": rows}) for rows in bodies]

    assert [reply.status for reply in refused] == [400] * 3
    assert call.get(path)["balance"] == 100


def test_a_note_in_another_currency_cannot_be_applied(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact, currency_id=call.currency("EUR"))
    note = call.creditnote(contact)

    refused = call("POST", f"{path_of(note)}/invoices", applied_to(invoice, 1))

    assert refused.message == "Invalid value passed for currency_id"


def test_a_note_can_be_changed_down_to_what_was_used_of_it(call: Caller) -> None:
    contact = call.contact()
    invoice, note = call.invoice(contact), call.creditnote(contact)
    call("POST", f"{path_of(note)}/invoices", applied_to(invoice, 40))
    line = {"line_item_id": note["line_items"][0]["line_item_id"]}

    less = call("PUT", path_of(note), {"line_items": [{**line, "rate": 39}]})
    exact = call("PUT", path_of(note), {"line_items": [{**line, "rate": 40}]})

    assert less.status == 400
    assert (exact["creditnote"]["status"], exact["creditnote"]["balance"]) == ("closed", 0)


def test_a_void_note_cannot_be_changed_and_a_sent_one_says_so(call: Caller) -> None:
    note = call.creditnote(call.contact())

    call("POST", f"{path_of(note)}/email")
    mailed = call.get(path_of(note))
    call("POST", f"{path_of(note)}/status/void")

    assert (mailed["is_emailed"], mailed["status"]) == (True, "open")
    assert call("PUT", path_of(note), {"notes": "x"}).status == 400


def test_an_applied_amount_that_is_not_there_cannot_be_taken_back(call: Caller) -> None:
    path = f"/invoices/{call.invoice(call.contact())['invoice_id']}"

    assert call("DELETE", f"{path}/creditsapplied/1").refusal == (404, 1002)
    assert call("DELETE", f"{path}/payments/1").refusal == (404, 1002)
