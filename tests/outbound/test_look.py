"""A change whose answer was lost: the record is read, and what is owed is judged by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.events import payload
from tests.outbound.shop import LOST, later, refused

if TYPE_CHECKING:
    from hub.connectors.outcome import Unknown
    from tests.outbound.counter import Counter


async def test_what_was_written_is_seen_to_be_so_and_not_written_again(counter: Counter) -> None:
    # given
    record = counter.shop.put("things", name="old")
    delivery = await counter.owe("things", record)
    counter.shop.then(LOST, applied=True)

    # when
    counter.begin()
    await counter.comes_to("done", delivery)

    # then it was read, and that is no word of the hub's
    assert (len(counter.shop.calls), counter.shop.reads) == (1, [[record]])
    (observed,) = await counter.told("observed")
    assert (observed.road, observed.origin) == ("fetch", "shop")
    outcomes = [payload(event).outcome for event in await counter.told("answered")]
    assert outcomes == ["unknown", "retry_at", "done"]


async def test_what_was_not_written_is_written_again(counter: Counter) -> None:
    record = counter.shop.put("things", name="old")
    delivery = await counter.owe("things", record)
    counter.shop.then(LOST)

    counter.begin()
    await counter.comes_to("done", delivery)

    assert (len(counter.shop.calls), counter.shop.reads) == (2, [[record]])
    assert counter.shop.records["things"][record] == {"name": "new"}


async def test_looking_sends_nothing_so_what_was_sent_last_stays_known(counter: Counter) -> None:
    record = counter.shop.put("things", name="new")
    sent = b'{"agreed":{"customers":{"name":"new"}},"told":{}}'
    delivery = await counter.owe("things", record, state="sending", attempt=1, sent=sent)

    counter.begin()
    await counter.comes_to("done", delivery)

    assert not counter.shop.calls
    assert [payload(event).fields for event in await counter.told("sending")] == [{}]


async def test_many_are_read_in_one_call(counter: Counter) -> None:
    owed = [
        await counter.owe("things", counter.shop.put("things", name="new"), look=True, attempt=1)
        for _ in range(20)
    ]

    counter.begin()
    await counter.comes_to("done", *owed)

    assert sorted(map(len, counter.shop.reads)) == [20]
    assert not counter.shop.calls


@pytest.mark.parametrize(
    "fault",
    [LOST, later(0.01), refused("authorisation", "NO_PERMISSION")],
    ids=lambda one: type(one).__name__,
)
async def test_while_it_cannot_be_read_it_is_still_to_be_looked_at(
    counter: Counter, fault: Unknown
) -> None:
    record = counter.shop.put("things", name="old")
    delivery = await counter.owe("things", record, look=True, attempt=1)
    counter.shop.then(fault)

    counter.begin()
    await counter.comes_to("done", delivery)

    outcomes = [payload(event).outcome for event in await counter.told("answered")]
    assert outcomes == ["unknown", "retry_at", "done"]
    assert len(counter.shop.reads) == 2


async def test_one_that_cannot_be_read_stops_no_other(counter: Counter) -> None:
    # given a read of many that is refused, and one of them by itself
    owed = [
        await counter.owe("things", counter.shop.put("things", name="new"), look=True, attempt=1)
        for _ in range(3)
    ]
    counter.shop.then(refused(reason="INVALID_ID"), refused(reason="INVALID_ID"))

    # when
    counter.begin()
    await counter.comes_to("parked", owed[0])

    # then
    await counter.comes_to("done", *owed[1:])


async def test_one_that_is_gone_is_said_to_be_gone(counter: Counter) -> None:
    delivery = await counter.owe("things", "404", look=True, attempt=1)

    counter.begin()
    (row,) = await counter.comes_to("parked", delivery)

    assert row["because"] == "missing"
    assert [event.subject for event in await counter.told("gone")] == ["shop.things/404"]
