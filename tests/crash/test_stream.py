"""P1, P4: a hub that is killed while it listens to a stream loses no change and keeps none twice.

After each death the place of the stream is held against the vendor's own topic: it stands behind
just as many events as are in the log, neither one more nor one less.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.connectors.pubsub.stream import Place
from tests.crash.lives import lives
from tests.crash.mortal import Moment, Where
from tests.inbound.conftest import logging_as_it_was, place
from tests.inbound.played_hub import until
from tests.sandbox.pubsub.org import SOMEBODY

__all__ = ["logging_as_it_was", "place"]

if TYPE_CHECKING:
    from hub.settings import Settings
    from tests.crash.lives import Lives

RECORDS = 2
KEPT: tuple[Where, ...] = ("before it is kept", "after it is kept")
PAGE: tuple[Where, ...] = ("before the page", "in the page", "after the page")
MOMENTS = [Moment(where=where, type="observed", road="stream") for where in (*KEPT, *PAGE)]
FEW = [MOMENTS[0], MOMENTS[3]]


@pytest.mark.parametrize("moments", [FEW, pytest.param(MOMENTS, marks=pytest.mark.slow)])
async def test_p1_killed_at_any_moment_of_a_stream_it_knows_each_change_once(
    place: Settings, moments: list[Moment]
) -> None:
    async with lives(place, customers=3, names=("salesforce",)) as hub:
        org = Org(hub)
        await hub.begin()
        await org.is_listened_to()
        for number, moment in enumerate(moments):
            # given a hub that dies by what it is told
            hub.kill()
            await hub.death()
            await hub.begin(moment)
            await org.is_known()
            hub.arm()
            before = len(await org.told())
            org.edit(f"{number} alive")
            await hub.death(moment)

            # then all that it was told is in the log with the place behind it, or nothing is
            in_the_log = before if moment.where == "before it is kept" else before + RECORDS
            assert len(await org.told()) == in_the_log, moment
            assert await org.place() == in_the_log, moment

            # when more changed while it was dead, and it lives again
            org.edit(f"{number} dead")
            await hub.begin()
            await org.is_known()
            await org.has_told_all()

            # then each change was told once, in its order, and nothing was missed
            assert await org.told() == org.said, moment
            assert await org.place() == len(org.said), moment
        assert await hub.work.hub.told("missed") == []
        assert await hub.work.hub.value("select count(*) from parked") == 0


class Org:
    """Two accounts of the played Salesforce that somebody edits, and what the hub has of them."""

    def __init__(self, hub: Lives) -> None:
        self._hub = hub.work.hub
        self._ground = hub.work.ground
        self._pubsub: Any = self._ground.systems["pubsub"]
        self._records = sorted(self._ground.there("salesforce", "Account", "Id"))[:RECORDS]
        self._words: dict[str, str] = {}
        self.said: list[tuple[str, str]] = []
        """What was said of which record, in the order of the commits."""

    def edit(self, word: str) -> None:
        """Change both in one transaction, in a second of its own."""
        self._ground.world.clock.advance(1)
        salesforce: Any = self._ground.systems["salesforce"]
        with salesforce.org.transaction(SOMEBODY):
            for record in self._records:
                self._words[record] = f"{word} of {record[-4:]}"
                salesforce.edit("Account", record, {"Phone": self._words[record]})
        self.said += self._words.items()

    async def is_listened_to(self) -> None:
        """Wait until the stream has a place, and all that was there is known."""

        async def is_so() -> bool:
            rows = await self._hub.rows("select road, cursor, done from roads where kind='Account'")
            found[:] = map(dict, rows)
            roads = {row["road"]: row for row in rows}
            return (
                {"stream", "first", "resync"} <= roads.keys()
                and "null" not in roads["stream"]["cursor"]
                and roads["resync"]["cursor"] == ""
                and roads["first"]["done"] is not None
            )

        found: list[Any] = []
        await until(is_so, lambda: f"the stream has no place: {found}")

    async def is_known(self) -> None:
        """Wait until each says what was said last."""
        found: dict[str, Any] = {}

        async def is_so() -> bool:
            rows = await self._hub.rows(
                "select record, fields from records where kind = 'Account' and position > 0"
            )
            found.update({row["record"]: json.loads(row["fields"])["Phone"] for row in rows})
            return all(found.get(record) == word for record, word in self._words.items())

        await until(is_so, lambda: f"{self._words} is not what is known: {found}")

    async def has_told_all(self) -> None:
        """Wait until the stream has told as much as was said: a poll may have read it before."""
        told: list[Any] = []

        async def is_so() -> bool:
            told[:] = await self.told()
            return len(told) >= len(self.said)

        await until(is_so, lambda: f"{self.said} is not what the stream has told: {told}")

    async def told(self) -> list[tuple[str, str]]:
        """Give what the log has from the stream, in its order."""
        rows = await self._hub.rows(
            "select record, data from events where road = 'stream' and type = 'observed' "
            "order by position"
        )
        return [(row["record"], json.loads(row["data"])["Phone"]) for row in rows]

    async def place(self) -> int:
        """Give how many events of the topic stand before the place that is in the log."""
        (row,) = await self._hub.rows(
            "select data from events where road = 'stream' and type = 'read_on' "
            "order by position desc limit 1"
        )
        place = msgspec.json.decode(json.loads(row["data"])["cursor"], type=Place)
        topic = self._pubsub.topic("/data/AccountChangeEvent")
        behind = topic.number(place.replay)
        assert behind is not None, "the place is none that the vendor gave out"
        return sum(one.number <= behind for one in topic.behind(0, 1_000))
