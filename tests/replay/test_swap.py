"""New tables take the place of the old in one moment, or not at all."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from hub.errors import LeaseLost, Refused
from hub.replay import shadow
from tests.replay.live import SYNC, Live, Rows, observed, story
from tests.replay.statements import Statements

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.replay.rebuild import Rebuilt

PAUSED = "holder like 'rebuild%' from projectors where name = 'sync'"
WRONG = """update records set fields = '{"name":"wrong"}' where record = '1'"""


async def test_a_running_projector_goes_on_from_the_new_rows(live: Live) -> None:
    await live.has_seen(observed({"name": "right", "mail": "a"}), observed(record="2"))
    await live.execute(WRONG)

    async with live.following():
        # It has the wrong row at hand by now, and writes it back with whatever it learns of it.
        await live.tell(observed({"mail": "b"}, at=1, cover="only:mail"))
        await live.applied()
        rebuilt = await live.rebuild()
        await live.tell(observed({"phone": 1}, at=2, cover="only:phone"))

    assert [table.name for table in rebuilt.tables if not table.is_same] == ["records"]
    rows = await live.rows()
    assert rows == await live.afresh()
    fields = await live.execute("select fields from records where record = '1'")
    assert fields[0][0] == b'{"name":"right","mail":"b","phone":1}'


async def test_only_the_events_at_the_end_are_folded_while_the_projector_rests(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.replay.rebuild.NEAR_EVENTS", 5)
    await live.has_seen(*story(1))
    totals: list[int] = []

    def told(_done: int, total: int) -> None:
        totals.append(total)

    rebuilt = await live.rebuild(told=told)

    assert rebuilt.paused_seconds < rebuilt.seconds
    assert set(totals) == {rebuilt.position}


async def test_a_reader_that_stays_delays_the_swap_and_is_not_disturbed(live: Live) -> None:
    await has_wrong_rows(live)

    async with live.following():
        async with reading(live) as rebuilding:
            await live.until(PAUSED)
            with pytest.raises(Refused, match="being rebuilt already"):
                await live.rebuild()
            assert not rebuilding.done()
        rebuilt = await rebuilding
        [position] = await live.tell(observed({"name": "on"}, at=99))

    assert [table.name for table in rebuilt.tables if not table.is_same] == ["records"]
    assert position > rebuilt.position
    assert await live.traces() == []


async def test_a_reader_that_never_ends_leaves_the_old_tables(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadow, "LOCK_TRIES_MAX", 2)
    wrong, _ = await has_wrong_rows(live)

    async with reading(live) as rebuilding:
        with pytest.raises(Refused, match="read without a pause"):
            await rebuilding

    assert await live.rows() == wrong
    assert await live.traces() == []


async def test_nothing_is_swapped_when_the_projector_went_on_meanwhile(live: Live) -> None:
    wrong, _ = await has_wrong_rows(live)

    async with reading(live) as rebuilding:
        await live.until(PAUSED)
        await live.execute("update projectors set epoch = epoch + 1, holder = 'another'")
    with pytest.raises(LeaseLost):
        await rebuilding

    assert await live.rows() == wrong
    assert await live.traces() == []
    assert {row[0] for row in await live.execute("select holder from projectors")} == {"another"}


async def test_a_cancelled_swap_changes_nothing(live: Live) -> None:
    wrong, right = await has_wrong_rows(live)

    async with reading(live) as rebuilding:
        await live.until(PAUSED)
        rebuilding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await rebuilding
        assert await live.traces() == []

    assert await live.rows() == wrong
    await live.rebuild()
    assert await live.rows() == right


@pytest.mark.parametrize(
    "every", [pytest.param(9, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
async def test_cancelled_at_any_statement_it_leaves_no_trace(
    live: Live, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    wrong, right = await has_wrong_rows(live)
    statements = await rebuild_cancelled_at(live, monkeypatch, 0)
    assert await live.rows() == right
    seen_after = []

    for at in range(every // 2 + 1, statements + 1, every):
        await live.execute(WRONG)
        await rebuild_cancelled_at(live, monkeypatch, at)
        assert await live.traces() == [], at
        seen_after.append(await live.rows())

    assert all(rows in (wrong, right) for rows in seen_after)
    assert seen_after[0] == wrong
    assert seen_after[-1] == right
    await live.rebuild()
    assert await live.rows() == right


async def has_wrong_rows(live: Live) -> tuple[Rows, Rows]:
    """Give the rows with one that was tampered with, and the rows as they should be."""
    await live.has_seen(observed({"name": "right"}), *story(2, events=8))
    right = await live.rows()
    await live.execute(WRONG)
    return await live.rows(), right


@asynccontextmanager
async def reading(live: Live) -> AsyncIterator[asyncio.Task[Rebuilt]]:
    """Rebuild while somebody reads a table and does not end, for as long as the context lasts."""
    async with live.database.connected() as db, db.transaction():
        before = await db.fetch("select * from records")
        rebuilding = asyncio.create_task(live.rebuild())
        try:
            yield rebuilding
            assert await db.fetch("select * from records") == before
        except BaseException:
            rebuilding.cancel()
            with suppress(asyncio.CancelledError):
                await rebuilding
            raise


async def rebuild_cancelled_at(live: Live, monkeypatch: pytest.MonkeyPatch, at: int) -> int:
    """Rebuild, and cancel it at its statement of this number; give how many there were."""

    async def rebuild() -> int:
        task = asyncio.current_task()
        assert task is not None
        with monkeypatch.context() as patched:
            statements = Statements(at, task.cancel)
            statements.watch(patched.setattr)
            with suppress(asyncio.CancelledError):
                await live.rebuild(SYNC)
            return statements.sent

    return await asyncio.create_task(rebuild())
