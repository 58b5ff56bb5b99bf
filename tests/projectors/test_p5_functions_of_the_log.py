"""P5: tables are functions of the log, whatever the pages, the memory and the restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hub.events import Merged, event_of
from tests.projectors.by_hand import ROADS, SICK, SYNC, TIMELINE, Rows, Sick, follow, rebuild, rows
from tests.projectors.histories import (
    LINKS,
    POISON,
    histories,
    linked,
    member,
    observed,
    unparked,
)

if TYPE_CHECKING:
    from hub.database.db import Db
    from hub.events import Event
    from hub.projectors.projector import Projector
    from tests.projectors.conftest import Written

    Way = tuple[int, bool]

WAYS = [(size, restarts) for size in (1, 2, 7, 500) for restarts in (False, True)]

ALL_POISON = [*POISON, *[unparked(each, "retry") for each in range(1, len(POISON) + 1)]]

LATE_RETRY = [
    observed({"mail": "m"}, at=1),
    observed({"name": "n"}, at=2, origin=SICK),
    *[observed({"name": "n"}, record=f"other {each}") for each in range(10)],
    unparked(2, "retry"),
    observed({"name": "old"}, at=1),
]

SETTLED_BY_A_MERGE = [
    linked(LINKS[0], member("1")),
    linked(LINKS[1], member("1")),
    event_of(Merged(link=LINKS[0], into=LINKS[2])),
]

# How it was lived, and how it is folded again.
ways = st.lists(st.sampled_from(WAYS), min_size=4, max_size=4, unique=True)
quick = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
long = settings(quick, max_examples=300)


@quick
@given(histories(), ways)
@example(ALL_POISON, WAYS)
@example(LATE_RETRY, WAYS)
@example(SETTLED_BY_A_MERGE, WAYS)
async def test_any_pages_and_restarts_give_the_same_rows(
    written: Written, history: list[Event], ways: list[Way]
) -> None:
    await check(written, history, ways)


@pytest.mark.slow
@long
@given(histories(), ways)
async def test_any_pages_and_restarts_give_the_same_rows_however_long_it_is_tried(
    written: Written, history: list[Event], ways: list[Way]
) -> None:
    await check(written, history, ways)


async def check(written: Written, history: list[Event], ways: list[Way]) -> None:
    async with written(*history) as db:
        for projector in (SYNC, TIMELINE, ROADS):
            expected = await lived(db, projector, ways[0])
            for page_events, restarts in ways:
                await rebuild(db, projector, page_events=page_events, restarts=restarts)
                assert await rows(db, projector) == expected, (projector, page_events, restarts)


async def lived(db: Db, projector: Projector, way: Way) -> Rows:
    """Fold the history as it comes, some events failing at first; what is parked joins the log."""
    page_events, restarts = way
    await follow(db, Sick(projector), page_events=page_events, restarts=restarts)
    return await rows(db, projector)
