"""What ends several tasks at once is told whole."""

from __future__ import annotations

from hub.errors import DatabaseAway, as_one


def test_one_fault_is_told_by_itself_however_deep_it_lies() -> None:
    fault = ValueError("no number")

    assert as_one(ExceptionGroup("outer", [ExceptionGroup("inner", [fault])])) is fault


def test_of_several_none_is_dropped() -> None:
    several = ExceptionGroup("both", [ValueError("no number"), DatabaseAway("away")])

    assert as_one(several) is several


def test_a_database_that_is_away_is_one_fault_whoever_tells_it() -> None:
    away = [DatabaseAway("away"), DatabaseAway("away")]

    assert as_one(ExceptionGroup("both", away)) is away[0]
