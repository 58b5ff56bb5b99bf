"""P1, P4, P15, P17: all that can go wrong, on each road: nothing lost, kept twice, or untrue.

One hub is connected to all four vendors, and what goes wrong does so at each of them that the road
leads to. A fault is on before its road is walked, strikes twice, and is over; then what the hub
knows is what the vendors have. Where a road is walked again and again, one hub meets one fault
after the other.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec
import pytest

from tests.inbound.ground import EDITED, SOON, a_ground, a_streaming_ground, connected, streamed
from tests.inbound.played_hub import NEVER, a_hub_on, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from hub.settings import Settings
    from tests.inbound.ground import Ground
    from tests.inbound.played_hub import PlayedHub

ON_CALLS = (
    "answer_lost", "connection_refused", "http_500", "http_503", "rate_limited", "slow",
    "token_expired",
)  # fmt: skip
ON_HOOKS = ("webhook_lost", "webhook_duplicated", "webhook_reordered", "webhook_late")
STRIKES = 2
CALL_SECONDS_MAX = 0.25
"""After so long a hub gives up a call here; one that is slow takes twice as long."""

SENDS_HOOKS = ("crm", "books", "desk")
LISTS = {
    "crm": "/crm/v8/Accounts",
    "books": "/books/v3/contacts",
    "desk": "/api/v1/accounts",
    "salesforce": "/query",
}
SINGLE = LISTS | {"books": "/books/v3/contacts/", "desk": "/api/v1/accounts/"}
LONE = {
    "books": {"contact_name": "Lone"},
    "desk": {"accountName": "Lone"},
    "salesforce": {"Name": "Lone"},
}
"""Whom nothing keeps from being deleted, where a scan alone tells that a record went."""


def on_streams(ground: Ground) -> Mapping[str, Callable[[], object]]:
    """Give what befalls a stream, each by how it is brought about."""
    pubsub, salesforce = ground.systems["pubsub"], ground.systems["salesforce"]

    def act(*acts: str) -> Callable[[], object]:
        return lambda: [pubsub.act(one, "", "", {}) for one in acts]

    def not_to_be_had() -> None:
        ground.fault("salesforce", "stream_unavailable", count=STRIKES)
        pubsub.act("stream_cut", "", "", {})

    return {
        "told twice": lambda: ground.fault("salesforce", "stream_duplicated", count=1),
        "cut": act("stream_cut"),
        "not to be had": not_to_be_had,
        "a gap": act("stream_gap"),
        "an overflow": act("stream_overflow"),
        "a place that is not known any more": act("stream_expired", "stream_cut"),
        "silence": act("stream_silent"),
        "a session that ended": lambda: salesforce.act("end_session", "", "", {}),
    }


@pytest.mark.parametrize(
    "first",
    [
        at if at in (0, 3) else pytest.param(at, marks=pytest.mark.slow)
        for at in range(len(ON_CALLS))
    ],
)
async def test_a_first_read_is_whole(first: int, place: Settings) -> None:
    """At each vendor another fault; in the long run, each at each."""
    async with a_ground() as ground:
        for at, name in enumerate(EDITED, first):
            strike(ground, ON_CALLS[at % len(ON_CALLS)], **{name: LISTS[name]})
        async with walked(ground, place, told=False) as hub:
            await struck(hub)


async def test_a_poll_brings_what_changed(place: Settings) -> None:
    async with a_ground() as ground, walked(ground, place, told=False) as hub:
        for fault in ON_CALLS:
            strike(ground, fault, **LISTS)
            edit(hub, fault)
            await struck(hub)


async def test_what_was_noticed_is_fetched(place: Settings) -> None:
    async with a_streaming_ground() as ground, walked(ground, place, poll_seconds=NEVER) as hub:
        await hub.listening()
        for fault in ON_CALLS:
            ground.systems["pubsub"].act("stream_gap", "", "", {})
            strike(ground, fault, **SINGLE)
            edit(hub, fault)
            await struck(hub)


async def test_a_scan_proves_what_is_gone(place: Settings) -> None:
    pace: dict[str, Any] = {"told": False, "poll_seconds": NEVER, "scan_seconds": 0.1}
    async with a_ground() as ground:
        lone = {
            name: [
                str(
                    ground.systems[name].put(EDITED[name][0], fields | _named(fields, fault))[
                        EDITED[name][1]
                    ]
                )
                for fault in ON_CALLS
            ]
            for name, fields in LONE.items()
        }
        async with walked(ground, place, **pace) as hub:
            for at, fault in enumerate(ON_CALLS):
                strike(ground, fault, **{name: LISTS[name] for name in lone})
                for name, records in lone.items():
                    ground.systems[name].act("delete", EDITED[name][0], records[at], {})
                await struck(hub)
            for name, records in lone.items():
                for one in records:
                    assert (await hub.roads_of(name, EDITED[name][0], one))[-1] == "fetch"


@pytest.mark.parametrize(
    "fault",
    [
        one
        if one in ("answer_lost", "token_expired")
        else pytest.param(one, marks=pytest.mark.slow)
        for one in ON_CALLS
    ],
)
async def test_a_bulk_read_is_whole(fault: str, place: Settings) -> None:
    async with a_ground() as ground:
        crm = ground.systems["crm"]
        crm.quirks = msgspec.structs.replace(crm.quirks, bulk_step_seconds=0.01)
        strike(ground, fault, crm="/crm/bulk/v8/read")
        with (
            patch("hub.connectors.zoho_crm.crm.BULK_FROM", 1),
            patch("hub.connectors.zoho_crm.bulk.BULK_ROWS", 2),
        ):
            async with walked(ground, place, names=("crm",), told=False) as hub:
                await struck(hub)


@pytest.mark.parametrize(
    "fault",
    [
        one if one == "answer_lost" else pytest.param(one, marks=pytest.mark.slow)
        for one in ON_CALLS
    ],
)
async def test_a_channel_is_had_once(fault: str, place: Settings) -> None:
    async with a_ground() as ground:
        strike(ground, fault, crm="/crm/v8/actions/watch", desk="/api/v1/webhooks")
        names = ("crm", "desk")
        async with walked(ground, place, names=names, poll_seconds=NEVER) as hub:
            await hub.listening()
            edit(hub)
            await struck(hub)
            assert len(ground.systems["crm"].org.channels) == 1  # type: ignore[attr-defined]
            assert len(ground.systems["desk"].org.webhooks) == 1  # type: ignore[attr-defined]


async def test_what_the_vendors_tell_badly_is_known_all_the_same(place: Settings) -> None:
    async with (
        a_ground() as ground,
        walked(ground, place, names=SENDS_HOOKS, poll_seconds=0.3) as hub,
    ):
        await hub.listening()
        for fault in ON_HOOKS:
            for name in SENDS_HOOKS:
                ground.fault(name, fault, count=2, seconds=0.2)
            for word in ("one", "two", "three"):
                edit(hub, f"{fault} {word}")
            await struck(hub)
            await hub.hooks_out()


async def test_a_key_that_cannot_be_read_is_made_up_for(place: Settings) -> None:
    """What Desk signs is not believed without its key; then polling tells of it."""
    async with a_ground() as ground, walked(ground, place, names=("desk",)) as hub:
        await hub.listening()
        for fault in ON_CALLS:
            ground.systems["desk"].act("change_key", "", "", {})
            strike(ground, fault, desk="/.well-known/jwks.json")
            for _ in range(STRIKES):
                edit(hub, fault)
                await hub.hooks_out()
            await hub.agreed()
            ground.world.faults.clear()


async def test_what_befalls_a_stream_is_made_up_for(place: Settings) -> None:
    async with (
        a_streaming_ground() as ground,
        walked(ground, place, names=("salesforce",), poll_seconds=NEVER) as hub,
    ):
        await hub.listening()
        for what, befall in on_streams(ground).items():
            befall()
            edit(hub, f"{what} 1")
            edit(hub, f"{what} 2")
            await struck(hub)
        assert len(await hub.told("missed")) == 2, "an overflow, and a place that was lost"


async def test_who_has_no_credits_left_is_left_alone_and_the_others_are_read(
    place: Settings,
) -> None:
    """Of the two kinds of too much at Desk this is the one that a short rest does not end."""
    async with a_ground() as ground, walked(ground, place, told=False) as hub:
        desk: Any = ground.systems["desk"]
        desk.quirks = msgspec.structs.replace(desk.quirks, credits_per_day=0)
        before = ground.world.calls_count
        for word in ("one", "two", "three"):
            edit(hub, word)
            await hub.agreed(but=frozenset(("desk.",)))
        (refused,) = ground.calls("/api/v1/", since=before)
        assert refused.status == 429


async def test_a_channel_that_ran_out_early_is_made_up_for_by_polling(
    place: Settings,
) -> None:
    async with a_ground() as ground, walked(ground, place, names=("crm",)) as hub:
        await hub.listening()
        ground.systems["crm"].act("channel_expired", "", "", {})
        edit(hub)
        await struck(hub)
        account = ground.first("crm", "Accounts")
        assert "poll" in await hub.roads_of("crm", "Accounts", account)


@asynccontextmanager
async def walked(
    ground: Ground, place: Settings, *, names: tuple[str, ...] = tuple(EDITED), **how: Any
) -> AsyncIterator[PlayedHub]:
    """Run a hub of one kind of each vendor; what was there when it began is known at the end as it
    was seen.
    """
    kinds = {name: EDITED[name][:1] for name in names}
    connections = {name: connected(ground, name, **streamed(ground, name)) for name in names}
    with (
        patch("hub.connectors.http.exchange.CALL_SECONDS_MAX", CALL_SECONDS_MAX),
        patch("hub.connectors.pubsub.fault.WAIT_SECONDS", SOON),
    ):
        async with a_hub_on(ground, place, kinds=kinds, connections=connections, **how) as hub:
            await hub.agreed()
            yield hub
            await hub.nothing_is_kept_twice()
            await hub.nothing_looks_changed(but=hub.touched)


def edit(hub: PlayedHub, word: str = "changed") -> None:
    """Change a record at each vendor, in a second of its own: most stamps are whole seconds."""
    hub.ground.world.clock.advance(1)
    hub.edit(word)


async def struck(hub: PlayedHub) -> None:
    """See that the fault struck as often as it was to, and that nothing came of it."""

    async def is_over() -> bool:
        return hub.ground.used_up()

    await until(is_over, lambda: f"still on: {hub.ground.world.faults.on}")
    await hub.agreed()


def strike(ground: Ground, fault: str, **paths: str) -> None:
    for system, path in paths.items():
        ground.fault(system, fault, path, count=STRIKES, seconds=2 * CALL_SECONDS_MAX)


def _named(fields: Mapping[str, str], word: str) -> dict[str, str]:
    return {name: f"{value} {word}" for name, value in fields.items()}
