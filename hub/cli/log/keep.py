"""`hub log verify` and `archive`: the log is proved, and its old part is moved to files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.position import POSITION
from hub.cli.progress import Progress
from hub.database import statement
from hub.errors import Refused
from hub.log.archive import archive as move
from hub.log.read import head
from hub.log.verify import Verified
from hub.log.verify import verify as prove

if TYPE_CHECKING:
    from pathlib import Path

    from hub.database.db import Db
    from hub.events import Archived
    from hub.settings import Settings


@click.command()
@click.option(
    "--from", "start", type=POSITION, default=1, help="Where to begin; the very start if not given."
)
@pass_invocation
def verify(invocation: Invocation, *, start: int) -> None:
    """Prove that the log is as it was kept.

    Every event is looked at, archived ones too, and none may be missing. The link that is printed
    at the end stands for every event before it. Note it somewhere else: whoever can rewrite the
    whole log, links and all, cannot change your note. The exit code is 4 when the log does not hold
    what was written to it; the message names the first position.

    \b
    Examples:
      hub log verify
      hub log verify --from 1000000
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found = run(_verify(invocation.settings, start))
    if not found.events:
        invocation.say("The log is empty.")
    else:
        invocation.say(
            f"{found.events:,} events, #{found.first:,} to #{found.last:,}, are as they were kept."
        )
        invocation.say(f"Link at #{found.last:,}: {found.link}")
    invocation.result(found)


async def _verify(settings: Settings, start: int) -> Verified:
    async with opened(settings) as (_, db):
        last = await head(db)
        if start > max(last, 1):
            raise Refused(f"The log ends at #{last}; nothing is to be proved from #{start} on.")
        with Progress("verify", last) as progress:
            return await prove(db, archive_directory(settings), start=start, told=progress.to)


@click.command()
@click.option("--before", type=POSITION, help="Move partitions that end before this position.")
@click.option(
    "--keep",
    type=click.IntRange(1),
    metavar="N",
    help="Keep the newest N partitions in the database, and move the others.",
)
@pass_invocation
def archive(invocation: Invocation, *, before: int | None, keep: int | None) -> None:
    """Move old partitions to files.

    A full partition goes from the database to a compressed file. A file is written, synced and read
    back before the database lets go of its events. Reading, verifying and rebuilding go on over the
    files: keep them. Partitions that a projector has not read yet stay.

    \b
    Examples:
      hub log archive --keep 3
      hub log archive --before 5000000
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    if (before is None) == (keep is None):
        raise click.UsageError("Expected either --before POSITION or --keep N.")
    moved = run(_archive(invocation.settings, before, keep))
    for one in moved:
        invocation.say(f"#{one.first:,} to #{one.last:,}  {one.file}")
    if moved:
        invocation.say(f"They are in {archive_directory(invocation.settings)}.")
    else:
        invocation.say("There is no full partition to move.")
    invocation.result(moved)


async def _archive(settings: Settings, before: int | None, keep: int | None) -> list[Archived]:
    async with opened(settings, "owner") as (_, db):
        end = before if before is not None else await _end_of_all_but(db, keep or 1)
        with Progress("archive", end - 1) as progress:
            return await move(db, archive_directory(settings), before=end, told=progress.to)


async def _end_of_all_but(db: Db, keep: int) -> int:
    """Give where the newest partitions begin, of those that hold anything."""
    last = await head(db)
    begun = [row for row in await db.fetch(statement("log/partitions.sql")) if row["first"] <= last]
    return int(begun[-keep]["first"]) if len(begun) >= keep else 1


def archive_directory(settings: Settings) -> Path:
    directory = settings.log.archive_directory
    return settings.home / "archive" if directory is None else directory
