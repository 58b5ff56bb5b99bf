"""A rebuild makes, from the log alone, the tables that the hub made step by step."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.database import Database
from hub.errors import LogBroken, NotApplicable, Refused
from hub.events import Linked, event_of
from hub.projectors import PROJECTORS
from hub.replay import rebuild as rebuild_module
from hub.settings import ProjectorSettings
from tests.replay.live import (
    LINKS,
    SYNC,
    TABLES,
    TIMELINE,
    Choosy,
    Live,
    member,
    observed,
    sealed,
    story,
    unparked,
)

if TYPE_CHECKING:
    from hub.events import Event


@pytest.mark.parametrize("seed", range(2))
async def test_p5_a_rebuild_gives_the_tables_row_for_row_and_again(live: Live, seed: int) -> None:
    await has_lived(live, seed)
    before = await live.rows()

    first = [await live.rebuild(each) for each in PROJECTORS]
    after = await live.rows()
    second = [await live.rebuild(each) for each in PROJECTORS]

    assert after == before == await live.rows()
    assert all(before[table] for table in ("records", "links", "link_history", "timeline"))
    for one, other in zip(first, second, strict=True):
        assert one.tables == other.tables
        assert all(table.is_same for table in one.tables)
    assert {table.name for each in first for table in each.tables} == set(TABLES)
    assert [table.rows for each in first for table in each.tables if table.name != "parked"] == [
        len(before[table]) for table in TABLES if table != "parked"
    ]


@pytest.mark.parametrize(("page_events", "cache_bytes_max"), [(1, 1_000), (500, 1)])
async def test_p5_neither_the_size_of_a_page_nor_of_the_memory_matters(
    live: Live, page_events: int, cache_bytes_max: int
) -> None:
    await has_lived(live, seed=4)
    before = await live.rows()
    other_settings = msgspec.structs.replace(
        live.database.settings,
        projectors=ProjectorSettings(
            page_events_catch_up=page_events, cache_bytes_max=cache_bytes_max
        ),
    )
    live.database = Database(other_settings, live.database._url)

    for each in PROJECTORS:
        await live.rebuild(each)

    assert await live.rows() == before


async def test_nothing_is_lost_while_the_hub_goes_on(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild_module, "NEAR_EVENTS", 10)
    await has_lived(live, seed=5)
    over = asyncio.Event()

    async def go_on() -> int:
        told = 0
        while not over.is_set():
            told += len(await live.tell(*story(told, events=5)))
            await live.applied(SYNC)
        return told

    async with live.following():
        going_on = asyncio.create_task(go_on())
        rebuilt = [await live.rebuild(each) for each in PROJECTORS]
        over.set()
        told = await going_on

    assert told > 10
    assert all(table.is_same for each in rebuilt for table in each.tables)
    assert await live.rows() == await live.afresh()


async def test_two_projectors_can_be_rebuilt_at_once(live: Live) -> None:
    await has_lived(live, seed=6)
    before = await live.rows()

    await asyncio.gather(*(live.rebuild(each) for each in PROJECTORS))

    assert await live.rows() == before
    assert await live.traces() == []


async def test_archived_events_are_read_from_their_files(live: Live) -> None:
    await live.has_seen(*story(7, readable=True))
    before = await live.rows()
    files = await live.archived()
    async with live.following():
        pass

    rebuilt = [await live.rebuild(each) for each in PROJECTORS]

    assert len(files) >= 2
    assert await live.rows() == before
    assert all(table.is_same for each in rebuilt for table in each.tables)


async def test_a_missing_archive_is_named_and_the_old_tables_serve(live: Live) -> None:
    await live.has_seen(*(observed({"n": n}, record=str(n)) for n in range(50)))
    *_, file = await live.archived()
    (live.archive / file).unlink()
    await live.execute("delete from records where record = '7'")
    before = await live.rows()

    with pytest.raises(LogBroken, match=file) as refused:
        await live.rebuild()

    assert str(live.archive) in str(refused.value)
    assert await live.rows() == before
    assert await live.traces() == []


@pytest.mark.parametrize("is_archived", [False, True])
@pytest.mark.parametrize("act", ["retry", "skip"])
async def test_what_was_parked_and_settled_is_followed(
    live: Live, act: str, *, is_archived: bool
) -> None:
    broken = observed({"name": "was late"}, origin="odd")
    at_first = Choosy(SYNC, lambda event, at: event.origin == "odd" and event.position == at)
    parked, *_ = await live.has_seen(
        broken, observed({"name": "waits"}, at=1), observed(record="2"), by=[at_first]
    )
    await live.has_seen(unparked(parked, act), by=[at_first])
    await live.has_seen(*(observed(record=str(n)) for n in range(30)), by=[at_first])
    async with live.following(TIMELINE):
        pass
    before = await live.rows()
    assert before["parked"] == []
    if is_archived:
        assert await live.archived()
        async with live.following(at_first):
            pass

    rebuilt = await live.rebuild(SYNC)

    assert await live.rows() == before
    assert all(table.is_same for table in rebuilt.tables)


@pytest.mark.parametrize("error", [NotApplicable, ZeroDivisionError])
async def test_what_waits_goes_on_waiting_even_if_it_could_be_applied_by_now(
    live: Live, error: type[Exception]
) -> None:
    of_old = Choosy(SYNC, lambda event, _: event.origin == "odd", error)
    positions = await live.has_seen(
        observed({"name": "odd"}, origin="odd"), observed({"name": "later"}, at=1), by=[of_old]
    )
    before = await live.rows()
    assert len(before["parked"]) == 2

    rebuilt = await live.rebuild(SYNC)
    after = await live.rows()
    await live.has_seen(unparked(positions[0]), by=[SYNC])

    assert after == before
    assert {table.name: table.rows for table in rebuilt.tables}["parked"] == 2
    assert (await live.rows())["parked"] == []
    assert "later" in await name_of(live)


async def test_a_retry_that_failed_again_stays_parked(live: Live) -> None:
    [parked] = await live.has_seen(sealed())
    await live.has_seen(unparked(parked), unparked(parked, projector="timeline"))
    before = await live.rows()

    for each in PROJECTORS:
        await live.rebuild(each)

    assert await live.rows() == before
    assert len(before["parked"]) == 2


async def test_an_event_that_was_applied_but_cannot_be_any_more_is_named(live: Live) -> None:
    await live.has_seen(observed(record="a"), observed(record="b", origin="odd"))
    before = await live.rows()
    of_today = Choosy(SYNC, lambda event, _: event.origin == "odd")

    with pytest.raises(
        NotApplicable, match=r"event 2 \(observed crm\.contacts/b\).*not understood"
    ):
        await live.rebuild(of_today)

    assert await live.rows() == before
    assert await live.traces() == []
    await live.has_seen(observed({"name": "next"}, at=1))
    assert "next" in await name_of(live)


async def test_tables_that_were_tampered_with_differ_and_are_mended(live: Live) -> None:
    await live.has_seen(
        observed({"name": "right"}),
        event_of(Linked(link=LINKS[0], members=[member("1"), member("2")])),
        event_of(Linked(link=LINKS[1], members=[member("3")])),
    )
    before = await live.rows()
    await live.execute("""update records set fields = '{"name":"wrong"}'""")
    await live.execute("delete from links where record = '3'")

    rebuilt = await live.rebuild()

    differing = [table for table in rebuilt.tables if not table.is_same]
    assert [(each.name, each.rows_before, each.rows) for each in differing] == [
        ("records", 1, 1),
        ("links", 1, 2),
    ]
    assert await live.rows() == before


async def test_a_projector_that_never_ran_has_nothing_to_rebuild(live: Live) -> None:
    with pytest.raises(Refused, match="never run"):
        await live.rebuild()

    assert await live.traces() == []


async def test_an_empty_log_is_rebuilt_to_empty_tables(live: Live) -> None:
    await live.has_seen()

    rebuilt = await live.rebuild()

    assert rebuilt.position == 0
    assert {table.rows for table in rebuilt.tables} == {0}


async def test_new_tables_have_the_indexes_and_privileges_of_the_old(live: Live) -> None:
    await live.has_seen(observed())
    await live.execute("grant select on records, timeline to public")
    before = await built(live)

    for each in (*PROJECTORS, *PROJECTORS):
        await live.rebuild(each)

    assert await built(live) == before


async def test_views_of_somebody_elses_are_not_taken_away(live: Live) -> None:
    await live.has_seen(observed())
    await live.execute("create view mine as select record from records")

    with pytest.raises(Refused, match="mine"):
        await live.rebuild()

    assert len(await live.execute("select from mine")) == 1
    assert await live.traces() == []


async def test_how_far_it_is_is_told(live: Live) -> None:
    await live.has_seen(*(observed(record=str(n)) for n in range(30)))
    told: list[tuple[int, int]] = []

    await live.rebuild(told=lambda done, total: told.append((done, total)))

    assert [done for done, _ in told] == [7, 14, 21, 28, 30]
    assert {total for _, total in told} == {30}


async def has_lived(live: Live, seed: int) -> list[Event]:
    """Let a hub see a story, and people settle some of what was parked."""
    events = story(seed)
    await live.has_seen(*events[:40])
    parked = await live.execute("select projector, position from parked order by 1, 2")
    acts = ["retry", "skip"] * len(parked)
    words = [
        unparked(row["position"], act, row["projector"])
        for row, act in zip(parked[::2], acts, strict=False)
    ]
    await live.has_seen(*words, *events[40:])
    return events


async def name_of(live: Live) -> str:
    rows = await live.execute("select convert_from(fields, 'UTF8') from records order by 1")
    return " ".join(row[0] for row in rows)


async def built(live: Live) -> list[str]:
    """Tell how all tables are built, in words."""
    rows = await live.execute("""
        select format('%s %s', oid::regclass, array(select unnest(relacl::text[]) order by 1))
        from pg_class where relkind in ('r', 'i') and relnamespace = current_schema()::regnamespace
        union all
        select indexdef from pg_indexes where schemaname = current_schema()
        union all
        select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        from pg_constraint where connamespace = current_schema()::regnamespace
        union all
        select format('%s %s %s %s %s %s', attrelid::regclass, attnum, attname, attnotnull,
                      atttypid::regtype, attcollation)
        from pg_attribute a join pg_class c on c.oid = attrelid
        where relkind = 'r' and relnamespace = current_schema()::regnamespace and attnum > 0
        order by 1""")
    return [row[0] for row in rows]
