"""Phone numbers and e-mail addresses."""

from __future__ import annotations

import pytest

from hub.flows.flow import Step
from hub.flows.steps import Manner, NotUnderstood, apart, key, read, same
from hub.flows.steps.email import shared

PHONE = Step(name="phone")
EMAIL = Step(name="email")


@pytest.mark.parametrize(
    "said",
    ["+44 20 7946 0000", "0044 20 7946-0000", "+44 (0)20 7946 0000", "(+44) 20/79460000",
     "+4402079460000"],
)  # fmt: skip
def test_a_number_with_its_country_is_one_number_in_every_spelling(said: str) -> None:
    assert read(PHONE, said) == "+442079460000"


@pytest.mark.parametrize(
    ("said", "home", "canonical"),
    [
        ("020 7946 0000", "GB", "+442079460000"), ("(503) 555-0142", "US", "+15035550142"),
        ("1-503-555-0142", "US", "+15035550142"), ("06 1234 5678", "IT", "+390612345678"),
        ("12 34 56 78", "DK", "+4512345678"), ("020 7946 0000", "", "020 7946 0000"),
    ],
)  # fmt: skip
def test_a_number_without_its_country_is_at_home_where_its_side_is(
    said: str, home: str, canonical: str
) -> None:
    assert read(PHONE, said, Manner(country=home)) == canonical


@pytest.mark.parametrize(
    "said",
    ["ask for Ana", "020 7946 0000 or 0001", "020 79460000 / 020 79460001 / 2", "+1", "++44 20"],
)
def test_what_is_no_single_number_is_kept_and_finds_nobody(said: str) -> None:
    assert read(PHONE, said, Manner(country="GB")) == said
    assert key(PHONE, said) == ""


def test_an_extension_is_kept_and_is_another_phone() -> None:
    one = read(PHONE, "+44 20 7946 0000 ext. 12")

    assert one == "+442079460000 ext 12"
    assert read(PHONE, one) == one
    assert same(PHONE, one, "+44 20 7946 0000 x12")
    assert not same(PHONE, one, "+442079460000")


def test_a_number_may_come_back_without_its_country() -> None:
    assert same(PHONE, "+442079460000", "020 7946 0000")
    assert not same(PHONE, "+442079460000", "020 7946 0001")
    assert not same(PHONE, "+442079460000", "+352079460000")


def test_it_is_found_with_or_without_its_country_but_not_in_another() -> None:
    assert key(PHONE, "+4512345678") == key(PHONE, "12 34 56 78") == "12345678"
    assert key(PHONE, "+442079460000") == key(PHONE, "020 7946 0000")
    assert (apart(PHONE, "+4512345678"), apart(PHONE, "+4712345678")) == ("45", "47")


@pytest.mark.parametrize("said", ["000 000 0000", "1111111", "112"])
def test_a_number_of_nobody_finds_nobody(said: str) -> None:
    assert key(PHONE, said) == ""


def test_an_address_is_taken_out_of_what_surrounds_it() -> None:
    assert read(EMAIL, "Ana Prado <ana@hub.example>") == "ana@hub.example"
    assert read(EMAIL, " mailto:ana@hub.example ") == "ana@hub.example"


@pytest.mark.parametrize("said", ["none", "ana@hub", "a@b.example, c@d.example", "@x.example", 5])
def test_what_is_no_address_is_not_understood(said: object) -> None:
    with pytest.raises(NotUnderstood, match="an e-mail address"):
        read(EMAIL, said)


def test_case_is_the_vendors() -> None:
    assert same(EMAIL, "Ana@Hub.Example", "ana@hub.example")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana+books@hub.example", "ANA@hub.example"),
        ("a.na@gmail.com", "ana+x@googlemail.com"),
    ],
)
def test_one_mailbox_has_one_key(one: str, other: str) -> None:
    assert key(EMAIL, one) == key(EMAIL, other)


def test_dots_matter_elsewhere() -> None:
    assert key(EMAIL, "a.na@hub.example") != key(EMAIL, "ana@hub.example")


@pytest.mark.parametrize(
    ("address", "many"),
    [("info@x.example", True), ("Accounts+a@x.example", True), ("sales2@x.example", True),
     ("ana@x.example", False), ("informatica@x.example", False)],
)  # fmt: skip
def test_a_mailbox_of_a_role_is_read_by_many(address: str, many: bool) -> None:  # noqa: FBT001
    assert shared(address) is many
