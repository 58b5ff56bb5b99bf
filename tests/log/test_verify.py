"""P2: whatever is changed behind the hub's back is found, and named by its position."""

from __future__ import annotations

import msgspec
import pytest

from hub.errors import LogBroken
from hub.log.chain import GENESIS, digest
from hub.log.verify import verify
from tests.log.desk import Desk, happened, seen

LATER = "update events set recorded_at = recorded_at + interval '1us' where position"
SWAP = [
    "update events set position = 999 where position = {0}",
    "update events set position = {0} where position = {1}",
    "update events set position = {1} where position = 999",
]


@pytest.fixture
async def written(log: Desk) -> Desk:
    """Three batches: 1 to 3, 4 to 6, 7 to 9."""
    for at in range(3):
        await log.append(seen("A", at=at), seen("B", record="2", at=at), happened())
    return log


async def test_a_log_as_it_was_written_is_proved_to_its_end(written: Desk) -> None:
    told: list[int] = []
    async with written.database.connected("replay") as db:
        proved = await verify(db, written.archive, told=told.append)

    last = (await written.events())[-1].link
    assert last is not None
    assert (proved.first, proved.last, proved.events) == (1, 9, 9)
    assert proved.link == last.hex()
    assert told == [9]


async def test_an_empty_log_is_proved_too(log: Desk) -> None:
    proved = await log.verify()

    assert (proved.last, proved.events, proved.link) == (0, 0, GENESIS.hex())


CHANGES = {
    "data": (["update events set data = '{}' where position = 5"], 5, "changed after"),
    "record": (["update events set record = '3' where position = 5"], 5, "crm.contacts/3"),
    "stamp": (
        ["update events set occurred_at = now() where position = 4"],
        4,
        "changed after",
    ),
    "digest": (["update events set digest = sha256('') where position = 5"], 5, "changed after"),
    "removed": (["delete from events where position = 5"], 5, "no event at"),
    "beginning removed": (["delete from events where position <= 3"], 1, "no event at"),
    "swapped": ([each.format(4, 5) for each in SWAP], 4, "link does not fit"),
    "swapped over batches": ([each.format(3, 4) for each in SWAP], 1, "another time"),
    "time of one": ([LATER + " = 5"], 4, "another time"),
    "time of a batch": ([LATER + " in (4, 5, 6)"], 4, "link does not fit"),
    "link": (["update events set link = sha256('') where position = 6"], 4, "link does not fit"),
    "no link": (["update events set link = null where position = 6"], 4, "another time"),
    "tail cut off": (["delete from events where position > 8"], 7, "link that closes it"),
    "whole batches cut off": (["delete from events where position > 6"], 7, "its end was cut off"),
    "all cut off": (["delete from events"], 1, "its end was cut off"),
    "id forgotten": (["delete from kept where position = 5"], 5, "kept twice"),
    "id of another": (["update kept set position = 4 where position = 5"], 5, "kept twice"),
}


async def test_p2_a_change_is_found_where_it_was_made(written: Desk) -> None:
    async with written.database.connected("owner") as db:
        for name, (acts, position, words) in CHANGES.items():
            transaction = db.transaction()
            await transaction.start()
            for act in acts:
                await db.execute(act)

            with pytest.raises(LogBroken, match=words) as broken:
                await verify(db, written.archive)

            assert broken.value.position == position, name
            await transaction.rollback()
    await written.verify()


async def test_p2_a_change_that_mends_its_own_digest_is_found_by_the_link(written: Desk) -> None:
    forged = msgspec.structs.replace((await written.events())[4], data=b'{"forged":1}')
    await written.execute(
        "update events set data = $1, digest = $2 where position = 5", forged.data, digest(forged)
    )

    with pytest.raises(LogBroken, match="from position 4 to 6") as broken:
        await written.verify()

    assert broken.value.position == 4


async def test_p2_a_partition_that_was_dropped_is_missed(written: Desk) -> None:
    [row] = await written.execute("select name from partitions order by first limit 1")
    await written.execute("select open_partition(1000000)")
    await written.execute(f"alter table events detach partition {row['name']}")
    await written.execute(
        "insert into events (position, recorded_at, id, shape, type, data, digest)"
        " values (1000001, now(), gen_random_uuid(), 1, 'late', '{}', '')"
    )

    with pytest.raises(LogBroken, match="no event at position 1,"):
        await written.verify()


@pytest.mark.parametrize(
    ("start", "first", "changed"), [(8, 7, 8), (7, 7, 7), (6, 4, 4), (3, 1, 1)]
)
async def test_verification_from_a_position_covers_it_and_what_follows(
    start: int, first: int, changed: int, written: Desk
) -> None:
    proved = await written.verify(start)
    assert (proved.first, proved.last) == (first, 9)

    await written.execute("update events set data = '{}' where position = $1", changed)

    with pytest.raises(LogBroken):
        await written.verify(start)


async def test_verification_from_a_position_believes_what_came_before(written: Desk) -> None:
    await written.execute("update events set data = '{}' where position = 2")

    assert (await written.verify(8)).events == 3


async def test_verification_from_beyond_the_end_proves_nothing(written: Desk) -> None:
    assert (await written.verify(100)).events == 0


async def test_a_cut_between_two_batches_is_told_by_the_link_that_was_noted(
    written: Desk,
) -> None:
    proved = await written.verify()
    await written.execute("delete from events where position > 6")

    await written.append(happened(), happened(), happened())

    again = await written.verify()
    assert again.last == proved.last
    assert again.link != proved.link
