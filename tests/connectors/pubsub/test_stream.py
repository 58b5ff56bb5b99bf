"""A topic is read on behind its place, whatever ends the stream, and nothing is skipped."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.connectors.connector import NotRead, PlaceLost
from hub.connectors.outcome import Refused, RetryAt
from hub.connectors.pubsub.stream import UNREADABLE, Topics, earliest
from hub.sandbox.faults import Fault
from hub.sandbox.salesforce.fields import Field
from tests.sandbox.pubsub.org import TOPIC, an_org, ended, heard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.connectors.connector import Told

FOUR_DAYS = 4 * 86_400


def records(batches: Iterable[Told]) -> list[str]:
    return [one.notice.record for batch in batches for one in batch.heard]


async def test_a_stream_is_read_on_behind_what_was_told_last() -> None:
    async with an_org() as org:
        stream = org.listen()
        await anext(stream)
        made = [org.make(Name=f"{number}") for number in range(3)]
        (*_, last) = await heard(stream, 3)
        more = [org.make(Name=f"{number}") for number in range(250)]

        assert records(await heard(org.listen(last.cursor), 250)) == more
        assert not set(made) & set(more)


async def test_a_first_stream_begins_now_and_has_what_changed_meanwhile_read() -> None:
    async with an_org() as org:
        org.make(Name="before")
        begun = org.world.clock.now()
        stream = org.listen()

        first = await anext(stream)

        assert first.heard == []
        assert first.through is not None
        assert first.through.since is not None
        assert first.through.since <= begun + timedelta(seconds=1)
        assert first.through.reason == ""
        await stream.aclose()


async def test_a_quiet_topic_does_not_outlive_its_place() -> None:
    async with an_org() as org:
        stream = org.listen()
        cursor = (await anext(stream)).cursor
        for _ in range(4):  # hours go by, in each of which it says that it lives
            org.world.clock.advance(20 * 3_600)
            cursor = (await anext(stream)).cursor
            cursor = (await anext(stream)).cursor
        await stream.aclose()
        made = org.make(Name="one")

        assert records(await heard(org.listen(cursor), 1)) == [made]


async def test_a_dead_token_is_a_new_stream_that_goes_on() -> None:
    async with an_org() as org:
        stream = org.listen()
        await anext(stream)
        first = org.make(Name="one")
        batch = await anext(stream)
        while not batch.heard:
            batch = await anext(stream)
        org.sessions.end()
        second = org.make(Name="two")

        assert records([batch, *await heard(stream, 1)]) == [first, second]
        assert org.login.renewed == 1


async def test_a_login_that_stays_dead_is_tried_again_later() -> None:
    async with an_org() as org:
        org.sessions.is_alive = lambda token: not token  # type: ignore[method-assign]

        assert await ended(org.listen()) == []
        assert org.login.renewed == 1


@pytest.mark.parametrize(
    ("topic", "why"), [(TOPIC, ""), ("/data/LeadChangeEvent", "no such topic")]
)
async def test_whether_a_topic_can_be_listened_to_is_known_beforehand(topic: str, why: str) -> None:
    async with an_org() as org:
        login: Any = org.login

        found = await Topics(org.address, silence_seconds_max=5).why_deaf(login, topic)

        assert why in found
        assert bool(why) is bool(found)


async def test_a_place_older_than_the_vendor_keeps_is_lost_and_says_since_when() -> None:
    async with an_org() as org:
        stream = org.listen()
        await anext(stream)
        org.make(Name="one")
        committed = org.world.clock.now()
        (last,) = await heard(stream, 1)
        org.world.clock.advance(FOUR_DAYS)
        young = org.make(Name="young")

        with pytest.raises(PlaceLost) as lost:
            await anext(org.listen(last.cursor))

        assert abs(lost.value.since - committed) < timedelta(seconds=1)
        assert records(await heard(org.listen(earliest(last.cursor)), 1)) == [young]


async def test_after_an_outage_of_two_hours_it_goes_on_where_it_was() -> None:
    async with an_org() as org:
        stream = org.listen()
        cursor = (await anext(stream)).cursor
        await stream.aclose()
        made = [org.make(Name=f"{number}") for number in range(5)]
        org.world.clock.advance(2 * 3_600)

        assert records(await heard(org.listen(cursor), 5)) == made


async def test_a_service_that_is_away_is_tried_again_later() -> None:
    async with an_org() as org:
        org.world.faults.add(Fault(system="pubsub", fault="stream_unavailable", count=1))

        with pytest.raises(NotRead) as away:
            await anext(org.listen())

        assert isinstance(away.value.outcome, RetryAt)
        assert "service.unavailable" in str(away.value)


async def test_a_stream_that_is_cut_and_one_that_falls_silent_are_begun_again() -> None:
    async with an_org() as org:
        for act in ("stream_cut", "stream_silent"):
            stream = org.listen(silence_seconds_max=0.3)
            await anext(stream)
            org.pubsub.act(act, "", "", {})

            await ended(stream)


async def test_a_topic_that_is_not_there_is_a_fault_of_the_settings() -> None:
    async with an_org() as org:
        with pytest.raises(NotRead) as refused:
            await anext(org.listen(topic="/data/LeadChangeEvent"))

        assert isinstance(refused.value.outcome, Refused)
        assert "change_events" in str(refused.value)


async def test_a_field_that_is_added_while_events_are_under_way_changes_no_meaning() -> None:
    async with an_org() as org:
        one = org.make(Name="one")
        stream = org.listen()
        await anext(stream)
        org.edit(one, Phone="1")
        account = org.org.object("Account")
        fields = {"AAA__c": Field(name="AAA__c", custom=True), **account.fields}
        org.org.add_object(msgspec.structs.replace(account, fields=fields))
        org.edit(one, Phone="2", AAA__c="a")

        batches = await heard(stream, 2)

        said = [
            {
                name: value
                for name, value in json.loads(each.seen.data or b"").items()
                if name in ("Phone", "AAA__c")
            }
            for batch in batches
            for each in batch.heard
            if each.seen is not None
        ]
        assert said == [{"Phone": "1"}, {"Phone": "2", "AAA__c": "a"}]


async def test_a_transaction_over_many_records_is_told_of_each() -> None:
    async with an_org() as org:
        several = [org.make(Name=f"{number}") for number in range(3)]
        stream = org.listen()
        await anext(stream)
        org.edit(*several, Phone="1")

        assert records(await heard(stream, 3)) == several


@pytest.mark.parametrize("act", ["stream_gap", "stream_overflow"])
async def test_what_is_not_told_one_by_one_is_read(act: str) -> None:
    async with an_org() as org:
        one = org.make(Name="one")
        stream = org.listen()
        await anext(stream)
        org.pubsub.act(act, "", "", {})
        org.edit(one, Phone="1")

        (batch,) = await heard(stream, 1)

        if act == "stream_gap":
            assert [each.seen for each in batch.heard] == [None]
        else:
            assert batch.through is not None
            assert batch.through.reason


async def test_an_event_that_cannot_be_read_has_all_read_since_and_stops_no_other() -> None:
    async with an_org() as org:
        one = org.make(Name="one")
        stream = org.listen()
        await anext(stream)
        org.edit(one, Phone="1")
        org.pubsub.schemas.clear()

        (batch,) = await heard(stream, 1)

        assert batch.heard == []
        assert batch.through is not None
        assert batch.through.reason == UNREADABLE
        org.edit(one, Phone="2")
        assert records(await heard(org.listen(batch.cursor), 1)) == [one]


async def test_an_event_that_comes_twice_says_the_same_twice() -> None:
    async with an_org() as org:
        one = org.make(Name="one")
        org.world.faults.add(Fault(system="pubsub", fault="stream_duplicated"))
        stream = org.listen()
        await anext(stream)
        org.edit(one, Phone="1")

        first, second = await heard(stream, 2)

        assert first.heard == second.heard


async def test_a_reader_who_is_slow_loses_nothing() -> None:
    async with an_org(unasked_seconds=0.2) as org:
        stream = org.listen()
        first = await anext(stream)
        made = [org.make(Name=f"{number}") for number in range(260)]

        batches = [first, *await ended(stream, slow_seconds=0.5)]
        left = len(made) - len(records(batches))
        more = await heard(org.listen(batches[-1].cursor), left)

        assert left > 0
        assert records([*batches, *more]) == made
