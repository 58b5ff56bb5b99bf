"""`hub log`: read the log, prove it, archive it, and settle what waits in it for a person.

look.py   tail, show, timeline, export      keep.py   verify, archive
settle.py parked, unpark                    lines.py  how events are written
"""

from __future__ import annotations

import click

from hub.cli.log.keep import archive, verify
from hub.cli.log.look import export, show, tail, timeline
from hub.cli.log.settle import parked, unpark


@click.group()
def log() -> None:
    """Read, verify and archive the log.

    Records are written connection.kind/id, like books.contacts/4600; positions 12 or '#12'.

    \b
    Examples:
      hub log tail --follow
      hub log timeline books.contacts/4600
      hub log verify
      hub log archive --keep 3
    """  # noqa: D301 - click reads \b as "keep these lines as they are"


for command in (tail, show, timeline, export, verify, archive, parked, unpark):
    log.add_command(command)
