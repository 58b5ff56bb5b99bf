"""Reading gives events in their order, and never passes over one that is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.errors import LogBroken
from hub.log import read
from tests.log.desk import NOON, Desk, happened, seen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import asyncpg


@pytest.fixture
async def db(log: Desk) -> AsyncIterator[asyncpg.Connection]:
    async with log.database.connected("replay") as db:
        yield db


async def test_a_page_begins_behind_a_position_and_ends_where_it_is_full(
    log: Desk, db: asyncpg.Connection
) -> None:
    await log.append(*(happened() for _ in range(10)))

    assert [event.position for event in await read.page(db, 3, 4)] == [4, 5, 6, 7]
    assert [event.position for event in await read.page(db, 7, 4)] == [8, 9, 10]
    assert await read.page(db, 10, 4) == []
    assert await read.page(db, 99, 4) == []


async def test_an_empty_log_is_read_as_such(log: Desk, db: asyncpg.Connection) -> None:
    assert await read.page(db, 0, 100) == []
    assert await read.head(db) == 0
    assert await read.position_at(db, NOON) == 0


async def test_events_are_found_by_record_cause_position_and_id(
    log: Desk, db: asyncpg.Connection
) -> None:
    caused = msgspec.structs.replace(happened(), cause=1)
    await log.append(seen("A"), seen("B", record="2"), seen("C", at=1), caused)

    about = await read.by_record(db, "crm", "contacts", "1")

    assert [event.position for event in about] == [1, 3]
    assert [event.position for event in await read.by_cause(db, 1)] == [4]
    assert [event.position for event in await read.by_positions(db, [4, 2, 77])] == [2, 4]
    assert await read.by_id(db, caused.id) == (await read.by_positions(db, [4]))[0]
    assert await read.by_id(db, happened().id) is None
    assert await read.head(db) == 4
    assert about[0].subject == "crm.contacts/1"


async def test_a_moment_is_found_by_its_last_position(log: Desk, db: asyncpg.Connection) -> None:
    for _ in range(3):
        await log.append(happened(), happened())
    times = [event.recorded_at for event in await log.events()]

    for position in (2, 4, 6):
        at = times[position - 1]
        assert at is not None
        assert await read.position_at(db, at) == position
        assert await read.position_at(db, at - timedelta(microseconds=1)) == position - 2


@pytest.mark.parametrize(
    ("gone", "after", "first"),
    [
        pytest.param("position = 5", 3, 5, id="inside the page"),
        pytest.param("position = 4", 3, 4, id="at its begin"),
        pytest.param("position between 4 and 8", 3, 4, id="the whole page"),
        pytest.param("position <= 9", 0, 1, id="the begin of the log"),
    ],
)
async def test_p3_a_hole_is_never_read_over(
    gone: str, after: int, first: int, log: Desk, db: asyncpg.Connection
) -> None:
    await log.append(*(happened() for _ in range(10)))
    await log.execute(f"delete from events where {gone}")

    with pytest.raises(LogBroken, match=f"no event at position {first}") as broken:
        await read.page(db, after, 5)

    assert broken.value.position == first


async def test_a_person_can_read_the_log_with_psql(log: Desk, db: asyncpg.Connection) -> None:
    odd = [b'{"name":"Zo\\u00eb","id":1234567890123456789}', b'{"a":"\\u0000"}', b'{"a":1e999999}']
    await log.append(
        *(msgspec.structs.replace(happened(), data=data) for data in odd),
        msgspec.structs.replace(happened(), data=b"\xff", seal=happened().id),
    )

    shown = await db.fetch("select data from event_json order by position")

    assert [row["data"] for row in shown] == [
        '{"id": 1234567890123456789, "name": "Zoë"}',
        r'"{\"a\":\"\\u0000\"}"',
        r'"{\"a\":1e999999}"',
        None,
    ]
