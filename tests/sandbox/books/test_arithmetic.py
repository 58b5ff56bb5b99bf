"""The totals of a document: by example, and against a model in exact fractions."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.sandbox.books.arithmetic import Discount, Line, Tax, Terms, Totals, totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.sandbox.books.caller import Caller, Json

D = Decimal
VAT = Tax(tax_id="1", tax_name="VAT", percentage=D(19))
STATE = Tax(tax_id="2", tax_name="State", percentage=D(6))
CITY = Tax(tax_id="3", tax_name="City", percentage=D("2.5"))
LUXURY = Tax(tax_id="4", tax_name="Luxury", percentage=D(10), compound=True)


def line(quantity: str, rate: str, *taxes: Tax, off: str = "0") -> Line:
    return Line(quantity=D(quantity), rate=D(rate), taxes=taxes, discount=discount(off))


def discount(text: str) -> Discount:
    return Discount(value=D(text.rstrip("%")), percent=text.endswith("%"))


EXAMPLES = {
    "one line and one tax": ([line("2", "450", VAT)], Terms(), "900 0 171 1071"),
    "no tax": ([line("3", "33.33")], Terms(), "99.99 0 0 99.99"),
    "half a cent goes up": ([line("1", "0.125")], Terms(), "0.13 0 0 0.13"),
    "half a cent goes away from zero": ([line("1", "-0.125")], Terms(), "-0.13 0 0 -0.13"),
    "a third of a thing": ([line("0.333333", "3")], Terms(), "1 0 0 1"),
    "tax is rounded once for the document": (
        [line("1", "0.33", VAT)] * 3,
        Terms(),
        "0.99 0 0.19 1.18",
    ),
    "tax is rounded on every line": (
        [line("1", "0.33", VAT)] * 3,
        Terms(tax_rounding="item_level"),
        "0.99 0 0.18 1.17",
    ),
    "a group is rounded tax by tax": (
        [line("1", "9.9", STATE, CITY)],
        Terms(),
        "9.9 0 0.84 10.74",
    ),
    "a compound tax is taken on the others too": (
        [line("1", "100", STATE, LUXURY)],
        Terms(),
        "100 0 16.6 116.6",
    ),
    "a discount before tax lowers the tax": (
        [line("1", "100", VAT)],
        Terms(discount=discount("10%")),
        "100 10 17.1 107.1",
    ),
    "a discount after tax does not": (
        [line("1", "100", VAT)],
        Terms(discount=discount("10%"), discount_before_tax=False),
        "100 11.9 19 107.1",
    ),
    "a discount of an amount is spread over all lines": (
        [line("1", "60", VAT), line("1", "40")],
        Terms(discount=discount("10")),
        "100 10 10.26 100.26",
    ),
    "a discount of 12.5%": (
        [line("1", "99.99")],
        Terms(discount=discount("12.5%")),
        "99.99 12.5 0 87.49",
    ),
    "a discount of everything": (
        [line("1", "50", VAT)],
        Terms(discount=discount("100%")),
        "50 50 0 0",
    ),
    "discounts on lines": (
        [line("2", "50", VAT, off="10%"), line("1", "100", VAT, off="5")],
        Terms(discount_type="item_level"),
        "185 15 35.15 220.15",
    ),
    "a discount of the document does not count where lines have theirs": (
        [line("1", "100", off="10")],
        Terms(discount_type="item_level", discount=discount("50%")),
        "90 10 0 90",
    ),
    "discounts on lines do not count where the document has one": (
        [line("1", "100", off="10")],
        Terms(discount=discount("50%")),
        "100 50 0 50",
    ),
    "prices that include the tax": (
        [line("1", "119", VAT)],
        Terms(tax_included=True),
        "100 0 19 119",
    ),
    "the rounding of an included tax falls on the sub total": (
        [line("1", "10", VAT)],
        Terms(tax_included=True),
        "8.4 0 1.6 10",
    ),
    "prices that include two taxes": (
        [line("1", "108.5", STATE, CITY)],
        Terms(tax_included=True),
        "100 0 8.5 108.5",
    ),
    "prices that include a compound tax": (
        [line("1", "116.6", STATE, LUXURY)],
        Terms(tax_included=True),
        "100 0 16.6 116.6",
    ),
    "shipping and adjustment are not taxed": (
        [line("1", "100", VAT)],
        Terms(shipping_charge=D("7.5"), adjustment=D("-0.5")),
        "100 0 19 126",
    ),
    "a currency without cents": ([line("3", "33.5", VAT)], Terms(places=0), "101 0 19 120"),
    "a currency with three places": (
        [line("1", "0.1235", VAT)],
        Terms(places=3),
        "0.124 0 0.024 0.148",
    ),
    "nothing at all": ([line("0", "100", VAT)], Terms(discount=discount("5%")), "0 0 0 0"),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_document_adds_up(example: str) -> None:
    lines, terms, expected = EXAMPLES[example]

    result = totals(lines, terms)

    sums = (result.sub_total, result.discount_total, result.tax_total, result.total)
    assert " ".join(map(str, sums)) == expected


def test_every_tax_of_a_group_is_shown_by_itself() -> None:
    result = totals([line("1", "100", STATE, CITY), line("1", "50", CITY)], Terms())

    assert result.taxes == {"2": D(6), "3": D("3.75")}
    assert [one.taxes for one in result.lines] == [{"2": D(6), "3": D("2.5")}, {"3": D("1.25")}]


def test_the_total_of_an_item_is_without_an_included_tax() -> None:
    result = totals([line("2", "119", VAT)], Terms(tax_included=True))

    assert result.lines[0].item_total == 200


AMOUNTS = st.decimals("0", "9999", places=2)
PERCENTAGES = st.decimals("0", "100", places=2)
TAXES = st.lists(st.sampled_from([VAT, STATE, CITY]), max_size=2, unique=True)


@st.composite
def discounts(draw: st.DrawFn) -> Discount:
    if draw(st.booleans()):
        return Discount(value=draw(PERCENTAGES), percent=True)
    return Discount(value=draw(st.decimals("0", "20", places=2)))


@st.composite
def lines_of_any_kind(draw: st.DrawFn) -> Line:
    return Line(
        quantity=draw(st.decimals("0", "99", places=3)),
        rate=draw(AMOUNTS),
        discount=draw(discounts()),
        taxes=draw(TAXES),
    )


@st.composite
def terms_of_any_kind(draw: st.DrawFn) -> Terms:
    levels = st.sampled_from(["entity_level", "item_level"])
    return Terms(
        places=draw(st.sampled_from([0, 2, 3])),
        discount=draw(discounts()),
        discount_type=draw(levels),
        discount_before_tax=draw(st.booleans()),
        tax_included=draw(st.booleans()),
        tax_rounding=draw(levels),
        shipping_charge=draw(AMOUNTS),
        adjustment=draw(st.decimals("-99", "99", places=2)),
    )


LINES = st.lists(lines_of_any_kind(), min_size=1, max_size=5)
TERMS = terms_of_any_kind()


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(lines=LINES, terms=TERMS)
def test_totals_are_those_of_a_model_in_exact_fractions(lines: list[Line], terms: Terms) -> None:
    result = totals(lines, terms)

    figures = (result.sub_total, result.discount_total, result.tax_total, result.total)
    assert tuple(map(Fraction, figures)) == modelled(lines, terms)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(lines=LINES, terms=TERMS)
def test_what_a_document_shows_is_what_its_total_is_made_of(
    lines: list[Line], terms: Terms
) -> None:
    result = totals(lines, terms)

    off = result.discount_total if terms.discount_type == "entity_level" else 0
    extra = terms.shipping_charge + terms.adjustment
    exact = result.sub_total - off + result.tax_total + extra
    assert Fraction(result.total) == half_up(Fraction(exact), terms.places)
    assert sum(result.taxes.values()) == result.tax_total
    assert all(fits(figure, terms.places) for figure in figures_of(result))


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(lines=LINES)
def test_prices_that_include_tax_add_up_to_the_total_to_the_cent(lines: list[Line]) -> None:
    result = totals(lines, Terms(tax_included=True))

    paid = sum(half_up(Fraction(one.quantity * one.rate), 2) for one in lines)
    assert Fraction(result.total) == paid


def modelled(lines: Sequence[Line], terms: Terms) -> tuple[Fraction, ...]:
    """Add up from the rules as they are told, one after the other."""
    places, per_line = terms.places, terms.discount_type == "item_level"
    offs: list[Fraction] = []
    prices: list[Fraction] = []
    nets: list[Fraction] = []
    for one in lines:
        full = Fraction(one.quantity) * Fraction(one.rate)
        offs.append(taken_off(one.discount, full, places) if per_line else Fraction(0))
        prices.append(half_up(full - offs[-1], places))
        whole = 1 + sum((Fraction(tax.percentage) for tax in one.taxes), Fraction(0)) / 100
        nets.append(prices[-1] / whole if terms.tax_included else prices[-1])
    sub_total = sum(prices, Fraction(0))
    if terms.tax_included:
        sub_total -= taxed(lines, nets, terms)
    entity = Fraction(0) if per_line else taken_off(terms.discount, sub_total, places)
    left = Fraction(1)
    if sub_total and terms.discount_before_tax:
        left = (sub_total - entity) / sub_total
    tax = taxed(lines, [net * left for net in nets], terms)
    if not per_line and not terms.discount_before_tax:
        entity = taken_off(terms.discount, sub_total + tax, places)
    extra = Fraction(terms.shipping_charge) + Fraction(terms.adjustment)
    total = half_up(sub_total - entity + tax + extra, places)
    return sub_total, entity + sum(offs, Fraction(0)), tax, total


def taxed(lines: Sequence[Line], nets: Sequence[Fraction], terms: Terms) -> Fraction:
    tax_total = Fraction(0)
    for tax in (VAT, STATE, CITY):
        parts = [
            net * Fraction(tax.percentage) / Fraction(100)
            for one, net in zip(lines, nets, strict=True)
            if tax in one.taxes
        ]
        if terms.tax_rounding == "item_level":
            parts = [half_up(part, terms.places) for part in parts]
        tax_total += half_up(sum(parts, Fraction(0)), terms.places)
    return tax_total


def taken_off(discount: Discount, base: Fraction, places: int) -> Fraction:
    value = Fraction(discount.value)
    return half_up(base * value / 100 if discount.percent else value, places)


def half_up(amount: Fraction, places: int) -> Fraction:
    cents = math.floor(abs(amount) * 10**places + Fraction(1, 2))
    return Fraction(cents if amount >= 0 else -cents, 10**places)


def fits(amount: Decimal, places: int) -> bool:
    return bool((Fraction(amount) * 10**places).denominator == 1)


def figures_of(result: Totals) -> list[Decimal]:
    sums = [result.sub_total, result.discount_total, result.tax_total, result.total]
    return sums + [one.item_total for one in result.lines] + list(result.taxes.values())


def test_an_invoice_is_answered_as_live_ones_are(call: Caller) -> None:
    """To the cent: 2 days at 450 and 19%, in euros at 1.08."""
    vat = call.tax("VAT 19")
    item = call.item("Site survey", 450.0, description="One day on site", unit="day", tax_id=vat)
    contact = call.contact(currency_id=call.currency("EUR"))

    invoice = call.invoice(
        contact,
        {"item_id": item["item_id"], "quantity": 2, "rate": 450.0, "tax_id": vat},
        sent=False,
        date="2026-03-03",
        payment_terms=30,
        exchange_rate=1.08,
        discount=0,
        reference_number="DEAL-9001",
    )

    shown = {
        "status": "draft", "due_date": "2026-04-02", "payment_terms_label": "Net 30",
        "sub_total": 900, "discount_total": 0, "tax_total": 171, "total": 1071, "balance": 1071,
        "bcy_total": D("1156.68"), "payment_made": 0, "credits_applied": 0,
        "rounding_mode": "round_half_up", "tax_rounding": "entity_level", "price_precision": 2,
        "taxes": [{"tax_id": vat, "tax_name": "VAT 19 (19%)", "tax_amount": 171}],
        "exchange_rate": D("1.08"), "invoice_number": "INV-000001", "invoice_source": "Api",
    }  # fmt: skip
    line_shown = {
        "name": "Site survey", "item_order": 1, "quantity": 2, "unit": "day", "rate": 450,
        "bcy_rate": 486, "discount": 0, "tax_type": "tax", "tax_percentage": 19,
        "item_total": 900,
        "line_item_taxes": [{"tax_id": vat, "tax_name": "VAT 19 (19%)", "tax_amount": 171}],
    }  # fmt: skip
    assert shown.items() <= invoice.items()
    assert line_shown.items() <= invoice["line_items"][0].items()


def test_an_invoice_in_yen_has_no_cents(call: Caller) -> None:
    contact = call.contact(currency_id=call.currency("JPY"))

    invoice = call.invoice(contact, {"name": "Tea", "rate": "100.5", "quantity": 3})

    assert (invoice["total"], invoice["price_precision"]) == (302, 0)
    assert invoice["bcy_total"] == D("2.02")


def test_tax_can_be_rounded_on_lines_by_a_setting_of_the_organisation(call: Caller) -> None:
    call.books.edit("organizations", call.organization, {"tax_rounding": "item_level"})
    thrice: list[Json] = [{"name": "Nut", "rate": "0.33", "tax_id": call.tax("VAT 19")}] * 3

    invoice = call.invoice(call.contact(), *thrice)

    assert (invoice["tax_rounding"], invoice["tax_total"]) == ("item_level", D("0.18"))


@pytest.mark.parametrize("off", [-1, "-5%", "101%", "much", 1000])
def test_a_discount_beyond_all_bounds_is_refused(call: Caller, off: Json) -> None:
    entered = {
        "customer_id": call.contact()["contact_id"],
        "line_items": [{"name": "Work", "rate": 100}],
        "discount": off,
    }

    assert call("POST", "/invoices", entered).refusal == (400, 4)


def test_a_percentage_stays_the_text_it_came_as(call: Caller) -> None:
    invoice = call.invoice(call.contact(), discount="12.5%")

    assert (invoice["discount"], invoice["total"]) == ("12.5%", D("87.5"))
