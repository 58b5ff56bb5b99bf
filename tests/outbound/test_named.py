"""Where many documents wait to be made, one look tells which of them somebody has made already."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.connectors.clock import RealClock
from hub.connectors.connector import Listing, NotRead, Page, Seen
from hub.connectors.outcome import RetryAt
from hub.outbound.alike import alike
from hub.outbound.group import Group
from hub.outbound.named import FRESH_SECONDS, MANY, TOO_LONG_SECONDS
from hub.outbound.owed import Content
from hub.outbound.seek import Tied
from hub.outbound.take import But, take
from tests.connectors.played import played

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path
    from uuid import UUID

    from hub.outbound.outcome import Came
    from hub.outbound.way import Way
    from tests.connectors.played import Played
    from tests.outbound.counter import Counter

SEARCHES = 2


class Moved(RealClock):
    """The clock of a process, which a test moves on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.seconds


class Finance:
    """Books, and the invoices that are to be made there, one for each deal."""

    def __init__(self, counter: Counter, books: Played) -> None:
        self.books = books
        self.clock = Moved()
        self.way: Way = msgspec.structs.replace(
            counter.way, name="books", connector=books.connector, vendor=books.vendor,
            clock=self.clock,
        )  # fmt: skip
        self.made: datetime | None = datetime.now(UTC)
        self._counter = counter
        self._customer = books.system.put("contacts", {"contact_name": "Ada"})["contact_id"]

    async def owe(self, count: int, **row: Any) -> list[UUID]:
        return [
            await self._counter.owe(
                "invoices", connection="books", share="documents", flow="won", case=f"deal-{n}",
                **{"approved": 1, **row},
            )
            for n in range(count)
        ]  # fmt: skip

    async def looked(self, *owed: UUID) -> dict[UUID, Came]:
        """Look for each at once, as before it is made."""
        async with self.way.database.connected() as db:
            taken = await take(db, "books", datetime.now(UTC), But())
        came: dict[UUID, Came] = {}
        async with asyncio.TaskGroup() as tasks:
            for row in (row for row in taken.rows if row.id in owed):
                tied = Tied(connection="crm", kind="Deals", record=row.case, made=self.made)
                group = Group(
                    kind=self.books.kind("invoices"), share="documents", act="make", rows=[row],
                    contents={row.id: Content(fields={}, tied=tied)},
                )  # fmt: skip
                tasks.create_task(self._look(group, came))
        return came

    def enter(self, **said: str) -> str:
        line = {"name": "Work", "rate": 40, "quantity": 1}
        fields = {"customer_id": self._customer, "line_items": [line], **said}
        return str(self.books.system.put("invoices", fields)["invoice_id"])

    @property
    def calls(self) -> int:
        return sum("/invoices" in call.path for call in self.books.world.calls_since(0))

    async def _look(self, group: Group, came: dict[UUID, Came]) -> None:
        came |= await alike(self.way, group)


@pytest.fixture
async def finance(counter: Counter, tmp_path: Path) -> AsyncIterator[Finance]:
    async with played("books", counter.log.database, tmp_path) as books:
        yield Finance(counter, books)


async def test_many_that_wait_cost_one_look(finance: Finance) -> None:
    owed = await finance.owe(MANY + 5)
    finance.enter(reference_number="another deal")

    assert await finance.looked(*owed) == {}
    assert finance.calls == 1


async def test_few_that_wait_are_searched(finance: Finance) -> None:
    owed = await finance.owe(3)

    assert await finance.looked(*owed) == {}
    assert finance.calls == SEARCHES * 3


async def test_those_that_a_person_is_yet_to_let_go_do_not_wait(finance: Finance) -> None:
    await finance.owe(MANY + 5, approved=None)
    owed = await finance.owe(1)

    await finance.looked(*owed)

    assert finance.calls == SEARCHES


@pytest.mark.parametrize("field", ["reference_number", "zcrm_potential_id"])
async def test_an_older_invoice_that_was_made_to_name_the_deal_is_the_invoice(
    finance: Finance, field: str
) -> None:
    invoice = finance.enter()
    finance.books.system.edit("invoices", invoice, {field: "DEAL-7 "})
    owed = await finance.owe(MANY + 5)

    came = await finance.looked(*owed)

    assert adopted(came) == {owed[7]: invoice}
    assert came[owed[7]].why == "it names Deals/deal-7"
    assert finance.calls == 2, "it is looked for, and read in full"


