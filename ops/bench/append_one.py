"""append-one: one caller, one event at a time. Yardstick: one raw row to a commit."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from ops.bench.append import make_raw
from ops.bench.ground import clock, ground, milliseconds, observed, ratio, tell

if TYPE_CHECKING:
    from hub.database.db import Db
    from hub.events import Event

ROUNDS = 9
PER_ROUND = 1_000


async def main() -> None:
    rng = random.Random(1)  # noqa: S311
    async with ground() as made, made.database.connected("owner") as db:
        await make_raw(db)
        raw_rates, rates, waits = [], [], []
        for round_ in range(-1, ROUNDS):
            numbers = range((round_ + 1) * PER_ROUND, (round_ + 2) * PER_ROUND)
            events = [observed(number, 200_000, rng) for number in numbers]
            raw = await _raw_rate(db, events)
            waited = []
            for event in events:
                started = clock()
                await made.appender.append(event)
                waited.append(clock() - started)
            if round_ >= 0:
                raw_rates.append(raw)
                rates.append(len(events) / sum(waited))
                waits += waited
        tell(
            "append-one",
            ratio=ratio(rates, raw_rates),
            rate=int(sorted(rates)[ROUNDS // 2]),
            raw_rate=int(sorted(raw_rates)[ROUNDS // 2]),
            p50_ms=milliseconds(waits, 0.5),
            p99_ms=milliseconds(waits, 0.99),
        )


async def _raw_rate(db: Db, events: list[Event]) -> float:
    insert = await db.prepare("insert into raw (data) values ($1)")
    started = clock()
    for event in events:
        await insert.fetch(event.data)
    return len(events) / (clock() - started)
