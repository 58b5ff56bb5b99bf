"""Addresses in both shapes, countries and postcodes."""

from __future__ import annotations

from typing import Any

import pytest

from hub.flows.flow import Step
from hub.flows.steps import (
    ABSENT,
    Canonical,
    Manner,
    NotUnderstood,
    apart,
    key,
    put_at,
    read,
    same,
    value_at,
    write,
)
from hub.flows.steps.countries import COUNTRIES, code_of

ADDRESS = Step(name="address")
COUNTRY = Step(name="country")
BILLING = ("Billing_*",)
NESTED = ("billing_address",)

IN_CRM = {
    "id": "1",
    "Billing_Street": "Hafenstr. 9\r\nHaus B",
    "Billing_City": "Hamburg",
    "Billing_State": None,
    "Billing_Code": "20457",
    "Billing_Country": "Deutschland",
}
IN_BOOKS = {
    "billing_address": {
        "address_id": "46",
        "attention": "AP",
        "address": "Hafenstr. 9",
        "street2": "Haus B",
        "city": "Hamburg",
        "state": "",
        "zip": "20457",
        "country": "Germany",
        "country_code": "DE",
        "phone": "",
    }
}
CANONICAL = {
    "street": "Hafenstr. 9\nHaus B",
    "city": "Hamburg",
    "state": "",
    "code": "20457",
    "country": "DE",
}


def placed(value: Canonical, path: tuple[str, ...], manner: Manner | None = None) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    put_at(fields, path, write(ADDRESS, value, path, manner or Manner()))
    return fields


def test_both_shapes_read_as_one_address() -> None:
    assert read(ADDRESS, value_at(IN_CRM, BILLING)) == CANONICAL
    assert read(ADDRESS, value_at(IN_BOOKS, NESTED)) == CANONICAL


def test_it_is_written_as_fields_that_begin_alike() -> None:
    assert placed(CANONICAL, BILLING) == {
        "Billing_Street": "Hafenstr. 9\nHaus B",
        "Billing_City": "Hamburg",
        "Billing_State": None,
        "Billing_Code": "20457",
        "Billing_Country": "Germany",
    }


def test_it_is_written_as_a_record_with_a_second_line() -> None:
    assert placed(CANONICAL, NESTED, Manner(empty="")) == {
        "billing_address": {
            "address": "Hafenstr. 9",
            "street2": "Haus B",
            "city": "Hamburg",
            "state": "",
            "zip": "20457",
            "country": "Germany",
        }
    }


@pytest.mark.parametrize(
    ("path", "names", "code"),
    [
        ("Mailing_*", {"Mailing_Street", "Mailing_Zip"}, "Mailing_Zip"),
        ("Billing*", {"BillingStreet", "BillingPostalCode"}, "BillingPostalCode"),
        ("Billing_*", {"Billing_Street", "Billing_Code"}, "Billing_Code"),
    ],
)
def test_the_postcode_goes_where_the_record_has_it(path: str, names: set[str], code: str) -> None:
    written = placed(CANONICAL, (path,), Manner(names=names, countries="code"))

    assert written[code] == "20457"
    assert written[path[:-1] + "Country"] == "DE"
    assert len(written) == 5


@pytest.mark.parametrize("path", [BILLING, NESTED])
def test_what_was_written_reads_as_the_same_address(path: tuple[str, ...]) -> None:
    assert read(ADDRESS, value_at(placed(CANONICAL, path), path)) == CANONICAL


def test_a_part_that_is_not_said_is_no_word_about_it() -> None:
    seen = read(ADDRESS, {"City": "Hamburg", "Code": "20457"})

    assert seen == {"city": "Hamburg", "code": "20457"}
    assert same(ADDRESS, seen, CANONICAL)
    assert not same(ADDRESS, read(ADDRESS, {"City": "Bremen"}), CANONICAL)
    assert placed(seen, BILLING) == {"Billing_City": "Hamburg", "Billing_Code": "20457"}
    assert placed(seen, NESTED) == {"billing_address": {"city": "Hamburg", "zip": "20457"}}


def test_an_empty_part_is_a_word() -> None:
    assert not same(ADDRESS, CANONICAL | {"city": ""}, CANONICAL)
    assert not same(ADDRESS, CANONICAL | {"code": "", "country": ""}, CANONICAL)


def test_an_address_of_empty_parts_is_empty_and_clears_all_of_them() -> None:
    assert read(ADDRESS, {"address": "", "city": "", "zip": "", "country": None}) is None
    assert set(placed(None, BILLING).values()) == {None}
    assert len(placed(None, BILLING)) == 5
    assert set(placed(None, NESTED, Manner(empty=""))["billing_address"].values()) == {""}


