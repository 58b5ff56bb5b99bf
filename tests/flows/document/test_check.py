"""P16: what was made is compared with what was said, like with like, to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hub.flows.document import checked
from tests.flows.document.by_hand import CHECKS, deal, named, quote, row, taken, vat

SOURCE = deal("200")
ROWS = [row("100", Line_Tax=vat("23"), Tax=Decimal(23)) for _ in range(2)]
LINES = taken(SOURCE, quote(*ROWS))


def differences(**made: Any) -> list[str]:
    as_said = {"sub_total": 200, "tax_total": 46, "total": 246, "currency_code": "EUR"}
    found = checked(CHECKS, named(SOURCE), LINES, as_said | made)
    return [one.why for one in found]


def test_p16_what_says_the_same_agrees_however_it_is_written() -> None:
    assert differences(sub_total=Decimal("200.00"), total="246.0") == []


def test_p16_net_is_exact() -> None:
    assert differences(sub_total=Decimal("200.01")) == [
        "net: expected 200.00 EUR, found 200.01 EUR"
    ]


@pytest.mark.parametrize("tax", ["45.98", "46.02"])
def test_p16_tax_may_differ_by_a_cent_per_line(tax: str) -> None:
    assert differences(tax_total=Decimal(tax)) == []


@pytest.mark.parametrize("tax", ["45.97", "46.03"])
def test_p16_tax_may_not_differ_by_more(tax: str) -> None:
    assert differences(tax_total=Decimal(tax)) == [
        f"tax: expected 46.00 EUR, within 0.02 EUR, found {tax} EUR"
    ]


def test_p16_another_currency_is_a_difference_though_the_figures_agree() -> None:
    assert differences(currency_code="USD") == ["currency: expected EUR, found USD"]


def test_p16_what_the_record_does_not_say_is_a_difference() -> None:
    assert differences(total=None) == ["total: expected 246.00 EUR, within 0.02 EUR, found nothing"]


def test_p16_of_what_the_source_says_nothing_nothing_is_compared() -> None:
    by_name = taken(SOURCE, quote(row("200", Line_Tax=[{"name": "VAT"}], Tax=None)))

    found = checked(CHECKS, named(SOURCE), by_name, {"sub_total": 200, "currency_code": "EUR"})

    assert found == []
