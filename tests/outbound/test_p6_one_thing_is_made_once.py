"""P6: one thing is made once, wherever the hub is killed and whatever answer is lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.events import payload
from tests.outbound.shop import LOST, later

if TYPE_CHECKING:
    from uuid import UUID

    from hub.connectors.connector import Written
    from hub.events import Event
    from hub.outbound.way import Way
    from tests.outbound.counter import Counter


@pytest.mark.parametrize("kind", ["things", "documents"])
@pytest.mark.parametrize("applied", [True, False])
async def test_what_was_made_and_not_answered_is_found_by_its_mark(
    counter: Counter, kind: str, *, applied: bool
) -> None:
    # given an answer that is lost
    delivery = await counter.owe(kind)
    counter.shop.then(LOST, applied=applied)

    # when
    counter.begin()
    (row,) = await counter.comes_to("done", delivery)

    # then it is there once, and was looked for before it was written again
    await _is_there_once(counter, kind, delivery, row["record"])
    first, second = (one for call in counter.shop.calls for one in call)
    assert (first.look, second.look) == (False, True)
    outcomes = [payload(event).outcome for event in await counter.told("answered")]
    assert outcomes == ["unknown", "done"]


@pytest.mark.parametrize("type_", ["sending", "answered"])
@pytest.mark.parametrize("kept", [True, False])
async def test_killed_before_or_after_an_event_is_kept(
    counter: Counter, type_: str, *, kept: bool
) -> None:
    # given a hub that is killed when it tells of what it does
    delivery = await counter.owe("documents")
    reached = asyncio.Event()

    async def append(*events: Event) -> list[int]:
        dies = any(event.type == type_ for event in events)
        positions = await counter.log.append(*events) if kept or not dies else []
        if dies:
            reached.set()
            await asyncio.Future()
        return positions

    counter.begin(_with(counter.way, append))
    await reached.wait()
    await counter.kill()

    # when another takes over
    counter.begin()
    (row,) = await counter.comes_to("done", delivery)

    # then
    await _is_there_once(counter, "documents", delivery, row["record"])


async def test_killed_while_the_vendor_answers(counter: Counter) -> None:
    # given
    delivery = await counter.owe("things")
    counter.shop.open.clear()
    counter.begin()
    await counter.shop.busy.wait()
    await counter.kill()
    assert [event.type for event in await counter.told()] == ["sending"]

    # when
    counter.shop.open.set()
    counter.begin()
    (row,) = await counter.comes_to("done", delivery)

    # then
    await _is_there_once(counter, "things", delivery, row["record"])
    lost = payload((await counter.told("answered"))[0])
    assert lost.outcome == "unknown"
    assert lost.sentence.startswith("The hub was stopped before it kept an answer")


async def test_killed_again_and_again(counter: Counter) -> None:
    # given one that is killed when it told of one thing, its successor after two, and so on
    delivery = await counter.owe("documents")
    for lives in (1, 2, 1, 1):
        reached = asyncio.Event()
        counter.begin(_with(counter.way, _dying(counter, lives, reached)))
        await reached.wait()
        await counter.kill()

    # when
    counter.begin()
    (row,) = await counter.comes_to("done", delivery)

    # then
    await _is_there_once(counter, "documents", delivery, row["record"])
    assert (await counter.log.verify()).events


async def test_two_processes_take_turns(counter: Counter) -> None:
    # given two that would carry out, of which one waits
    owed = [await counter.owe("documents") for _ in range(20)]
    first = counter.begin()
    second = counter.begin()

    # when
    await counter.comes_to("done", *owed)

    # then
    assert len(counter.shop.calls) == 20
    for task in (first, second):
        task.cancel()
    await asyncio.gather(first, second, return_exceptions=True)


async def test_what_was_refused_a_place_is_looked_for_all_the_same(counter: Counter) -> None:
    delivery = await counter.owe("documents")
    counter.shop.then(later(0.01))

    counter.begin()
    await counter.comes_to("done", delivery)

    assert [one.look for call in counter.shop.calls for one in call] == [False, True]


async def test_an_id_that_was_not_said_is_found_by_the_mark(counter: Counter) -> None:
    delivery = await counter.owe("documents")
    write: Any = counter.shop.write

    async def nameless(*asked: Any) -> list[Written]:
        return [msgspec.structs.replace(one, record="", data=None) for one in await write(*asked)]

    counter.shop.write = nameless  # type: ignore[assignment,method-assign]

    counter.begin()
    (row,) = await counter.comes_to("done", delivery)

    await _is_there_once(counter, "documents", delivery, row["record"])


def _with(way: Way, append: Any) -> Way:
    return msgspec.structs.replace(way, append=append)


def _dying(counter: Counter, lives: int, reached: asyncio.Event) -> Any:
    """Keep so many times what is told, the last time without an answer."""
    told = 0

    async def append(*events: Event) -> list[int]:
        nonlocal told
        told += 1
        positions = await counter.log.append(*events)
        if told < lives:
            return positions
        reached.set()
        await asyncio.Future()
        return []

    return append


async def _is_there_once(counter: Counter, kind: str, delivery: UUID, record: str) -> None:
    assert counter.shop.records[kind] == {record: {"name": "new", "hub_id": str(delivery)}}
