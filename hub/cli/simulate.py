"""`hub simulate`: play the flows of this hub in a made-up company, and see what holds."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hub.cli.flows import files_of
from hub.cli.invocation import Invocation, pass_invocation
from hub.simulate.golive import FILES, FILES_OF_FOUR
from hub.simulate.ground import FOUR, TWO
from hub.simulate.postgres import postgres
from hub.simulate.run import Plan, simulate

if TYPE_CHECKING:
    from hub.simulate.run import Outcome

BROKEN = 1


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
    judged from outside: was anything made twice, do all sides show the same, was a person's edit
    dropped, does the hub rest. Time is played: an hour takes seconds. By the same seed people and
    faults do the same at the same moments; one that fails is told with all that happened.

    Your flows are read from the directory flows beside hub.toml; without any, the ready-made ones
    are played. Nothing of yours is touched: the vendors are played, and so is the database.

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
    files = files_of(settings) or (FILES_OF_FOUR if four else FILES)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="hub-simulation-") as home, postgres(Path(home)) as one:
        for number in range(seed, seed + seeds):
            plan = Plan(
                seed=number,
                minutes=minutes,
                faults=faults,
                deaths=deaths,
                sides=FOUR if four else TWO,
                files=files,
                answers=settings.answers,
            )
            outcomes.append(simulate(plan, one, Path(home)))
            for line in _told(outcomes[-1]):
                invocation.say(line)
    invocation.result([_shown(each) for each in outcomes])
    if any(each.broken for each in outcomes):
        context.exit(BROKEN)


def _told(outcome: Outcome) -> list[str]:
    line = (
        f"seed {outcome.plan.seed}: {outcome.played_seconds / 60:.0f} minutes in "
        f"{outcome.seconds:.1f} s, {outcome.calls} calls, {outcome.writes} writes, "
        f"{len(outcome.inbox)} in the inbox: "
    )
    if not outcome.broken:
        return [f"{line}every promise was kept"]
    return [f"{line}{len(outcome.broken)} broken", *outcome.lines()]


def _shown(outcome: Outcome) -> dict[str, Any]:
    return {
        "seed": outcome.plan.seed,
        "broken": [str(one) for one in outcome.broken],
        "played_seconds": outcome.played_seconds,
        "seconds": outcome.seconds,
        "calls": outcome.calls,
        "writes": outcome.writes,
    }
