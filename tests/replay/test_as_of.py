"""A record is shown as the hub knew it at a moment, whatever has become of it since."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.errors import NotApplicable, Refused
from hub.events import Linked, Merged, Split, Unlinked, event_of
from hub.replay import as_of as as_of_module
from hub.replay.as_of import AsOf, as_of
from tests.replay.live import (
    LINKS,
    SYNC,
    Choosy,
    Live,
    member,
    moment,
    observed,
    sealed,
    story,
    unparked,
)

if TYPE_CHECKING:
    from uuid import UUID

    from hub.events import Event

Fields = dict[str, tuple[Any, datetime, int]]


@pytest.mark.parametrize("seed", range(2))
async def test_fields_and_stamps_are_those_of_a_fold_by_hand(live: Live, seed: int) -> None:
    await live.has_seen(*story(seed, readable=True))
    events = await live.desk.events()
    known: dict[str, Fields] = {}

    for event in events:
        if event.record is not None:
            take(known.setdefault(event.record, {}), event)
        about = event.record or "1"
        assert fields_of(await look(live, about, event.position)) == known.get(about, {})


async def test_the_last_position_shows_what_the_tables_hold(live: Live) -> None:
    await live.has_seen(*story(11))
    end = len(await live.desk.events())

    for row in await live.execute("select * from records"):
        found = await look(live, row["record"], end)
        assert values_of(found) == msgspec.json.decode(row["fields"])
        assert found.gone is (row["gone"] is not None)
        assert found.waiting == [
            parked["position"]
            for parked in await live.execute(
                "select position from parked where projector = 'sync' and record = $1 order by 1",
                row["record"],
            )
        ]


async def test_a_record_of_very_many_fields_is_shown_without_looking_each_up_among_all(
    live: Live,
) -> None:
    many: dict[str, object] = {f"field_{number}": number for number in range(60_000)}
    await live.has_seen(observed(many), observed({"field_7": 8}, at=1, cover="only:field_7"))

    async with asyncio.timeout(60):
        found = await look(live, "1", 2)

    assert len(found.fields) == len(many)


async def test_a_record_is_gone_from_the_moment_it_was_said_to_be(live: Live) -> None:
    deleted = msgspec.structs.replace(observed(at=1), type="gone")
    await live.has_seen(observed({"name": "a"}), deleted, observed({"name": "b"}, at=2))

    assert [(await look(live, "1", at)).gone for at in range(4)] == [False, False, True, False]


async def test_any_moment_is_understood(live: Live) -> None:
    for at in range(3):
        await live.has_seen(observed({"n": at}, at=at))
    times = [recorded(event) for event in await live.desk.events()]
    tick = timedelta(microseconds=1)

    found = [
        (await look(live, "1", at)).position
        for at in (
            datetime(1, 1, 1, tzinfo=UTC),
            times[0] - tick,
            times[0],
            times[1] - tick,
            times[1],
            times[2],
            times[2] + timedelta(days=4_000),
        )
    ]

    assert found == [0, 0, 1, 1, 2, 3, 3]
    assert (await look(live, "1", times[0] - tick)).fields == {}


async def test_moments_within_archives_are_found_in_their_files(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_of_module, "LOOK_EVENTS", 3)
    await live.has_seen(*(observed({"n": n}, at=n) for n in range(45)))
    times = [recorded(event) for event in await live.desk.events()]
    assert len(await live.archived()) == 2

    for position in (1, 2, 7, 19, 20, 21, 33, 40, 41, 45):
        at = times[position - 1]
        last = max(each for each, time in enumerate(times, 1) if time <= at)
        found = await look(live, "1", at)
        assert (found.position, values_of(found)) == (last, {"n": last - 1})
        before = await look(live, "1", at - timedelta(microseconds=1))
        assert before.position == sum(time < at for time in times)


async def test_its_link_is_the_one_of_that_moment(live: Live) -> None:
    first, second, third = LINKS[:3]
    book = member("b", connection="books")
    await live.has_seen(
        observed(record="1"),
        event_of(Linked(link=first, members=[member("1"), member("2", "eur")])),
        event_of(Linked(link=second, members=[book])),
        event_of(Merged(link=second, into=first)),
        event_of(Split(link=first, new=third, members=[member("1"), book])),
        event_of(Linked(link=third, members=[member("1", "usd")])),
        event_of(Unlinked(link=third, members=[member("1")])),
    )

    found = [await look(live, "1", at) for at in range(8)]

    assert [(each.link, each.linked_with) for each in found] == [
        (None, []),
        (None, []),
        (first, [member("1"), member("2", "eur")]),
        (first, [member("1"), member("2", "eur")]),
        (first, [book, member("1"), member("2", "eur")]),
        (third, [book, member("1")]),
        (third, [book, member("1", "usd")]),
        (None, []),
    ]


@pytest.mark.parametrize("seed", [21, 22])
async def test_links_at_every_position_are_those_the_tables_held_then(
    live: Live, seed: int
) -> None:
    links = [event for event in story(seed, events=90, readable=True) if event.record is None]
    held = []
    async with live.following(SYNC):
        for event in links:
            await live.tell(event)
            await live.applied(SYNC)
            held.append(await live.execute("select * from links order by connection, record"))

    for position, rows in enumerate(held, 1):
        for record in map(str, range(1, 7)):
            own: list[UUID] = [row["link"] for row in rows if is_record(row, record)]
            members = [
                member(row["record"], row["part"], row["connection"])
                for row in rows
                if row["link"] in own
            ]
            found = await look(live, record, position)
            assert (found.link, found.linked_with) == (own[0] if own else None, members)


async def test_links_the_projector_has_not_come_to_are_not_denied(live: Live) -> None:
    await live.has_seen(observed())
    await live.tell(event_of(Linked(link=LINKS[0], members=[member("1")])))

    found = await look(live, "1", 2)

    assert (found.position, found.links_position, found.link) == (2, 1, None)


@pytest.mark.parametrize("is_archived", [False, True])
async def test_a_parked_event_is_shown_as_waiting_while_it_waits(
    live: Live, *, is_archived: bool
) -> None:
    of_old = Choosy(SYNC, lambda event, at: event.origin == "odd" and event.position == at)
    first, second, *_ = await live.has_seen(
        observed({"name": "odd"}, origin="odd"), observed({"name": "later"}, at=1), by=[of_old]
    )
    [word] = await live.has_seen(unparked(first), by=[of_old])
    await live.has_seen(*(observed(record="2") for _ in range(20)), by=[of_old])
    if is_archived:
        assert await live.archived()

    before, waiting, both, still, settled = [
        await look(live, "1", at) for at in (0, first, second, word - 1, word)
    ]

    assert (before.waiting, waiting.waiting) == ([], [first])
    assert both.waiting == still.waiting == [first, second]
    assert (still.fields, settled.waiting) == ({}, [])
    assert values_of(settled) == {"name": "later"}


async def test_a_skipped_event_neither_waits_nor_says_anything(live: Live) -> None:
    [parked] = await live.has_seen(sealed())
    [word] = await live.has_seen(unparked(parked, "skip"))

    assert (await look(live, "1", word - 1)).waiting == [parked]
    assert (await look(live, "1", word)).waiting == []
    assert (await look(live, "1", word)).fields == {}


async def test_a_word_that_names_the_record_itself_is_heeded_once(live: Live) -> None:
    [parked] = await live.has_seen(sealed())
    word = msgspec.structs.replace(unparked(parked), connection="crm", kind="contacts", record="1")
    await live.has_seen(word)

    assert (await look(live, "1", len(await live.desk.events()))).waiting == [parked]


async def test_a_record_nobody_spoke_of_is_empty(live: Live) -> None:
    await live.has_seen(observed())

    found = await look(live, "no such", 1)

    assert (found.fields, found.gone, found.waiting, found.link) == ({}, False, [], None)


async def test_a_position_that_is_not_there_is_refused(live: Live) -> None:
    await live.has_seen(observed())

    for position in (-1, 2, 10**30):
        with pytest.raises(Refused, match=f"no position {position} .* last is 1"):
            await look(live, "1", position)


async def test_what_was_applied_but_cannot_be_read_now_is_named(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    await live.has_seen(observed())

    def unreadable(_event: Event) -> None:
        raise NotApplicable("no longer understood")

    monkeypatch.setattr("hub.projectors.sync.records.read", unreadable)

    with pytest.raises(NotApplicable, match=r"event 1 .* no longer understood"):
        await look(live, "1", 1)


async def look(live: Live, record: str, at: datetime | int) -> AsOf:
    return await as_of(live.looker, live.archive, member(record), at)


def take(known: Fields, event: Event) -> None:
    """Do what a fold does, field by field and with nothing else in mind."""
    if event.type != "observed":
        return
    stamp = moment(event)
    for name, value in msgspec.json.decode(event.data).items():
        how, _, names = (event.cover or "except:").partition(":")
        if (name in names.split(",")) is not (how == "only"):
            continue
        before = known.get(name)
        if before is None or stamp > before[1] or (stamp == before[1] and value != before[0]):
            known[name] = (value, stamp, event.position)


def fields_of(found: AsOf) -> Fields:
    return {
        name: (msgspec.json.decode(field.value), field.stamp, field.position)
        for name, field in found.fields.items()
    }


def values_of(found: AsOf) -> dict[str, Any]:
    return {name: msgspec.json.decode(field.value) for name, field in found.fields.items()}


def is_record(row: Any, record: str) -> bool:
    return bool((row["connection"], row["record"]) == ("crm", record))


def recorded(event: Event) -> datetime:
    assert event.recorded_at is not None
    return event.recorded_at
