"""How roads stand: read on from where the log says, and fetch what was noticed and not yet read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.events import FellSilent, Fetched, ReadOn, SpokeAgain, event_of
from tests.projectors.by_hand import ROADS, follow
from tests.projectors.histories import about, gone, observed

if TYPE_CHECKING:
    from hub.database.db import Db
    from hub.events import Event
    from tests.projectors.conftest import Written


async def test_what_was_noticed_waits_once_however_often(written: Written) -> None:
    async with written(noticed("1"), noticed("2"), noticed("1")) as db:
        assert await waiting(db) == [("1", 1, 3, 2), ("2", 2, 2, 1)]


async def test_what_was_read_because_of_the_newest_notice_waits_no_longer(
    written: Written,
) -> None:
    async with written(
        noticed("1"),
        noticed("2"),
        noticed("3"),
        observed(record="1", cause=1),
        gone(record="2", cause=2),
        about("unreadable", record="3", cause=3, data=b'{"reason": "no permission"}'),
        fetched({"1": 1, "2": 2, "3": 3}),
    ) as db:
        assert await waiting(db) == []


async def test_what_was_noticed_again_while_it_was_read_still_waits(written: Written) -> None:
    async with written(noticed("1"), noticed("1"), fetched({"1": 1})) as db:
        assert await waiting(db) == [("1", 1, 2, 2)]


async def test_what_a_vendor_tells_of_a_record_is_a_reason_to_read_it(written: Written) -> None:
    told = [observed(at=1, road="webhook"), gone(at=2, road="webhook", record="2")]
    async with written(*told, observed(at=1, road="poll", record="3")) as db:
        assert await waiting(db) == [("1", 1, 1, 1), ("2", 2, 2, 1)]


async def test_what_came_by_another_road_settles_no_notice(written: Written) -> None:
    async with written(noticed("1"), observed(record="1", cause=1)) as db:
        assert await waiting(db) == [("1", 1, 1, 1)]


async def test_a_road_goes_on_from_its_last_cursor_and_knows_its_last_end(
    written: Written,
) -> None:
    async with written(
        page("a"), page("b", done=True), observed(record="1"), page("c"), noticed("1")
    ) as db:
        await follow(db, ROADS)
        rows = await db.fetch(
            "select road, cursor, read, done, heard, records from roads order by road"
        )
    assert [tuple(row) for row in rows] == [
        ("poll", "c", 4, 2, 3, 1),
        ("webhook", None, None, None, 5, 1),
    ]


async def test_a_road_that_is_read_at_intervals_is_overdue_after_two_of_them(
    written: Written,
) -> None:
    async with written(page("a", next_seconds=300)) as db:
        await follow(db, ROADS)
        assert await db.fetchval(
            "select overdue_at - recorded_at = interval '600 s' from roads join events "
            "on position = read"
        )


@pytest.mark.parametrize("tells", ["webhook", "stream"])
async def test_changes_that_the_vendor_did_not_tell_of_are_counted_until_it_tells_again(
    tells: str, written: Written
) -> None:
    told = observed(at=1, road=tells)
    found = [observed({"name": f"{at}"}, at=at, road="poll") for at in (2, 3)]
    async with written(told, *found) as db:
        assert await unheard(db, tells) == 2
    async with written(told, *found, observed(at=4, road=tells)) as db:
        assert await unheard(db, tells) == 0


async def test_a_change_that_the_vendor_told_of_first_is_not_counted(written: Written) -> None:
    async with written(observed(at=2, road="webhook"), observed(at=2, road="poll")) as db:
        assert await unheard(db) == 0


async def test_a_vendor_that_never_told_anything_misses_nothing(written: Written) -> None:
    async with written(observed(at=1, road="poll")) as db:
        assert await unheard(db) is None


async def test_a_road_is_silent_until_it_speaks_again(written: Written) -> None:
    fell = road_event(FellSilent(reason="none came"))
    async with written(page("a"), fell) as db:
        await follow(db, ROADS)
        assert await db.fetchval("select silent from roads") == 2
    async with written(page("a"), fell, road_event(SpokeAgain())) as db:
        await follow(db, ROADS)
        assert await db.fetchval("select silent from roads") is None


def road_event(what: msgspec.Struct) -> Event:
    return msgspec.structs.replace(event_of(what), connection="crm", kind="contacts", road="poll")


async def unheard(db: Db, road: str = "webhook") -> int | None:
    await follow(db, ROADS)
    count: int | None = await db.fetchval("select unheard from roads where road = $1", road)
    return count


def noticed(record: str) -> Event:
    return about("noticed", record=record, road="webhook")


def fetched(records: dict[str, int]) -> Event:
    event = event_of(Fetched(records=records))
    return msgspec.structs.replace(event, connection="crm", kind="contacts", road="fetch")


def page(cursor: str, *, done: bool = False, next_seconds: float | None = None) -> Event:
    read_on = event_of(ReadOn(cursor=cursor, done=done, records=1, next_seconds=next_seconds))
    return msgspec.structs.replace(read_on, connection="crm", kind="contacts", road="poll")


async def waiting(db: Db) -> list[tuple[Any, ...]]:
    await follow(db, ROADS)
    rows = await db.fetch("select record, first, last, count from notices order by record")
    return [tuple(row) for row in rows]
