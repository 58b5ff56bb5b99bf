"""A tax is found by its name and percent, or a person is asked: there is no default."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hub.flows.document import Miss, tax_of, value_of
from tests.flows.document.by_hand import TAXES, path, vat

GROUP: dict[str, Any] = {
    "tax_id": "both",
    "tax_name": "State and City",
    "tax_percentage": Decimal("8.5"),
    "taxes": [
        {"tax_name": "State", "tax_percentage": 6},
        {"tax_name": "City", "tax_percentage": Decimal("2.5")},
    ],
}


def found(said: object, **step: Any) -> object:
    names = {"line": {"taxes": said}, "taxes": [*TAXES, GROUP]}
    return value_of(path("line.taxes", name="tax", **step), names)


@pytest.mark.parametrize(
    ("name", "percent", "expected"),
    [("VAT", Decimal(23), "t23"), ("vat ", Decimal("23.00"), "t23"), ("VAT", Decimal(6), "t6")],
)
def test_a_tax_is_told_by_name_and_percent(name: str, percent: Decimal, expected: str) -> None:
    assert tax_of(TAXES, name.strip(), percent) == expected


@pytest.mark.parametrize(
    ("name", "percent"), [("VAT", Decimal(19)), ("Sales tax", Decimal(23)), ("Levy", Decimal(1))]
)
def test_what_is_not_there_is_a_miss(name: str, percent: Decimal) -> None:
    missed = tax_of(TAXES, name, percent)

    assert isinstance(missed, Miss)
    assert "found none; there are: VAT 23 %, VAT 6.0 %." in missed.sentence


def test_a_name_alone_that_stands_for_two_is_a_miss() -> None:
    missed = tax_of(TAXES, "VAT", None)

    assert isinstance(missed, Miss)
    assert "Expected one tax “VAT”, found 2 of them" in missed.sentence


def test_a_name_can_be_translated() -> None:
    assert found(vat("23", "IVA"), table=(("IVA", "VAT"),)) == "t23"


@pytest.mark.parametrize("said", [[], None, "", "none", ("none",), ["No tax"]])
def test_no_tax_is_said_outright(said: object) -> None:
    assert found(said) == ""


def test_several_taxes_are_one_group_of_just_these() -> None:
    both = vat("6", "State") + vat("2.5", "City")

    assert found(both) == "both"
    assert found(both[::-1]) == "both"
