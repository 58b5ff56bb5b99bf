"""P4: what was kept is kept once, and no repeat hides what is true now."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from hub.events import fixed_id
from tests.log.desk import NOON, Desk, happened, open_desk, running, seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.database import Database


async def test_p4_the_same_id_is_one_event_whatever_else_it_says(log: Desk) -> None:
    id_ = fixed_id(NOON, "delivery", 7, "attempt", 1)

    assert await log.append(happened(1, id_)) == [1]
    assert await log.append(happened(2, id_)) == [1]

    [found] = await log.events()
    assert found.data == b'{"number":1}'


async def test_p4_the_same_content_again_is_given_the_position_of_the_first(log: Desk) -> None:
    assert await log.append(seen("A")) == [1]
    assert await log.append(seen("B", record="2")) == [2]
    assert await log.append(seen("A")) == [1]


async def test_p4_the_same_content_by_another_road_is_another_event(log: Desk) -> None:
    assert await log.append(seen("A", road="webhook"), seen("A", road="poll")) == [1, 2]


async def test_a_call_that_says_one_thing_twice_keeps_it_once(log: Desk) -> None:
    event = happened()

    assert await log.append(event, happened(), event) == [1, 2, 1]


async def test_repeats_in_one_batch_are_given_one_position(log: Desk) -> None:
    event = seen("A")

    answers = await asyncio.gather(*(log.append(event) for _ in range(20)))

    assert answers == [[1]] * 20


async def test_a_batch_of_repeats_and_news_keeps_the_news_without_gaps(log: Desk) -> None:
    old = [happened(number) for number in range(50)]
    await log.append(*old)

    mixed = [event for each in old for event in (each, happened())]
    answers = await asyncio.gather(*(log.append(event) for event in mixed))

    assert [answers[place] for place in range(0, 100, 2)] == [[n] for n in range(1, 51)]
    assert [answers[place] for place in range(1, 100, 2)] == [[n] for n in range(51, 101)]
    await log.verify()


async def test_repeats_by_two_processes_at_once_are_one_event_each(database: Database) -> None:
    events = [seen(number, record=str(number)) for number in range(200)]
    async with open_desk(database) as one, open_desk(database) as two:
        answers = await asyncio.gather(
            *(log.append(event) for event in events for log in (one, two))
        )

        assert answers[::2] == answers[1::2]
        assert [event.position for event in await one.events()] == list(range(1, 201))
        await one.verify()


async def test_an_answer_that_got_lost_does_no_harm_when_the_event_is_sent_again(
    database: Database,
) -> None:
    event = happened()
    async with open_desk(database) as log:
        await log.append(event)
    async with open_desk(database) as after_a_restart:
        assert await after_a_restart.append(happened()) == [2]
        assert await after_a_restart.append(event) == [1]


class TestBackAndForthWithinOneTick:
    @pytest.mark.parametrize("at", [0, None], ids=["stamped", "without a stamp"])
    async def test_what_is_true_again_is_kept_again_and_then_repeated(
        self, log: Desk, at: int | None
    ) -> None:
        first, second = seen("A", at=at), seen("B", at=at)

        said = [first, second, first, first, first, second, second, first, first]
        positions = [position for event in said for position in await log.append(event)]

        assert positions == [1, 2, 3, 3, 3, 4, 4, 5, 5]
        assert [event.data for event in await log.events()] == [
            each.data for each in (first, second, first, second, first)
        ]

    async def test_it_is_the_same_in_one_batch(self, log: Desk) -> None:
        texts = "ABAABBA"

        answers = await asyncio.gather(*(log.append(seen(text)) for text in texts))

        assert answers == [[1], [2], [3], [3], [4], [4], [5]]
        await log.verify()

    async def test_it_is_the_same_in_one_call(self, log: Desk) -> None:
        assert await log.append(*map(seen, "ABAABBA")) == [1, 2, 3, 3, 4, 4, 5]

    async def test_it_is_the_same_when_the_batch_begins_after_the_first(self, log: Desk) -> None:
        await log.append(seen("A"))

        answers = await asyncio.gather(*(log.append(seen(text)) for text in "BACBA"))

        assert answers == [[2], [3], [4], [5], [6]]
        assert [event.data for event in await log.events()] == [
            seen(text).data for text in "ABACBA"
        ]

    async def test_what_came_in_between_keeps_its_place(self, log: Desk) -> None:
        await log.append(seen("A"))
        await log.append(seen("B"))

        events = seen("A"), seen("D"), happened()
        answers = await asyncio.gather(*(log.append(event) for event in events))

        assert answers == [[3], [4], [5]]
        assert [event.data for event in await log.events()][:4] == [
            seen(text).data for text in "ABAD"
        ]

    async def test_two_processes_that_say_it_again_at_once_say_it_once(
        self, database: Database
    ) -> None:
        async with open_desk(database) as one, open_desk(database) as two:
            await one.append(seen("A"))
            await one.append(seen("B"))

            answers = await asyncio.gather(
                *(log.append(seen("A")) for _ in range(10) for log in (one, two))
            )

            assert answers == [[3]] * 20
            assert len(await one.events()) == 3

    async def test_events_other_than_observations_are_never_said_again(self, log: Desk) -> None:
        gone = [happened(number, fixed_id(NOON, "gone", number)) for number in (1, 2)]

        assert await log.append(*gone) == [1, 2]
        assert await log.append(gone[0]) == [1]


class TestOlderStamps:
    async def test_an_older_stamp_that_is_known_is_a_repeat(self, log: Desk) -> None:
        await log.append(seen("A", at=1))
        await log.append(seen("B", at=2))

        assert await log.append(seen("A", at=1)) == [1]

    async def test_an_older_stamp_with_other_content_is_kept(self, log: Desk) -> None:
        await log.append(seen("B", at=2))

        assert await log.append(seen("A", at=1)) == [2]

    async def test_an_older_stamp_is_no_news_even_if_there_were_others_with_it(
        self, log: Desk
    ) -> None:
        await log.append(seen("A", at=1))
        await log.append(seen("B", at=1))
        await log.append(seen("C", at=2))

        assert await log.append(seen("A", at=1)) == [1]

    async def test_other_records_and_roads_overtake_nothing(self, log: Desk) -> None:
        await log.append(seen("A"))
        await log.append(seen("B", record="2"), seen("B", road="poll"))

        assert await log.append(seen("A")) == [1]


async def test_a_queue_full_of_old_sightings_of_one_record_is_all_repeats(log: Desk) -> None:
    window = [seen(number, at=number) for number in range(300)]
    await log.append(*window)

    answers = await asyncio.gather(*(log.append(event) for event in window))

    assert answers == [[position] for position in range(1, 301)]


async def test_a_repeat_is_known_by_a_process_that_never_saw_the_first(
    new_database: Callable[..., Awaitable[Database]],
) -> None:
    database = await new_database()
    async with open_desk(database) as first:
        await first.append(seen("A"))
    second = Desk(database)
    async with running(second):
        assert await second.append(seen("A")) == [1]
