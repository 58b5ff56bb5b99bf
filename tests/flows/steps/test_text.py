"""Words: what a vendor may do to them without changing what was said."""

from __future__ import annotations

import pytest

from hub.flows.flow import Step
from hub.flows.steps import NotUnderstood, key, read, same
from hub.flows.steps.text import but_for_a_slip

TEXT = Step()
NAME = Step(name="name")


@pytest.mark.parametrize(
    ("one", "other"),
    [("a\r\nb", "a\nb"), ("a  b", "a b"), ("a\n\nb\n", "a\nb"), ("a\u00a0b", "a b")],
)
def test_spaces_and_line_ends_are_the_vendors(one: str, other: str) -> None:
    assert same(TEXT, read(TEXT, one), read(TEXT, other))


@pytest.mark.parametrize(("one", "other"), [("Acme", "ACME"), ("Acme Ltd", "Acme Limited")])
def test_case_and_words_are_peoples(one: str, other: str) -> None:
    assert not same(TEXT, one, other)
    assert not same(Step(name="company"), one, other)


def test_accents_are_one_letter_however_they_came() -> None:
    assert read(TEXT, "Ine\u0302s") == "Inês".replace("ê", "\u00ea")


def test_a_lookup_reads_as_its_id_and_a_number_as_its_digits() -> None:
    assert read(TEXT, {"name": "Ferry Foods", "id": "5550002000000000137"}) == "5550002000000000137"
    assert read(TEXT, 460000000000026049) == "460000000000026049"


@pytest.mark.parametrize("value", [True, ["a"], {"name": "no id"}])
def test_what_is_no_text_is_not_understood(value: object) -> None:
    with pytest.raises(NotUnderstood, match="expected text"):
        read(TEXT, value)


@pytest.mark.parametrize("name", ["Faro, Inês", "INES FARO", "Dr. Ines  Faro", "ines-faro"])
def test_a_person_is_found_whichever_way_round_the_name_stands(name: str) -> None:
    assert key(NAME, name) == "faro ines"


def test_an_initial_finds_nobody() -> None:
    assert key(NAME, "A.") == ""


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("bakery", "bakrey", True), ("bakery", "bakry", True), ("bakery", "bakeery", True),
        ("bakery", "bakary", True), ("bakery", "bakkrey", False), ("bakery", "brewery", False),
        ("ann", "ana", False), ("2019", "2020", False), ("bakery", "bakery", True),
    ],
)  # fmt: skip
def test_one_letter_in_a_long_word_is_a_slip(one: str, other: str, slip: bool) -> None:  # noqa: FBT001
    assert but_for_a_slip([one], [other]) is slip
    assert but_for_a_slip([other], [one]) is slip


def test_two_slips_are_another_name() -> None:
    assert not but_for_a_slip(["bakery", "meridian"], ["bakrey", "meridan"])
