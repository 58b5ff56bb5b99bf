"""Closed partitions move to files, and the history reads on as if they had not."""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from hub.errors import LogBroken, Refused
from hub.events import payload
from hub.log import archive as archiving
from hub.log.archive import archive
from hub.log.history import history, of_record
from hub.log.read import by_id, head
from hub.settings import LogSettings
from tests.log.desk import Desk, happened, open_desk, seen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from hub.database import Database
    from hub.events import Archived, Event


@pytest.fixture
async def log(new_database: Callable[..., Awaitable[Database]]) -> AsyncIterator[Desk]:
    """Partitions of ten events, three full and one begun, in batches of four."""
    database = await new_database(log=LogSettings(partition_events=10))
    async with open_desk(database) as desk:
        for n in range(0, 36, 4):
            await desk.append(*(seen(n + m, record=str((n + m) % 3), at=n + m) for m in range(4)))
        yield desk


async def test_what_is_closed_moves_to_files_and_reads_on(log: Desk) -> None:
    before = await log.events()

    moved = await archived(log, before=31)

    assert [(each.first, each.last) for each in moved] == [(1, 10), (11, 20), (21, 30)]
    assert [row["first"] for row in await log.execute("select first from partitions")] == [31]
    after = await everything(log)
    assert after[:36] == before
    assert [payload(event) for event in after[36:]] == moved
    proved = await log.verify()
    assert (proved.first, proved.last) == (1, 39)


async def test_only_what_ends_before_the_position_and_was_read_by_all_is_moved(log: Desk) -> None:
    await log.execute("insert into projectors (name, position) values ('slow', 19)")

    assert [each.last for each in await archived(log, before=20)] == [10]
    assert await archived(log, before=37) == []

    await log.execute("update projectors set position = 20")
    assert [each.last for each in await archived(log, before=37)] == [20]


async def test_the_history_may_be_read_from_and_to_anywhere(log: Desk) -> None:
    await archived(log, before=31)
    whole = [event.position for event in await everything(log)]

    for after, until, size in [(0, 5, 3), (0, 10, 4), (7, 13, 2), (9, 31, 100), (25, None, 4)]:
        pages = await read(log, after, until=until, events_max=size)
        assert all(0 < len(page) <= size for page in pages)
        assert [event.position for page in pages for event in page] == whole[after:until]


async def test_the_history_goes_on_while_partitions_are_archived_behind_its_back(
    log: Desk,
) -> None:
    found: list[Event] = []
    async with log.database.connected("replay") as db:
        async for events in history(db, log.archive, 0, events_max=3):
            found += events
            if len(found) == 6:
                await archived(log, before=31)

    assert [event.position for event in found] == list(range(1, 40))


async def test_p4_a_repeat_of_an_archived_event_is_known(log: Desk) -> None:
    await archived(log, before=31)

    assert await log.append(seen(3, record="0", at=3)) == [4]


async def test_all_about_a_record_is_found_in_files_and_table(log: Desk) -> None:
    await archived(log, before=21)

    async with log.database.connected("replay") as db:
        about = await of_record(db, log.archive, "crm", "contacts", "1")
        by_an_old_id = await by_id(db, about[0].id)
        assert await head(db) == 38

    assert [event.position for event in about] == list(range(2, 37, 3))
    assert by_an_old_id is None


