"""A story as a line: the change, the event, the decision, the write, the echo."""

from __future__ import annotations

from datetime import UTC, datetime
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from hub.cli.demo.story import Story, Told, Write, listed
from hub.cli.visible import visible
from hub.outbound.outcome import CHANGED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COLUMNS_MIN, COLUMNS_MAX = 80, 140
TIME, ABOUT_MIN, MARGIN = 8, 38, 10
WIDE = 110
"""From so many columns on, what came of a change stands beside it, not below. What a line has
more is shared with the name of what it is about."""

FIELDS_CHARACTERS_MAX = 32
NEXT = "-> "
_COLOURS = {"decided": "cyan", "asked": "magenta", "written": "green", "refused": "red"}


def line(story: Story, names: Mapping[str, str], columns: int) -> str:
    """Write a story down, no wider than it may be."""
    clock = (story.event.recorded_at or datetime.now(UTC)).astimezone().strftime("%H:%M:%S")
    is_wide = columns >= WIDE
    width = ABOUT_MIN + (columns - WIDE) // 2 if is_wide else columns - MARGIN
    about = cut(named(story.about, names), width)
    margin = TIME + width + 4 if is_wide else MARGIN
    front = f"{click.style(clock, dim=True)}  {about:{width}}" if is_wide else f"{clock}  {about}"
    lines = list(_wrapped(_said(story, names), columns - margin))
    if is_wide:
        return f"\n{' ' * margin}".join([f"{front}  {lines[0]}", *lines[1:]])
    return f"\n{' ' * margin}".join([front, *lines])


def note(text: str, columns: int) -> str:
    """Write down something beside the stories."""
    lines = wrap(visible(text), columns - MARGIN)
    return click.style(f"\n{' ' * MARGIN}".join([f"{'':{TIME}}  {lines[0]}", *lines[1:]]), dim=True)


def named(subject: str, names: Mapping[str, str]) -> str:
    """Give a record by its name, where it has one, else by its id."""
    name = names.get(subject)
    return f"{subject.partition('/')[0]} “{name}”" if name else subject


def cut(text: str, width: int) -> str:
    text = visible(text)
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _said(story: Story, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give each piece with its colour."""
    yield story.said, ""
    yield f"#{story.event.position}", ""
    for part in story.parts():
        if isinstance(part, Told):
            text = (
                part.text.replace(part.subject, named(part.subject, names)) if part.subject else ""
            )
            yield text or part.text, part.mood
        else:
            yield from _of_write(part, {} if part.subject == story.about else names)


def _of_write(write: Write, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Say what came of a write; the record that the story is about is not named again."""
    assert write.came is not None
    kind = f"{write.connection}.{write.kind}"
    target = named(write.subject, names) if names.get(write.subject) else kind
    match write.came.outcome:
        case "done" if write.came.was_there:
            yield f"{target} was there already", "written"
        case "done" if not write.fields:
            yield f"{target} says so already", "written"
        case "done":
            what = "made" if write.is_new else f"{_few(write.says)} written"
            yield f"{target} {what} in {write.milliseconds:.0f} ms", "written"
        case "refused":
            yield f"{target} refused: {write.came.sentence}", "refused"
        case "unknown" if write.came.because == CHANGED:
            yield f"{target} was changed by somebody else: it is read again", "asked"
        case "unknown":
            yield f"{target}: no answer came, so it is looked whether it is there", "asked"
        case _:
            yield f"{target}: later, {write.came.sentence}", "asked"
    if write.echo and write.fields:
        yield "echo recognised", "written"


def _few(names: list[str]) -> str:
    both = listed(names, 2)
    return both if len(both) <= FIELDS_CHARACTERS_MAX else listed(names, 1)


def _wrapped(pieces: Iterator[tuple[str, str]], width: int) -> Iterator[str]:
    """Put as many pieces on a line as it holds."""
    row, used = "", 0
    for n, (text, mood) in enumerate(pieces):
        arrow = NEXT if n else ""
        first, *more = wrap(visible(text), width - len(arrow)) or [""]
        if row and used + 1 + len(arrow) + len(first) > width:
            yield row
            row, used = "", 0
        space = " " if row else ""
        row += space + click.style(arrow, dim=True) + click.style(first, fg=_COLOURS.get(mood))
        used += len(space) + len(arrow) + len(first)
        for part in more:
            yield row
            row, used = click.style(part, fg=_COLOURS.get(mood)), len(part)
    yield row
