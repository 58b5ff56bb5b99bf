"""The record that is made, what is told of it, and what stands in its fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hub.flows.document import NotMade, due_of, make, told, value_of
from hub.flows.expression import compile as compiled
from hub.flows.flow import Tell, Value
from hub.flows.steps import ABSENT
from tests.flows.document.by_hand import INVOICE, deal, named, path, quote, row, taken, vat, word


def test_an_invoice_says_everything_itself() -> None:
    source = deal("90.00")
    rows = [row("50", "2", Discount="10%", Line_Tax=vat("23"), Tax=Decimal("20.7"))]

    made = make(INVOICE, named(source), taken(source, quote(*rows)))

    assert made == {
        "customer_id": "12",
        "currency_id": "3",
        "date": "2026-03-02",
        "due_date": "2026-04-01",
        "reference_number": "Faro rollout",
        "is_inclusive_tax": False,
        "discount_type": "item_level",
        "adjustment": 0,
        "line_items": [
            {"name": "Survey", "quantity": 2, "rate": 50, "discount": "10%", "tax_id": "t23"}
        ],
    }


def test_an_untaxed_line_says_that_it_is() -> None:
    source = deal("100")

    made = make(INVOICE, named(source), taken(source))

    assert made["line_items"][0]["tax_id"] == ""
    assert made["line_items"][0]["discount"] == 0


def test_a_tax_that_is_not_in_the_table_makes_nothing() -> None:
    source = deal("100")
    found = taken(source, quote(row("100", Line_Tax=vat("19"), Tax=Decimal(19))))

    with pytest.raises(NotMade) as refused:
        make(INVOICE, named(source), found)

    assert str(refused.value) == (
        "line_items.tax_id: Expected one tax “VAT” at 19 %, found none; there are: "
        "VAT 23 %, VAT 6.0 %. Make it there, or give its name there in the flow's table of taxes."
    )


def test_texts_are_cut_to_what_the_other_side_takes() -> None:
    source = deal("100", Deal_Name="x" * 120)

    assert make(INVOICE, named(source), taken(source))["reference_number"] == "x" * 100


def test_the_due_date_counts_from_the_day_the_document_has() -> None:
    later = INVOICE.fields | {"date": path("deal.Closing_Date")}
    source = deal("100", Closing_Date="2026-03-31")
    one = type(INVOICE)(connection="books", kind="invoices", fields=later)

    assert make(one, named(source))["due_date"] == "2026-04-30"


@pytest.mark.parametrize("terms", [None, "", -2, ABSENT])
def test_terms_that_are_no_days_are_left_to_the_other_side(terms: object) -> None:
    assert due_of("2026-03-02", None if terms is ABSENT else terms) is ABSENT


def test_a_due_date_passes_the_end_of_a_month() -> None:
    assert due_of("2028-02-28", 2) == "2028-03-01"
    assert due_of("2026-03-02", "0") == "2026-03-02"


def test_a_path_gives_what_stands_there_to_the_digit() -> None:
    amount = Decimal("12345678901234567890.10")

    assert str(value_of(path("deal.Amount"), {"deal": {"Amount": amount}})) == str(amount)
    assert value_of(path("deal.Owner.email"), {"deal": {"Owner": {"email": "a@b"}}}) == "a@b"


def test_absent_is_not_null() -> None:
    assert value_of(path("deal.Amount"), {"deal": {}}) is ABSENT
    assert value_of(path("deal.Amount"), {"deal": {"Amount": None}}) is None


@pytest.mark.parametrize("said", ["draft", False, 1])
def test_a_word_is_itself(said: str | bool | int) -> None:  # noqa: FBT001 - a literal
    found = value_of(word(said), {})

    assert (found, type(found)) == (said, type(said))


def test_an_expression_is_worked_out() -> None:
    text = 'deal.Deal_Name + " (" + deal.id + ")"'
    expression = compiled(text, {"deal": {"Deal_Name": "text", "id": "text"}})

    found = value_of(Value(text=text, expression=expression), named(deal()))

    assert found == "Faro rollout (7)"


def test_a_value_that_cannot_be_read_names_its_field() -> None:
    one = type(INVOICE)(
        connection="books", kind="invoices", fields={"date": path("deal.Deal_Name", name="date")}
    )

    with pytest.raises(NotMade, match=r"^date: deal\.Deal_Name: expected"):
        make(one, named(deal()))


def test_a_figure_is_asked_for_by_its_name() -> None:
    asked: list[tuple[str, str]] = []

    def figure(name: str, of: str) -> Any:
        asked.append((name, of))
        return Decimal(5)

    value = Value(text="", figure="outstanding", of="customer")

    assert value_of(value, {}, figure=figure) == 5
    assert asked == [("outstanding", "customer")]


def tell(**fields: Value) -> Tell:
    return Tell(connection="crm", kind="Deals", to=path("deal.id"), fields=fields)


def test_what_is_told_clears_by_null_and_leaves_alone_what_is_absent() -> None:
    names = named(deal()) | {"made": {"invoice_id": "14", "last_payment_date": None}}
    one = tell(a=path("made.invoice_id"), b=path("made.last_payment_date"), c=path("made.nothing"))

    found = told(one, names)

    assert found.record == "7"
    assert found.fields == {"a": "14", "b": None}


def test_nothing_can_be_told_to_nobody() -> None:
    with pytest.raises(NotMade, match="expected the id of a record of Deals, found none"):
        told(tell(), named(deal(id=None)))
