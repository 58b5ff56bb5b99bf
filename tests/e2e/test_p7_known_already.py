"""P7: what Books tells of the hub's own write costs no call, and hides no edit of a person."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.e2e.at_work import flows_at_work
from tests.e2e.test_p7_in_the_moment import (
    in_books,
    in_crm,
    linked,
    of_account,
    once_written,
    websites,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork

NEVER = 1e6
CLERK, BUYER = "https://clerk.example", "https://buyer.example"


async def test_p7_the_webhook_of_the_hubs_own_write_is_settled_without_a_call(
    place: Settings,
) -> None:
    async with at_work(place) as work:
        account, customer = await linked_of_old(work)
        since = work.ground.world.calls_count

        # when Books tells of what the hub has written, even before it answers
        work.ground.fault("books", "slow", path="/contacts", count=1, seconds=0.5)
        in_crm(work, account, Website=CLERK)
        await work.at_rest()

        # then it was written once and not read, and the log says why
        assert websites(work, account) == {CLERK}
        assert calls(work, customer, since) == ["PUT"]
        settled = [json.loads(one["data"]) for one in await work.hub.told("fetched")][-1]
        assert settled["known"]
        assert customer["contact_id"] in settled["records"]

        # when a person says something in Books
        since = work.ground.world.calls_count
        in_books(work, customer, website=BUYER)
        await work.at_rest()

        # then it is carried on, and read in full
        assert websites(work, account) == {BUYER}
        assert calls(work, customer, since) == ["GET"]


async def test_p7_an_edit_in_the_second_of_a_write_is_carried_though_the_write_is_known(
    place: Settings,
) -> None:
    async with at_work(place, poll_seconds=0.2) as work:
        account, customer = await linked(work)

        # when a person in Books says something right after the hub has written something else
        with once_written(work, "books", "/contacts", lambda: moves_to(work, customer, "Porto")):
            in_crm(work, account, Website=CLERK)
            await work.until(lambda: city(work, account) == "Porto", "what was told is lost")

        # when its webhook is lost, and no list shows what it says
        def unheard() -> None:
            work.ground.fault("books", "webhook_lost", count=1)
            moves_to(work, customer, "Braga")

        # then polling has it read
        with once_written(work, "books", "/contacts", unheard):
            in_crm(work, account, Website=BUYER)
            await work.until(lambda: city(work, account) == "Braga", "what was not told is lost")


async def linked_of_old(work: FlowsAtWork) -> tuple[str, dict[str, Any]]:
    """Link two, and wait until the second of that is over: two words of one second are read."""
    account, customer = await linked(work)
    since = work.ground.world.clock.now() + timedelta(seconds=1)
    await work.until(lambda: work.ground.world.clock.now() >= since, "the clock stands still")
    return account, customer


def moves_to(work: FlowsAtWork, customer: dict[str, Any], city: str) -> None:
    in_books(work, customer, billing_address={**customer["billing_address"], "city": city})


def city(work: FlowsAtWork, account: str) -> str:
    return str(of_account(work, account)["Billing_City"])


@asynccontextmanager
async def at_work(place: Settings, poll_seconds: float = NEVER) -> AsyncIterator[FlowsAtWork]:
    async with flows_at_work(place, "customers", customers=1, poll_seconds=poll_seconds) as work:
        await work.first_sync()
        yield work


def calls(work: FlowsAtWork, customer: dict[str, Any], since: int) -> list[str]:
    """Give how Books was called about a customer."""
    return [one.method for one in work.ground.calls(customer["contact_id"], since=since)]