def test_no_part_at_all_is_absent() -> None:
    assert value_at({"id": "1", "Billing_": "x"}, BILLING) is ABSENT


def test_the_whole_address_said_once_more_beside_its_parts_is_left_alone() -> None:
    record = {"BillingStreet": "Mill Lane", "BillingAddress": {"street": "Mill Lane"}}

    assert read(ADDRESS, value_at(record, ("Billing*",))) == {"street": "Mill Lane"}


@pytest.mark.parametrize(
    "again",
    [
        {"street": "Hafenstr. 9, Haus B"}, {"street": "hafenstr. 9  HAUS B"}, {"code": "D-20457"},
        {"country": "Germany"}, {"city": "HAMBURG "},
    ],
)  # fmt: skip
def test_what_a_vendor_makes_of_a_part_is_the_same(again: dict[str, str]) -> None:
    assert same(ADDRESS, CANONICAL | again, CANONICAL)


def test_another_house_is_not_the_same() -> None:
    assert not same(ADDRESS, CANONICAL | {"street": "Hafenstr. 19\nHaus B"}, CANONICAL)


def test_a_text_is_no_address() -> None:
    with pytest.raises(NotUnderstood, match="an address with its parts"):
        read(ADDRESS, "Hafenstr. 9, Hamburg")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("LS1 4AP", "LS14AP"), ("ls14ap", "LS14AP"), ("B1 1AA", "B11AA"), ("D-20457", "20457"),
        ("DE 20457", "20457"), ("b-1000", "1000"), ("01067", "1067"), ("38674-1234", "38674"),
        ("1012 AB", "1012AB"), ("4000-123", "4000123"), ("K1A 0B1", "K1A0B1"), ("n/a", ""),
        ("00000", ""), ("-", ""), ("D02 X285", "D02X285"),
    ],
)  # fmt: skip
def test_a_postcode_is_found_in_every_spelling(said: str, found: str) -> None:
    assert key(ADDRESS, {"code": said}, "code") == found


def test_an_address_is_found_by_street_and_postcode_together() -> None:
    assert key(ADDRESS, CANONICAL) == "hafenstr. 9 haus b 20457"
    assert key(ADDRESS, {"code": "20457"}) == ""
    assert apart(ADDRESS, CANONICAL) == "DE"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Deutschland", "DE"), ("U.S.A.", "US"), ("us", "US"), ("ESPAÑA", "ES"), ("Espana", "ES"),
        ("Türkiye", "TR"), ("The Netherlands", "NL"), ("Great Britain", "GB"), ("GBR", "GB"),
        ("日本", "JP"),
    ],
)  # fmt: skip
def test_a_country_is_its_code_by_any_of_its_names(said: str, code: str) -> None:
    assert read(COUNTRY, said) == code


def test_a_country_that_is_not_known_stays_as_it_was_said() -> None:
    assert read(COUNTRY, "Atlantis") == write(COUNTRY, "Atlantis") == "Atlantis"


def test_a_country_is_written_by_name_or_by_code() -> None:
    assert write(COUNTRY, "PT") == "Portugal"
    assert write(COUNTRY, "PT", manner=Manner(countries="code")) == "PT"


@pytest.mark.parametrize("code", COUNTRIES)
def test_no_two_countries_are_called_alike(code: str) -> None:
    known = COUNTRIES[code]

    assert {code_of(called) for called in (code, known.code3, known.name, *known.others)} == {code}


IN_SALESFORCE = {
    "Id": "1",
    "BillingStreet": "Hafenstr. 9\nHaus B",
    "BillingCity": "Hamburg",
    "BillingState": None,
    "BillingPostalCode": "20457",
    "BillingCountry": "Germany",
    "BillingAddress": {"street": "elsewhere", "city": "elsewhere"},
}
IN_DESK = {
    "accountName": "Velm",
    "street": "Hafenstr. 9\nHaus B",
    "city": "Hamburg",
    "state": None,
    "code": "20457",
    "country": "Germany",
}


@pytest.mark.parametrize(
    ("record", "way"),
    [(IN_SALESFORCE, "Billing*"), (IN_DESK, "street+city+state+code+country")],
    ids=["salesforce", "desk"],
)
def test_fields_of_an_address_are_read_and_written_under_the_vendors_own_names(
    record: dict[str, Any], way: str
) -> None:
    assert read(ADDRESS, value_at(record, (way,)), Manner()) == CANONICAL

    sent: dict[str, Any] = {}
    put_at(sent, (way,), write(ADDRESS, CANONICAL, (way,), Manner(second=True)))

    parts = {name: value for name, value in record.items() if not isinstance(value, dict)}
    del parts[next(iter(parts))]
    assert sent == parts
