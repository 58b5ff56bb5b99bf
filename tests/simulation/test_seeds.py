"""Seeded worlds in which everything goes wrong, and the promises that are kept all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.simulate.golive import FILES_OF_FOUR
from hub.simulate.ground import FOUR
from hub.simulate.run import Plan, simulate

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hub.simulate.postgres import Postgres
    from hub.simulate.story import Story

ORDINARY = range(1, 26)
FOUR_SIDED = [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 26))]
MANY = range(1_001, 2_001)


@pytest.mark.parametrize("seed", ORDINARY)
def test_the_promises_hold_whatever_goes_wrong(
    seed: int, postgres: Postgres, tmp_path: Path
) -> None:
    # Every fifth world is left in peace: what breaks there needs no fault to break.
    calm = seed % 5 == 0
    plan = Plan(
        seed=seed,
        minutes=3,
        companies=3,
        acts_per_minute=8,
        faults=0 if calm else 7,
        deaths=0 if calm else 1,
    )

    outcome = simulate(plan, postgres, tmp_path)

    assert not outcome.broken, "\n".join(outcome.lines())
    assert outcome.writes


@pytest.mark.parametrize("seed", FOUR_SIDED)
def test_the_promises_hold_between_four_systems_too(
    seed: int, postgres: Postgres, tmp_path: Path
) -> None:
    is_short, calm = seed == 1, seed % 5 == 0
    plan = Plan(
        seed=seed,
        minutes=2 if is_short else 6,
        companies=3,
        acts_per_minute=12,
        faults=0 if calm else 4 if is_short else 14,
        deaths=0 if calm or is_short else 2,
        sides=FOUR,
        files=FILES_OF_FOUR,
    )

    outcome = simulate(plan, postgres, tmp_path)

    assert not outcome.broken, "\n".join(outcome.lines())
    assert outcome.writes


@pytest.mark.slow
def test_each_fault_strikes_each_of_four_systems_and_no_promise_is_broken(
    postgres: Postgres, tmp_path: Path
) -> None:
    plan = Plan(
        seed=1, minutes=20, acts_per_minute=12, each_fault=True, sides=FOUR, files=FILES_OF_FOUR
    )

    outcome = simulate(plan, postgres, tmp_path)

    assert not outcome.broken, "\n".join(outcome.lines())


@pytest.mark.slow
@pytest.mark.parametrize("seed", MANY)
def test_the_promises_hold_in_a_thousand_worlds(
    seed: int, postgres: Postgres, tmp_path: Path
) -> None:
    outcome = simulate(Plan(seed=seed, faults=15, deaths=3), postgres, tmp_path)

    assert not outcome.broken, "\n".join(outcome.lines())


@pytest.mark.slow
def test_a_seed_has_people_do_the_same_at_the_same_moments(
    postgres: Postgres, tmp_path: Path
) -> None:
    plan = Plan(seed=3, minutes=3, companies=3, faults=5, deaths=1)

    first, second = (simulate(plan, postgres, tmp_path).story for _ in range(2))

    assert moments_of_people(first) == moments_of_people(second)


def moments_of_people(story: Story) -> list[datetime]:
    return [one.at.replace(microsecond=0) for one in story.moments if one.who == "people"]
