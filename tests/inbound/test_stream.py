"""P1, P4, P10, P15, P17: a stream and its place are one; what it does not tell is read."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock, patch

import pytest

from hub.connectors.connector import PlaceLost, Told
from hub.errors import DatabaseAway
from hub.inbound.stream import LOST_SECONDS, WAIT_SECONDS_MAX, _listen
from hub.log.append import Appender
from hub.sandbox.faults import Fault
from tests.inbound.played_hub import until
from tests.inbound.streamed_hub import streamed
from tests.sandbox.pubsub.org import an_org

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from hub.events import Event
    from hub.settings import Settings

ROUNDS = 12
FOUR_DAYS, TWO_HOURS = 4 * 86_400, 2 * 3_600


async def test_a_change_is_told_in_part_of_a_record_that_is_known(place: Settings) -> None:
    async with an_org() as org:
        one = org.make(Name="Lumen", Phone="1", BillingCity="Kiel")
        async with streamed(place, org) as hub:
            await hub.listens()

            org.edit(one, Phone=None)

            await hub.knows(**{one: {"Name": "Lumen", "Phone": None, "BillingCity": "Kiel"}})
            (event,) = await hub.events("observed")
            assert event["cover"] == "only:Phone,LastModifiedDate"
            evidence = json.loads(event["data"])["ChangeEventHeader"]
            assert evidence["changeOrigin"] == "com/salesforce/api/rest/67.0;client=OtherApp"
            assert hub.connector.read == []


async def test_the_first_sight_of_a_record_is_a_whole_read(place: Settings) -> None:
    async with streamed(place) as hub:
        await hub.listens()

        one = hub.org.make(Name="Lumen", Phone="1", AnnualRevenue=None)

        await hub.knows(**{one: {"Name": "Lumen", "Phone": "1", "Hub_Id__c": None}})
        assert hub.connector.read == [one]
        assert await hub.events("observed") == []


async def test_a_record_that_is_deleted_is_gone_once_it_was_read(place: Settings) -> None:
    async with an_org() as org:
        one = org.make(Name="Lumen")
        async with streamed(place, org) as hub:
            await hub.listens()

            org.delete(one)

            await hub.knows(**{one: None})
            assert hub.connector.read == [one]


async def test_the_place_is_kept_in_the_append_of_what_was_told(place: Settings) -> None:
    async with an_org() as org:
        one = org.make(Name="Lumen")
        async with streamed(place, org) as hub:
            await hub.listens()
            org.edit(one, Phone="1")
            await hub.knows(**{one: {"Phone": "1"}})

            (event,) = await hub.events("observed")
            places = [row["position"] for row in await hub.events("read_on")]
            links = await hub.rows(
                "select position from events where link is not null and position >= $1 "
                "order by position limit 1", event["position"],
            )  # fmt: skip

            assert event["position"] + 1 in places
            assert links[0]["position"] > event["position"], "one batch, one link of the chain"


@pytest.mark.parametrize("is_kept", [False, True])
async def test_an_append_that_fails_loses_nothing_and_keeps_nothing_twice(
    place: Settings,
    *,
    is_kept: bool,
) -> None:
    # given that the next append of what was told is cut off, before or after it was durable
    append, cut = Appender.append, list[int]()

    async def fail(self: Appender, *events: Event) -> list[int]:
        is_told = any(one.road == "stream" and one.type == "observed" for one in events)
        if not is_told or cut:
            return await append(self, *events)
        cut.append(1)
        if is_kept:
            await append(self, *events)
        raise DatabaseAway("the answer was lost")

    async with an_org() as org:
        one = org.make(Name="Lumen")
        with patch.object(Appender, "append", fail):
            async with streamed(place, org) as hub:
                await hub.listens()

                # when it is told of changes
                org.edit(one, Phone="1")
                await hub.knows(**{one: {"Phone": "1"}})
                org.edit(one, Phone="2")

                # then each of them is known, and is in the log once
                await hub.knows(**{one: {"Phone": "2"}})
                told = [json.loads(row["data"])["Phone"] for row in await hub.events("observed")]
                assert told == ["1", "2"]
                assert cut


async def test_what_is_told_twice_is_kept_once(place: Settings) -> None:
    async with an_org() as org:
        one = org.make(Name="Lumen")
        org.world.faults.add(Fault(system="salesforce", fault="stream_duplicated"))
        async with streamed(place, org) as hub:
            await hub.listens()

            for number in range(3):
                org.edit(one, Phone=f"{number}")
                await hub.knows(**{one: {"Phone": f"{number}"}})

            assert len(await hub.events("observed")) == 3


async def test_a_storm_of_new_streams_loses_nothing(place: Settings) -> None:
    async with an_org() as org:
        several = [org.make(Name=f"{number}") for number in range(5)]
        async with streamed(place, org) as hub:
            await hub.listens()

            for number in range(8):
                org.edit(several[number % 5], Phone=f"{number}")
                org.pubsub.act("stream_cut", "", "", {})
                org.sessions.end()
                await asyncio.sleep(0.02)

            last = ("5", "6", "7", "3", "4")
            await hub.knows(**{one: {"Phone": last[at]} for at, one in enumerate(several)})
            assert await hub.events("missed") == []


async def test_a_gap_has_the_record_read(place: Settings) -> None:
    async with an_org() as org:
        one = org.make(Name="Lumen")
        async with streamed(place, org) as hub:
            await hub.listens()
            org.pubsub.act("stream_gap", "", "", {})

            org.edit(one, Phone="1")

            await hub.knows(**{one: {"Phone": "1"}})
            assert hub.connector.read == [one]


async def test_an_overflow_has_all_read_that_changed_since_and_is_told(place: Settings) -> None:
    async with an_org() as org:
        several = [org.make(Name=f"{number}") for number in range(5)]
        async with streamed(place, org) as hub:
            await hub.listens()
            org.pubsub.act("stream_overflow", "", "", {})

            org.edit(*several, Phone="1")

            await hub.knows(**{one: {"Phone": "1"} for one in several})
            (missed,) = await hub.events("missed")
            assert "more than the vendor tells" in json.loads(missed["data"])["reason"]
            assert hub.connector.read == []


async def test_after_two_hours_without_a_hub_the_stream_goes_on_where_it_was(
    place: Settings,
) -> None:
    async with an_org() as org:
        one = org.make(Name="Lumen")
        async with streamed(place, org) as hub:
            await hub.listens()
        org.edit(one, Phone="1")
        org.world.clock.advance(TWO_HOURS)

        async with streamed(place, org) as hub:
            await hub.knows(**{one: {"Phone": "1"}})
            await until(hub.has_told)  # a poll may have read the record before
            assert len(await hub.events("observed")) == 1
            assert await hub.events("missed") == []


async def test_a_place_that_is_lost_again_and_again_is_asked_for_ever_more_seldom() -> None:
    # given a stream that knows not even its oldest place
    account: Any = Mock()
    connector: Any = Forgetful()
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == ROUNDS:
            raise Enough

    # when it is listened to
    with patch("hub.inbound.stream.asyncio.sleep", wait), pytest.raises(Enough):
        await _listen(account, connector, Mock(), "-", asyncio.Queue())

    # then it is asked again at once only the first time, and never too seldom
    assert connector.streams == ROUNDS
    assert waits[0] == 0
    assert all(one >= LOST_SECONDS for one in waits[1:])
    assert WAIT_SECONDS_MAX / 2 <= waits[-1] <= WAIT_SECONDS_MAX


async def test_after_four_days_the_lost_place_is_told_and_all_since_is_read(
    place: Settings,
) -> None:
    # given a hub that was away for longer than the vendor keeps its events
    async with an_org() as org:
        edited, deleted = org.make(Name="edited"), org.make(Name="deleted")
        async with streamed(place, org) as hub:
            await hub.listens()
        org.edit(edited, Phone="1")
        org.delete(deleted)
        made = org.make(Name="made")
        org.world.clock.advance(FOUR_DAYS)
        young = org.make(Name="young")

        # when it is back
        async with streamed(place, org) as hub:
            # then everything is known, and that the place was lost stands in the log
            await hub.knows(
                **{edited: {"Phone": "1"}, made: {"Name": "made"}, young: {"Name": "young"}},
            )
            await hub.knows(**{deleted: None})
            await hub.said("missed")
            (missed,) = await hub.events("missed")
            assert "corrupted" in json.loads(missed["data"])["reason"]

            # and the stream goes on
            org.edit(young, Phone="2")
            await hub.knows(**{young: {"Phone": "2"}})


async def test_a_resync_that_was_cut_off_is_taken_up_again(place: Settings) -> None:
    async with an_org() as org:
        one = org.make(Name="Lumen")
        async with streamed(place, org) as hub:
            await hub.listens()
            hub.connector.hangs = True
            org.pubsub.act("stream_overflow", "", "", {})
            org.edit(one, Phone="1")
            await hub.said("missed")

        async with streamed(place, org) as hub:
            await hub.knows(**{one: {"Phone": "1"}})
            assert len(await hub.events("missed")) == 1


async def test_p15_a_stream_that_dies_without_a_word_is_begun_again(place: Settings) -> None:
    async with an_org() as org:
        one = org.make(Name="Lumen")
        async with streamed(place, org, silence_seconds_max=0.3) as hub:
            await hub.listens()
            before = hub.connector.streams
            org.pubsub.act("stream_silent", "", "", {})

            org.edit(one, Phone="1")

            await hub.knows(**{one: {"Phone": "1"}})
            assert hub.connector.streams > before


class Enough(Exception):
    """A test has seen what it wanted."""


class Forgetful:
    """A vendor's stream that knows no place at all."""

    def __init__(self) -> None:
        self.streams = 0

    def earliest(self, cursor: str) -> str:
        return cursor

    async def stream(self, *_: object) -> AsyncGenerator[Told, None]:
        self.streams += 1
        if self.streams:
            raise PlaceLost("it is not known", since=datetime(2026, 3, 1, tzinfo=UTC))
        for told in list[Told]():
            yield told
