"""Where the lines of a document come from, and when there are none to be used."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.flows.document import NoLines, Taken
from tests.flows.document import by_hand
from tests.flows.document.by_hand import ASK, deal, lines, path, quote, refused, row, taken, vat

if TYPE_CHECKING:
    from hub.flows.document.lines import Record


def test_the_lines_are_those_of_the_accepted_quote() -> None:
    found = taken(deal("950"), quote(row("450", "2"), row("50", Description="One day")))

    assert (found.called, found.record) == ("accepted quote", "71")
    assert sums(found) == [950, 0, 950]
    assert [one["rate"] for one in found.lines] == [450, 50]
    assert found.lines[1]["description"] == "One day"
    assert "description" not in found.lines[0]


def test_a_quote_that_was_not_accepted_has_no_say() -> None:
    found = taken(deal("100"), quote(row("450"), Quote_Stage="Draft"))

    assert found.called == "amount as one line"
    assert found.net == 100
    assert found.lines[0]["name"] == "Faro rollout"


def test_several_accepted_quotes_are_for_a_person() -> None:
    other = quote(row("100"), id="72", Subject="Second try")

    why = refused(deal("100"), quote(row("100")), other)

    assert why == "Expected one accepted quote, found 2: 71, 72 “Second try”."


def test_the_company_chooses_the_places_and_their_order() -> None:
    only_amount = ASK | {"lines": ("amount as one line",)}
    amount_first = ASK | {"lines": ("amount as one line", "accepted quote")}

    for ask in (only_amount, amount_first):
        found = lines(deal("100"), quote(row("450")), ask=ask)
        assert isinstance(found, Taken)
        assert found.called == "amount as one line"


def test_without_an_answer_the_order_is_that_of_the_file() -> None:
    found = lines(deal("450"), quote(row("450")), ask={"accepted": ("Confirmed",)})

    assert isinstance(found, Taken)
    assert found.called == "accepted quote"


def test_a_deal_with_nothing_in_it_has_no_lines() -> None:
    assert refused(deal(None)) == (
        "Expected lines from one of these: accepted quote, amount as one line. "
        "None of them has any."
    )


def test_rows_that_were_never_read_are_asked_for_and_not_taken_for_none() -> None:
    unread = quote()
    del unread["Quoted_Items"]

    found = lines(deal("100"), unread)

    assert isinstance(found, NoLines)
    assert found.unread == "71"


def test_lines_that_come_to_something_else_than_the_deal_are_refused() -> None:
    assert refused(deal("949.99"), quote(row("950"))) == (
        "accepted quote: its lines come to 950.00 EUR without tax, but the source says "
        "949.99 EUR: correct one of them."
    )


def test_a_deal_whose_amount_holds_the_tax_is_told_so() -> None:
    taxed = row("100", Line_Tax=vat("23"), Tax=Decimal(23))

    assert "123.00 EUR, which is their sum with tax" in refused(deal("123"), quote(taxed))


def test_a_deal_that_says_no_amount_does_not_contradict_its_quote() -> None:
    assert taken(deal(None), quote(row("950"))).net == 950


def test_a_quote_in_another_currency_is_refused() -> None:
    why = refused(deal("950"), quote(row("950"), Currency="USD"))

    assert why == "accepted quote: expected it in EUR, found it in USD."


def test_a_quote_whose_total_is_not_that_of_its_rows_is_refused() -> None:
    why = refused(deal("950"), quote(row("950"), Grand_Total=Decimal(960)))

    assert "to come to its total 960.00 EUR, found 950.00 EUR" in why


def test_a_tax_that_is_taken_before_a_discount_on_the_whole_is_refused() -> None:
    taxed = row("100", Line_Tax=vat("23"), Tax=Decimal(23))

    why = refused(deal("90"), quote(taxed, Discount=Decimal(10)))

    assert "expected a tax of 20.70 EUR" in why
    assert "found 23.00 EUR" in why


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"List_Price": None}, "line 1: expected a rate, found none"),
        ({"Quantity": ""}, "line 1: expected a quantity, found none"),
        ({"Product_Name": None}, "line 1: expected a name, found none"),
        ({"List_Price": 1.5}, "expected an amount, found 1.5 (float)"),
        ({"Discount": Decimal(101)}, "a discount of no more than the price"),
        ({"Discount": "110%"}, "a discount of no more than the price"),
        ({"Discount": Decimal(-1)}, "a discount of no more than the price"),
    ],
)
def test_a_row_that_is_no_line_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert expected in refused(deal("100"), quote(row("100", **fields)))


@pytest.mark.parametrize(
    ("said", "net", "sent"),
    [
        (None, "100", 0),
        (Decimal("0.00"), "100", 0),
        (Decimal("12.50"), "87.50", Decimal("12.50")),
        ("10%", "90", "10%"),
        ("10.00%", "90", "10%"),
        ("33.333 %", "66.67", "33.333%"),
        ("100%", "0", "100%"),
    ],
)
def test_a_discount_is_an_amount_or_a_percentage(said: object, net: str, sent: object) -> None:
    found = taken(deal(net), quote(row("100", Discount=said)))

    assert found.net == Decimal(net)
    assert found.lines[0]["discount"] == sent


def test_a_percentage_that_would_come_to_something_else_there_is_sent_as_an_amount() -> None:
    # Books does not round the price of 0.005 first, and would come to 0.01 where CRM has nothing.
    found = taken(deal("0"), quote(row("0.05", "0.1", Discount="50%")))

    assert found.lines[0]["discount"] == Decimal("0.01")


def test_a_discount_on_the_whole_is_shared_out_to_the_cent() -> None:
    rows = [row("33.33"), row("33.33"), row("33.34")]

    found = taken(deal("90"), quote(*rows, Discount=Decimal(10)))

    assert [one["discount"] for one in found.lines] == [
        Decimal("3.33"),
        Decimal("3.33"),
        Decimal("3.34"),
    ]
    assert sum(one["net"] for one in found.lines) == 90


def test_a_percentage_on_the_whole_is_one_too() -> None:
    assert taken(deal("95"), quote(row("60"), row("40"), Discount="5%")).net == 95


@pytest.mark.parametrize(
    ("currency", "rate", "quantity", "net"),
    [
        ("JPY", "333", "1.5", "500"),
        ("EUR", "33.33", "1.5", "50.00"),
        ("KWD", "1.0005", "3", "3.002"),
    ],
)
def test_money_has_the_minor_units_of_its_currency(
    currency: str, rate: str, quantity: str, net: str
) -> None:
    found = taken(deal(net, Currency=currency), quote(row(rate, quantity), Currency=currency))

    assert found.net == Decimal(net)


def test_a_tax_on_the_whole_is_on_every_line() -> None:
    taxed = {"$line_tax": vat("23"), "Tax": Decimal(23)}

    found = taken(deal("100"), quote(row("60"), row("40"), **taxed))

    assert [one["taxes"] for one in found.lines] == [vat("23"), vat("23")]
    assert sums(found) == [100, 23, 123]


def test_an_adjustment_belongs_to_the_amount_of_the_deal() -> None:
    found = taken(deal("99.5"), quote(row("100"), Adjustment=Decimal("-0.5")))

    assert sums(found) == [100, 0, Decimal("99.5")]


def test_what_a_tax_by_name_alone_comes_to_is_not_known() -> None:
    found = lines(deal("100"), ask=ASK | {"tax": ("VAT",)})

    assert isinstance(found, Taken)
    assert found.tax is None
    assert found.lines[0]["taxes"] == [{"name": "VAT", "percentage": None}]
    assert "tax" not in found.named()


def test_records_that_are_lines_themselves_are_each_one() -> None:
    place = msgspec.structs.replace(
        by_hand.QUOTES, called="deal lines", such=None, each="", fields=LINE_FIELDS, whole={}
    )
    need = msgspec.structs.replace(by_hand.NEED, first_of=(place,))
    records: list[Record] = [
        {"Name": "One", "Quantity": 2, "UnitPrice": Decimal(30)},
        {"Name": "Two", "Quantity": 1, "UnitPrice": Decimal(40)},
    ]

    found = lines(deal("100"), *map(dict, records), need=need, ask={})

    assert isinstance(found, Taken)
    assert [(one["name"], one["net"]) for one in found.lines] == [("One", 60), ("Two", 40)]


def test_lines_of_the_source_itself_are_read_there() -> None:
    place = msgspec.structs.replace(by_hand.QUOTES, called="deal lines", kind="", whole={})
    place = msgspec.structs.replace(place, each="Deal_Items", such=None)
    need = msgspec.structs.replace(by_hand.NEED, first_of=(place,))

    found = lines(deal("60", Deal_Items=[row("20", "3")]), need=need, ask={})

    assert isinstance(found, Taken)
    assert found.net == 60


def sums(found: Taken) -> list[Decimal | None]:
    return [found.net, found.tax, found.total]


LINE_FIELDS = {
    "name": path("row.Name"),
    "quantity": path("row.Quantity"),
    "rate": path("row.UnitPrice"),
}
