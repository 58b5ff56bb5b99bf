"""What a person does at the vendor's own screens: the buttons, and what they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.books.caller import Caller, Json


def test_a_person_makes_a_record(call: Caller) -> None:
    made = call.act("create", "contacts", "", contact_name="By hand")

    assert made["source"] == "user"
    assert call.names("/contacts", "contact_name") == ["By hand"]


def test_a_person_makes_an_invoice_with_a_number_of_its_own_and_sends_it(call: Caller) -> None:
    contact = call.contact()

    made = call.act(
        "create",
        "invoices",
        "",
        customer_id=contact["contact_id"],
        invoice_number="OLD-7",
        status="sent",
        line_items=[{"name": "Work", "rate": 0.1}],
    )

    assert (made["invoice_number"], made["status"]) == ("OLD-7", "sent")
    assert str(made["total"]) == "0.1"


def test_send_void_and_draft_take_an_invoice_through_its_states(call: Caller) -> None:
    invoice = call.invoice(call.contact(), sent=False)["invoice_id"]

    states = [call.act(act, "invoices", invoice)["status"] for act in ("send", "void", "draft")]

    assert states == ["sent", "void", "draft"]


def test_pay_settles_the_whole_balance_unless_told_less(call: Caller) -> None:
    invoice = call.invoice(call.contact())["invoice_id"]

    part = call.act("pay", "invoices", invoice, amount=40)
    whole = call.act("pay", "invoices", invoice)

    assert (part["status"], part["balance"]) == ("partially_paid", 60)
    assert (whole["status"], whole["balance"]) == ("paid", 0)
    assert call.names("/customerpayments", "amount") == [60, 40]


def test_what_is_paid_beyond_the_balance_stays_with_the_customer(call: Caller) -> None:
    invoice = call.invoice(call.contact())["invoice_id"]

    call.act("pay", "invoices", invoice, amount=130)

    assert call.names("/customerpayments", "unused_amount") == [30]


def test_pay_in_a_foreign_currency_is_at_the_rate_of_the_invoice(call: Caller) -> None:
    invoice = call.invoice(call.contact(currency_id=call.currency("EUR")), exchange_rate=1.5)

    call.act("pay", "invoices", invoice["invoice_id"])

    assert call.names("/customerpayments", "bcy_amount") == [150]


def test_write_off_and_its_cancellation(call: Caller) -> None:
    invoice = call.invoice(call.contact())["invoice_id"]

    assert call.act("write_off", "invoices", invoice)["status"] == "paid"
    assert call.act("cancel_write_off", "invoices", invoice)["status"] == "sent"


@pytest.mark.parametrize(("act", "status"), [("accept", "accepted"), ("decline", "declined")])
def test_a_customer_answers_a_quote(call: Caller, act: str, status: str) -> None:
    estimate = call.estimate(call.contact())["estimate_id"]
    call.act("send", "estimates", estimate)

    assert call.act(act, "estimates", estimate)["status"] == status


def test_a_credit_note_is_applied_and_the_rest_refunded(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)["invoice_id"]
    note = call.creditnote(contact, 150)["creditnote_id"]

    applied = call.act("apply", "creditnotes", note, invoice_id=invoice, amount=100)
    refunded = call.act("refund", "creditnotes", note)

    assert (applied["balance"], applied["status"]) == (50, "open")
    assert (refunded["total_refunded_amount"], refunded["status"]) == (50, "closed")
    assert call.get(f"/invoices/{invoice}")["status"] == "paid"


def test_what_is_left_of_a_payment_is_refunded(call: Caller) -> None:
    payment = call.payment(call.contact(), 50)["payment_id"]

    assert call.act("refund", "customerpayments", payment, amount=20)["unused_amount"] == 30


@pytest.mark.parametrize("kind", ["contacts", "items"])
def test_contacts_and_items_are_put_away_and_taken_back(call: Caller, kind: str) -> None:
    makers: dict[str, Callable[[], Json]] = {"contacts": call.contact, "items": call.item}
    record = str(makers[kind]()[f"{kind.removesuffix('s')}_id"])

    states = [call.act(act, kind, record)["status"] for act in ("inactive", "active")]

    assert states == ["inactive", "active"]


def test_delete_gives_the_record_as_it_was(call: Caller) -> None:
    contact = call.contact("Gone")

    was = call.act("delete", "contacts", contact["contact_id"])

    assert was["contact_name"] == "Gone"
    assert call.names("/contacts", "contact_id") == []


def test_a_webhook_can_be_deleted_by_hand(call: Caller) -> None:
    made = call.listen("contact")

    call.act("delete", "webhooks", made["webhook_id"])
    call.contact()

    assert call.heard() == []


def test_every_act_is_heard_of_and_stamped_with_a_person(call: Caller) -> None:
    call.listen("invoice", "edit")
    person = call("GET", "/users")["users"][1]["user_id"]
    invoice = call.invoice(call.contact(), sent=False)["invoice_id"]

    call.act("send", "invoices", invoice)
    call.act("pay", "invoices", invoice)

    told = [body["invoice"] for body in call.heard()]
    heard = [(one["status"], one["last_modified_by_id"]) for one in told]
    assert heard == [("sent", person), ("paid", person)]


def test_users_and_organisations_can_be_edited(call: Caller) -> None:
    user = call("GET", "/users")["users"][1]["user_id"]

    edited = call.books.edit("users", user, {"status": "inactive"})
    renamed = call.books.edit("organizations", call.organization, {"name": "Renamed"})

    assert (edited["status"], renamed["name"]) == ("inactive", "Renamed")


@pytest.mark.parametrize(
    ("act", "kind", "wanted"),
    [
        ("fly", "contacts", "active, inactive, delete"),
        ("send", "contacts", "active, inactive, delete"),
        ("delete", "invoices", "code 1013"),
        ("void", "invoices", "code 1014"),
    ],
)
def test_a_button_that_cannot_be_pressed_says_why(
    call: Caller, act: str, kind: str, wanted: str
) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)["invoice_id"]
    call.act("pay", "invoices", invoice, amount=10)
    if act == "void":
        call.act("void", "invoices", invoice)
    record = contact["contact_id"] if kind == "contacts" else invoice

    with pytest.raises(Refused, match=wanted):
        call.act(act, kind, record)


@pytest.mark.parametrize(
    ("act", "kind", "record", "wanted"),
    [
        ("pay", "invoices", "1", "Expected the id of one of the invoices"),
        ("pay", "weather", "1", "Expected the id of one of the weather"),
        ("pay", "", "", "kind: expected one of contacts"),
        ("create", "weather", "", "kind: expected one of contacts"),
        ("add_custom_field", "contacts", "", "a label in the details"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(
    call: Caller, act: str, kind: str, record: str, wanted: str
) -> None:
    with pytest.raises(Refused, match=wanted):
        call.act(act, kind, record)


def test_a_user_cannot_be_deleted(call: Caller) -> None:
    user = call("GET", "/users")["users"][1]["user_id"]

    with pytest.raises(Refused, match="kind: expected one of"):
        call.act("delete", "users", user)


def test_what_cannot_be_edited_is_refused(call: Caller) -> None:
    made = call.listen("contact")

    with pytest.raises(Refused, match="kind: expected one of"):
        call.books.edit("webhooks", made["webhook_id"], {"url": "https://hub.example"})


def test_an_organisation_that_is_not_there_is_refused(call: Caller) -> None:
    with pytest.raises(Refused, match="organization_id: expected one of 810000001, 810000002"):
        call.books.put("contacts", {"contact_name": "Lost", "organization_id": "1"})
