"""A company's name: by what it is found, and which names are plainly of two."""

from __future__ import annotations

import pytest

from hub.flows.flow import Step
from hub.flows.steps import apart, key, read, same
from hub.flows.steps.company import agree

COMPANY = Step(name="company")
TAX = Step(name="tax number")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Acme Ltd", "acme"), ("ACME (Pvt.) Limited", "acme"), ("The Acme Co., Inc.", "acme"),
        ("Müller GmbH & Co. KG", "muller"), ("Mueller AG", "muller"), ("Sàrl Dupont", "dupont"),
        ("Kjær A/S", "kjar"), ("Foo Sp. z o.o.", "foo"), ("J. P. Harding", "jpharding"),
        ("Smith and Jones", "smith&jones"), ("Silva e Costa", "silva&costa"), ("H&M", "h&m"),
        ("Harbour Spa", "harbourspa"), ("Sole S.p.A.", "sole"), ("Sole SpA", "sole"),
        ("Limited", ""), ("株式会社 日立", "株式会社日立"),
        ("A", ""), ("n/a", ""), ("TEST Ltd", ""),
        ("Cash Sales", ""), ("Acme Holding Ltd", "acmeholding"), ("Studio 54", "studio54"),
    ],
)  # fmt: skip
def test_it_is_found_without_form_case_accents_and_signs(said: str, found: str) -> None:
    assert key(COMPANY, said) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "Acme Ltd"), ("Acme Ltd", "ACME LIMITED"), ("Acme BV", "Acme SRL"),
        ("Amber Bakery", "Ambre Bakery"), ("Blue Print", "Blueprint"), ("Acme & Co", "Acme GmbH"),
    ],
)  # fmt: skip
def test_names_of_one_agree(one: str, other: str) -> None:
    assert agree(one, other)
    assert agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Ltd", "Acme LLP"), ("Acme GmbH", "Acme GmbH & Co. KG"), ("Acme", "Acme Holding"),
        ("Acme Leeds", "Acme York"), ("Studio 54", "Studio 55"), ("Acme", "Zenith"),
    ],
)  # fmt: skip
def test_names_of_two_do_not(one: str, other: str) -> None:
    assert not agree(one, other)
    assert not agree(other, one)


@pytest.mark.parametrize(
    ("said", "found", "country"),
    [
        ("GB 294 7731 08", "294773108", "GB"), ("294773108", "294773108", ""),
        ("DE129273398", "129273398", "DE"), ("CHE-116.281.710 MWST", "116281710", "CH"),
        ("ESB12345674", "B12345674", "ES"), ("B12345674", "B12345674", ""),
        ("EL094259216", "094259216", "GR"), ("NO 923 609 016 MVA", "923609016", "NO"),
        ("27AAPFU0939F1ZV", "27AAPFU0939F1ZV", ""), ("12.345.678/0001-95", "12345678000195", ""),
        ("n/a", "", ""), ("000000000", "", ""), ("123456789", "", ""), ("12345", "", ""),
    ],
)  # fmt: skip
def test_a_tax_number_is_found_with_or_without_its_country(
    said: str, found: str, country: str
) -> None:
    assert (key(TAX, said), apart(TAX, said)) == (found, country)


def test_the_signs_in_a_tax_number_are_kept_and_yet_the_vendors() -> None:
    assert read(TAX, " 12.345.678/0001-95 ") == "12.345.678/0001-95"
    assert same(TAX, "12.345.678/0001-95", "12345678000195")
    assert not same(TAX, "GB294773108", "294773108")
