"""One fault of a connection is one fault: what is owed waits, and goes on by itself."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from hub.events import payload
from tests.outbound.shop import DEAD, DONE, later, refused

if TYPE_CHECKING:
    import pytest

    from tests.outbound.counter import Counter


async def test_a_dead_connection_is_one_fault_and_the_deliveries_wait(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    # given
    caplog.set_level(logging.WARNING, "hub.outbound")
    owed = [await counter.owe("documents") for _ in range(40)]
    counter.shop.answers = lambda _: DEAD
    counter.begin()
    while not caplog.records:  # noqa: ASYNC110
        await asyncio.sleep(0.01)

    # when it is dead for a while
    await asyncio.sleep(0.2)

    # then those that were under way are all that was sent, and it was said once
    assert len(counter.shop.calls) <= 8
    assert [record.message for record in caplog.records] == [
        "Deliveries to shop wait: shop lets us in no more."
    ]
    assert {payload(event).outcome for event in await counter.told("answered")} == {"retry_at"}

    # and when it is let in again, all is done, by itself
    counter.shop.answers = lambda _: DONE
    await counter.comes_to("done", *owed)
    assert len(caplog.records) == 2


async def test_what_a_connection_may_not_write_stops_that_kind_alone(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    # given
    caplog.set_level(logging.WARNING, "hub.outbound")
    denied = [await counter.owe("documents") for _ in range(10)]
    allowed = [await counter.owe("things") for _ in range(3)]
    fault = refused("authorisation", "OAUTH_SCOPE_MISMATCH")
    counter.shop.answers = lambda one: fault if one.fields["name"] == "denied" else DONE
    counter.wants |= {id_: {"name": "denied"} for id_ in denied}

    # when
    counter.begin()
    await counter.comes_to("done", *allowed)
    await asyncio.sleep(0.1)

    # then none of the others was given up, and it was said once
    assert {(await counter.row(id_))["state"] for id_ in denied} <= {"owed", "sending"}
    assert len(caplog.records) == 1
    counter.shop.answers = lambda _: DONE
    await counter.comes_to("done", *denied)


async def test_p14_one_record_that_may_not_be_written_stops_no_other(counter: Counter) -> None:
    # given one that is refused for its own sake, among others that are taken
    denied = await counter.owe("documents", wants={"name": "denied"})
    fault = refused("authorisation", "NO_PERMISSION")
    counter.shop.answers = lambda one: fault if one.fields["name"] == "denied" else DONE
    allowed = [await counter.owe("documents") for _ in range(20)]

    # when
    counter.begin()
    await counter.comes_to("done", *allowed)

    # then it goes to the inbox by itself
    (row,) = await counter.comes_to("parked", denied)
    assert row["because"] == "authorisation"


async def test_a_limit_that_is_reached_is_tried_by_one_call_at_a_time(counter: Counter) -> None:
    # given a vendor that is to be left alone
    owed = [await counter.owe("documents") for _ in range(30)]
    counter.shop.answers = lambda _: later(0.03)
    counter.begin()
    await asyncio.sleep(0.3)

    # then few are tried in vain
    tried = len(counter.shop.calls)
    assert tried <= 8 + 12

    # and when it may go on, all is done
    counter.shop.answers = lambda _: DONE
    await counter.comes_to("done", *owed)


async def test_a_share_that_is_used_up_stops_no_other_share(counter: Counter) -> None:
    # given
    backfill = [await counter.owe("documents", share="backfill") for _ in range(10)]
    counter.shop.answers = lambda one: later(60) if one.share == "backfill" else DONE
    counter.begin()
    await asyncio.sleep(0.1)

    # when
    document = await counter.owe("documents", share="documents")

    # then
    await counter.comes_to("done", document)
    assert {(await counter.row(id_))["state"] for id_ in backfill} == {"owed"}
