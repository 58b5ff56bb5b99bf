"""What every answer has in common: the envelope, refusals, stamps, ids, empty numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.books.caller import HOME

if TYPE_CHECKING:
    from hub.sandbox.world import World
    from tests.sandbox.books.caller import Caller, Json

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}")


def test_what_is_made_is_answered_with_201_and_all_else_with_200(call: Caller) -> None:
    made = call("POST", "/contacts", {"contact_name": "Larkspur"})
    path = f"/contacts/{made['contact']['contact_id']}"

    others = [
        call("PUT", path, {"notes": "Key account"}),
        call("GET", path),
        call("POST", f"{path}/inactive"),
        call("DELETE", path),
    ]

    assert (made.status, made.code) == (201, 0)
    assert [(one.status, one.code) for one in others] == [(200, 0)] * 4


def test_answers_are_of_the_vendors_content_type_and_server(call: Caller) -> None:
    reply = call("GET", "/contacts")

    assert reply.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert reply.headers["Server"] == "ZGS"


@pytest.mark.parametrize(
    ("method", "path", "raw", "refusal"),
    [
        ("GET", "/nothing", b"", (404, 5)),
        ("GET", "/contacts/abc", b"", (404, 5)),
        ("PUT", "/settings/webhooks/histories", b"{}", (405, 37)),
        ("POST", "/contacts", b"", (400, 11)),
        ("POST", "/contacts", b"{not json", (400, 1038)),
        ("POST", "/contacts", b"[1]", (400, 1038)),
        ("POST", "/contacts", b'{"contact_name": NaN}', (400, 1038)),
        ("POST", "/contacts", b"\xff\xfe", (400, 1038)),
        ("POST", "/contacts", b"{}", (400, 4)),
        ("GET", "/contacts/460000000000099999", b"", (404, 1002)),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_code_and_without_an_entity(
    call: Caller, method: str, path: str, raw: bytes, refusal: tuple[int, int]
) -> None:
    assert call.send(method, path, raw).refusal == refusal


def test_a_missing_record_can_be_answered_with_400_instead(call: Caller) -> None:
    call.quirk(not_found_status=400)

    assert call("GET", "/contacts/460000000000099999").refusal == (400, 1002)


def test_a_missing_field_sounds_like_a_wrong_value(call: Caller) -> None:
    reply = call("POST", "/contacts", {"company_name": "Larkspur"})

    assert reply.message == "Invalid value passed for contact_name"


def test_a_text_that_is_too_long_is_refused_by_its_length(call: Caller) -> None:
    reply = call("POST", "/contacts", {"contact_name": "x" * 201})

    assert reply.refusal == (400, 15)
    assert reply.message == "contact_name has more than 200 characters."


@pytest.mark.parametrize("form", [b"JSONString=%7B%22contact_name%22%3A%22Old+Road%22%7D"])
def test_the_form_field_of_old_is_taken(call: Caller, form: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}

    reply = call.send("POST", "/contacts", form, headers=headers)

    assert reply["contact"]["contact_name"] == "Old Road"


def test_plain_pairs_in_a_form_are_not_well_formed_json(call: Caller) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}

    reply = call.send("POST", "/contacts", b"contact_name=Old+Road", headers=headers)

    assert reply.refusal == (400, 1038)


def test_fields_that_nobody_knows_are_dropped_without_a_word(call: Caller) -> None:
    contact = call.contact(colour="blue", custom_fields=[{"api_name": "cf_nope", "value": "x"}])

    assert "colour" not in contact
    assert contact["custom_field_hash"] == {}


def test_ids_are_texts_of_19_digits(call: Caller) -> None:
    contact = call.contact(contact_persons=[{"first_name": "Ines"}])

    for value in (contact["contact_id"], contact["primary_contact_id"], contact["currency_id"]):
        assert isinstance(value, str)
        assert re.fullmatch(r"46\d{17}", value)


def test_numbers_that_are_not_set_are_empty_texts(call: Caller) -> None:
    contact, item = call.contact(), call.item()
    line = call.invoice(contact)["line_items"][0]

    assert contact["exchange_rate"] == ""
    assert contact["credit_limit"] == ""
    assert item["stock_on_hand"] == ""
    assert item["purchase_rate"] == ""
    assert line["purchase_rate"] == ""


def test_an_empty_text_is_taken_for_a_number_that_is_not_set(call: Caller) -> None:
    contact = call.contact()

    invoice = call.invoice(contact, discount="", shipping_charge="", exchange_rate="")

    assert invoice["total"] == 100


def test_stamps_are_in_the_zone_of_the_organisation_and_have_no_colon(call: Caller) -> None:
    assert call.contact()["created_time"] == "2026-03-02T10:15:04-0500"


def test_the_offset_of_stamps_follows_the_season(call: Caller, world: World) -> None:
    contact = call.contact()
    world.clock.advance(timedelta(days=10).total_seconds())

    changed = call("PUT", f"/contacts/{contact['contact_id']}", {"notes": "Summer"})["contact"]

    assert changed["created_time"] == "2026-03-02T10:15:04-0500"
    assert changed["last_modified_time"] == "2026-03-12T11:15:04-0400"


def test_an_organisation_that_moves_stamps_in_its_new_zone(call: Caller) -> None:
    call("PUT", f"/organizations/{HOME}", {"time_zone": "Asia/Kolkata"})

    assert call.contact()["created_time"] == "2026-03-02T20:45:04+0530"


def test_a_zone_that_is_none_is_refused(call: Caller) -> None:
    refused = call("PUT", f"/organizations/{HOME}", {"time_zone": "Mars/Olympus"})

    assert refused.refusal == (400, 4)


def test_every_stamp_of_every_kind_is_written_the_same_way(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    call.payment(contact, 50, {invoice["invoice_id"]: 50})
    call.creditnote(contact)

    stamps = [
        value
        for records in call.books.state().values()
        for record in records
        for name, value in record.items()
        if name in ("created_time", "last_modified_time", "updated_time")
    ]

    assert len(stamps) > 10
    assert all(STAMP.fullmatch(stamp) for stamp in stamps)


def test_a_pdf_is_a_file_and_no_json(call: Caller) -> None:
    invoice = call.invoice(call.contact())

    reply = call("GET", f"/invoices/{invoice['invoice_id']}", accept="pdf")

    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.body.startswith(b"%PDF")


def test_money_is_a_number_and_comes_with_a_twin_for_display(call: Caller) -> None:
    invoice = call.invoice(call.contact(), {"name": "Work", "rate": 1071})

    assert invoice["total"] == 1071
    assert invoice["total_formatted"] == "$1,071.00"
    assert invoice["date_formatted"] == "02 Mar 2026"


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        ("http_500", (500, 1000)),
        ("http_503", (503, 1000)),
        ("rate_limited", (429, 44)),
        ("token_expired", (401, 57)),
    ],
)
def test_a_fault_speaks_in_the_vendors_words(
    call: Caller, fault: str, refusal: tuple[int, int]
) -> None:
    answer = call.books.fault(fault)

    assert (answer.status, answer.body["code"]) == refusal
    assert answer.headers["Server"] == "ZGS"


def test_everything_is_forgotten_by_a_reset(call: Caller) -> None:
    call.contact()
    call.listen("contact")

    call.books.reset()

    assert call.books.state()["contacts"] == []
    call.contact()
    assert call.heard() == []


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/contacts", {"contact_name": "A"}, "The contact has been added."),
        ("/items", {"name": "A", "rate": 1}, "The item has been added."),
        ("/settings/taxes", {"tax_name": "A"}, "The tax has been added."),
    ],
)
def test_messages_are_those_heard_live(call: Caller, path: str, body: Json, said: str) -> None:
    assert call("POST", path, body).message == said


def test_messages_of_documents_are_those_heard_live(call: Caller) -> None:
    """Where the documents say otherwise, live wins."""
    contact_id, line = call.contact()["contact_id"], {"name": "Work", "rate": 100}
    entered = {"customer_id": contact_id, "date": "2026-03-02", "line_items": [line]}
    paid = {"customer_id": contact_id, "payment_mode": "cash", "amount": 1, "date": "2026-03-02"}
    account = call.item()["account_id"]
    credited = {**entered, "line_items": [{**line, "account_id": account}]}

    made = {
        "contact": call("PUT", f"/contacts/{contact_id}", {"notes": "x"}),
        "invoice": call("POST", "/invoices", entered),
        "estimate": call("POST", "/estimates", entered),
        "creditnote": call("POST", "/creditnotes", credited),
        "payment": call("POST", "/customerpayments", paid),
    }
    quote = made["estimate"]["estimate"]["estimate_id"]
    payment = made["payment"]["payment"]["payment_id"]
    changed = [
        call("PUT", f"/estimates/{quote}", {"notes": "x"}).message,
        call("PUT", f"/customerpayments/{payment}", {"description": "x"}).message,
    ]

    assert {key: reply.message for key, reply in made.items()} == {
        "contact": "Contact information has been saved.",
        "invoice": "The invoice has been created.",
        "estimate": "The quote has been created.",
        "creditnote": "The credit note has been created.",
        "payment": "The payment from the customer has been recorded",
    }
    assert changed == [
        "Quote information has been updated.",
        "The details of the payment received from the customer have been updated",
    ]


def test_now_is_the_clock_of_the_world(world: World) -> None:
    assert world.clock.now() == datetime(2026, 3, 2, 15, 15, 4, tzinfo=UTC)
