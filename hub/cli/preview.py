"""`hub replay preview`: what a changed flow would have done with what really happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hub.cli.flows import files_of, read_flows
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.log.keep import archive_directory
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.position import POSITION
from hub.cli.progress import Progress
from hub.cli.visible import visible
from hub.errors import Refused
from hub.flows.load.installed import resolved
from hub.replay.preview import NewFlow, Previewed, preview
from hub.settings.faults import nearest, quoted

if TYPE_CHECKING:
    from hub.replay.preview import Owed
    from hub.settings import Settings

SHOWN_MAX = 20


@click.command("preview")
@click.option("--flow", required=True, help="The flow, as its file in the directory flows is now.")
@click.option(
    "--since", type=POSITION, default=1, help="The event from which it is in force, like 12000."
)
@pass_invocation
def preview_command(invocation: Invocation, *, flow: str, since: int) -> None:
    """Judge real history by a changed flow.

    It shows what the flow, as its file is now, would have written, next to what was written.
    Nothing of it is kept: it is folded beside the tables that serve, as if the flow had been
    on since the event that --since names; what was there by then counts as seen before.

    \b
    Examples:
      hub replay preview --flow customers
      hub replay preview --flow customers --since 12000
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found = run(_preview(invocation.settings, _new_flow(invocation.settings, flow), since))
    for line in lines(found):
        invocation.say(visible(line))
    invocation.result(found)


async def _preview(settings: Settings, flow: NewFlow, since: int) -> Previewed:
    async with opened(settings) as (database, _):
        with Progress(f"preview {flow.name}", 0) as progress:

            def told(done: int, total: int) -> None:
                progress.total = total
                progress.to(done)

            return await preview(database, archive_directory(settings), flow, since, told=told)


def _new_flow(settings: Settings, name: str) -> NewFlow:
    known = read_flows(settings)
    if name not in known:
        raise Refused(
            f"There is no flow {quoted(name)} in the directory flows{nearest(name, known) or '.'}"
        )
    files = files_of(settings)
    file = next(each for each, text in files.items() if resolved(text, each)["flow"] == name)
    answers = {
        key: [value] if isinstance(value, str) else value
        for key, value in settings.answers.get(name, {}).items()
    }
    return NewFlow(name=name, file=file, text=files[file], answers=answers)


def lines(found: Previewed) -> list[str]:
    """Write it for a person."""
    told = [f"{found.flow}, in force from #{found.since} to #{found.until:,}"]
    told.append(f"{found.same:7,}  written as it was")
    told += _listed("would be written, and was not", found.more)
    told += _listed("was written, and would not be", found.less)
    for reason in sorted(found.asked.keys() | found.asked_before.keys()):
        now, before = found.asked.get(reason, 0), found.asked_before.get(reason, 0)
        told.append(f"{now:7,}  questions to a person: {reason} (there were {before:,})")
    return told


def _listed(what: str, owed: list[Owed]) -> list[str]:
    more = [f"         and {len(owed) - SHOWN_MAX:,} more"] if len(owed) > SHOWN_MAX else []
    shown = [f"         #{one.owed} {one.target}" for one in owed[:SHOWN_MAX]]
    return [f"{len(owed):7,}  {what}", *shown, *more]
