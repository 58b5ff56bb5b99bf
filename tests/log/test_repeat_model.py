"""P4 against a model: whatever is seen in whatever order and batches, the log keeps what it must.

The model keeps a record's sightings by one road in a list and follows the promise word for word: a
sighting is dropped when it is the latest that was kept, or when it was kept and something newer was
since; otherwise, if anything else of the same stamp came after it, it is true again.
"""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.log.desk import Desk, happened, seen

if TYPE_CHECKING:
    from hub.events import Event

_number = count()


class Seen(NamedTuple):
    record: str
    road: str
    at: int | None
    text: str  # "-": it is gone


class Kept(NamedTuple):
    at: int | None
    text: str
    position: int


class Model:
    def __init__(self, head: int) -> None:
        self.head = head
        self._kept: dict[tuple[str, str], list[Kept]] = {}

    def append(self, one: Seen) -> list[int]:
        """Give the positions that may be answered: of a stale repeat, wherever it stands."""
        kept = self._kept.setdefault((one.record, one.road), [])
        same = [each.position for each in kept if (each.at, each.text) == (one.at, one.text)]
        if same:
            later = [each.at for each in kept if each.position > same[-1]]
            newer = any(at is not None and one.at is not None and at > one.at for at in later)
            if newer:
                return same
            if one.at not in later:
                return same[-1:]
        self.head += 1
        kept.append(Kept(one.at, one.text, self.head))
        return [self.head]


sightings = st.builds(
    Seen,
    record=st.sampled_from("12"),
    road=st.sampled_from(["webhook", "poll"]) | st.just("webhook"),
    at=st.sampled_from([None, 0, 1]) | st.just(0),
    text=st.sampled_from("AB-"),
)
calls = st.lists(sightings, min_size=1, max_size=3) | st.tuples(sightings).map(list)
batches = st.lists(st.lists(calls, min_size=1, max_size=8), min_size=1, max_size=6)


ORDINARY = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # Every example costs a few commits: shrinking one that fails would take minutes.
    phases=[Phase.explicit, Phase.generate],
)
LONG = settings(ORDINARY, max_examples=1_500, derandomize=False)


@ORDINARY
@given(batches=batches)
async def test_p4_the_log_keeps_what_the_model_keeps(
    log: Desk, batches: list[list[list[Seen]]]
) -> None:
    await hold_to_the_model(log, batches)


@pytest.mark.slow
@LONG
@given(batches=batches)
async def test_p4_the_log_keeps_what_the_model_keeps_for_long(
    log: Desk, batches: list[list[list[Seen]]]
) -> None:
    await hold_to_the_model(log, batches)


async def hold_to_the_model(log: Desk, batches: list[list[list[Seen]]]) -> None:
    # given records that no other example has touched
    example = next(_number)
    [*_, before] = await log.append(happened())
    model = Model(before)

    # when they are seen in these batches, each event by its call
    for batch in batches:
        answers = await asyncio.gather(
            *(log.append(*(event_of(one, example) for one in call)) for call in batch)
        )

        # then every sighting is where the model has it
        for call, positions in zip(batch, answers, strict=True):
            for one, position in zip(call, positions, strict=True):
                assert position in model.append(one)
    assert await log.append(happened()) == [model.head + 1]
    await log.verify(before + 1)


def event_of(one: Seen, example: int) -> Event:
    return seen(one.text, record=f"{example}.{one.record}", road=one.road, at=one.at)
