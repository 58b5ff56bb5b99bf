"""Money, numbers, dates and times."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.flows.flow import Step
from hub.flows.steps import NotUnderstood, read, same, write

MONEY = Step(name="money")
NUMBER = Step(name="number")
DATE = Step(name="date")
TIME = Step(name="time")


@pytest.mark.parametrize(
    ("said", "canonical"),
    [
        ("2033.50", "2033.5"), (Decimal("2033.50"), "2033.5"), (7, "7"), ("-0.00", "0"),
        ("1,234.50", "1234.5"), ("1.234,50", "1234.5"), ("1,234,567", "1234567"),
        ("1 234,5", "1234.5"), ("1'234.50", "1234.5"), ("12,5", "12.5"), ("1.234", "1.234"),
        ("€ 12.50", "12.5"), ("12.50 EUR", "12.5"), (Decimal("1E+3"), "1000"),
        ("123456789012345678901234.56", "123456789012345678901234.56"),
    ],
)  # fmt: skip
def test_an_amount_keeps_every_digit(said: object, canonical: str) -> None:
    assert read(MONEY, said) == canonical


@pytest.mark.parametrize(
    "said", ["1,234", "12.5.1", "n/a", "12 or 13", "NaN", Decimal("Infinity"), True, "1e999", "½"]
)
def test_what_may_mean_two_amounts_or_none_is_not_guessed(said: object) -> None:
    with pytest.raises(NotUnderstood, match="an amount of money"):
        read(MONEY, said)


def test_a_number_bears_no_currency() -> None:
    with pytest.raises(NotUnderstood, match="a number"):
        read(NUMBER, "12.50 EUR")


@settings(max_examples=100)
@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**15), max_value=10**15
    )
)
def test_an_amount_is_written_as_exactly_what_was_read(amount: Decimal) -> None:
    written = write(MONEY, read(MONEY, amount))

    assert isinstance(written, Decimal)
    assert written == amount
    assert same(MONEY, read(MONEY, str(amount)), read(MONEY, written))


def test_a_date_is_the_day_as_it_was_called() -> None:
    assert read(DATE, "2026-03-31") == "2026-03-31"
    assert read(DATE, "2026-03-31T23:30:00-04:00") == "2026-03-31"


@pytest.mark.parametrize("said", ["31/03/2026", "2026-02-30", "2026-3-1", 20260331, "20260331"])
def test_a_date_that_may_be_another_is_not_guessed(said: object) -> None:
    with pytest.raises(NotUnderstood, match="a date such as"):
        read(DATE, said)


def test_times_are_the_same_in_any_zone_and_without_what_is_below_a_second() -> None:
    one = read(TIME, "2026-10-22T06:54:37-0400")

    assert one == "2026-10-22T10:54:37+00:00"
    assert same(TIME, one, read(TIME, "2026-10-22T11:54:37.250+01:00"))
    assert not same(TIME, one, read(TIME, "2026-10-22T10:54:38Z"))


def test_a_time_without_its_zone_is_not_understood() -> None:
    with pytest.raises(NotUnderstood, match="a time with its zone"):
        read(TIME, "2026-10-22T06:54:37")