async def test_archiving_again_what_was_written_but_not_noted_ends_well(
    log: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given an archiving that was killed before the database let go
    with monkeypatch.context() as patched:
        patched.setattr(archiving, "append_within", break_down)
        with pytest.raises(RuntimeError):
            await archived(log, before=11)
    assert len(list(log.archive.iterdir())) == 1

    await archived(log, before=11)

    assert len(list(log.archive.iterdir())) == 1
    await log.verify()


async def test_appends_and_reads_go_on_while_a_reader_keeps_a_partition_from_leaving(
    log: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiving, "LOCK_TRIES_MAX", 2)
    await log.execute("select open_partition(1000000)")
    async with log.database.connected("replay") as reader, reader.transaction():
        await reader.fetchval("select count(*) from events")
        trying = asyncio.create_task(archived(log, before=11))

        while not trying.done():
            await log.append(happened())
        with pytest.raises(Refused, match="Nothing has changed"):
            await trying

    assert len(await archived(log, before=11)) == 1
    await log.verify()


async def test_a_file_is_for_its_owner_alone_and_the_directory_too(log: Desk) -> None:
    [moved] = await archived(log, before=11)

    assert (log.archive / moved.file).stat().st_mode & 0o777 == 0o600
    assert log.archive.stat().st_mode & 0o777 == 0o700


async def test_a_disk_that_takes_no_file_leaves_all_as_it_was(
    log: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="No space left on device"):
        await archived(log, before=11)

    monkeypatch.undo()
    assert list(log.archive.iterdir()) == []
    assert len(await log.events()) == 36


async def test_what_lies_is_not_archived(log: Desk) -> None:
    await log.execute("update events set data = '{}' where position = 5")

    with pytest.raises(LogBroken, match="position 5") as broken:
        await archived(log, before=11)

    assert broken.value.position == 5
    assert len(await log.events()) == 36


class TestFilesThatAreNotAsTheyWere:
    @pytest.fixture(autouse=True)
    async def files(self, log: Desk) -> list[Path]:
        return [log.archive / each.file for each in await archived(log, before=31)]

    async def test_p2_a_missing_file_is_named(self, log: Desk, files: list[Path]) -> None:
        files[1].unlink()

        await refused(log, 11, f"events 11 to 20 were archived to {files[1].name}, which is not in")

    async def test_p2_a_file_in_the_place_of_another_is_named(
        self, log: Desk, files: list[Path]
    ) -> None:
        shutil.copy(files[0], files[1])

        await refused(log, 11, f"{files[1].name} is not the file that was archived")

    async def test_p2_a_changed_file_is_named(self, log: Desk, files: list[Path]) -> None:
        text = gzip.decompress(files[0].read_bytes())
        files[0].write_bytes(gzip.compress(text.replace(b"says", b"lies")))

        await refused(log, 1, f"{files[0].name} is not the file that was archived")

    async def test_p2_a_file_and_its_note_that_were_changed_alike_are_found(
        self, log: Desk, files: list[Path]
    ) -> None:
        text = gzip.decompress(files[1].read_bytes())
        files[1].write_bytes(gzip.compress(text.replace(b'{"says":15}', b'{"says":99}')))
        await log.execute(
            "update archives set digest = sha256($1) where first = 11", files[1].read_bytes()
        )

        await refused(log, 16, "event at position 16")

    async def test_p2_a_file_that_is_noted_in_the_place_of_another_is_named(
        self, log: Desk, files: list[Path]
    ) -> None:
        await log.execute(
            "update archives set file = $1, digest = sha256($2) where first = 11",
            files[0].name,
            files[0].read_bytes(),
        )

        await refused(log, 11, f"{files[0].name} ends at position 10 instead of 20")

    async def test_p2_a_forgotten_archive_is_found(self, log: Desk) -> None:
        await log.execute("delete from archives where first = 11")

        await refused(log, 11, "no event at position 11")

    @pytest.mark.parametrize(
        ("start", "first"), [(1, 1), (5, 1), (11, 1), (12, 11), (25, 21), (31, 21), (34, 33)]
    )
    async def test_verification_may_begin_in_a_file(
        self, start: int, first: int, log: Desk
    ) -> None:
        proved = await log.verify(start)

        assert (proved.first, proved.last) == (first, 39)

    async def test_verification_from_the_table_on_needs_no_file(
        self, log: Desk, files: list[Path]
    ) -> None:
        for file in files:
            file.unlink()

        assert (await log.verify(35)).first == 33


async def archived(log: Desk, *, before: int) -> list[Archived]:
    async with log.database.connected("owner") as db:
        return await archive(db, log.archive, before=before)


async def everything(log: Desk) -> list[Event]:
    return [event for page in await read(log, 0) for event in page]


async def read(log: Desk, after: int, **limits: Any) -> list[list[Event]]:
    async with log.database.connected("replay") as db:
        return [page async for page in history(db, log.archive, after, **limits)]


async def refused(log: Desk, position: int, words: str) -> None:
    with pytest.raises(LogBroken) as broken:
        await log.verify()

    assert words in str(broken.value)
    assert broken.value.position == position


async def break_down(*_: object) -> None:
    raise RuntimeError("killed")
