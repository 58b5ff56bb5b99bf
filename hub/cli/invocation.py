"""One call of the command line: its options, its settings, and how it speaks."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hub.settings import Reading, Settings


class Invocation:
    """What every command is handed; get it with `@pass_invocation`."""

    def __init__(self) -> None:
        self.config: Path | None = None
        self.json = False
        self.colour = _takes_colour()

    @cached_property
    def settings(self) -> Settings:
        """The settings, read on first use: a command that needs none never fails on them.

        The secrets of connections are not among them: only what uses connections needs those.
        """
        from hub.settings import read  # noqa: PLC0415 - `hub --help` does without it

        return read(self.config, os.environ, secrets=False).settings

    @cached_property
    def reading(self) -> Reading:
        """All settings, the secrets of connections too, with where each value came from."""
        from hub.settings import read  # noqa: PLC0415

        return read(self.config, os.environ)

    def say(self, text: str) -> None:
        """Print a line for a person: nothing under --json."""
        if not self.json:
            click.echo(text, color=self.colour)

    def result(self, value: object) -> None:
        """Print what a program asked for: one JSON value under --json, else nothing."""
        if self.json:
            import msgspec  # noqa: PLC0415 - `hub --help` does without it

            click.echo(msgspec.json.encode(value, enc_hook=_plain).decode())


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)


def _takes_colour() -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    message = f"expected what JSON can hold, found a {type(value).__name__}"
    raise TypeError(message)
