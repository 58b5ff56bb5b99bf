"""Messages of flows, alerts and digests go out once, over restarts and rebuilds."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.conclusions import THE_HUB
from hub.sandbox.notify.slack import TOKEN
from hub.settings import Connection, Secret
from hub.settings.shape import AlertSettings, DigestSettings
from tests.e2e.at_work import FlowsAtWork
from tests.inbound.ground import a_ground, connected
from tests.inbound.played_hub import a_hub_on, tokens_at, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.settings import Settings
    from tests.inbound.ground import Ground

HASTE = {
    "hub.alerts.watch.LOOK_SECONDS": 0.5,
    "hub.alerts.digest.LOOK_SECONDS_MAX": 0.5,
    "hub.alerts.patience.STANDS_SECONDS": 0.0,
    "hub.alerts.patience.OVER_SECONDS": 0.0,
    "hub.connectors.oauth.tokens.LOOK_EVERY_SECONDS": 0.05,
}


@pytest.fixture(autouse=True)
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    for place, seconds in HASTE.items():
        monkeypatch.setattr(place, seconds)


async def test_alerts_and_digest_are_told_once_over_restarts_and_a_rebuild(place: Settings) -> None:
    place = msgspec.structs.replace(
        place,
        alerts=AlertSettings(to="slack"),
        digest={"finance": DigestSettings(to="slack", recipients=["#finance"], at="00:00")},
    )
    async with a_ground(customers=2) as ground:
        slack: Any = ground.systems["slack"]
        async with telling(ground, place) as work:
            # given that nobody lets the hub in at CRM any more
            await work.hub.agreed()
            ground.systems["accounts"].act("revoke", "refresh_tokens", "sandbox-crm", {})
            ground.systems["crm"].edit("Accounts", ground.first("crm", "Accounts"), {"Fax": "1"})
            for token in ground.systems["accounts"].state()["access_tokens"]:
                ground.systems["accounts"].act("expire", "access_tokens", token["id"], {})
            await until(
                has(slack, "#hub", "crm lets the hub in no more"), lambda: str(slack.state())
            )

        # when a hub starts anew, and is let in again
        async with telling(ground, place) as work:
            ground.systems["accounts"].reset()
            await tokens_at(work.hub, "crm").connect(Secret("sandbox-crm"))
            await until(
                has(slack, "#hub", "Over: crm lets the hub in no more"), lambda: str(slack.state())
            )
            await work.at_rest()

            # then each was told once
            assert len([one for one in slack.messages if "lets the hub in" in one["text"]]) == 2
            assert [one["channel"] for one in slack.messages].count("#finance") == 1
            rows = await work.hub.rows("select state from deliveries where flow = $1", THE_HUB)
            assert {row["state"] for row in rows} == {"done"}
            await work.p5_rebuilds()


async def test_a_flow_sends_one_message_and_a_person_decides_where_its_answer_is_lost(
    place: Settings,
) -> None:
    async with a_ground(customers=2) as ground, telling(ground, place) as work:
        slack: Any = ground.systems["slack"]
        await work.install("tell_overdue")
        await work.hub.agreed()
        ground.fault("slack", "answer_lost", count=1)

        # when an invoice becomes overdue, and the answer to its message is lost
        customer = next(iter(ground.there("books", "contacts", "contact_id")))
        today = ground.world.clock.now().date()
        invoice = work.books.act("create", "invoices", "", {
            "customer_id": customer, "date": str(today - timedelta(days=40)),
            "due_date": str(today - timedelta(days=10)),
            "line_items": [{"name": "Setup", "rate": 200, "quantity": 1}],
        })["invoice_id"]  # fmt: skip
        work.books.act("send", "invoices", invoice, {})
        waiting = "select item from inbox where settled is null and reason = 'refused: blind'"

        stands: list[str] = []

        async def is_asked() -> bool:
            stands[:] = await work.stands()
            return bool(await work.hub.rows(waiting))

        await until(is_asked, lambda: "\n".join(stands))

        # then it was sent once, and says what it may
        (message,) = slack.messages
        assert "200.00" in message["text"]
        assert invoice in message["text"]

        # a person has looked: it is there
        ((item,),) = await work.hub.rows(waiting)
        await work.resolve(item, "skip")

        async def is_settled() -> bool:
            return not await work.hub.rows(waiting)

        await until(is_settled, lambda: "it is asked still")
        assert len(slack.messages) == 1


@asynccontextmanager
async def telling(ground: Ground, place: Settings) -> AsyncIterator[FlowsAtWork]:
    """Run a hub that has a Slack beside the two it reads."""
    connections = {name: connected(ground, name) for name in ("crm", "books")}
    slack = Connection(system="slack", secret=Secret(TOKEN), address=ground.address, to=["#hub"])
    async with a_hub_on(ground, place, connections={**connections, "slack": slack}) as hub:
        yield FlowsAtWork(hub)


def has(slack: Any, channel: str, words: str) -> Any:
    async def look() -> bool:
        return any(one["channel"] == channel and words in one["text"] for one in slack.messages)

    return look
