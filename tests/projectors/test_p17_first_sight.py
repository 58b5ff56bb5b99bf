"""P17: the first that is seen of a record is a baseline: it is known, and nothing has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.projectors.by_hand import SYNC, TIMELINE, follow
from tests.projectors.histories import NOON, observed

if TYPE_CHECKING:
    from tests.projectors.conftest import Written


async def test_a_record_seen_for_the_first_time_is_known_from_then_on(written: Written) -> None:
    async with written(observed(b'{"name": "n"}')) as db:
        await follow(db, SYNC)

        row = await db.fetchrow("select * from records")
        assert (row["record"], row["stamp"], row["position"]) == ("1", NOON, 1)
        assert row["fields"] == b'{"name": "n"}'
        assert (row["gone"], row["doubt"], row["late"]) == (None, None, None)


async def test_the_timeline_shows_it_as_first_seen_with_nothing_changed(written: Written) -> None:
    async with written(observed({"name": "n"}, at=1), observed({"name": "m"}, at=2)) as db:
        await follow(db, TIMELINE)

        told = await db.fetch("select first, changed from timeline order by position")
        assert [tuple(row) for row in told] == [(True, []), (False, ["name"])]
