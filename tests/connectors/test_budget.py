"""P9: in no window is more spent than may be, over all processes and restarts, whoever dies."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hub.connectors.budget import AtOnce, Budget, Window, forecast
from hub.connectors.outcome import Refused, RetryAt
from tests.connectors.by_hand import HandClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Any

    from hub.connectors.budget import Share
    from hub.database import Database

MINUTE = Window(name="minute", most=100, seconds=60)
DAY = Window(name="day", most=1_000, zone="America/New_York")
NONE: dict[Share, float] = {}


@asynccontextmanager
async def a_budget(
    database: Database, clock: HandClock | None, *windows: Window, **how: Any
) -> AsyncIterator[Budget]:
    connection = how.pop("connection", "books")
    budget = Budget(database, connection, windows, clock=clock, **{"reserved": NONE, **how})
    try:
        yield budget
    finally:
        await budget.close()


async def spent_until_refused(
    budget: Budget, share: Share = "contacts", *, most: int = 2_000
) -> tuple[int, Any]:
    """Spend one by one, and give how many went and what the next was told."""
    for number in range(most):
        refused = await budget.spend(1, share)
        if refused is not None:
            return number, refused
    return most, None


async def test_four_fifths_of_a_limit_are_spent_and_no_more(database: Database) -> None:
    # given
    clock = HandClock()
    async with a_budget(database, clock, MINUTE) as budget:
        # when
        spent, refused = await spent_until_refused(budget)

        # then
        assert spent == 80
        assert isinstance(refused, RetryAt)
        assert timedelta(seconds=60) < refused.at - clock.now() <= timedelta(seconds=64)
        assert "books" in refused.sentence
        assert "minute" in refused.sentence

        # and once that moment has come, it goes on
        clock.move((refused.at - clock.now()).total_seconds())
        assert await budget.spend() is None


async def test_two_processes_share_one_window(database: Database) -> None:
    clock = HandClock()
    async with (
        a_budget(database, clock, MINUTE) as one,
        a_budget(database, clock, MINUTE) as other,
    ):
        counts = [await spent_until_refused(each) for each in (one, other, one)]

        assert 76 <= sum(number for number, _ in counts) <= 80


async def test_connections_do_not_share_a_window(database: Database) -> None:
    clock = HandClock()
    async with (
        a_budget(database, clock, MINUTE) as books,
        a_budget(database, clock, MINUTE, connection="crm") as crm,
    ):
        assert (await spent_until_refused(books))[0] == 80
        assert (await spent_until_refused(crm))[0] == 80


async def test_a_hundred_tasks_at_once_do_not_pass_the_limit(database: Database) -> None:
    clock = HandClock()
    async with a_budget(database, clock, MINUTE) as budget:
        told = await asyncio.gather(*(budget.spend() for _ in range(100)))

        assert told.count(None) == 80


async def test_two_processes_that_spend_at_the_same_instant_do_not_pass_the_limit(
    database: Database,
) -> None:
    clock = HandClock()
    async with (
        a_budget(database, clock, MINUTE) as one,
        a_budget(database, clock, MINUTE) as other,
    ):
        told = await asyncio.gather(*(each.spend() for _ in range(100) for each in (one, other)))

        assert 76 <= told.count(None) <= 80


async def test_what_a_dead_process_had_drawn_counts_as_spent(database: Database) -> None:
    # given a process that drew a block of four, spent one, and was killed
    clock = HandClock()
    dead = Budget(database, "books", [MINUTE], reserved=NONE, clock=clock)
    assert await dead.spend() is None
    await dead._ledger.close()

    # when another one spends all that is left
    async with a_budget(database, clock, MINUTE) as budget:
        spent, _ = await spent_until_refused(budget)

    # then three were lost
    assert spent == 76


async def test_what_was_drawn_and_not_spent_is_given_back(database: Database) -> None:
    clock = HandClock()
    for _ in range(10):
        async with a_budget(database, clock, MINUTE) as budget:
            assert await budget.spend() is None
    async with a_budget(database, clock, MINUTE) as budget:
        for _ in range(10):
            assert await budget.spend() is None
            clock.move(5)  # the block is no longer good, and the next drawing settles it

        [standing] = await budget.standing()

    # ten before, nine settled, and the block at hand
    assert 20 <= standing.spent <= 23


async def test_a_call_that_costs_more_takes_more(database: Database) -> None:
    clock = HandClock()
    async with a_budget(database, clock, MINUTE) as budget:
        assert await budget.spend(70) is None
        assert isinstance(await budget.spend(11), RetryAt)
        assert await budget.spend(10) is None


async def test_a_call_that_can_never_be_paid_is_refused_and_not_put_off(
    database: Database,
) -> None:
    async with a_budget(database, HandClock(), MINUTE) as budget:
        refused = await budget.spend(81)

    assert isinstance(refused, Refused)
    assert refused.because == "quota"
    assert "costs 81" in refused.sentence


async def test_the_day_ends_at_midnight_of_the_organisation(database: Database) -> None:
    # given ten at night in New York, and a day that is spent
    clock = HandClock(datetime(2026, 3, 3, 3, 0, tzinfo=UTC))
    async with a_budget(database, clock, DAY) as budget:
        spent, refused = await spent_until_refused(budget)
        assert spent == 800
        assert isinstance(refused, RetryAt)

        # then it goes on at midnight there, not a day later
        assert refused.at == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
        clock.move((refused.at - clock.now()).total_seconds() - 1)
        assert isinstance(await budget.spend(), RetryAt)
        clock.move(1)
        assert (await spent_until_refused(budget))[0] == 800


async def test_a_day_of_23_hours_is_one_day(database: Database) -> None:
    # given the night in which New York's clocks go forward
    clock = HandClock(datetime(2026, 3, 8, 5, 0, tzinfo=UTC))
    async with a_budget(database, clock, DAY) as budget:
        _, refused = await spent_until_refused(budget)

    assert isinstance(refused, RetryAt)
    assert refused.at == datetime(2026, 3, 9, 4, 0, tzinfo=UTC)


async def test_a_block_is_not_carried_over_midnight(database: Database) -> None:
    # given a block that was drawn a second before midnight
    clock = HandClock(datetime(2026, 3, 3, 4, 59, 59, tzinfo=UTC))
    async with a_budget(database, clock, DAY) as budget:
        assert await budget.spend() is None
        clock.move(1)

        # then the new day is counted from its own
        assert (await spent_until_refused(budget))[0] == 800


async def test_what_is_kept_for_documents_is_not_spent_on_a_backfill(database: Database) -> None:
    # given
    clock = HandClock()
    reserved: dict[Share, float] = {"documents": 0.4, "contacts": 0.3}
    async with a_budget(database, clock, DAY, reserved=reserved) as budget:
        # when a backfill takes what it can get, and then contacts do
        assert (await spent_until_refused(budget, "backfill"))[0] == 240
        assert (await spent_until_refused(budget, "contacts"))[0] == 240

        # then what is for documents is all there, and they may spend it
        spent, refused = await spent_until_refused(budget, "documents")
        assert spent == 320
        assert isinstance(refused, RetryAt)


async def test_documents_may_spend_what_nobody_else_did(database: Database) -> None:
    clock = HandClock()
    reserved: dict[Share, float] = {"documents": 0.4, "contacts": 0.3}
    async with a_budget(database, clock, DAY, reserved=reserved) as budget:
        assert (await spent_until_refused(budget, "documents"))[0] == 800


async def test_a_vendor_that_asks_to_be_left_alone_is_by_all_processes(
    database: Database,
) -> None:
    # given
    clock = HandClock()
    async with (
        a_budget(database, clock, MINUTE) as one,
        a_budget(database, clock, MINUTE) as other,
    ):
        assert await one.spend() is None

        # when
        await one.stop(3600, "it answered 43")
        await one.stop(10, "a shorter one changes nothing")

        # then
        for budget in (one, other):
            refused = await budget.spend()
            assert isinstance(refused, RetryAt)
            assert refused.at == clock.now() + timedelta(hours=1)
            assert "it answered 43" in refused.sentence
        clock.move(3600)
        assert await other.spend() is None


async def test_what_the_vendor_says_is_left_is_not_passed(database: Database) -> None:
    # given that others have spent nearly all of the day
    clock = HandClock()
    async with (
        a_budget(database, clock, DAY) as one,
        a_budget(database, clock, DAY) as other,
    ):
        await one.heard("day", 30, seconds=7200)

        # when both spend
        spent = (await spent_until_refused(one))[0] + (await spent_until_refused(other))[0]

        # then
        assert spent <= 30
        refused = await other.spend()
        assert isinstance(refused, RetryAt)
        assert refused.at == clock.now() + timedelta(hours=2)
        assert "vendor" in refused.sentence


async def test_numbers_that_no_vendor_means_are_borne(database: Database) -> None:
    clock = HandClock()
    async with a_budget(database, clock, DAY) as budget:
        await budget.heard("day", 10**30, seconds=1e30)
        await budget.heard("a window of another plan", 0)
        assert await budget.spend() is None

        await budget.heard("day", -1, seconds=1e30)
        refused = await budget.spend()
        assert isinstance(refused, RetryAt)
        assert refused.at <= clock.now() + timedelta(days=2)


async def test_a_vendor_that_says_more_than_we_count_does_not_lift_our_limit(
    database: Database,
) -> None:
    clock = HandClock()
    async with a_budget(database, clock, DAY) as budget:
        await budget.heard("day", 5_000)
        assert (await spent_until_refused(budget))[0] == 800


async def test_a_place_is_given_to_so_many_calls_and_no_more(database: Database) -> None:
    # given
    limits = [AtOnce(name="at once", most=3, pace=1), AtOnce(name="heavy", most=1, only="heavy")]
    heavy = frozenset({"heavy"})
    async with (
        a_budget(database, HandClock(), MINUTE, at_once=limits) as one,
        a_budget(database, HandClock(), MINUTE, at_once=limits) as other,
        one.place(heavy) as first,
        other.place() as second,
    ):
        assert first is None
        assert second is None

        # then there is no second heavy one, and what it had taken is given back
        async with other.place(heavy) as refused:
            assert isinstance(refused, RetryAt)
            assert "heavy" in refused.sentence
        async with one.place() as third, other.place() as fourth:
            assert third is None
            assert isinstance(fourth, RetryAt)
        async with other.place() as again:
            assert again is None


async def test_who_waits_gets_the_place_that_is_given_back(database: Database) -> None:
    limits = [AtOnce(name="at once", most=1)]
    async with a_budget(database, None, MINUTE, at_once=limits) as budget:
        holds = asyncio.Event()
        ends = asyncio.Event()

        async def hold() -> None:
            async with budget.place() as refused:
                assert refused is None
                holds.set()
                await ends.wait()

        holder = asyncio.create_task(hold())
        await holds.wait()

        async def wait() -> RetryAt | None:
            async with budget.place(wait_seconds_max=10) as refused:
                return refused

        waiter = asyncio.create_task(wait())
        ends.set()
        assert await waiter is None
        await holder


async def test_a_place_left_behind_by_a_dead_process_ends_soon(database: Database) -> None:
    # given
    clock = HandClock()
    limits = [AtOnce(name="at once", most=1)]
    dead = Budget(database, "books", [MINUTE], limits, clock=clock)
    await dead._places.take(limits[0], 0)
    await dead._ledger.close()

    async with a_budget(database, clock, MINUTE, at_once=limits) as budget:
        async with budget.place() as refused:
            assert isinstance(refused, RetryAt)
        clock.move(10)
        async with budget.place() as refused:
            assert refused is None


async def test_a_place_of_a_process_that_lives_is_freed_for_nobody(database: Database) -> None:
    # given
    clock = HandClock()
    limits = [AtOnce(name="at once", most=1)]
    async with (
        a_budget(database, clock, MINUTE, at_once=limits) as budget,
        a_budget(database, clock, MINUTE, at_once=limits) as other,
        other.place(),
    ):
        # when it has been under way for long
        for _ in range(3):
            async with budget.place() as refused:
                assert isinstance(refused, RetryAt)
            clock.move(30)

        # then it ends by itself, at the latest
        clock.move(30)
        async with budget.place() as refused:
            assert refused is None


async def test_within_a_process_calls_are_spread_out(database: Database) -> None:
    # given the real clock, and a minute's worth that could go at once
    async with a_budget(database, None, Window(name="minute", most=100, seconds=60)) as budget:
        told = await asyncio.gather(*(budget.spend() for _ in range(50)))

    # then a small bucket goes, and the others are told to come back
    assert 4 <= told.count(None) <= 6
    assert all(isinstance(each, RetryAt) for each in told if each is not None)


async def test_a_short_wait_is_waited_out(database: Database) -> None:
    clock = HandClock()
    async with a_budget(database, clock, MINUTE) as budget:
        await spent_until_refused(budget)
        before = clock.monotonic()

        assert await budget.spend(wait_seconds_max=70) is None
        assert 60 < clock.monotonic() - before <= 64


async def test_it_is_told_when_a_day_will_be_spent(database: Database) -> None:
    # given nine in the morning in New York, and 200 calls within the hour
    clock = HandClock(datetime(2026, 3, 3, 14, 0, tzinfo=UTC))
    async with a_budget(database, clock, DAY, MINUTE) as budget:
        for _ in range(200):
            assert await budget.spend(wait_seconds_max=70) is None

        standing = {each.name: each for each in await budget.standing()}

    # then the day's 800 are gone three hours from now
    assert standing["day"].spent == 200
    assert standing["day"].left == 600
    assert standing["day"].runs_out_at == clock.now() + timedelta(hours=3)
    assert standing["day"].stopped_until is None


@pytest.mark.parametrize(
    ("left", "spent_hour", "hours"),
    [(100, 50, 2), (100, 20, None), (0, 0, 0), (100, 0, None)],
)
def test_a_forecast_ends_with_the_day(left: int, spent_hour: int, hours: float | None) -> None:
    now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    window = {"ends": now + timedelta(hours=4), "seconds": 86_400.0, "ceiling": 800}

    expected = None if hours is None else now + timedelta(hours=hours)
    assert forecast(now, left, spent_hour, window) == expected


def test_a_rolling_window_that_renews_itself_never_runs_out() -> None:
    now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    window = {"ends": None, "seconds": 86_400.0, "ceiling": 48_000}

    assert forecast(now, 10_000, 2_000, window) is None
    assert forecast(now, 10_000, 4_000, window) == now + timedelta(hours=2.5)


async def test_where_the_vendor_gives_less_than_was_reckoned_with_no_share_is_shut_out(
    database: Database,
) -> None:
    # given a plan that is set twice as large as it is
    clock = HandClock()
    day = Window(name="day", most=4_000, zone="UTC")
    async with a_budget(
        database, clock, day, reserved={"documents": 0.4, "contacts": 0.3}
    ) as budget:
        assert await budget.spend(1, "backfill") is None
        await budget.heard("day", 1_900, sent_ago=0, seconds=40_000)

        # when
        refused = await budget.spend(1, "backfill")

        # then
        assert refused is None
