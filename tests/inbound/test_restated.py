"""What a vendor tells by itself is settled without a call if all of it is known already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.database import statement
from tests.projectors.by_hand import ROADS, SYNC, follow
from tests.projectors.conftest import written
from tests.projectors.histories import about, gone, observed

if TYPE_CHECKING:
    from hub.database.db import Db
    from hub.events import Event
    from tests.projectors.conftest import Written

__all__ = ["written"]

SAID: dict[str, object] = {"name": "Anna", "mail": "anna@one.example"}
OTHERWISE: dict[str, object] = {**SAID, "mail": "anna@two.example"}


def told(data: dict[str, object] = SAID, at: int | None = 5, **envelope: Any) -> Event:
    return observed(data, at=at, road="webhook", **envelope)


def answered(data: dict[str, object] = SAID, at: int = 5, **envelope: Any) -> Event:
    return observed(data, at=at, road="write", **envelope)


OWED = """
    insert into deliveries (id, connection, kind, record, part, flow, "case", state, share, attempt,
                            rounds, look, owed, moved, moved_at, because, reason)
    values (gen_random_uuid(), 'crm', 'contacts', '1', '', '', '', 'owed', 'contacts', 0,
            0, false, 1, 1, now(), '', '')
"""
FOUND = observed(SAID, at=5, road="poll")
READ = observed(SAID, at=5, road="fetch")
WANTED = about("noticed", record="1", road="need")
LISTED = about("noticed", record="1", road="poll", at=5)

KNOWN = {
    "the hub's own write has said it": [answered(), told()],
    "it came before the answer to the write": [told(), answered()],
    "a reading has said it": [READ, told()],
    "it is repeated": [answered(), told(), told()],
    "it is older than what was read": [answered(OTHERWISE, at=9), told()],
    "the vendor writes it otherwise": [answered({"mail": SAID["mail"], "name": "Anna"}), told()],
}
NOT_KNOWN = {
    "it says anything else in the same second": [answered(), told(OTHERWISE)],
    "the answer says anything else in the same second": [told(), answered(OTHERWISE)],
    "it is newer": [answered(), told(at=6)],
    "nothing has told the record in full": [FOUND, told()],
    "only a part was read": [observed(SAID, at=5, road="fetch", cover="only:name"), told()],
    "it has no stamp": [answered(), told(at=None)],
    "the record is gone": [answered(), told(), gone(at=9)],
    "somebody asked for it before": [answered(), WANTED, told()],
    "somebody asked for it since": [answered(), told(), WANTED],
    "a list has it changed": [answered(), told(), LISTED],
}


@pytest.mark.parametrize("events", KNOWN.values(), ids=KNOWN.keys())
async def test_p7_it_is_known_where(written: Written, events: list[Event]) -> None:
    assert await stands(written, events) == {"known": True, "soon": False}


@pytest.mark.parametrize("events", NOT_KNOWN.values(), ids=NOT_KNOWN.keys())
async def test_p10_it_is_read_where(written: Written, events: list[Event]) -> None:
    assert not (await stands(written, events)).get("known")


async def test_p7_what_is_not_folded_may_be_known_in_a_moment(written: Written) -> None:
    assert await stands(written, [answered(), told()], folded=False) == {
        "known": False,
        "soon": True,
    }


async def test_p8_what_a_write_waits_for_is_not_read_last(written: Written) -> None:
    async with written(told()) as db:
        await follow(db, ROADS)
        assert (await waiting(db))["spare"]

        await db.execute(OWED)
        assert not (await waiting(db))["spare"]


async def waiting(db: Db) -> Any:
    (row,) = await db.fetch(statement("inbound/waiting.sql"), "crm", 10)
    return row


async def stands(written: Written, events: list[Event], *, folded: bool = True) -> dict[str, bool]:
    """Tell how the record stands; nothing is said of one that is to be read whatever is known."""
    async with written(*events) as db:
        await follow(db, ROADS)
        if folded:
            await follow(db, SYNC)
            await move(db, "sync", len(events))
        last = await db.fetchval("select last from notices where record = '1'")
        found = await db.fetch(
            statement("inbound/restated.sql"), "crm", ["contacts"], ["1"], [last]
        )
        return {name: row[name] for row in found for name in ("known", "soon")}


async def move(db: Db, projector: str, position: int) -> None:
    moved = "insert into projectors (name, position) values ($1, $2)"
    await db.execute(
        f"{moved} on conflict (name) do update set position = excluded.position",
        projector,
        position,
    )
