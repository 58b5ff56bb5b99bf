"""`hub simulate`: play the flows of this hub in a made-up company, and see what holds."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hub.cli.flows import files_of
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.log.lines import json_line
from hub.observe import logs
from hub.simulate.golive import FILES, FILES_OF_FOUR
from hub.simulate.ground import FOUR, TWO
from hub.simulate.postgres import postgres
from hub.simulate.run import Plan, simulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.simulate.run import Outcome

BROKEN = 1
LINES = "simulate.log"
"""Where the lines of the played hub are kept, in the home of this one: those of the last run."""


@click.command("simulate")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Which world.")
@click.option(
    "--seeds", type=click.IntRange(1), default=1, show_default=True, help="How many, from there on."
)
@click.option(
    "--minutes",
    type=click.FloatRange(1, 600),
    default=15.0,
    show_default=True,
    help="How long people work, in the time that is played.",
)
@click.option(
    "--faults",
    type=click.IntRange(0, 1_000),
    default=12,
    show_default=True,
    help="How many things go wrong at the vendors, and on the way.",
)
@click.option(
    "--deaths",
    type=click.IntRange(0, 100),
    default=2,
    show_default=True,
    help="How often the hub or its Postgres is killed.",
)
@click.option(
    "--four",
    is_flag=True,
    help="Play Zoho Desk and Salesforce, too; so it is wherever hub.toml connects one of them.",
)
@pass_invocation
@click.pass_context
def simulate_command(
    context: click.Context,
    invocation: Invocation,
    *,
    seed: int,
    seeds: int,
    minutes: float,
    faults: int,
    deaths: int,
    four: bool,
) -> None:
    """Play the flows of this hub in a made-up company, while everything goes wrong.

    People edit CRM and Books at random, with --four Desk and Salesforce, too; calls fail, webhooks
    are lost, streams break off, the hub and its database are killed. Then all is quiet, and it is
    judged from outside: was anything made twice, or made of history, do all sides show the same,
    was a person's edit dropped or written over by an older word, was a vendor's limit passed, does
    the hub rest; of ready-made flows, does each invoice come to what its source says. At last the
    hub's tables are made anew from the log, and are to be the same. Time is played: an hour takes
    seconds. By the same seed people and faults do the same at the same moments; one that fails is
    told with all that happened, and its log and calls are kept in the home of this hub.

    Your flows are read from the directory flows beside hub.toml; without any, the ready-made ones
    are played. Nothing of yours is touched: the vendors are played, and so is the database. What
    the played hub says of itself is kept in simulate.log, in the home of this one.

    \b
    Examples:
      hub simulate
      hub simulate --seed 7 --minutes 60
      hub simulate --four --seeds 5
      hub simulate --seeds 20 --faults 0 --deaths 0

    The exit code is 1 when a promise was broken.
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    settings = invocation.settings
    systems = {one.system for one in settings.connections.values()}
    four = four or bool(systems & {"zoho_desk", "salesforce"})
    plan = Plan(
        seed=seed,
        minutes=minutes,
        faults=faults,
        deaths=deaths,
        sides=FOUR if four else TWO,
        files=files_of(settings) or (FILES_OF_FOUR if four else FILES),
        answers=settings.answers,
    )
    said = settings.home / LINES
    outcomes = []
    with _lines_in(said):
        for outcome in _played(plan, seeds):
            outcomes.append(outcome)
            for line in _told(outcome):
                invocation.say(line)
            if outcome.broken:
                invocation.say(f"What was recorded: {_kept(outcome, settings.home)}")
    invocation.result([_shown(each) for each in outcomes])
    if any(each.broken for each in outcomes):
        invocation.say(f"What the played hub said itself: {said}")
        context.exit(BROKEN)


def _played(first: Plan, seeds: int) -> Iterator[Outcome]:
    """Play so many seeds, one after the other, on a database of their own."""
    with tempfile.TemporaryDirectory(prefix="hub-simulation-") as home, postgres(Path(home)) as one:
        for number in range(first.seed, first.seed + seeds):
            plan = msgspec.structs.replace(first, seed=number)
            yield simulate(plan, one, Path(home))


@contextmanager
def _lines_in(file: Path) -> Iterator[None]:
    """Keep what the played hub says of itself in a file: it is no word about this hub."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as stream:
        logs.start("human", stream=stream)
        try:
            yield
        finally:
            logs.stop()


def _told(outcome: Outcome) -> list[str]:
    line = (
        f"seed {outcome.plan.seed}: {outcome.played_seconds / 60:.0f} minutes in "
        f"{outcome.seconds:.1f} s, {outcome.calls} calls, {outcome.writes} writes, "
        f"{len(outcome.inbox)} in the inbox: "
    )
    if not outcome.broken:
        return [f"{line}every promise was kept"]
    return [f"{line}{len(outcome.broken)} broken", *outcome.lines()]


def _kept(outcome: Outcome, home: Path) -> Path:
    """Keep a broken seed's log, and the calls that the vendors received, a line of JSON each."""
    folder = home / "simulate" / f"seed-{outcome.plan.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    events = map(json_line, outcome.log)
    calls = map(msgspec.json.encode, outcome.received)
    for name, lines in (("events", events), ("calls", calls)):
        (folder / f"{name}.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    return folder


def _shown(outcome: Outcome) -> dict[str, Any]:
    return {
        "seed": outcome.plan.seed,
        "broken": [str(one) for one in outcome.broken],
        "played_seconds": outcome.played_seconds,
        "seconds": outcome.seconds,
        "calls": outcome.calls,
        "writes": outcome.writes,
    }
