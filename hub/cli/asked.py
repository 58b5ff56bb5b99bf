"""What is said of an item of the inbox: its line, what its records are called, and the rest."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.visible import visible
from hub.console.moment import clock
from hub.console.outcome import names_of
from hub.flows.judge.reasons import ALIKE, ANEW, CHOICE, WITH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hub.console.inbox import Question
    from hub.database.db import Db

_SUBJECT = re.compile(r"[\w-]+\.\w+/[\w-]+")
_UNSAID = frozenset({ALIKE, ANEW, CHOICE, WITH})
"""What the sentence, the choices or the answer say already."""

_WORDS = {
    "reason": "it gave the code {}",
    "link": "its link is {}",
    "part": "it is there as {}",
    "holder": "in its place is {}",
    "field": "the field is {}",
    "case": "it is of {}",
}


async def called(db: Db, some: Iterable[Question]) -> dict[str, str]:
    """Give what the records are called that these name."""
    return await names_of(db, {each for one in some for each in _subjects(one)})


def line_of(one: Question, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Say in one line what waits: its id, about what, about whom, and since when."""
    short = click.style(one.short, bold=one.settled is None)
    since = clock(one.since_at) if one.since_at else f"#{one.since}"
    name = f" “{names[one.subject]}”" if one.subject in names else ""
    about = visible(f"{one.subject}{name}")
    return f"{short}  {visible(one.reason):16}  {about}  ({one.flow}, since {since})"


def in_words(one: Question, names: Mapping[str, str]) -> Iterator[str]:
    """Say what else is known of an item: what is empty, and what was said already, is left out."""
    for subject in _subjects(one):
        if subject in names:
            yield f"{subject} is called “{names[subject]}”"
    for name, value in one.data.items():
        if name in _UNSAID or value in (None, "", [], {}) or _is_said(name, value, one):
            continue
        if isinstance(value, dict):
            yield from (f"{who} says {_shown(word)}" for who, word in value.items())
        else:
            yield _WORDS.get(name, f"{name}: {{}}").format(
                value if isinstance(value, str) else _shown(value)
            )


def _is_said(name: str, value: object, one: Question) -> bool:
    """Tell whether the sentence names it; a short word may stand there by chance."""
    return (
        name in ("reason", "holder")
        and re.search(rf"\b{re.escape(str(value))}\b", one.sentence) is not None
    )


def _subjects(one: Question) -> list[str]:
    return list(dict.fromkeys(_SUBJECT.findall(f"{one.subject} {one.sentence}")))


def _shown(value: object) -> str:
    return "nothing" if value is None else msgspec.json.encode(value).decode()
