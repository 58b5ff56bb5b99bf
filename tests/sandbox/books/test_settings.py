"""Taxes, groups of them, currencies and their rates."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hub.sandbox.world import World
    from tests.sandbox.books.caller import Caller, Json


def test_taxes_come_by_name_with_groups_among_them(call: Caller) -> None:
    taxes = call("GET", "/settings/taxes")["taxes"]

    assert [(tax["tax_name"], tax["tax_type"], tax["tax_percentage"]) for tax in taxes] == [
        ("City Tax", "tax", Decimal("2.5")),
        ("State and City", "tax_group", Decimal("8.5")),
        ("State Tax", "tax", 6),
        ("VAT 19", "tax", 19),
    ]


def test_a_group_is_used_as_a_tax_and_shown_split(call: Caller) -> None:
    group = call.tax("State and City")

    invoice = call.invoice(call.contact(), {"name": "Work", "rate": 100, "tax_id": group})

    line = invoice["line_items"][0]
    assert (line["tax_id"], line["tax_type"], line["tax_percentage"]) == (
        group,
        "tax_group",
        Decimal("8.5"),
    )
    assert [(tax["tax_name"], tax["tax_amount"]) for tax in invoice["taxes"]] == [
        ("State Tax (6%)", 6),
        ("City Tax (2.5%)", Decimal("2.5")),
    ]


def test_a_group_can_be_made_changed_and_deleted(call: Caller) -> None:
    vat, city = call.tax("VAT 19"), call.tax("City Tax")
    body = {"tax_group_name": "Both", "taxes": f"{vat},{city}"}

    made = call("POST", "/settings/taxgroups", body)
    path = f"/settings/taxgroups/{made['tax_group']['tax_group_id']}"
    changed = call("PUT", path, {"taxes": vat})
    gone = call("DELETE", path)

    assert (made.status, made["tax_group"]["tax_group_percentage"]) == (201, Decimal("21.5"))
    assert changed["tax_group"]["tax_group_percentage"] == 19
    assert gone.status == 200
    assert call("GET", path).refusal == (404, 1002)


@pytest.mark.parametrize("taxes", ["", "1", "group"])
def test_a_group_is_made_of_single_taxes(call: Caller, taxes: str) -> None:
    wanted = call.tax("State and City") if taxes == "group" else taxes
    body = {"tax_group_name": "Odd", "taxes": wanted}

    assert call("POST", "/settings/taxgroups", body).refusal == (400, 4)


def test_a_tax_in_use_cannot_be_deleted(call: Caller) -> None:
    call.item(tax_id=call.tax("VAT 19"))

    assert call("DELETE", f"/settings/taxes/{call.tax('VAT 19')}").status == 400
    assert call("DELETE", f"/settings/taxes/{call.tax('City Tax')}").status == 400


def test_a_tax_that_changes_leaves_documents_as_they_are(call: Caller) -> None:
    vat = call.tax("VAT 19")
    contact, line = call.contact(), {"name": "Work", "rate": 100, "tax_id": vat}
    before = call.invoice(contact, line)

    call("PUT", f"/settings/taxes/{vat}", {"tax_percentage": 20})

    assert call.get(f"/invoices/{before['invoice_id']}")["total"] == 119
    assert call.invoice(contact, line)["total"] == 120


def test_taxes_that_are_not_switched_on_are_refused_with_110817(call: Caller) -> None:
    call.quirk(taxes_enabled=False)
    line = {"name": "Work", "rate": 100, "tax_id": call.tax("VAT 19")}
    entered = {"customer_id": call.contact()["contact_id"], "line_items": [line]}

    assert call("POST", "/invoices", entered).refusal == (400, 110817)


@pytest.mark.parametrize("wrong", [{"tax_name": ""}, {"tax_percentage": 101}, {"tax_type": "odd"}])
def test_a_tax_needs_a_name_and_a_percentage(call: Caller, wrong: Json) -> None:
    assert call("POST", "/settings/taxes", {"tax_name": "GST", **wrong}).refusal == (400, 4)


def test_a_currency_without_a_rate_says_zero(call: Caller) -> None:
    rows = call("GET", "/settings/currencies")["currencies"]
    by_code = {row["currency_code"]: row for row in rows}

    assert (by_code["INR"]["exchange_rate"], by_code["INR"]["effective_date"]) == (0, "")
    assert by_code["EUR"]["exchange_rate"] == Decimal("1.08")
    assert [code for code, row in by_code.items() if row["is_base_currency"]] == ["USD"]
    assert (by_code["JPY"]["price_precision"], by_code["KWD"]["price_precision"]) == (0, 3)


def test_a_document_needs_a_rate_where_none_is_known(call: Caller) -> None:
    contact = call.contact(currency_id=call.currency("INR"))
    entered = {"customer_id": contact["contact_id"], "line_items": [{"name": "A", "rate": 1}]}

    assert call("POST", "/invoices", entered).refusal == (400, 4)
    assert call("POST", "/invoices", {**entered, "exchange_rate": "0.012"}).status == 201


def test_documents_take_the_newest_rate_of_the_day_they_are_made(
    call: Caller, world: World
) -> None:
    euro = call.currency("EUR")
    path = f"/settings/currencies/{euro}/exchangerates"
    contact = call.contact(currency_id=euro)
    call("POST", path, {"effective_date": "2026-03-01", "rate": 1.10})
    call("POST", path, {"effective_date": "2026-03-03", "rate": 1.20})

    first = call.invoice(contact)
    world.clock.advance(86_400)
    call("POST", path, {"effective_date": "2025-01-01", "rate": 1.01})
    second = call.invoice(contact)

    assert (first["exchange_rate"], first["bcy_total"]) == (Decimal("1.1"), 110)
    assert second["exchange_rate"] == Decimal("1.2")


def test_a_document_keeps_its_rate(call: Caller) -> None:
    invoice = call.invoice(call.contact(currency_id=call.currency("EUR")), exchange_rate=1.5)

    changed = call("PUT", f"/invoices/{invoice['invoice_id']}", {"notes": "x"})["invoice"]

    assert (changed["exchange_rate"], changed["bcy_total"]) == (Decimal("1.5"), 150)


def test_the_base_currency_has_no_rate_to_set(call: Caller) -> None:
    path = f"/settings/currencies/{call.currency('USD')}/exchangerates"
    invoice = call.invoice(call.contact(), exchange_rate=7)

    assert call("POST", path, {"effective_date": "2026-03-01", "rate": 2}).refusal == (400, 4)
    assert (invoice["exchange_rate"], invoice["bcy_total"]) == (1, 100)


def test_rates_can_be_changed_and_deleted(call: Caller) -> None:
    path = f"/settings/currencies/{call.currency('GBP')}/exchangerates"
    made = call("POST", path, {"effective_date": "2026-03-01", "rate": 1.30})["exchange_rate"]
    one = f"{path}/{made['exchange_rate_id']}"

    call("PUT", one, {"rate": 1.31})
    changed = call("GET", path)["exchange_rates"]
    call("DELETE", one)

    assert [rate["rate"] for rate in changed] == [Decimal("1.31"), Decimal("1.27")]
    assert [rate["rate"] for rate in call("GET", path)["exchange_rates"]] == [Decimal("1.27")]
    assert call("GET", one).refusal == (404, 1002)


def test_a_currency_is_there_once_and_can_go_only_unused(call: Caller) -> None:
    krona = {"currency_code": "SEK", "currency_symbol": "kr"}
    made = call("POST", "/settings/currencies", krona)["currency"]
    call.contact(currency_id=made["currency_id"])

    assert call("POST", "/settings/currencies", krona).refusal == (400, 4)
    assert call("DELETE", f"/settings/currencies/{made['currency_id']}").status == 400
    assert call("DELETE", f"/settings/currencies/{call.currency('ZAR')}").status == 200
    assert call("DELETE", f"/settings/currencies/{call.currency('USD')}").status == 400


@pytest.mark.parametrize(
    ("path", "key", "body"),
    [
        ("taxauthorities", "tax_authority", {"tax_authority_name": "Revenue"}),
        ("taxexemptions", "tax_exemption", {"tax_exemption_code": "RESALE"}),
    ],
)
def test_authorities_and_exemptions_can_be_made_changed_and_deleted(
    call: Caller, path: str, key: str, body: Json
) -> None:
    made = call("POST", f"/settings/{path}", body)[key]
    one = f"/settings/{path}/{made[f'{key}_id']}"

    call("PUT", one, {"description": "Changed"})
    changed = call.get(one)
    call("DELETE", one)

    assert changed == {**made, "description": "Changed"}
    assert call("GET", one).refusal == (404, 1002)
    assert call("POST", f"/settings/{path}", {"description": "No name"}).refusal == (400, 4)
