"""One simulation: a world, a hub, people and trouble; then quiet, and a judgement."""

from __future__ import annotations

import asyncio
import secrets
import time
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import asyncpg
import msgspec

from hub.errors import HubError
from hub.events import Event  # noqa: TC001 - msgspec reads the annotations
from hub.flows.load.document import templates
from hub.log.read import page
from hub.sandbox.world import Call  # noqa: TC001 - msgspec reads the annotations
from hub.simulate.clocks import played_in_modules
from hub.simulate.golive import (
    FILES,
    FILES_OF_FOUR,
    NotAtRest,
    go_live,
    settle_inbox,
    until_still,
)
from hub.simulate.ground import TWO, a_ground
from hub.simulate.hub import a_hub, looking_rarely
from hub.simulate.in_between import in_between
from hub.simulate.oracle.calls import is_write
from hub.simulate.oracle.judge import judge
from hub.simulate.oracle.tables import rebuilt
from hub.simulate.oracle.view import Broken, View
from hub.simulate.people import People
from hub.simulate.played_time import PlayedClock, run_played
from hub.simulate.story import Story
from hub.simulate.trouble import Trouble, drawn, each_once

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from uuid import UUID

    from hub.database import Database
    from hub.operate.install import Answers
    from hub.simulate.ground import Ground
    from hub.simulate.hub import PlayedHub
    from hub.simulate.played_time import PlayedLoop
    from hub.simulate.postgres import Postgres

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday morning."""

QUIET_SECONDS = 330.0
"""So long nobody does anything before it is judged whether the hub is quiet: any poll comes by."""

STREAMED_QUIET_SECONDS = 930.0
ROUND_SECONDS = 300.0
EVENTS_AT_ONCE = 1_000
ANSWER_SECONDS = 150.0
"""How often an operator answers what waits in the inbox, about."""

_INBOX = """
select subject, reason, sentence from inbox where settled is null
union all
select connection || '.' || kind || '/' || record, 'parked', reason
from deliveries where state = 'parked' and record <> ''
union all
select case flow when 'invoice_from_resolved_ticket' then 'desk.tickets/'
                 when 'invoice_from_won_opportunity' then 'salesforce.Opportunity/'
                 else 'crm.Deals/' end || "case", 'parked', kind || ': ' || reason
from deliveries where state = 'parked' and "case" <> ''
"""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a seed is played."""

    seed: int
    minutes: float = 15.0
    companies: int = 6
    acts_per_minute: float = 6.0
    faults: int = 10
    deaths: int = 2
    each_fault: bool = False
    """Instead of faults by chance, each that there is strikes each system once."""
    sides: tuple[str, ...] = TWO
    files: Mapping[str, str] = msgspec.field(default_factory=lambda: FILES)
    answers: Answers = {}


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    plan: Plan
    broken: list[Broken]
    story: Story
    seconds: float
    played_seconds: float
    calls: int
    writes: int
    inbox: list[str]
    log: list[Event] = []
    """Of a seed that was broken, all that the hub recorded, and all that the vendors received."""
    received: list[Call] = []

    def lines(self) -> list[str]:
        """Tell what is broken, and all that happened to whom it befell."""
        lines = [f"seed {self.plan.seed}: {len(self.broken)} broken"]
        for one in self.broken:
            lines += ["", str(one), *self.story.of(one.company or "-")]
        return lines


def simulate(plan: Plan, postgres: Postgres, home: Path) -> Outcome:
    """Play a seed to its end."""
    clock = PlayedClock(START)
    with played_in_modules(clock), looking_rarely():
        return run_played(clock, lambda loop: _Simulation(plan, postgres, home, loop).run())


