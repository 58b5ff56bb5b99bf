"""Every example of every help page is a command that there is, and works where it can be run."""

from __future__ import annotations

import shlex
from inspect import cleandoc
from itertools import takewhile
from typing import TYPE_CHECKING

import click
import pytest

from hub.cli import COMMANDS, hub
from hub.events import Event, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Desk

RUN = {"status", "check", "migrate", "log", "replay"}
"""Whose examples are run; the others start servers, or need a terminal or a Postgres of ours."""

LASTS = "--follow"
ENDS_WITH_1 = {
    "log unpark",
    "log show",
    "log verify --from",
    "log export --from",
    "replay as-of",
    "replay preview",
}
"""They name positions, records and flows that are not there, and say so."""


def pages(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    context = click.Context(command)
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        inner = command.get_command(context, name)  # type: ignore[attr-defined]
        yield from pages(inner, *path, name)


def examples() -> list[list[str]]:
    """Give the words after `hub` of every indented line that shows a command."""
    found = {}
    for _, command in pages(hub):
        for line in cleandoc(command.help or "").splitlines():
            words = _words(line.partition(" hub ")[2]) if line.startswith("  ") else []
            if words:
                found[" ".join(words)] = words
    return list(found.values())


def _words(text: str) -> list[str]:
    """Give the words of one command: without what a pipe, a redirection or a remark adds."""
    reading = shlex.shlex(text.partition("   ")[0], posix=True, punctuation_chars=True)
    reading.whitespace_split = True
    reading.commenters = ""
    return list(takewhile(lambda word: not set(word) <= set("|&><;"), reading))


@pytest.mark.parametrize("group", ["log", "replay", "db"])
def test_no_summary_in_a_list_of_commands_is_cut(group: str, desk: Desk) -> None:
    told = desk.run(group, "--help")

    assert "..." not in told.out.partition("Commands:")[2]


def test_there_are_examples_of_every_command() -> None:
    assert {words[0] for words in examples() if words[0] != "--config"} >= set(COMMANDS)


@pytest.mark.parametrize("words", examples(), ids=" ".join)
def test_every_example_is_a_command_with_these_options(words: list[str]) -> None:
    command: click.Command = hub
    context = click.Context(hub, info_name="hub")
    rest = list(words)
    while isinstance(command, click.Group):
        with command.make_context(context.info_name, rest, context.parent) as context:
            rest = [*context._protected_args, *context.args]
            _, inner, rest = command.resolve_command(context, rest)
        assert inner is not None
        command = inner
    command.make_context("hub", rest)


def test_every_example_that_needs_no_terminal_works(desk: Desk) -> None:
    desk.keep(
        *(
            Event(
                type="observed",
                id=new_id(),
                data=b"{}",
                connection="books",
                kind="contacts",
                record="4600",
                road="push",
            )
            for _ in range(12)
        )
    )
    desk.apply()

    for words in examples():
        if words[0] not in RUN or LASTS in words:
            continue
        ended = desk.run(*words)
        may_refuse = any(" ".join(words).startswith(each) for each in ENDS_WITH_1)
        assert ended.code in ((0, 1) if may_refuse else (0,)), (words, ended.err)
