"""P14: what cannot be applied is parked by an event, holds its record, and stops nobody else."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import pytest

from hub.errors import NotApplicable
from hub.events import Parked, payload
from hub.log.history import about_events
from hub.projectors.parking import REASON_CHARACTERS_MAX
from tests.projectors.at_work import Counting, reached, running
from tests.projectors.by_hand import SICK, SYNC, Sick, follow, rebuild, rows
from tests.projectors.histories import (
    LINKS,
    POISON,
    about,
    linked,
    member,
    observed,
    unparked,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.database import Database
    from hub.database.db import Db
    from hub.events import Event
    from tests.log.desk import Desk
    from tests.projectors.conftest import Written

SICK_SYNC = Sick(SYNC)


async def test_it_is_parked_by_an_event_that_says_why(written: Written) -> None:
    async with written(observed(), observed(b"[]", record="2")) as db:
        await follow(db, SYNC)

        (parked,) = await about_events(db)
        what = payload(parked)
        assert (parked.position, parked.cause, parked.origin) == (3, 2, "hub")
        assert (what.projector, what.event, what.at) == ("sync", 2, 2)
        assert "not a JSON object" in what.reason
        assert await waiting(db) == {2: what.reason}


async def test_it_holds_the_later_events_of_its_record_and_of_no_other(written: Written) -> None:
    history = [
        observed({"name": "a"}, at=1),
        observed(b"[]", at=2),
        observed({"name": "b"}, at=3),
        observed({"name": "x"}, record="2", at=3),
        about("written", record="1"),
    ]
    async with written(*history) as db:
        await follow(db, SYNC)

        assert await names(db) == {"1": "a", "2": "x"}
        assert list(await waiting(db)) == [2, 3, 5]
        assert [(await waiting(db))[each] for each in (3, 5)] == [None, None]


async def test_a_retry_after_the_cause_is_mended_applies_all_that_waited_in_order(
    written: Written,
) -> None:
    history = [
        observed({"name": "a"}, at=1, origin=SICK),
        observed({"name": "b"}, at=1),
        observed({"name": "c"}, at=1),
        unparked(1, "retry"),
        observed({"name": "d"}, at=1),
    ]
    async with written(*history) as db:
        await follow(db, SICK_SYNC, page_events=1)

        assert await waiting(db) == {}
        assert await names(db) == {"1": "d"}
        assert await db.fetchval("select doubt from records") == 5


async def test_a_retry_that_fails_again_is_parked_where_the_word_stood(written: Written) -> None:
    async with written(observed(b"[]"), observed({"name": "b"}), unparked(1, "retry")) as db:
        await follow(db, SYNC)

        assert [at for _, at in await parkings(db)] == [1, 3]
        assert list(await waiting(db)) == [1, 2]
        assert await db.fetchval("select since from parked where position = 1") == 3


@pytest.mark.parametrize("restarts", [False, True])
async def test_what_failed_twice_still_comes_before_what_waits_behind_it(
    written: Written,
    restarts: bool,  # noqa: FBT001
) -> None:
    retry_twice = [unparked(1, "retry"), unparked(1, "retry")]
    held = [observed({"name": "b"}, at=2), observed({"name": "c"}, at=3)]
    async with written(observed(b"[]"), *held, *retry_twice, unparked(1, "skip")) as db:
        await follow(db, SYNC, page_events=1, restarts=restarts)

        assert await names(db) == {"1": "c"}
        assert await waiting(db) == {}


async def test_a_skip_leaves_it_out_and_applies_what_waited(written: Written) -> None:
    history = [observed(b"[]"), observed({"name": "b"}), unparked(1, "skip"), unparked(1, "retry")]
    async with written(*history) as db:
        await follow(db, SYNC)

        assert await names(db) == {"1": "b"}
        assert await waiting(db) == {}


async def test_after_a_skip_the_next_bad_one_holds_the_record(written: Written) -> None:
    history = [
        observed(b"[1]"),
        observed(b"[2]"),
        observed({"name": "c"}),
        unparked(1, "skip"),
    ]
    async with written(*history) as db:
        await follow(db, SYNC)

        assert list(await waiting(db)) == [2, 3]
        assert await parkings(db) == [(1, 1), (2, 4)]


@pytest.mark.parametrize("act", ["retry", "skip"])
async def test_a_word_about_one_that_only_waits_behind_another_lets_nothing_go(
    written: Written, act: str
) -> None:
    async with written(observed(b"[]"), observed({"name": "b"}), unparked(2, act)) as db:
        await follow(db, SYNC)

        assert list(await waiting(db)) == [1, 2]
        assert await names(db) == {}


async def test_a_word_to_one_projector_is_none_to_another(written: Written) -> None:
    async with written(observed(b"[]"), unparked(1, "skip", "timeline")) as db:
        await follow(db, SYNC)

        assert list(await waiting(db)) == [1]


async def test_a_link_event_that_cannot_be_applied_holds_nobody(written: Written) -> None:
    bad = about("linked", record=None, connection=None, kind=None, data=b"{}")
    history = [bad, msgspec.structs.replace(bad, id=UUID(int=2)), linked(LINKS[0], member("1"))]
    async with written(*history, unparked(1, "skip")) as db:
        await follow(db, SYNC)

        assert await db.fetchval("select record from links") == "1"
        assert list(await waiting(db)) == [2]
        assert await parkings(db) == [(1, 1), (2, 2)]


async def test_a_link_event_applied_late_comes_late_in_the_history_too(written: Written) -> None:
    joins = linked(LINKS[0], member("1"))
    late = msgspec.structs.replace(joins, origin=SICK)
    other = linked(LINKS[1], member("1"))
    leaves = msgspec.structs.replace(other, type="unlinked", id=UUID(int=3))
    async with written(late, other, leaves, unparked(1, "retry")) as db:
        await follow(db, SICK_SYNC)

        told = await db.fetch("select position, act, link from link_history order by 1")
        assert [tuple(row) for row in told] == [
            (2, "joined", LINKS[1]),
            (3, "left", LINKS[1]),
            (4, "joined", LINKS[0]),
        ]
        assert await db.fetchval("select since from links") == 1


async def test_a_rebuild_parks_what_was_parked_though_it_could_apply_it(written: Written) -> None:
    async with written(observed({"name": "a"}, origin=SICK), observed({"name": "b"})) as db:
        await follow(db, SICK_SYNC)
        before = await rows(db, SYNC)

        await rebuild(db, SYNC)

        assert await rows(db, SYNC) == before
        assert list(await waiting(db)) == [1, 2]


async def test_a_rebuild_that_cannot_apply_what_was_applied_says_so(written: Written) -> None:
    async with written(observed({"name": "a"}, origin=SICK)) as db:
        await follow(db, SYNC)

        with pytest.raises(NotApplicable, match=r"event 1 \(observed crm.contacts/1\).*before"):
            await rebuild(db, SICK_SYNC)


@pytest.mark.parametrize("poison", [*POISON], ids=lambda event: f"{event.type} {event.data[:20]!r}")
async def test_no_poison_stops_a_hub(written: Written, poison: Event) -> None:
    after = observed({"name": "x"}, record="9")
    async with written(poison, after, unparked(1, "retry"), unparked(1, "skip")) as db:
        for projector in (SYNC, SICK_SYNC):
            await rebuild_live(db, projector)

            assert await names(db) == {"9": "x"}
            assert await waiting(db) == {}


async def test_a_reason_that_nothing_could_hold_is_kept_as_far_as_possible(
    log: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    # Not even a report of the tests could hold it.
    caplog.set_level(logging.CRITICAL + 1, "hub.projectors")

    def fail(event: Event, at: int) -> None:
        raise ValueError("zero \0, half \ud800, " + "long" * REASON_CHARACTERS_MAX)

    counting = await counting_in(log, fail)
    await log.append(observed())

    async with running(counting, log):
        await reached(log.database, counting, 2)

    (reason,) = (await waiting_of(log.database)).values()
    assert reason is not None
    assert reason.startswith("ValueError: zero \ufffd, half ?, longlong")
    assert len(reason) == REASON_CHARACTERS_MAX


async def test_what_nobody_foresaw_is_parked_and_the_rest_of_its_page_is_kept(log: Desk) -> None:
    def fail(event: Event, at: int) -> None:
        if event.record == "2":
            raise KeyError("nobody foresaw this")

    counting = await counting_in(log, fail)
    await log.append(*[observed(record=each) for each in "12213"])

    async with running(counting, log):
        await reached(log.database, counting)

    assert await counting.counted(log.database) == {"1": 2, "3": 1}
    assert await waiting_of(log.database) == {2: "KeyError: 'nobody foresaw this'", 3: None}


async def test_what_the_tables_refuse_is_found_and_its_page_mates_are_kept(log: Desk) -> None:
    counting = await counting_in(log)
    await refuse(log, "record <> '4'")
    await log.append(*[observed(record=each) for each in "123456124"])

    async with running(counting, log):
        await reached(log.database, counting)

    assert await counting.counted(log.database) == {
        "1": 2,
        "2": 2,
        "3": 1,
        "5": 1,
        "6": 1,
    }
    parked = await waiting_of(log.database)
    assert list(parked) == [4, 9]
    assert "violates check constraint" in str(parked[4])


async def test_what_the_tables_refused_is_applied_once_they_take_it(log: Desk) -> None:
    counting = await counting_in(log)
    await refuse(log, "record <> '1'")
    await log.append(*[observed(record=each) for each in "112"])

    async with running(counting, log):
        await reached(log.database, counting, 4)
        await log.execute("alter table counted drop constraint refused")
        await log.append(unparked(1, "retry", "counting"))
        await reached(log.database, counting)

    assert (await counting.counted(log.database))["1"] == 2
    assert await waiting_of(log.database) == {}


async def test_a_retry_that_the_tables_refuse_again_is_parked_again(log: Desk) -> None:
    counting = await counting_in(log)
    await refuse(log, "record <> '1'")
    await log.append(*[observed(record=each) for each in "112"])

    async with running(counting, log):
        await reached(log.database, counting, 4)
        await log.append(unparked(1, "retry", "counting"), observed(record="2"))
        await reached(log.database, counting, 7)

    assert (await counting.counted(log.database))["2"] == 2
    assert list(await waiting_of(log.database)) == [1, 2]


async def test_of_those_let_go_the_first_that_the_tables_refuse_is_parked(log: Desk) -> None:
    sick = True

    def fail(event: Event, at: int) -> None:
        if sick and event.position == 1:
            raise NotApplicable("not today")

    counting = await counting_in(log, fail)
    await refuse(log, "record <> '1' or events <= 2")
    await log.append(*[observed(record="1") for _ in range(4)])

    async with running(counting, log):
        await reached(log.database, counting, 5)
        sick = False
        await log.append(unparked(1, "retry", "counting"))
        await reached(log.database, counting, 7)

    assert (await counting.counted(log.database))["1"] == 2
    assert list(await waiting_of(log.database)) == [3, 4]


async def counting_in(
    log: Desk, before: Callable[[Event, int], None] = lambda _event, _at: None
) -> Counting:
    counting = Counting(before)
    await counting.make_table(log.database)
    return counting


async def refuse(log: Desk, condition: str) -> None:
    await log.execute(f"alter table counted add constraint refused check ({condition})")


async def rebuild_live(db: Db, projector: Any) -> None:
    for table in (*projector.tables, "parked"):
        await db.execute(f"delete from {table}")
    await follow(db, projector)


async def waiting_of(database: Database) -> dict[int, str | None]:
    async with database.connected("owner") as db:
        return await waiting(db)


async def waiting(db: Db) -> dict[int, str | None]:
    return {
        row[0]: row[1] for row in await db.fetch("select position, reason from parked order by 1")
    }


async def parkings(db: Db) -> list[tuple[int, int]]:
    said = [payload(event) for event in await about_events(db) if event.type == "parked"]
    assert all(isinstance(each, Parked) for each in said)
    return [(each.event, each.at) for each in said]


async def names(db: Db) -> dict[str, Any]:
    found = await db.fetch("select record, fields from records order by 1")
    return {row[0]: msgspec.json.decode(row[1])["name"] for row in found}
