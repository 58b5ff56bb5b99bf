"""Custom fields and external ids: how they are named, kept unique, and upserted by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.books.caller import field

if TYPE_CHECKING:
    from tests.sandbox.books.caller import Caller, Json

KINDS = ("contacts", "items", "invoices", "creditnotes", "customerpayments", "estimates")


@pytest.fixture
def entered(call: Caller) -> dict[str, Json]:
    """Give what is complete enough to make one of each kind."""
    contact = call.contact("Somebody")["contact_id"]
    item = call.item("Something")["item_id"]
    document = {"customer_id": contact, "date": "2026-03-02", "line_items": [{"item_id": item}]}
    return {
        "contacts": {"contact_name": "Larkspur"},
        "items": {"name": "Site survey", "rate": 450},
        "invoices": document,
        "creditnotes": document,
        "estimates": document,
        "customerpayments": {
            "customer_id": contact,
            "payment_mode": "cash",
            "amount": 10,
            "date": "2026-03-02",
        },
    }


def only(reply: Json) -> Json:
    (key,) = reply.body.keys() - {"code", "message"}
    return reply[key]


def id_of(record: Json, kind: str) -> str:
    key = {"customerpayments": "payment"}.get(kind, kind.removesuffix("s"))
    return str(record[f"{key}_id"])


def test_a_value_is_shown_as_a_list_and_as_a_hash(call: Caller) -> None:
    contact = call.contact(custom_fields=field("hub-cust-0042"))

    (shown,) = contact["custom_fields"]
    expected = {
        "api_name": "cf_hub_id", "label": "Hub Id", "data_type": "string", "index": 1,
        "value": "hub-cust-0042",
    }  # fmt: skip
    assert expected.items() <= shown.items()
    assert contact["custom_field_hash"] == {
        "cf_hub_id": "hub-cust-0042",
        "cf_hub_id_unformatted": "hub-cust-0042",
    }


@pytest.mark.parametrize("name", ["api_name", "label", "index", "customfield_id"])
def test_a_field_may_be_named_in_four_ways(call: Caller, name: str) -> None:
    (shown,) = call.contact("First", custom_fields=field("hub-1"))["custom_fields"]

    second = call.contact("Second", custom_fields=[{name: shown[name], "value": "hub-2"}])

    assert second["custom_field_hash"]["cf_hub_id"] == "hub-2"


@pytest.mark.parametrize("kind", KINDS)
def test_a_unique_value_is_taken_once_of_every_kind(
    call: Caller, entered: dict[str, Json], kind: str
) -> None:
    body = entered[kind]
    call.made(f"/{kind}", {**body, "custom_fields": field("hub-1")})
    other = {"contact_name": "Other"} if kind == "contacts" else {}
    other |= {"name": "Other"} if kind == "items" else {}

    refused = call("POST", f"/{kind}", {**body, **other, "custom_fields": field("hub-1")})

    assert refused.status == 400
    assert "already exists" in refused.message
    assert len(call.names(f"/{kind}", "created_time")) == len(call.books.state()[kind])


def test_a_unique_value_may_be_written_again_by_its_holder(call: Caller) -> None:
    contact = call.contact(custom_fields=field("hub-1"))
    path = f"/contacts/{contact['contact_id']}"

    assert call("PUT", path, {"custom_fields": field("hub-1")}).status == 200


def test_a_unique_value_is_free_when_it_is_given_up_or_its_holder_is_gone(call: Caller) -> None:
    first = call.contact("First", custom_fields=field("hub-1"))
    second = call.contact("Second", custom_fields=field("hub-2"))

    call("PUT", f"/contacts/{first['contact_id']}", {"custom_fields": field("")})
    call("DELETE", f"/contacts/{second['contact_id']}")
    again = [
        call("POST", "/contacts", {"contact_name": name, "custom_fields": field(value)}).status
        for name, value in (("Third", "hub-1"), ("Fourth", "hub-2"))
    ]

    assert again == [201, 201]


def test_the_same_value_may_stand_in_two_kinds_and_two_organisations(call: Caller) -> None:
    call.contact(custom_fields=field("hub-1"))
    call.item(custom_fields=field("hub-1"))
    call.organization = "810000002"

    assert call.contact(custom_fields=field("hub-1"))["custom_field_hash"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_upsert_makes_what_is_not_there_and_changes_what_is(
    call: Caller, entered: dict[str, Json], kind: str
) -> None:
    body = {**entered[kind], "custom_fields": field("hub-1")}
    before = len(call.books.state()[kind])

    made = call.upsert(f"/{kind}", "hub-1", body)
    again = call.upsert(f"/{kind}", "hub-1", body)

    assert (made.status, again.status) == (201, 200)
    assert id_of(only(made), kind) == id_of(only(again), kind)
    assert len(call.books.state()[kind]) == before + 1


def test_an_upsert_that_may_not_create_finds_nothing(call: Caller) -> None:
    reply = call.upsert("/contacts", "hub-1", {"contact_name": "Larkspur"}, create=False)

    assert reply.refusal == (404, 1002)
    assert call.books.state()["contacts"] == []


def test_the_key_must_stand_in_the_body_too_unless_switched(call: Caller) -> None:
    bare = call.upsert("/contacts", "hub-1", {"contact_name": "First"})["contact"]
    call.quirk(upsert_writes_key=True)
    keyed = call.upsert("/contacts", "hub-2", {"contact_name": "Second"})["contact"]

    assert bare["custom_field_hash"] == {}
    assert keyed["custom_field_hash"]["cf_hub_id"] == "hub-2"


@pytest.mark.parametrize(
    ("key", "value"), [("", "hub-1"), ("cf_nope", "hub-1"), ("cf_colour", "red"), ("cf_hub_id", "")]
)
def test_an_upsert_needs_a_unique_field_and_a_value(call: Caller, key: str, value: str) -> None:
    call.act("add_custom_field", "contacts", "", label="Colour")

    refused = call.upsert("/contacts", value, {"contact_name": "Larkspur"}, key=key)

    assert refused.refusal == (400, 2)


def test_a_key_is_matched_to_its_case_unless_switched(call: Caller) -> None:
    call.contact("Larkspur", custom_fields=field("hub-a"))
    body = {"notes": "Found"}

    exact = call.upsert("/contacts", "HUB-A", body, create=False)
    call.quirk(unique_match_exact_case=False)
    folded = call.upsert("/contacts", "HUB-A", body, create=False)

    assert exact.refusal == (404, 1002)
    assert folded["contact"]["notes"] == "Found"


def test_an_upsert_that_creates_may_answer_with_200(call: Caller) -> None:
    call.quirk(upsert_created_status=200)

    assert call.upsert("/contacts", "hub-1", {"contact_name": "Larkspur"}).status == 200


def test_an_upsert_is_bound_by_the_other_rules_too(call: Caller) -> None:
    call.contact("Larkspur")

    refused = call.upsert("/contacts", "hub-1", {"contact_name": "Larkspur"})

    assert refused.refusal == (400, 3062)


@pytest.mark.parametrize(
    ("kind", "singular"),
    [
        ("items", "item"),
        ("invoices", "invoice"),
        ("customerpayments", "customerpayment"),
        ("estimates", "estimate"),
    ],
)
def test_custom_fields_alone_are_put_under_the_singular(
    call: Caller, entered: dict[str, Json], kind: str, singular: str
) -> None:
    before = call.made(f"/{kind}", entered[kind])
    path = f"/{kind}/{id_of(before, kind)}"

    sent = {"custom_fields": field("hub-9"), "notes": "dropped", "reference_number": "dropped"}
    reply = call("PUT", f"/{singular}/{id_of(before, kind)}/customfields", sent)

    after = call.get(path)
    assert reply.status == 200
    assert after["custom_field_hash"]["cf_hub_id"] == "hub-9"
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed <= {"custom_field_hash", "custom_fields"}


def test_custom_fields_alone_are_checked_for_uniqueness_too(call: Caller) -> None:
    contact = call.contact()
    call.invoice(contact, custom_fields=field("hub-1"))
    other = call.invoice(contact)
    path = f"/invoice/{other['invoice_id']}/customfields"

    assert call("PUT", path, {"custom_fields": field("hub-1")}).status == 400
    assert call("PUT", path, {"notes": "no fields"}).refusal == (400, 4)


def test_a_person_can_add_fields_of_several_types(call: Caller) -> None:
    made = [
        call.act("add_custom_field", "invoices", "", label=label, data_type=data_type)
        for label, data_type in (("Weight", "number"), ("Ship on", "date"), ("Gift", "check_box"))
    ]
    values = [*field("12.50", "cf_weight"), *field("2026-03-09", "cf_ship_on")]

    invoice = call.invoice(call.contact(), custom_fields=[*values, *field("true", "cf_gift")])

    assert [one["api_name"] for one in made] == ["cf_weight", "cf_ship_on", "cf_gift"]
    shown = {one["api_name"]: one["value"] for one in invoice["custom_fields"]}
    assert shown == {"cf_weight": 12.5, "cf_ship_on": "2026-03-09", "cf_gift": True}


@pytest.mark.parametrize(
    ("data_type", "value", "code"),
    [
        ("number", "much", 4),
        ("date", "soon", 4),
        ("check_box", "perhaps", 4),
        ("string", "x" * 256, 15),
    ],
)
def test_a_value_must_be_of_the_type_of_its_field(
    call: Caller, data_type: str, value: str, code: int
) -> None:
    call.act("add_custom_field", "contacts", "", label="Extra", data_type=data_type)
    body = {"contact_name": "Larkspur", "custom_fields": field(value, "cf_extra")}

    assert call("POST", "/contacts", body).refusal == (400, code)


def test_a_field_that_is_added_later_is_unique_among_what_is_there(call: Caller) -> None:
    contact = call.contact("First")
    call.act("add_custom_field", "contacts", "", label="Legacy No", unique=True)
    call("PUT", f"/contacts/{contact['contact_id']}", {"custom_fields": field("7", "cf_legacy_no")})
    body = {"contact_name": "Second", "custom_fields": field("7", "cf_legacy_no")}

    assert call("POST", "/contacts", body).status == 400
    found = call.upsert("/contacts", "7", {"notes": "Found"}, key="cf_legacy_no")
    assert found["contact"]["contact_id"] == contact["contact_id"]
