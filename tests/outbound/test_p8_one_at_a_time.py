"""P8: one delivery at a time to a record, and always the newest that is agreed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hub.events import payload

if TYPE_CHECKING:
    from tests.outbound.counter import Counter


async def test_what_changes_while_it_is_written_is_written_after_it(counter: Counter) -> None:
    # given a write that is under way
    record = counter.shop.put("documents", name="old")
    delivery = await counter.owe("documents", record, wants={"name": "first"})
    counter.shop.open.clear()
    counter.begin()
    await counter.shop.busy.wait()

    # when something else is agreed, and owed anew before the answer is there
    counter.wants[delivery] = {"name": "second"}
    await counter.change(delivery, state="owed", attempt=0, owed=2)
    await asyncio.sleep(0.1)
    assert len(counter.shop.calls) == 1
    counter.shop.open.set()
    await counter.comes_to("done", delivery)
    await counter.change(delivery, state="owed", attempt=0, owed=3)
    await counter.comes_to("done", delivery)

    # then
    assert [one.fields["name"] for call in counter.shop.calls for one in call] == [
        "first", "second"
    ]  # fmt: skip
    assert counter.shop.overlaps == 0


async def test_a_row_that_is_older_than_its_answer_is_never_sent(counter: Counter) -> None:
    # given tables that stand still
    record = counter.shop.put("documents", name="old")
    delivery = await counter.owe("documents", record)
    other = await counter.owe("documents", counter.shop.put("documents"))
    await counter.comes_to("owed", delivery, other)
    counter.begin()
    await counter.comes_to("done", other)
    counter.folds.clear()
    counter.wants[delivery] = {"name": "newer"}
    await counter.change(delivery, state="owed", attempt=0, owed=1_000)
    late = await counter.owe("documents", counter.shop.put("documents"))

    # when the row that was sent still says that it is owed
    while len(counter.shop.calls) < 4:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)

    # then it waits until it says otherwise
    assert len(counter.shop.calls) == 4
    assert {one.record for call in counter.shop.calls[2:] for one in call} == {
        record, (await counter.row(late))["record"]
    }  # fmt: skip
    counter.folds.set()
    await counter.comes_to("done", delivery, late)
    assert len(counter.shop.calls) == 4


async def test_two_deliveries_to_one_record_take_turns(counter: Counter) -> None:
    record = counter.shop.put("documents", name="old")
    counter.shop.says_data = False
    owed = [await counter.owe("documents", record, wants={"name": f"{n}"}) for n in range(5)]

    counter.begin()
    await counter.comes_to("done", *owed)

    assert len(counter.shop.calls) == 5
    assert counter.shop.overlaps == 0


async def test_what_is_said_is_worked_out_right_before_it_is_sent(counter: Counter) -> None:
    # given as many calls under way as there may be, and one more that is owed
    records = [counter.shop.put("documents") for _ in range(9)]
    owed = [await counter.owe("documents", record) for record in records]
    counter.shop.open.clear()
    counter.begin()
    while len(counter.shop.calls) < 8:  # noqa: ASYNC110
        await asyncio.sleep(0.01)

    # when it changes meanwhile
    counter.wants[owed[8]] = {"name": "newest"}
    counter.shop.open.set()
    await counter.comes_to("done", *owed)

    # then
    assert counter.shop.records["documents"][records[8]] == {"name": "newest"}
    assert len(counter.shop.calls) == 9


async def test_an_attempt_that_was_told_before_is_not_made_again(counter: Counter) -> None:
    # given a `sending` that the tables do not show, as when it is parked
    record = counter.shop.put("documents", name="old")
    delivery = await counter.owe("documents", record)
    counter.begin()
    (row,) = await counter.comes_to("done", delivery)

    # when its row stands again as it stood before it was sent
    await counter.change(delivery, state="owed", attempt=0, owed=row["owed"])
    counter.wants[delivery] = {"name": "again"}
    other = await counter.owe("documents")
    await counter.comes_to("done", other)
    await asyncio.sleep(0.1)

    # then nothing is sent that the log would not show
    assert len(counter.shop.calls) == 2
    assert len({payload(event).delivery for event in await counter.told("sending")}) == 2
