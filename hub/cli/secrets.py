"""Take a secret from a person: from a file, a pipe or a prompt, and never from the command line.

What stands on a command line is seen by whoever lists the processes of the machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hub.errors import Refused
from hub.settings import Secret
from hub.settings.faults import Unfit
from hub.settings.secret import read_secret

STDIN = "-"


def secret_from(file: str, option: str) -> Secret:
    """Read the secret that a file holds, which must be nobody else's; - is stdin."""
    if file == STDIN:
        return Secret(asked(option.removeprefix("--").removesuffix("-file").replace("-", " ")))
    try:
        return read_secret(Path(file))
    except Unfit as unfit:
        raise Refused(f"{option}: {unfit}.") from unfit


def asked(what: str) -> str:
    """Read a line that is not shown: from a person, or from a pipe."""
    if sys.stdin.isatty():
        said = click.prompt(what, hide_input=True, err=True)
    else:
        said = sys.stdin.readline()
    text = str(said).strip()
    if not text:
        raise Refused(f"Expected the {what} on stdin, found nothing.")
    return text
