"""The command `hub demo`: play the vendors, start a hub, put flows in force, show what happens."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

import click

from hub.app import appending
from hub.cli.demo.child import Child
from hub.cli.demo.days import leaps, mornings
from hub.cli.demo.first_sync import Demo, first_sync
from hub.cli.demo.place import STAYS, alias, begin_anew, environ_of, only_one, settle
from hub.cli.demo.stage import Stage
from hub.cli.demo.vendors import Vendors
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.database import open_database
from hub.log.follow import Wake, hear

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterable

    from hub.settings import Settings


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), help="Port of the hub.")
@click.option("--sandbox-port", type=click.IntRange(0, 65_535), help="Port of the played vendors.")
@click.option(
    "--customers",
    type=click.IntRange(0, 20_000),
    default=6,
    show_default=True,
    help="How many customers there are at the start.",
)
@click.option(
    "--acts-per-minute",
    type=click.FloatRange(0, 6_000),
    default=0.0,
    show_default=True,
    help="How much made-up people do.",
)
@click.option("--seconds", type=click.FloatRange(0), help="Stop by itself after so long.")
@pass_invocation
def demo(
    invocation: Invocation,
    *,
    port: int | None,
    sandbox_port: int | None,
    customers: int,
    acts_per_minute: float,
    seconds: float | None,
) -> None:
    """Play Zoho CRM, Books, Desk and Salesforce, run a hub between them, and watch it work.

    Seven flows are in force: customers agree in all four; a deal that is won, a billable ticket
    that is resolved and an opportunity that is won become one draft invoice each; and what became
    of a deal's invoice stands on the deal. Open the sandbox's page, change something, and see here
    what comes of it: the event, the decision, the write, its echo. The hub is a process of its own:
    kill it, and see it come back.

    Nothing has to be set up. What is played is gone when you stop with Ctrl-C, and the next demo
    begins anew, in a schema of its own: your own log is not touched.

    \b
    Examples:
      hub demo
      hub demo --acts-per-minute 20      made-up people work there too
      hub demo --customers 100           a first sync of some minutes: Books allows 100 calls in one
      hub demo --seconds 20 --json       a short run, told as one JSON value
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    given = invocation.reading.settings  # what is wrong with them is told before anything is played
    vendors = Vendors(customers, acts_per_minute)

    async def show() -> None:
        # Asked to stop, which is how a demo ends.
        with suppress(asyncio.CancelledError), only_one(given):
            async with vendors.running(sandbox_port) as address:
                settings = settle(given, port, address)
                vendors.subscribe(settings)
                async with _at_work(settings) as (one, child):
                    clock = (
                        mornings(vendors.world, vendors.zone, one.append),
                        leaps(vendors.world, vendors.bridge),
                    )
                    invocation.say(_welcome(one, child, address.url))
                    await _show(invocation, one, child, clock, seconds)

    run(show())


@asynccontextmanager
async def _at_work(settings: Settings) -> AsyncIterator[tuple[Demo, Child]]:
    """Begin a log, and run a hub on it."""
    for quiet in ("hub.app", "hub.inbound", "hub.projectors"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings, os.environ))
        await begin_anew(settings, database)
        append = await stack.enter_async_context(appending(database))
        child = Child(settings, environ_of(settings))
        await stack.enter_async_context(child.running())
        yield Demo(settings=settings, database=database, append=append, wake=Wake()), child


async def _show(
    invocation: Invocation,
    one: Demo,
    child: Child,
    beside: Iterable[Coroutine[None, None, None]],
    seconds: float | None,
) -> None:
    stage = Stage(one, invocation.say)
    with suppress(TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            group.create_task(hear(one.database, one.wake))
            group.create_task(child.keep_alive(stage.tell))
            for each in beside:
                group.create_task(each)
            stage.ready(await first_sync(one, stage.progress))
            await stage.show()
    shown = await stage.shown()
    invocation.say(f"\nStopped. {shown.events:,} events were kept; the next demo begins anew.")
    invocation.result(shown)


def _welcome(one: Demo, child: Child, address: str) -> str:
    bold, dim = partial(click.style, bold=True), partial(click.style, dim=True)
    assert child.process is not None
    return f"""
{bold("The hub runs,")} between a played CRM, Books, Desk and Salesforce. Ctrl-C stops it all.

  {dim("the vendors")}  {bold(address + "/")}  all side by side: change something there
  {dim("the flows")}    customers of Books agree with CRM, with Desk and with Salesforce
               invoices from won deals, resolved tickets, won opportunities (here after {STAYS})
               payment_status_to_crm
  {dim("the hub")}      {child.url}/readyz   kill -9 {child.process.pid}   its lines: {child.lines}
  {dim("ask it")}       {alias(one.settings)}
               hub why crm.Accounts/ID    hub inbox list    hub deliveries    hub log tail --follow
"""
