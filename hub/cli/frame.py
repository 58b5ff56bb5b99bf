"""The frame around every command: found when it is used, with the same options and endings."""

from __future__ import annotations

import importlib
import os
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, NoReturn

import click
from click.shell_completion import CompletionItem, shell_complete

from hub.cli.exits import ending
from hub.cli.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMPLETE_VARIABLE = "_HUB_COMPLETE"


class Listed(NamedTuple):
    """Where a command is written, as `module:attribute`, and what it does, in a line."""

    target: str
    help: str


class Frame(click.Group):
    """The top group: its commands are listed, all share some options, and all end in one way."""

    listed: ClassVar[Mapping[str, Listed]] = {}

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        *_: object,
        **extra: Any,
    ) -> NoReturn:
        """Run a command line and exit with what came of it."""
        if asked := os.environ.get(COMPLETE_VARIABLE):
            sys.exit(shell_complete(self, {}, "hub", COMPLETE_VARIABLE, asked))
        words = list(sys.argv[1:] if args is None else args) or ["--help"]

        def act() -> None:
            with self.make_context(prog_name or "hub", words, **extra) as context:
                self.invoke(context)

        sys.exit(ending(act, as_json="--json" in words))

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.listed)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.listed:
            return None
        module, _, attribute = self.listed[cmd_name].target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return with_options_of_all(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # click suggests from the commands it holds, and here it holds none.
        if args[0] not in self.listed and not ctx.resilient_parsing:
            near = get_close_matches(args[0], self.listed, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            ctx.fail(f'There is no command "{args[0]}".{hint}')
        return super().resolve_command(ctx, args)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.help) for name, one in self.listed.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        items = [
            CompletionItem(name, help=one.help)
            for name, one in self.listed.items()
            if name.startswith(incomplete)
        ]
        return items + click.Command.shell_complete(self, ctx, incomplete)


def with_options_of_all(command: click.Command) -> click.Command:
    """Let `hub status --json` mean the same as `hub --json status`, down to the last subcommand."""
    if not any(isinstance(param, _OptionOfAll) for param in command.params):
        taken = {name for param in command.params for name in param.opts}
        options = options_of_all(hidden=True)
        command.params += [option for option in options if not taken.intersection(option.opts)]
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            with_options_of_all(inner)
    return command


def options_of_all(*, hidden: bool) -> list[click.Parameter]:
    """Make the options that every command takes; they are kept in the Invocation."""
    return [
        _OptionOfAll(
            ["--config"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            callback=_keep_config,
            expose_value=False,
            hidden=hidden,
            help="Settings to read, instead of $HUB_CONFIG or ./hub.toml.",
        ),
        _OptionOfAll(
            ["--json"],
            is_flag=True,
            callback=_keep_json,
            expose_value=False,
            hidden=hidden,
            help="Print one JSON value instead of text; errors too, on stderr.",
        ),
        _OptionOfAll(
            ["--no-colour", "--no-color"],
            is_flag=True,
            callback=_keep_no_colour,
            expose_value=False,
            hidden=hidden,
            help="Print without colours, as where NO_COLOR is set.",
        ),
    ]


class _OptionOfAll(click.Option):
    pass


def _keep_config(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    if path is not None:
        context.ensure_object(Invocation).config = path


def _keep_json(context: click.Context, _: click.Parameter, given: bool) -> None:  # noqa: FBT001
    context.ensure_object(Invocation).json |= given


def _keep_no_colour(context: click.Context, _: click.Parameter, given: bool) -> None:  # noqa: FBT001
    context.ensure_object(Invocation).colour &= not given
