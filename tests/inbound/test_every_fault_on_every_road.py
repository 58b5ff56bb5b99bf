"""P1, P4, P15, P17: all that can go wrong, on each road: nothing lost, kept twice, or untrue.

A fault is on before its road is walked, strikes twice, and is over; then what the hub knows is what
the vendors have.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec
import pytest

from tests.inbound.played_hub import NEVER, a_ground, a_hub_on, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.settings import Settings
    from tests.inbound.played_hub import Ground, PlayedHub

ON_CALLS = (
    "answer_lost", "connection_refused", "http_500", "http_503", "rate_limited", "slow",
    "token_expired",
)  # fmt: skip
ON_HOOKS = ("webhook_lost", "webhook_duplicated", "webhook_reordered", "webhook_late")
STRIKES = 2
CALL_SECONDS_MAX = 0.25
"""After so long a hub gives up a call here; one that is slow takes twice as long."""

KINDS = {"crm": ("Accounts",), "books": ("contacts",)}


def each_fault(*first: str) -> pytest.MarkDecorator:
    """Try every fault of a call; all but the `first` in the long run only."""
    return pytest.mark.parametrize(
        "fault",
        [
            fault if fault in first else pytest.param(fault, marks=pytest.mark.slow)
            for fault in ON_CALLS
        ],
    )


@each_fault("answer_lost", "http_503", "token_expired")
async def test_a_first_read_is_whole(fault: str, place: Settings) -> None:
    async with a_ground() as ground:
        strike(ground, fault, crm="/crm/v8/Accounts", books="/books/v3/contacts")
        async with walked(ground, place, told=False) as hub:
            await struck(hub)


@each_fault("connection_refused", "rate_limited", "token_expired")
async def test_a_poll_brings_what_changed(fault: str, place: Settings) -> None:
    async with a_ground() as ground, walked(ground, place, told=False) as hub:
        strike(ground, fault, crm="/crm/v8/Accounts", books="/books/v3/contacts")
        hub.edit()
        await struck(hub)


@each_fault("answer_lost", "http_500", "slow")
async def test_what_was_noticed_is_fetched(fault: str, place: Settings) -> None:
    async with a_ground() as ground, walked(ground, place, poll_seconds=NEVER) as hub:
        await hub.listening()
        strike(ground, fault, crm="/crm/v8/Accounts", books="/books/v3/contacts/")
        hub.edit()
        await struck(hub)


@each_fault("connection_refused", "http_503")
async def test_a_scan_proves_what_is_gone(fault: str, place: Settings) -> None:
    pace: dict[str, Any] = {"told": False, "poll_seconds": NEVER, "scan_seconds": 0.1}
    async with a_ground() as ground:
        contact = lone_contact(ground)
        async with walked(ground, place, **pace) as hub:
            strike(ground, fault, books="/books/v3/contacts")
            ground.systems["books"].act("delete", "contacts", contact, {})
            await struck(hub)
            assert (await hub.roads_of("books", "contacts", contact))[-1] == "fetch"


@each_fault("answer_lost", "rate_limited", "token_expired")
async def test_a_bulk_read_is_whole(fault: str, place: Settings) -> None:
    async with a_ground() as ground:
        crm = ground.systems["crm"]
        crm.quirks = msgspec.structs.replace(crm.quirks, bulk_step_seconds=0.01)
        strike(ground, fault, crm="/crm/bulk/v8/read")
        with (
            patch("hub.connectors.zoho_crm.crm.BULK_FROM", 1),
            patch("hub.connectors.zoho_crm.bulk.BULK_ROWS", 2),
        ):
            async with walked(ground, place, told=False) as hub:
                await struck(hub)


@each_fault("answer_lost", "slow")
async def test_a_channel_is_had_once(fault: str, place: Settings) -> None:
    async with a_ground() as ground:
        strike(ground, fault, crm="/crm/v8/actions/watch")
        async with walked(ground, place, poll_seconds=NEVER) as hub:
            await hub.listening()
            hub.edit()
            await struck(hub)
            assert len(ground.systems["crm"].org.channels) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", ON_HOOKS)
async def test_what_the_vendors_tell_badly_is_known_all_the_same(
    fault: str, place: Settings
) -> None:
    async with a_ground() as ground, walked(ground, place, poll_seconds=0.3) as hub:
        await hub.listening()
        for system in ("crm", "books"):
            ground.fault(system, fault, count=2, seconds=0.2)
        for word in ("one", "two", "three"):
            hub.edit(word)
        await struck(hub)
        await hub.hooks_out()


async def test_a_channel_that_ran_out_early_is_made_up_for_by_polling(
    place: Settings,
) -> None:
    async with a_ground() as ground, walked(ground, place) as hub:
        await hub.listening()
        ground.systems["crm"].act("channel_expired", "", "", {})
        hub.edit()
        await struck(hub)
        account = ground.first("crm", "Accounts")
        assert "poll" in await hub.roads_of("crm", "Accounts", account)


@asynccontextmanager
async def walked(ground: Ground, place: Settings, **how: Any) -> AsyncIterator[PlayedHub]:  # noqa: ANN401
    """Run a hub of two kinds; what was there when it began is known at the end as it was seen."""
    with patch("hub.connectors.http.exchange.CALL_SECONDS_MAX", CALL_SECONDS_MAX):
        async with a_hub_on(ground, place, kinds=KINDS, **how) as hub:
            await hub.agreed()
            yield hub
            await hub.nothing_is_kept_twice()
            await hub.nothing_looks_changed(but=hub.touched)


async def struck(hub: PlayedHub) -> None:
    """See that the fault struck as often as it was to, and that nothing came of it."""

    async def is_over() -> bool:
        return hub.ground.used_up()

    await until(is_over, lambda: f"still on: {hub.ground.world.faults.on}")
    await hub.agreed()


def strike(ground: Ground, fault: str, **paths: str) -> None:
    for system, path in paths.items():
        ground.fault(system, fault, path, count=STRIKES, seconds=2 * CALL_SECONDS_MAX)


def lone_contact(ground: Ground) -> str:
    """Give a customer whom nothing keeps from being deleted."""
    made = ground.systems["books"].put("contacts", {"contact_name": "Lone"})
    return str(made["contact_id"])
