"""Webhooks and the rules that fire them: what is sent, when, how it is signed, its history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

from hub.errors import Refused
from hub.sandbox.books.hooks.signature import HEADER, signed
from tests.sandbox.books.caller import ABROAD

if TYPE_CHECKING:
    from hub.sandbox.world import World
    from tests.sandbox.books.caller import Caller, Json

URL = "https://hub.example/hooks/books?ev=invoice_edit"
SECRET = "BooksHookSecret01"


def rule(call: Caller, webhook: Json, entity: str, event: str, **fields: Json) -> Json:
    body = {
        "workflow_name": "Tell the hub",
        "entity": entity,
        "rule_type": event,
        "actions": [{"action_type": "webhook", "webhook_id": webhook["webhook_id"]}],
        **fields,
    }
    return call.made("/settings/workflows", body)


def webhook(call: Caller, **fields: Json) -> Json:
    body = {"webhook_name": "Hub", "entity": "invoice", "url": URL, **fields}
    return call.made("/settings/webhooks", body)


def test_nothing_is_sent_without_an_active_rule(call: Caller) -> None:
    made = webhook(call)
    contact = call.contact()
    call.invoice(contact)
    before = call.heard()

    workflow = rule(call, made, "invoice", "create")
    path = f"/settings/workflows/{workflow['workflow_id']}"
    call.invoice(contact)
    active = call.heard()
    call("POST", f"{path}/inactive")
    call.invoice(contact)

    assert before == []
    assert len(active) == 1
    assert call.heard() == []


def test_the_default_payload_is_the_record_and_nothing_else(call: Caller) -> None:
    call.listen("invoice", url=URL)
    contact = call.contact()

    invoice = call.invoice(contact, {"name": "Work", "rate": 1071})

    (hook,) = call.world.outbox
    assert (hook.system, hook.method, hook.url) == ("books", "POST", URL)
    assert hook.headers["Content-Type"] == "application/json"
    body = json.loads(hook.body)
    assert body.keys() == {"invoice"}
    assert body["invoice"]["invoice_id"] == invoice["invoice_id"]
    assert body["invoice"]["total_formatted"] == "$1,071.00"
    assert body["invoice"]["line_items"][0]["name"] == "Work"
    assert {"custom_field_hash", "created_time", "last_modified_time"} <= body["invoice"].keys()
    assert HEADER not in hook.headers


@pytest.mark.parametrize(
    ("entity", "key"),
    [
        ("contact", "contact"),
        ("item", "item"),
        ("estimate", "estimate"),
        ("creditnote", "creditnote"),
        ("customerpayment", "payment"),
    ],
)
def test_every_kind_is_sent_under_its_own_key(call: Caller, entity: str, key: str) -> None:
    call.listen(entity, "create")
    contact = call.contact()
    call.estimate(contact)
    call.creditnote(contact)
    call.payment(contact, 10)

    (body,) = call.heard()

    assert body.keys() == {key}
    assert "last_modified_time" in body[key]


def test_a_payment_may_go_by_its_other_key(call: Caller) -> None:
    call.quirk(hook_payment_key="customer_payment")
    call.listen("customerpayment", "create")
    call.payment(call.contact(), 10)

    assert call.heard()[0].keys() == {"customer_payment"}


def test_a_payment_is_sent_with_the_invoices_it_pays(call: Caller) -> None:
    call.listen("customerpayment", "create_or_edit")
    contact = call.contact()
    first, second = call.invoice(contact), call.invoice(contact)

    payment = call.payment(contact, 60, {first["invoice_id"]: 50})
    moved = {"invoices": [{"invoice_id": second["invoice_id"], "amount_applied": 55}]}
    call("PUT", f"/customerpayments/{payment['payment_id']}", moved)

    told = [
        (one["payment"]["unused_amount"], one["payment"]["invoices"][0]["invoice_number"])
        for one in call.heard()
    ]
    assert told == [(10, "INV-000001"), (5, "INV-000002")]


@pytest.mark.parametrize(
    ("event", "fired"),
    [
        ("create", ["draft"]),
        ("edit", ["sent", "sent"]),
        ("create_or_edit", ["draft", "sent", "sent"]),
        ("delete", ["sent"]),
    ],
)
def test_a_rule_fires_on_its_own_event(call: Caller, event: str, fired: list[str]) -> None:
    call.listen("invoice", event)
    path = f"/invoices/{call.invoice(call.contact(), sent=False)['invoice_id']}"

    call("POST", f"{path}/status/sent")
    call("PUT", path, {"notes": "New"})
    call("DELETE", path)

    assert [body["invoice"]["status"] for body in call.heard()] == fired


def test_a_rule_on_fields_fires_when_one_of_them_changes(call: Caller) -> None:
    call.listen("invoice", "field_update", field_update="status, due_date")
    path = f"/invoices/{call.invoice(call.contact(), sent=False)['invoice_id']}"

    call("PUT", path, {"notes": "New"})
    quiet = call.heard()
    call("POST", f"{path}/status/sent")

    assert quiet == []
    assert len(call.heard()) == 1


def test_paying_counts_as_an_edit_of_the_invoice_unless_switched(call: Caller) -> None:
    call.listen("invoice", "edit")
    contact = call.contact()
    invoice = call.invoice(contact)

    call.payment(contact, 40, {invoice["invoice_id"]: 40})
    loud = [body["invoice"]["status"] for body in call.heard()]
    call.quirk(payments_fire_invoice_rules=False)
    call.payment(contact, 60, {invoice["invoice_id"]: 60})

    assert loud == ["partially_paid"]
    assert call.heard() == []
    assert call.get(f"/invoices/{invoice['invoice_id']}")["status"] == "paid"


def test_becoming_overdue_fires_no_rule_unless_switched(call: Caller, world: World) -> None:
    call.listen("invoice", "edit")
    contact = call.contact()
    call.invoice(contact)
    world.clock.advance(2 * 86_400)
    quiet = call.heard()

    call.quirk(overdue_fires_rules=True)
    call.invoice(contact)
    world.clock.advance(86_400)

    assert quiet == []
    assert [body["invoice"]["status"] for body in call.heard()] == ["overdue"]


def test_a_client_hears_of_its_own_writes_unless_switched(call: Caller) -> None:
    call.listen("contact")
    contact = call.contact()
    echoed = call.heard()

    call.quirk(echo_api_writes=False)
    call("PUT", f"/contacts/{contact['contact_id']}", {"notes": "Mine"})
    silent = call.heard()
    call.books.edit("contacts", contact["contact_id"], {"notes": "Hers"})

    assert len(echoed) == 1
    assert silent == []
    assert [body["contact"]["notes"] for body in call.heard()] == ["Hers"]


def test_what_is_refused_is_not_told(call: Caller) -> None:
    call.listen("contact")
    contact = call.contact()
    call.heard()

    call("PUT", f"/contacts/{contact['contact_id']}", {"credit_limit": "much"})
    call("POST", "/contacts", {"contact_name": "Larkspur Tools GmbH"})

    assert call.heard() == []


def test_seeds_are_silent(call: Caller) -> None:
    call.listen("contact")

    call.books.put("contacts", {"contact_name": "Long there"})

    assert call.heard() == []


def test_rules_of_one_organisation_do_not_hear_of_the_other(call: Caller) -> None:
    call.listen("contact")
    call.organization = ABROAD
    call.contact()

    assert call.heard() == []


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"query_parameters": [{"param_name": "src", "param_value": "books"}]},
        {"form_data": [{"param_name": "number", "param_value": "${INVOICE.INVOICE_NUMBER} a+b"}]},
        {"raw_data": '{"id": "${INVOICE.INVOICE_ID}"}'},
    ],
    ids=["default", "query", "form", "raw"],
)
def test_a_delivery_is_signed_over_query_and_body(call: Caller, shape: Json) -> None:
    call.listen("invoice", "create", url=URL, secret=SECRET, **shape)
    call.invoice(call.contact())

    (hook,) = call.world.outbox

    query = parse_qsl(urlsplit(hook.url).query)
    is_form = "form" in hook.headers["Content-Type"]
    form = parse_qsl(hook.body.decode()) if is_form else []
    body = b"" if is_form else hook.body
    assert hook.headers[HEADER] == signed(SECRET, query, body, form)
    assert len(hook.headers[HEADER]) == 64


def test_a_form_is_filled_with_what_the_record_says(call: Caller) -> None:
    pairs = [
        {"param_name": "number", "param_value": "${INVOICE.INVOICE_NUMBER}"},
        {"param_name": "total", "param_value": "${INVOICE.TOTAL}"},
        {"param_name": "plain", "param_value": "two words"},
    ]
    call.listen("invoice", "create", form_data=pairs)
    call.invoice(call.contact())

    (hook,) = call.world.outbox

    assert hook.body == b"number=INV-000001&total=100&plain=two+words"


def test_the_format_of_old_is_a_form_with_one_field(call: Caller) -> None:
    call.quirk(hook_form="jsonstring")
    call.listen("contact")
    contact = call.contact()

    (hook,) = call.world.outbox

    ((name, value),) = parse_qsl(hook.body.decode())
    assert name == "JSONString"
    assert json.loads(value)["contact"]["contact_id"] == contact["contact_id"]


def test_headers_of_ones_own_go_along(call: Caller) -> None:
    call.listen("contact", headers=[{"param_name": "X-Hub", "param_value": "7"}])
    call.contact()

    assert call.world.outbox[0].headers["X-Hub"] == "7"


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": ""},
        {"url": "hub.example/hooks"},
        {"url": "http://["},
        {"entity": "weather"},
        {"method": "GET"},
        {"secret": "short"},
        {"secret": "with-a-hyphen-01"},
        {"secret": "x" * 51},
        {"headers": "none"},
    ],
)
def test_a_webhook_that_cannot_work_is_refused(call: Caller, wrong: Json) -> None:
    body = {"webhook_name": "Hub", "entity": "invoice", "url": URL, **wrong}

    assert call("POST", "/settings/webhooks", body).refusal == (400, 4)


@pytest.mark.parametrize(
    ("field", "length_max"),
    [("webhook_name", 50), ("description", 100), ("url", 5000), ("raw_data", 100_000)],
)
def test_texts_of_a_webhook_have_their_lengths(call: Caller, field: str, length_max: int) -> None:
    longest = "https://hub.example/".ljust(length_max, "x")
    body = {"webhook_name": "Hub", "entity": "invoice", "url": URL}

    assert call("POST", "/settings/webhooks", {**body, field: longest}).status == 201
    assert call("POST", "/settings/webhooks", {**body, field: f"{longest}x"}).refusal == (400, 15)


@pytest.mark.parametrize("wrong", [{"rule_type": "sometimes"}, {"actions": []}, {"entity": "x"}])
def test_a_rule_that_cannot_work_is_refused(call: Caller, wrong: Json) -> None:
    made = webhook(call)
    body = {
        "workflow_name": "Tell", "entity": "invoice", "rule_type": "edit",
        "actions": [{"webhook_id": made["webhook_id"]}], **wrong,
    }  # fmt: skip

    assert call("POST", "/settings/workflows", body).refusal == (400, 4)


def test_a_secret_is_never_shown_again(call: Caller) -> None:
    made = webhook(call, secret=SECRET)

    shown = [made, *call("GET", "/settings/webhooks")["webhooks"]]

    assert SECRET not in json.dumps(shown)


def test_webhooks_and_rules_can_be_changed_and_deleted(call: Caller) -> None:
    made = webhook(call)
    workflow = rule(call, made, "invoice", "create")
    hook_path = f"/settings/webhooks/{made['webhook_id']}"
    rule_path = f"/settings/workflows/{workflow['workflow_id']}"

    call("PUT", hook_path, {"url": "https://hub.example/elsewhere"})
    call("PUT", rule_path, {"rule_type": "create_or_edit"})
    call.invoice(call.contact())
    sent_to = [hook.url for hook in call.world.outbox]
    changed = call.get(rule_path)["rule_type"]
    call("DELETE", rule_path)
    call("DELETE", hook_path)

    assert sent_to == ["https://hub.example/elsewhere"]
    assert changed == "create_or_edit"
    assert call("GET", "/settings/webhooks")["webhooks"] == []
    assert call("GET", "/settings/workflows")["workflows"] == []


def test_a_person_sets_up_a_webhook_and_its_rule_in_one(call: Caller) -> None:
    call.listen("invoice", "created", secret=SECRET)

    (workflow,) = call("GET", "/settings/workflows")["workflows"]

    assert (workflow["rule_type"], workflow["status"]) == ("create", "active")


def test_a_wrong_rule_leaves_no_webhook_behind(call: Caller) -> None:
    with pytest.raises(Refused, match="rule_type"):
        call.listen("invoice", "sometimes")

    assert call("GET", "/settings/webhooks")["webhooks"] == []


def test_histories_tell_what_was_sent_and_how_it_went(call: Caller, world: World) -> None:
    made = call.listen("contact")
    first = call.contact("First")
    second = call.contact("Second")
    path = "/settings/webhooks/histories"
    ok, lost = world.outbox
    assert ok.done is not None
    assert lost.done is not None
    pending = call.names(path, "status")
    ok.done(204)
    lost.done(0)

    assert pending == ["pending", "pending"]
    assert call.names(path, "status", filter_by="Status.Failed") == ["failed"]
    assert call.names(path, "entity_id") == [second["contact_id"], first["contact_id"]]
    assert call.names(path, "status", entity_id=first["contact_id"]) == ["success"]
    assert len(call.names(path, "status", webhook_id=made["webhook_id"])) == 2
    assert call.names(path, "status", webhook_id="1") == []
    assert call.names(path, "status", from_date="2026-03-03") == []
    assert len(call.names(path, "status", from_date="2026-03-02", to_date="2026-03-02")) == 2


def test_a_delivery_can_be_sent_again_as_it_was(call: Caller, world: World) -> None:
    call.listen("contact")
    contact = call.contact()
    (first,) = world.outbox
    call("PUT", f"/contacts/{contact['contact_id']}", {"notes": "Newer"})
    world.outbox.clear()
    path = "/settings/webhooks/histories"
    history = call("GET", path)["histories"][-1]
    world.clock.advance(60)

    call("POST", f"{path}/{history['history_id']}/resend")

    (again,) = world.outbox
    shown = call.get(f"{path}/{history['history_id']}")
    assert again.body == first.body
    assert shown["retry_count"] == 1
    assert shown["last_execution_time"] == "2026-03-02T10:16:04-0500"
    assert json.loads(shown["request_body"])["contact"]["notes"] == ""


def test_ten_deliveries_at_most_are_sent_again_at_once(call: Caller, world: World) -> None:
    call.listen("contact")
    for number in range(11):
        call.contact(f"Customer {number}")
    world.outbox.clear()
    path = "/settings/webhooks/histories"
    ids = call.names(path, "history_id")

    too_many = call("POST", f"{path}/bulkresend", {"history_ids": ids})
    call("POST", f"{path}/bulkresend", {"history_ids": ids[:10]})

    assert too_many.refusal == (400, 4)
    assert len(world.outbox) == 10
