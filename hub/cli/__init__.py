"""The `hub` command. What can be done is listed here; each command is read only when it is used.

So `hub --help` answers at once, and a command pays for no import but its own: nothing in this file
may import the parts of the hub.
"""

import signal
from typing import NoReturn

import click

from hub import __version__
from hub.cli.exits import EXIT_CODES
from hub.cli.frame import Frame, Listed, options_of_all
from hub.cli.invocation import Invocation
from hub.cli.loop import run

__all__ = ["COMMANDS", "hub", "main", "run"]

COMMANDS: dict[str, Listed] = {
    "demo": Listed("hub.cli.demo:demo", "Play the vendors, run a hub beside them, and watch."),
    "sandbox": Listed(
        "hub.cli.sandbox:sandbox", "Play the vendors on this machine, to try things on."
    ),
    "connect": Listed("hub.cli.connect:connect", "Let the hub in at a vendor."),
    "setup": Listed("hub.cli.setup:setup", "Make at the vendors what the hub stands on."),
    "doctor": Listed("hub.cli.doctor:doctor", "Examine the connections, and what they stand on."),
    "serve": Listed("hub.cli.serve:serve", "Run the hub until it is stopped."),
    "status": Listed("hub.cli.status:status", "Tell how the hub is, and what needs a person."),
    "check": Listed("hub.cli.check:check", "Find what is wrong with the settings."),
    "migrate": Listed("hub.cli.migrate:migrate", "Bring the database to this version of the hub."),
    "flows": Listed("hub.cli.work:flows", "Read the flows of this hub, and let them work."),
    "why": Listed("hub.cli.why:why_command", "Tell what became of a record, and who changed it."),
    "links": Listed("hub.cli.links:links", "See which records are the same, and put it right."),
    "inbox": Listed("hub.cli.inbox:inbox_group", "Settle what needs a person."),
    "deliveries": Listed("hub.cli.deliveries:deliveries_command", "List the writes that are owed."),
    "approve": Listed("hub.cli.approve:approve_command", "Let go what a flow in hold owes."),
    "backfill": Listed(
        "hub.cli.backfill:backfill_command", "Link what was there before a flow began."
    ),
    "reconcile": Listed(
        "hub.cli.reconcile:reconcile_command", "Hold both sides of a flow against each other."
    ),
    "catch-up": Listed(
        "hub.cli.catch_up:catch_up_command", "Offer a flow what was so before it began."
    ),
    "redeliver": Listed(
        "hub.cli.redeliver:redeliver_command", "Write again what a vendor has lost."
    ),
    "simulate": Listed(
        "hub.cli.simulate:simulate_command", "Play this hub's flows among people and faults."
    ),
    "stop": Listed("hub.cli.stop:stop", "Stop all writes to a connection."),
    "db": Listed("hub.cli.db:db", "Start, stop and look at the hub's own Postgres."),
    "log": Listed("hub.cli.log:log", "Read, verify and archive the log."),
    "replay": Listed("hub.cli.replay:replay", "Rebuild tables from the log."),
    "vault": Listed("hub.cli.vault:vault", "Look after the keys that secrets are sealed under."),
    "completion": Listed("hub.cli.completion:completion", "Let the shell complete hub commands."),
}


def main() -> NoReturn:
    """Run the command that the process was started with, and exit."""
    # Being asked to stop is the same by any road. `run` does this for what is awaited.
    for asked in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(asked) != signal.SIG_IGN:  # as under nohup
            signal.signal(asked, signal.default_int_handler)
    raise SystemExit(hub.main(prog_name="hub"))


class _Hub(Frame):
    listed = COMMANDS


@click.group(cls=_Hub, params=options_of_all(hidden=False), epilog=EXIT_CODES)
@click.version_option(__version__, message="hub %(version)s", help="Print the version.")
@click.pass_context
def hub(context: click.Context) -> None:
    """Bring every change at several systems into one log, and explain what became of it.

    \b
    See it at work, with nothing set up:
      hub demo

    \b
    Run it for good:
      hub check         what is set, and what is wrong with it
      hub migrate       make its tables
      hub connect crm   let it in at a vendor; then hub setup, and hub doctor
      hub serve         run it

    Settings come from hub.toml and from HUB_* variables; `hub check --explain` lists them all.
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    context.ensure_object(Invocation)
