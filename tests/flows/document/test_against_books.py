"""From a quote in the played CRM to an invoice in the played Books: they agree, or none is made."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.flows.document import NoLines, Taken, checked, lines_of, make
from hub.sandbox.accounts import Accounts
from hub.sandbox.books import Books
from hub.sandbox.crm import Crm
from hub.sandbox.world import World
from tests.flows.document.by_hand import ASK, CHECKS, INVOICE, NEED
from tests.sandbox.books.caller import ABROAD, ENCODER, Caller, Doorman

VAT = [("VAT 23", 23), ("VAT 13", 13), ("VAT 6", 6)]

amounts = st.decimals("1", "9999.99", places=2)
percents = st.decimals("0", "60", places=2).map(lambda one: f"{one}%")
taxes = st.sampled_from([[], ["VAT 23"], ["VAT 13"], ["VAT 6"]])
discounts = st.one_of(st.none(), percents, st.decimals("0", "0.01", places=2))
rows = st.tuples(amounts, st.decimals("0.1", "20", places=3), discounts, taxes)


@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(st.lists(rows, min_size=1, max_size=6), discounts, st.booleans())
def test_p16_what_is_made_of_a_quote_agrees_with_it_to_the_cent(
    entered: list[tuple[Any, ...]],
    whole: Decimal | str | None,
    tax_per_line: bool,  # noqa: FBT001 - drawn
) -> None:
    quote = _quote(entered, whole)
    source = {
        "id": "7",
        "Deal_Name": "Faro rollout",
        "Currency": "EUR",
        "Amount": quote["Grand_Total"] - quote["Tax"],
    }
    lines = lines_of(NEED, source, {"deal": source, "ask": ASK}, lambda _: [quote])
    if isinstance(lines, NoLines):
        assert whole
        assert "a tax of" in lines.why
        return

    names, call = _books(source, "item_level" if tax_per_line else "entity_level")
    made = call.made("/invoices", make(INVOICE, names, lines))

    assert checked(CHECKS, names, lines, made) == []
    assert isinstance(lines, Taken)
    assert made["discount_total"] == sum(_discount(one) for one in lines.lines)


def _discount(line: dict[str, Any]) -> Decimal:
    price = (line["quantity"] * line["rate"]).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    return Decimal(price - line["net"])


def _quote(entered: list[tuple[Any, ...]], whole: Any) -> Any:
    world = World(start=datetime(2026, 3, 2, 9, tzinfo=UTC))
    crm = Crm(world, Accounts(world))
    product = crm.put("Products", {"Product_Name": "Survey", "Unit_Price": 5})
    items = [
        {
            "Product_Name": {"id": product["id"]},
            "List_Price": rate,
            "Quantity": quantity,
            "Discount": discount,
            "Line_Tax": [{"name": name} for name in named],
        }
        for rate, quantity, discount, named in entered
    ]
    fields = {
        "Subject": "Faro",
        "Quote_Stage": "Confirmed",
        "Discount": whole,
        "Quoted_Items": items,
    }
    return _through_json(crm.put("Quotes", fields))


def _books(source: dict[str, Any], tax_rounding: str) -> tuple[dict[str, Any], Caller]:
    world = World(start=datetime(2026, 3, 2, 9, tzinfo=UTC))
    doorman = Doorman()
    call = Caller(world, Books(world, doorman), doorman)
    call.organization = ABROAD
    call.books.organizations[ABROAD].profile.tax_rounding = tax_rounding
    for name, percent in VAT:
        call.made("/settings/taxes", {"tax_name": name, "tax_percentage": percent})
    names = {
        "deal": source,
        "ask": ASK,
        "today": "2026-03-02",
        "customer": call.contact(payment_terms=15),
        "taxes": call("GET", "/settings/taxes")["taxes"],
    }
    return names, call


def _through_json(record: Any) -> Any:
    return json.loads(ENCODER.encode(record), parse_float=Decimal)