async def test_one_that_names_it_no_more_or_is_gone_is_not(finance: Finance) -> None:
    edited, removed, kept = (finance.enter(reference_number=f"deal-{n}") for n in range(3))
    owed = await finance.owe(MANY + 5)
    await finance.looked(owed[9])

    finance.books.system.edit("invoices", edited, {"reference_number": "9"})
    finance.books.system.act("delete", "invoices", removed, {})

    assert adopted(await finance.looked(*owed)) == {owed[2]: kept}


async def test_two_that_name_it_are_asked_about(finance: Finance) -> None:
    two = {finance.enter(reference_number="deal-4") for _ in range(2)}
    owed = await finance.owe(MANY + 5)

    came = await finance.looked(*owed)

    assert {one.record for one in came[owed[4]].alike} == two
    assert came[owed[4]].adopted is None


async def test_what_a_person_makes_after_the_look_is_found_once_that_is_freshened(
    finance: Finance,
) -> None:
    owed = await finance.owe(MANY + 5)
    assert await finance.looked(*owed) == {}

    invoice = finance.enter(reference_number="deal-4")
    finance.clock.seconds += FRESH_SECONDS + 1
    came = await finance.looked(*owed)

    assert adopted(came) == {owed[4]: invoice}
    assert finance.calls == 3, "two looks, and one that is read in full"


async def test_a_look_that_breaks_off_is_begun_again_from_where_the_last_whole_one_was(
    finance: Finance, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a look, and one that ends behind a page with a very late change
    owed = await finance.owe(MANY + 5)
    await finance.looked(*owed)
    assert isinstance(finance.books.connector, Listing)
    whole, now = finance.books.connector.changed, datetime.now(UTC)
    asked: list[datetime] = []

    async def broken(_vendor: object, _kind: object, _since: object, cursor: str, _: str) -> Page:
        if cursor:
            raise NotRead(RetryAt(sentence="Later.", at=now))
        row = b'{"reference_number": "", "zcrm_potential_id": ""}'
        late = Seen(kind="invoices", record="1", data=row, at=now + timedelta(hours=1))
        return Page(seen=[late], cursor="more", done=False)

    async def listed(vendor: Any, kind: Any, since: datetime, *more: Any) -> Page | None:
        asked.append(since)
        found: Page | None = await whole(vendor, kind, since, *more)
        return found

    monkeypatch.setattr(finance.books.connector, "changed", broken)
    finance.clock.seconds += FRESH_SECONDS + 1
    assert adopted(await finance.looked(*owed)) == {}

    # when it is looked again
    monkeypatch.setattr(finance.books.connector, "changed", listed)
    invoice = finance.enter(reference_number="deal-4")

    assert adopted(await finance.looked(*owed)) == {owed[4]: invoice}
    assert asked
    assert asked[0] < now


async def test_a_record_that_is_older_than_all_so_far_is_looked_for_anew(
    finance: Finance,
) -> None:
    owed = await finance.owe(MANY + 5)
    await finance.looked(owed[0])

    finance.made = datetime.now(UTC) - timedelta(days=9)
    await finance.looked(*owed)

    assert finance.calls == 2


async def test_one_of_which_nobody_knows_when_its_record_was_made_is_searched(
    finance: Finance,
) -> None:
    finance.made = None
    owed = await finance.owe(MANY + 5)

    await finance.looked(owed[0])

    assert finance.calls == SEARCHES


async def test_where_too_much_was_changed_each_is_searched(
    finance: Finance, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given more than one page, of which no more is to be read
    monkeypatch.setattr("hub.connectors.zoho_books.changed.ROWS_MAX", 2)
    monkeypatch.setattr("hub.outbound.named.PAGES_MAX", 2)
    finance.made = datetime.now(UTC) - timedelta(days=9)
    invoices = [finance.enter(reference_number=f"deal-{n}") for n in range(5)]
    owed = await finance.owe(MANY + 5)

    came = await finance.looked(*owed)

    assert adopted(came) == dict(zip(owed, invoices, strict=False))
    assert finance.calls == 2 + SEARCHES * len(owed) + len(invoices)

    # and once that is over, all pages may be had
    monkeypatch.setattr("hub.outbound.named.PAGES_MAX", 10)
    finance.clock.seconds += TOO_LONG_SECONDS + 1
    before = finance.calls
    assert adopted(await finance.looked(*owed)) == dict(zip(owed, invoices, strict=False))
    assert finance.calls - before == 4 + 3 + len(invoices), "several pages are read twice"


def adopted(came: Mapping[UUID, Came]) -> dict[UUID, str]:
    return {id_: one.adopted.record for id_, one in came.items() if one.adopted is not None}
