"""What is owed no more in the moment in which it is announced is not sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.conclusions import WITHDRAWN
from hub.events import payload

if TYPE_CHECKING:
    from uuid import UUID

    from hub.events import Event
    from tests.outbound.counter import Counter


@pytest.mark.parametrize("kind", ["things", "documents"])
@pytest.mark.parametrize(
    "row",
    [{"state": "skipped", "because": WITHDRAWN}, {"state": "done", "record": "77"}],
    ids=["withdrawn", "filled by another"],
)
async def test_a_create_that_is_owed_no_more_when_it_is_announced_is_not_sent(
    counter: Counter, kind: str, row: dict[str, Any]
) -> None:
    # given one that is withdrawn, or filled, between its being taken and its being announced
    delivery, other = await counter.owe(kind), await counter.owe(kind)
    announced = asyncio.Event()
    way = msgspec.structs.replace(counter.way, append=late(counter, delivery, row, announced))

    # when
    counter.begin(way)
    await announced.wait()
    await counter.comes_to("done", other)

    # then only what was still owed was made
    assert [one.delivery for call in counter.shop.calls for one in call] == [str(other)]
    stands = await counter.row(delivery)
    assert {name: stands[name] for name in row} == row


async def test_what_was_owed_anew_since_is_sent(counter: Counter) -> None:
    delivery = await counter.owe("documents")
    announced = asyncio.Event()
    gone = {"state": "skipped", "because": WITHDRAWN}
    way = msgspec.structs.replace(counter.way, append=late(counter, delivery, gone, announced))
    counter.begin(way)
    await announced.wait()

    row = await counter.row(delivery)
    await counter.change(delivery, state="owed", because="", owed=row["moved"] + 1)
    await counter.comes_to("done", delivery)

    assert len(counter.shop.records["documents"]) == 1


async def test_what_is_not_folded_in_time_is_not_sent_and_tried_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given tables that do not follow the log from the announcement on
    monkeypatch.setattr("hub.outbound.announced.FOLDED_SECONDS_MAX", 0.05)
    monkeypatch.setattr("hub.outbound.retry.BASE_SECONDS", 0.01)
    monkeypatch.setattr("hub.outbound.doors.LOST_SECONDS", 0.01)
    delivery = await counter.owe("documents")

    async def append(*events: Event) -> list[int]:
        if any(event.type == "sending" for event in events) and not told:
            counter.folds.clear()
        told.extend(event.type for event in events if event.type == "answered")
        return await counter.log.append(*events)

    told: list[str] = []
    counter.begin(msgspec.structs.replace(counter.way, append=append))
    async with asyncio.timeout(10):
        while not told:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    # then nothing was sent, and it is once they follow again
    assert counter.shop.records["documents"] == {}
    counter.folds.set()
    await counter.comes_to("done", delivery)
    assert len(counter.shop.records["documents"]) == 1
    first = payload((await counter.told("answered"))[0])
    assert (first.outcome, "was not folded" in first.sentence) == ("retry_at", True)


async def test_nothing_is_sent_by_tables_that_stay_behind_and_that_is_said(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("hub.outbound.deliver.CAUGHT_UP_SECONDS_MAX", 0.05)
    monkeypatch.setattr("hub.outbound.deliver.AGAIN_SECONDS", 0.01)
    counter.folds.clear()
    delivery = await counter.owe("documents")

    counter.begin()
    async with asyncio.timeout(10):
        while "nothing is sent before" not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    assert "Traceback" not in caplog.text
    assert not counter.shop.calls
    counter.folds.set()
    await counter.comes_to("done", delivery)


def late(counter: Counter, delivery: UUID, row: dict[str, Any], announced: asyncio.Event) -> Any:
    """Have a row move right before it is first announced."""

    async def append(*events: Event) -> list[int]:
        if delivery in {payload(event).delivery for event in events if event.type == "sending"}:
            if not announced.is_set():
                await counter.change(delivery, **row)
            announced.set()
        return await counter.log.append(*events)

    return append
