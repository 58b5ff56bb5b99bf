"""burst: 5,000 deals closed within one minute, until Books has an invoice of each, in played time.

The hub, the vendors, their clocks and their limits are those of a simulation: what waits for a
minute or a day to pass takes no time. It is played twice: with the limit of a day lifted, so that
the limit of a minute is what binds; and with the day that the largest plan has. Meanwhile people go
on editing: a customer every few seconds in the CRM, which Books is to be told of.

Yardstick: the time that the limits allow, were nothing but these invoices to be made: as many calls
as they took, at the pace that the hub allows itself. In played time there is no slow minute, so the
ratio is of times and not of rates. HUB_BENCH_DEALS and HUB_BENCH_COMPANIES set other numbers.
"""

from __future__ import annotations

import asyncio
import os
import re
import resource
import statistics
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec

from hub.connectors.budget import PACE
from hub.connectors.build import connector_of
from hub.simulate.clocks import played_in_modules
from hub.simulate.golive import go_live
from hub.simulate.ground import a_ground
from hub.simulate.hub import a_hub, looking_rarely
from hub.simulate.played_time import PlayedClock, run_played
from hub.simulate.postgres import postgres
from hub.simulate.run import START
from hub.simulate.story import Story
from ops.bench.companies import HERE, entered, website, without_brake
from ops.bench.ground import tell
from ops.bench.windows import most_in, seconds_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.connectors.connector import Connector
    from hub.sandbox.system import Answer, Request
    from hub.sandbox.world import Call
    from hub.settings import Connection
    from hub.simulate.ground import Ground
    from hub.simulate.played_time import PlayedLoop
    from hub.simulate.postgres import Postgres

DEALS = int(os.environ.get("HUB_BENCH_DEALS", "5000"))
COMPANIES = int(os.environ.get("HUB_BENCH_COMPANIES", "200"))
DAY_CALLS = 10_000
MUCH = 1_000_000_000
MINUTE_CALLS = 100
STAYS_SECONDS = 600.0
CLOSING_SECONDS = 60.0
EDIT_SECONDS = 20.0
"""How often somebody edits a customer while the invoices are made."""

LOOK_SECONDS = 10.0
DAYS_MAX = 14
FLOWS = ("customers", "invoice_from_won_deal")
_SAID = re.compile(r"https://velm\d+\.example/\d+")


