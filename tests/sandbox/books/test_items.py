"""Items: names and codes that are unique, types, and details of many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.books.caller import Caller, Json


def test_an_item_is_answered_as_live_ones_are(call: Caller) -> None:
    item = call.item(
        "Site survey",
        450.0,
        description="One day on site",
        sku="SRV-01",
        unit="day",
        product_type="service",
        tax_id=call.tax("VAT 19"),
    )

    expected = {
        "name": "Site survey", "item_name": "Site survey", "status": "active", "source": "api",
        "rate": 450, "unit": "day", "sku": "SRV-01", "item_type": "sales",
        "product_type": "service", "can_be_sold": True, "can_be_purchased": False,
        "account_name": "Sales", "tax_name": "VAT 19", "tax_percentage": 19,
    }  # fmt: skip
    assert expected.items() <= item.items()


@pytest.mark.parametrize(
    "body",
    [
        {"rate": 1},
        {"name": "No rate"},
        {"name": "Text for a rate", "rate": "much"},
        {"name": "Odd", "rate": 1, "item_type": "rental"},
        {"name": "Odd", "rate": 1, "product_type": "idea"},
        {"name": "Odd", "rate": 1, "tax_id": "1"},
    ],
)
def test_an_item_needs_a_name_and_a_rate_and_known_types(call: Caller, body: Json) -> None:
    assert call("POST", "/items", body).refusal == (400, 4)


@pytest.mark.parametrize("body", [{"name": "site SURVEY"}, {"name": "Other", "sku": "srv-01"}])
def test_a_name_or_a_code_that_is_taken_is_refused(call: Caller, body: Json) -> None:
    call.item("Site survey", sku="SRV-01")

    assert call("POST", "/items", {"rate": 1, **body}).refusal == (400, 1001)


def test_items_without_a_code_do_not_clash(call: Caller) -> None:
    call.item("One")

    assert call.item("Two")["sku"] == ""


def test_an_item_can_be_put_away_and_taken_back(call: Caller) -> None:
    item = call.item()
    path = f"/items/{item['item_id']}"

    call("POST", f"{path}/inactive")

    assert call.names("/items", "name", filter_by="Status.Inactive") == ["Site survey"]
    assert call.names("/items", "name", filter_by="Status.Active") == []
    call("POST", f"{path}/active")
    assert call.get(path)["status"] == "active"


def test_an_item_on_a_document_cannot_be_deleted(call: Caller) -> None:
    item = call.item()
    invoice = call.invoice(call.contact(), {"item_id": item["item_id"]})
    path = f"/items/{item['item_id']}"

    refused = call("DELETE", path)
    call("DELETE", f"/invoices/{invoice['invoice_id']}")

    assert refused.status == 400
    assert call("DELETE", path).status == 200


def test_details_of_many_come_at_once(call: Caller) -> None:
    ids = [call.item(name)["item_id"] for name in ("One", "Two", "Three")]

    found = call("GET", "/itemdetails", item_ids=f"{ids[2]},{ids[0]},999")["items"]

    assert [item["name"] for item in found] == ["Three", "One"]
    assert all("custom_fields" in item for item in found)


def test_a_line_takes_from_its_item_what_it_does_not_say(call: Caller) -> None:
    item = call.item("Site survey", 450, description="One day", unit="day")
    contact = call.contact()

    line = call.invoice(contact, {"item_id": item["item_id"], "quantity": 2})["line_items"][0]
    own = call.invoice(contact, {"item_id": item["item_id"], "rate": 400, "name": "Mine"})

    assert (line["name"], line["description"], line["unit"]) == ("Site survey", "One day", "day")
    assert (line["rate"], line["item_total"]) == (450, 900)
    assert (own["line_items"][0]["rate"], own["line_items"][0]["name"]) == (400, "Mine")


def test_the_rate_of_an_item_is_in_the_base_currency(call: Caller) -> None:
    item = call.item("Site survey", 108)
    contact = call.contact(currency_id=call.currency("EUR"))

    invoice = call.invoice(contact, {"item_id": item["item_id"]}, exchange_rate=1.08)

    assert invoice["line_items"][0]["rate"] == 100
    assert invoice["bcy_total"] == 108


def test_items_are_sorted_and_filtered(call: Caller) -> None:
    call.item("Anvil", 90, sku="AN-1")
    call.item("Bolt", 5, description="Galvanised")

    assert call.names("/items", "name", sort_column="rate") == ["Bolt", "Anvil"]
    assert call.names("/items", "name", rate_greater_than="50") == ["Anvil"]
    assert call.names("/items", "name", description_contains="galv") == ["Bolt"]
    assert call.names("/items", "name", search_text="an-1") == ["Anvil"]
    assert call.names("/items", "name", sku="AN-1") == ["Anvil", "Bolt"]


@pytest.mark.parametrize("rate", [10**15, -(10**15), "1e400", "Infinity", "NaN", True, [1]])
def test_a_number_beyond_all_bounds_is_refused(call: Caller, rate: Json) -> None:
    assert call("POST", "/items", {"name": "Dear", "rate": rate}).refusal == (400, 4)


@pytest.mark.parametrize(("rate", "kept"), [("450.10", "450.1"), (0.1, "0.1"), (1e3, "1000")])
def test_a_number_is_kept_exactly_and_without_needless_zeros(
    call: Caller, rate: Json, kept: str
) -> None:
    assert str(call.item("Exact", rate)["rate"]) == kept