class _Simulation:
    def __init__(self, plan: Plan, postgres: Postgres, home: Path, loop: PlayedLoop) -> None:
        self._plan = plan
        self._postgres = postgres
        self._home = home
        self._loop = loop
        self._story = Story(loop.clock)

    async def run(self) -> Outcome:
        begun = time.perf_counter()
        self._loop.database_port = self._postgres.port
        schema = f"seed_{self._plan.seed}_{secrets.token_hex(3)}"
        async with a_ground(self._plan.seed, self._plan.sides) as ground:
            people = People(ground, _random("people", self._plan), self._story)
            people.enter_past(self._plan.companies)
            hub = await a_hub(
                ground, self._postgres, self._loop.clock, home=self._home, schema=schema
            )
            try:
                broken, inbox = await self._play(ground, people, hub)
                recorded = await _all_events(hub.database) if broken else []
            finally:
                await hub.end()
                await hub.database.drop()
            return Outcome(
                plan=self._plan,
                broken=broken,
                story=self._story,
                seconds=time.perf_counter() - begun,
                played_seconds=self._loop.time(),
                calls=ground.world.calls_count,
                writes=sum(map(is_write, ground.world.calls_since(0))),
                inbox=inbox,
                log=recorded,
                received=list(ground.world.calls_since(0)) if broken else [],
            )

    async def _play(
        self, ground: Ground, people: People, hub: PlayedHub
    ) -> tuple[list[Broken], list[str]]:
        plan, seconds = self._plan, self._plan.minutes * 60
        await hub.begin()
        await hub.set_up()
        await go_live(hub, plan.files, plan.answers, self._story)
        retried: set[UUID] = set()
        await settle_inbox(hub, self._story, retried)
        await self._next_round_moment()
        trouble = Trouble(ground, hub, self._postgres, self._story)
        chance = _random("trouble", plan)
        if plan.each_fault:
            mishaps = each_once(seconds, plan.sides)
        else:
            mishaps = drawn(chance, seconds, plan.faults, plan.deaths, plan.sides)
        with in_between(ground, people, _random("between", plan)):
            async with asyncio.TaskGroup() as group:
                group.create_task(people.work(seconds, plan.acts_per_minute))
                group.create_task(trouble.happen(mishaps))
                group.create_task(self._answer(hub, seconds))
        trouble.end()
        try:
            await self._rest(ground, hub)
            while await settle_inbox(hub, self._story, retried):
                await self._rest(ground, hub)  # an answer may lead to the next question
        except NotAtRest as error:
            return [Broken(promise="P11", sentence=str(error))], []
        since = ground.world.calls_count
        await asyncio.sleep(_quiet_seconds(ground))
        inbox = await hub.rows(_INBOX)
        view = View(ground, people, self._story, {row["subject"] for row in inbox})
        flows = {name for text in plan.files.values() for name in templates() if name in text}
        broken = judge(view, flows, _ready_made(plan), since)
        await hub.end()
        broken += await rebuilt(hub.database)
        return broken, [f"{row['reason']}: {row['sentence']}" for row in inbox]

    async def _answer(self, hub: PlayedHub, seconds: float) -> None:
        """Have an operator look into the inbox now and then, while all goes wrong."""
        chance, until = _random("operator", self._plan), self._loop.time() + seconds
        while (wait := chance.expovariate(1 / ANSWER_SECONDS)) < until - self._loop.time():
            await asyncio.sleep(wait)
            try:
                await settle_inbox(hub, self._story, set())
            except* (HubError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as away:
                self._story.tell("operator", f"could not answer: {away.exceptions[0]!r}")

    async def _next_round_moment(self) -> None:
        """Begin at a moment that does not hang on how long the hub took to go live."""
        now = self._loop.time()
        await asyncio.sleep(ROUND_SECONDS - now % ROUND_SECONDS)

    async def _rest(self, ground: Ground, hub: PlayedHub) -> None:
        """Wait until every road has come by once more, and nothing is left to do."""
        await asyncio.sleep(_quiet_seconds(ground))
        await until_still(hub)


async def _all_events(database: Database) -> list[Event]:
    events: list[Event] = []
    async with database.connected() as db:
        while more := await page(db, len(events), EVENTS_AT_ONCE):
            events += more
    return events


def _ready_made(plan: Plan) -> set[str]:
    """Name the flows that are played as they came, with no other answers."""
    as_they_came = plan.files.items() & FILES_OF_FOUR.items()
    return {file.removesuffix(".toml") for file, _ in as_they_came} - plan.answers.keys()


def _quiet_seconds(ground: Ground) -> float:
    """Give how long it takes until any poll has come by: of what is told, they are seldom."""
    return STREAMED_QUIET_SECONDS if "salesforce" in ground.sides and ground.told else QUIET_SECONDS


def _random(whose: str, plan: Plan) -> Random:
    """Give the chance of one part: what another draws does not change it."""
    return Random(f"{whose} {plan.seed}")  # noqa: S311 - the same for every seed
