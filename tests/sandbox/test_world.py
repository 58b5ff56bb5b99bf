from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.sandbox import world as ground
from hub.sandbox.world import World
from tests.sandbox.conftest import START

if TYPE_CHECKING:
    import pytest


def test_what_falls_due_happens_in_its_order_each_at_its_own_moment(world: World) -> None:
    happened: list[tuple[str, float]] = []

    def note(what: str) -> None:
        happened.append((what, (world.clock.now() - START).total_seconds()))

    world.clock.at(START + timedelta(seconds=20), lambda: note("later"))
    world.clock.at(START + timedelta(seconds=10), lambda: note("sooner"))
    world.clock.advance(15)
    world.clock.advance(15)

    assert happened == [("sooner", 10), ("later", 20)]
    assert world.clock.now() == START + timedelta(seconds=30)


def test_what_makes_something_fall_due_on_the_way_sees_it_happen(world: World) -> None:
    happened: list[str] = []
    due = START + timedelta(seconds=20)
    world.clock.at(
        START + timedelta(seconds=10), lambda: world.clock.at(due, lambda: happened.append("it"))
    )

    world.clock.advance(30)

    assert happened == ["it"]


def test_time_goes_on_when_what_falls_due_fails(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    happened: list[str] = []
    world.clock.at(START + timedelta(seconds=1), [].pop)
    world.clock.at(START + timedelta(seconds=2), lambda: happened.append("the next"))

    world.clock.advance(3)

    assert happened == ["the next"]
    assert world.clock.now() == START + timedelta(seconds=3)
    assert "Something that fell due in the sandbox failed." in caplog.text


def test_a_clock_that_was_given_no_start_goes_on_by_itself() -> None:
    clock = World().clock
    first = clock.now()

    clock.advance(60)

    assert clock.now() >= first + timedelta(seconds=60)


def test_the_newest_calls_are_kept_and_keep_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "CALLS_KEPT_MAX", 3)
    world = World(start=START)
    for number in range(5):
        world.record(system="crm", method="GET", path=f"/{number}", query="", status=200, body="")

    assert [call.n for call in world.calls_since(0)] == [3, 4, 5]
    assert [call.n for call in world.calls_since(4)] == [5]
    assert list(world.calls_since(9)) == []


def test_ids_have_19_digits_which_no_float_can_hold(world: World) -> None:
    first, second = world.new_id("46"), world.new_id("46")

    assert len(first) == len(second) == 19
    assert int(first) + 1 == int(second) > 2**53
