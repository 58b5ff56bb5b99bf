"""P9: whatever is owed, no more calls are made than the budget of the connection has."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.budget import Budget, Window
from hub.connectors.http import Vendor
from hub.sandbox.faults import Fault
from tests.connectors.played import played

if TYPE_CHECKING:
    from pathlib import Path

    from hub.outbound.way import Way
    from tests.outbound.counter import Counter

PER_DAY = 30


async def test_deliveries_spend_from_the_budget_and_wait_when_it_is_spent(
    counter: Counter, tmp_path: Path
) -> None:
    # given more owed than a day allows
    async with played("books", counter.log.database, tmp_path) as books:
        items = [
            await counter.owe("items", connection="books", wants={"name": f"Item {n}", "rate": 5})
            for n in range(PER_DAY)
        ]
        window = Window(name="day", most=PER_DAY, pace=1.0)
        budget = Budget(counter.log.database, "books", (window,), reserved={"documents": 0.5})
        async with _vendor(books, budget) as vendor:
            # when
            counter.begin(_way(counter, books, vendor))
            async with asyncio.timeout(60):
                while not any(b"nothing left to spend" in each.data
                              for each in await counter.told("answered")):  # fmt: skip
                    await counter.folded.wait(counter.folded.head + 1, 1)
            await asyncio.sleep(0.2)

            # then what is kept for documents is not spent on contacts, nor is it looked for
            made = len([call for call in books.world.calls_since(0) if "/items" in call.path])
            states = [(await counter.row(id_))["state"] for id_ in items]
            assert made == PER_DAY // 2
            assert states.count("done") == made
            assert states.count("owed") == PER_DAY - made
            assert len(await counter.told("sending")) <= made + 8


async def test_the_same_invoice_is_made_once_though_answers_are_lost(
    counter: Counter, tmp_path: Path
) -> None:
    async with played("books", counter.log.database, tmp_path) as books:
        # given
        customer = books.system.put("contacts", {"contact_name": "Ada"})["contact_id"]
        lines = [{"name": "Work", "rate": 40, "quantity": 2}]
        wants = {"customer_id": customer, "line_items": lines, "date": "2026-03-01"}
        owed = [
            await counter.owe("invoices", connection="books", share="documents", wants=wants)
            for _ in range(12)
        ]
        books.world.faults.add(Fault(system="books", fault="answer_lost", method="PUT", count=3))

        # when
        counter.begin(_way(counter, books, books.vendor))
        rows = await counter.comes_to("done", *owed)

        # then each is there once, and the log knows which
        assert {row["record"] for row in rows} == books.there("invoices").keys()
        assert len(await counter.told("observed")) >= 12


def _vendor(books: Any, budget: Budget) -> Vendor:
    return Vendor(
        "books", tokens=books.vendor._tokens, budget=budget, judge=books.connector.judge,
        scheme=books.connector.scheme, wait_seconds_max=0.05,
    )  # fmt: skip


def _way(counter: Counter, books: Any, vendor: Vendor) -> Way:
    return msgspec.structs.replace(
        counter.way, name="books", connector=books.connector, vendor=vendor
    )