class Burst(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one."""

    took_seconds: float
    """From when the first deal was closed until the last invoice was there."""
    allowed_seconds: float
    calls_per_invoice: float
    most_calls_in_a_minute: int
    most_calls_in_a_day: int
    refused: int
    twice: int
    edit_seconds: list[float]
    edits_left: int
    memory_mb: list[int]
    """When a tenth of the invoices was there, and at the end, with both vendors in it."""
    real_seconds: float


async def main() -> None:
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as home:
        for name, day_calls in (("minute", MUCH), ("day", DAY_CALLS)):
            burst = await asyncio.to_thread(_played, Path(home) / name, day_calls)
            figures |= {f"{name}_{key}": value for key, value in _figures(burst).items()}
    tell("burst", ratio=figures["minute_ratio"], deals=DEALS, companies=COMPANIES, **figures)


def _figures(burst: Burst) -> dict[str, Any]:
    edits = sorted(burst.edit_seconds) or [0.0]
    return {
        "ratio": burst.took_seconds / burst.allowed_seconds,
        "took_minutes": burst.took_seconds / 60,
        "allowed_minutes": burst.allowed_seconds / 60,
        "calls_per_invoice": burst.calls_per_invoice,
        "most_calls_in_a_minute": burst.most_calls_in_a_minute,
        "most_calls_in_a_day": burst.most_calls_in_a_day,
        "refused": burst.refused,
        "invoiced_twice": burst.twice,
        "edits": len(burst.edit_seconds),
        "edits_left": burst.edits_left,
        "edit_p50_s": statistics.median(edits),
        "edit_max_s": edits[-1],
        "memory_at_tenth_mb": burst.memory_mb[0],
        "memory_mb": burst.memory_mb[-1],
        "real_s": burst.real_seconds,
    }


def _played(home: Path, day_calls: int) -> Burst:
    home.mkdir()
    clock = PlayedClock(START)
    build = _building(day_calls)
    with (
        postgres(home) as server,
        played_in_modules(clock),
        looking_rarely(),
        patch("hub.app.connector_of", build),
    ):
        return run_played(clock, lambda loop: _play(loop, server, home, day_calls))


def _building(day_calls: int) -> Callable[[str, Connection], Connector | None]:
    def build(name: str, connection: Connection) -> Connector | None:
        connector: Any = connector_of(name, connection)
        if name == "books":
            connector.windows = tuple(
                msgspec.structs.replace(window, most=day_calls) if window.name == "day" else window
                for window in connector.windows
            )
        return connector  # type: ignore[no-any-return]

    return build


async def _play(loop: PlayedLoop, server: Postgres, home: Path, day_calls: int) -> Burst:
    loop.database_port = server.port
    story = Story(loop.clock)
    async with a_ground(7) as ground:
        ground.books.quirks = msgspec.structs.replace(
            ground.books.quirks, calls_per_minute=MINUTE_CALLS, calls_per_day=day_calls
        )
        accounts = [entered(ground.crm, ground.books, each)[0] for each in range(COMPANIES)]
        deals = [_deal(ground, accounts[each % COMPANIES], each) for each in range(DEALS)]
        hub = await a_hub(ground, server, loop.clock, home=home, schema="burst")
        try:
            await hub.begin()
            await hub.set_up()
            files = {f"{name}.toml": without_brake(name) for name in FLOWS}
            await go_live(hub, files, {}, story)
            watch = _Watch(ground, loop, day_calls)
            books: Any = ground.books
            books.answer = watch.answering(books.answer)
            return await watch.burst(deals, accounts)
        finally:
            await hub.end()


class _Watch:
    """Closes the deals, and sees what comes of it."""

    def __init__(self, ground: Ground, loop: PlayedLoop, day_calls: int) -> None:
        self._ground = ground
        self._loop = loop
        self._day_calls = day_calls
        self._edits: dict[str, float] = {}
        self._edited: list[float] = []
        self._memory: list[int] = []

    async def burst(self, deals: list[str], accounts: list[str]) -> Burst:
        real, began, began_at = time.perf_counter(), self._loop.time(), self._loop.clock.now()
        before, spent = self._ground.world.calls_count, len(self._calls(0))
        async with asyncio.TaskGroup() as group:
            editing = group.create_task(self._edit(accounts))
            for deal in deals:
                self._ground.crm.edit("Deals", deal, {"Stage": "Closed Won"})
                await asyncio.sleep(CLOSING_SECONDS / len(deals))
            await self._until_invoiced(len(deals))
            took = self._loop.time() - began
            editing.cancel()
        calls = self._calls(before)
        invoicing = [one for one in calls if "/invoices" in one.path and one.method != "GET"]
        made = Counter(each["reference_number"] for each in self._ground.rows("books", "invoices"))
        return Burst(
            took_seconds=took,
            allowed_seconds=self._allowed(len(invoicing), began_at, spent),
            calls_per_invoice=len(invoicing) / len(deals),
            most_calls_in_a_minute=_most(calls, 60.0),
            most_calls_in_a_day=_most(calls, 86_400.0),
            refused=sum(each.status == 429 for each in calls),  # noqa: PLR2004
            twice=sum(each - 1 for each in made.values()),
            edit_seconds=self._edited,
            edits_left=len(self._edits),
            memory_mb=[*self._memory, _memory_mb()],
            real_seconds=time.perf_counter() - real,
        )

    async def _edit(self, accounts: list[str]) -> None:
        """Edit one customer after the other in the CRM, until cancelled."""
        for edit in count(1):
            number = edit % len(accounts)
            said = website(number, edit)
            self._edits[said] = self._loop.time()
            self._ground.crm.edit("Accounts", accounts[number], {"Website": said})
            await asyncio.sleep(EDIT_SECONDS)

    def answering(self, answer: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
        """Note when Books is told of an edit."""

        def answered(request: Request) -> Answer:
            given = answer(request)
            if request.method == "PUT" and given.status < 300:  # noqa: PLR2004
                for said in _SAID.findall(request.body.decode()):
                    if (edited := self._edits.pop(said, None)) is not None:
                        self._edited.append(self._loop.time() - edited)
            return given

        return answered

    async def _until_invoiced(self, deals: int) -> None:
        patient_until = self._loop.time() + DAYS_MAX * 86_400
        books: Any = self._ground.books
        # Counted, not shown: to show thousands at every look takes longer than to make them.
        invoices = books.organizations[self._ground.organization].tables["invoices"].records
        while (made := len(invoices)) < deals:
            if not self._memory and made >= deals // 10:
                self._memory.append(_memory_mb())
            if self._loop.time() > patient_until:
                message = f"after {DAYS_MAX} days {made} of {deals} deals have an invoice"
                raise RuntimeError(message)
            await asyncio.sleep(LOOK_SECONDS)

    def _allowed(self, calls: int, began: datetime, spent: int) -> float:
        """Give how long so many calls take at the hub's pace, once the deals have stayed won."""
        stayed = timedelta(seconds=STAYS_SECONDS)
        per_day = self._day_calls * PACE
        seconds = seconds_for(
            calls, MINUTE_CALLS * PACE / 60,
            began=began + stayed, first_day=per_day - spent, per_day=per_day,
        )  # fmt: skip
        return STAYS_SECONDS + max(CLOSING_SECONDS, seconds)

    def _calls(self, since: int) -> list[Call]:
        return [one for one in self._ground.world.calls_since(since) if one.system == "books"]


def _most(calls: list[Call], seconds: float) -> int:
    moments = [datetime.fromisoformat(one.at).timestamp() for one in calls]
    return most_in(moments, [1] * len(calls), seconds)


def _deal(ground: Ground, account: str, number: int) -> str:
    deal = {
        "Deal_Name": f"Deal {number}", "Stage": "Qualification", "Currency": HERE,
        "Amount": Decimal(100 + number), "Account_Name": {"id": account},
        "Closing_Date": ground.world.clock.now().date().isoformat(),
    }  # fmt: skip
    return str(ground.crm.put("Deals", deal)["id"])


def _memory_mb() -> int:
    """Give the memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 2**20
