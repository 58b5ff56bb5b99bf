"""What carrying out costs while it waits, and how it hears that there is something to do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from hub.log.follow import Wake
from hub.observe import metrics
from hub.outbound import deliver
from hub.outbound.take import take
from tests.log.desk import happened

if TYPE_CHECKING:
    import pytest

    from hub.events import Event
    from tests.outbound.counter import Counter


async def test_while_nothing_is_owed_one_look_for_each_move_of_the_tables_is_enough(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given one that would else look again after a minute only
    looks = 0

    async def counted(*args: Any, **how: Any) -> Any:
        nonlocal looks
        looks += 1
        return await take(*args, **how)

    monkeypatch.setattr(deliver, "take", counted)
    monkeypatch.setattr(deliver, "LOOK_SECONDS", 60.0)
    monkeypatch.setattr(deliver, "FOLLOWED_SECONDS", 60.0)
    counter.begin()
    delivery = await counter.owe("things")
    await counter.log.append(happened())
    await counter.comes_to("done", delivery)
    before = looks

    # when the log grows
    for _ in range(10):
        (position,) = await counter.log.append(happened())
        await counter.folded.wait(position, 10)
    await asyncio.sleep(0.1)

    # then
    assert looks - before <= 12


async def test_it_goes_on_where_the_tables_are_moved_by_another_process(counter: Counter) -> None:
    # given nobody here who says how far they have come
    way = msgspec.structs.replace(counter.way, folded=Wake())
    owed = [await counter.owe("things") for _ in range(3)]

    # when
    counter.begin(way)

    # then
    await counter.comes_to("done", *owed)
    await counter.comes_to("done", await counter.owe("documents"))


async def test_what_a_process_before_it_sent_is_seen_before_anything_is_sent(
    counter: Counter,
) -> None:
    # given one that is killed once it told what it is about to send, and tables that stand still
    delivery = await counter.owe("documents")
    told = asyncio.Event()

    async def append(*events: Event) -> list[int]:
        counter.folds.clear()
        await counter.log.append(*events)
        told.set()
        await asyncio.Future()
        return []

    counter.begin(msgspec.structs.replace(counter.way, append=append))
    await told.wait()
    await counter.kill()

    # when another begins, it waits until they have caught up
    counter.begin()
    await asyncio.sleep(0.2)
    assert [event.type for event in await counter.told()] == ["sending"]

    # then it knows what was sent, and looks first
    counter.folds.set()
    await counter.comes_to("done", delivery)
    assert [one.look for call in counter.shop.calls for one in call] == [True]


async def test_while_too_much_waits_to_be_folded_nothing_more_is_sent(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    monkeypatch.setattr(deliver, "HELD_MAX", 10)
    owed = [await counter.owe("documents") for _ in range(40)]
    counter.begin()
    await counter.comes_to("done", owed[0])
    counter.folds.clear()

    # when the tables stand still
    await asyncio.sleep(0.2)
    sent = len(counter.shop.calls)
    await asyncio.sleep(0.1)
    assert len(counter.shop.calls) == sent < 40

    # then it goes on when they follow
    counter.folds.set()
    await counter.comes_to("done", *owed)


async def test_a_call_that_is_under_way_is_let_end_when_it_is_to_stop(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    monkeypatch.setattr(deliver, "STOP_SECONDS_MAX", 10.0)
    delivery = await counter.owe("notes")
    counter.shop.open.clear()
    counter.begin()
    await counter.shop.busy.wait()

    # when
    stopping = asyncio.create_task(counter.kill())
    await asyncio.sleep(0.05)
    counter.shop.open.set()
    await stopping

    # then its answer is kept
    await counter.comes_to("done", delivery)


async def test_what_is_owed_can_be_watched(counter: Counter) -> None:
    await counter.execute("insert into stops values ('shop', true, 1, '')")
    for _ in range(3):
        await counter.owe("things")

    counter.begin()
    async with asyncio.timeout(60):
        while metrics.deliveries.value(connection="shop", state="owed") != 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    assert metrics.deliveries.value(connection="shop", state="sending") == 0


async def test_it_begins_again_after_it_stumbled_and_says_where(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # given a fault that nobody foresaw, once
    found = [take]

    async def stumbling(*args: Any, **how: Any) -> Any:
        if found:
            found.pop()
            raise ArithmeticError("nobody foresaw this")
        return await take(*args, **how)

    monkeypatch.setattr(deliver, "take", stumbling)
    delivery = await counter.owe("things")

    counter.begin()

    await counter.comes_to("done", delivery)
    assert "ArithmeticError: nobody foresaw this" in caplog.text
    assert "in stumbling" in caplog.text
