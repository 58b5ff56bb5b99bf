"""P10, P14: what a road brought is kept, whatever the log says to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.connectors.connector import Seen
from hub.errors import LogFull
from hub.settings import LogSettings
from tests.inbound.ground import a_ground
from tests.inbound.played_hub import a_hub_on

if TYPE_CHECKING:
    from hub.events import Event
    from hub.settings import Settings
    from tests.inbound.conftest import NewDatabase


async def test_a_record_the_log_cannot_hold_is_said_to_be_unreadable_and_stops_no_other(
    new_database: NewDatabase,
) -> None:
    # given an account whose description is larger than any event may be
    database = await new_database(migrated=False, log=LogSettings(event_bytes_max=10_000))
    async with a_ground(customers=0) as ground:
        put = ground.systems["crm"].put
        put("Accounts", {"Account_Name": "Small"})
        large = put("Accounts", {"Account_Name": "Large", "Description": "d" * 12_000})["id"]
        put("Accounts", {"Account_Name": "Small too"})

        # when it is read
        kinds = {"crm": ("Accounts",)}
        async with a_hub_on(ground, database.settings, kinds=kinds, told=False) as hub:
            await hub.agreed(but=frozenset({large}))

            # then the others are known, and why it is not is said in a sentence
            said = await hub.told("unreadable")
            assert {row["record"] for row in said} == {large}
            assert b"at most 10,000 are kept" in said[0]["data"]


async def test_a_road_waits_while_the_log_is_full(place: Settings) -> None:
    async with (
        a_ground(customers=0) as ground,
        a_hub_on(ground, place, kinds={}, told=False) as hub,
    ):
        account = hub.hub._accounts["crm"]
        tries: list[int] = []

        async def append(*events: Event) -> list[int]:
            tries.append(len(events))
            if len(tries) < 3:
                raise LogFull("too many wait", retry_after_seconds=0)
            return await account.append(*events)

        seen = Seen(kind="Accounts", record="1", data=b"{}")
        waiting = msgspec.structs.replace(account, append=append)
        await waiting.keep(*waiting.events("poll", [seen]))

        assert tries == [1, 1, 1]
        assert await hub.roads_of("crm", "Accounts", "1") == ["poll"]


@pytest.mark.parametrize("fault", [ValueError("odd"), RuntimeError("odder"), KeyError("oddest")])
async def test_a_road_that_stumbles_is_begun_again_and_ends_no_other(
    fault: Exception, place: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        a_ground() as ground,
        a_hub_on(ground, place, kinds={"crm": ("Accounts",)}, told=False) as hub,
    ):
        await hub.agreed()
        connector: Any = hub.connector("crm")
        news, left = connector.news, [fault]

        async def stumble(*how: Any) -> Any:
            if left:
                raise left.pop()
            return await news(*how)

        connector.news = stumble
        hub.edit()
        await hub.agreed()
        assert not left
        assert "ExceptionGroup" not in caplog.text
