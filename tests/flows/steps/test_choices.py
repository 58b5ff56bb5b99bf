"""Flags, tables and currencies: values out of a few."""

from __future__ import annotations

import pytest

from hub.flows.flow import Step
from hub.flows.steps import Manner, NotUnderstood, read, write

FLAG = Step(name="flag")
CURRENCY = Step(name="currency")
ACTIVE = Step(name="table", table=(("true", "active"), ("false", "inactive"), ("false", "void")))
SECOND = Manner(second=True)
IDS = Manner(currencies={"4600000000000000025": "USD", "4600000000000000027": "EUR"})


@pytest.mark.parametrize("said", [True, "true", "Yes", 1, "1"])
def test_yes_has_many_words(said: object) -> None:
    assert read(FLAG, said) is True


@pytest.mark.parametrize("said", ["maybe", 2, [], {}])
def test_what_is_neither_is_not_understood(said: object) -> None:
    with pytest.raises(NotUnderstood, match="expected true or false"):
        read(FLAG, said)


def test_a_table_reads_either_side_as_the_first_ones_word() -> None:
    assert read(ACTIVE, True) == "true"  # noqa: FBT003 - what a vendor says
    assert read(ACTIVE, "Inactive", SECOND) == "false"
    assert read(ACTIVE, "void", SECOND) == "false"


def test_a_table_writes_each_side_in_its_own_words() -> None:
    assert write(ACTIVE, "false") is False
    assert write(ACTIVE, "false", manner=SECOND) == "inactive"


def test_a_word_that_is_not_in_the_table_is_not_understood() -> None:
    with pytest.raises(NotUnderstood, match="one of “active”, “inactive”, “void”, found “gone”"):
        read(ACTIVE, "gone", SECOND)


@pytest.mark.parametrize("said", ["EUR", " eur", "€", {"id": "EUR"}, "4600000000000000027"])
def test_a_currency_is_its_code(said: object) -> None:
    assert read(CURRENCY, said, IDS) == "EUR"


@pytest.mark.parametrize("said", ["$", "460", "Euro", ["EUR"]])
def test_a_sign_of_many_currencies_is_not_guessed(said: object) -> None:
    with pytest.raises(NotUnderstood, match="a currency by its ISO code"):
        read(CURRENCY, said)


def test_a_currency_is_written_as_its_id_where_it_has_one() -> None:
    assert write(CURRENCY, "EUR") == "EUR"
    assert write(CURRENCY, "EUR", manner=IDS) == "4600000000000000027"


def test_a_currency_that_the_connection_lacks_says_which_it_has() -> None:
    with pytest.raises(NotUnderstood, match=r"has \(EUR, USD; add it there\), found “JPY”"):
        write(CURRENCY, "JPY", manner=IDS)
