"""The lines of `see`, as people write them.

there was: deal 7 Stage = "Proposal"          before the flow began
first sync                                    all records are judged, as a person has asked
10:00 deal 7 Stage = "Proposal"               a first mention is a record that was just made
10:00 deal 7 is first seen: Stage = "Lost"    it was made before the flow began
10:01 deal 7 is gone
31 March 08:00 nothing happens                time alone moves on
10:02 ana says: create                        the answer to what was asked last

What is seen in one minute is seen before anything is written; after the last line time runs on
until nothing is waited for, a day at most.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hub.flows.examples.names import RECORD, NotAStory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.flows.examples.names import Names
    from hub.flows.known import Key

FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)
"""The day of a line that names none."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_STAMP = re.compile(
    r"(?:(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]+) )?(?P<hour>\d\d):(?P<minute>\d\d) (?P<rest>.+)"
)
_WAS = re.compile(r"there was: (?P<rest>.+)")
_SAYS = re.compile(r"(?P<who>\w+) says: (?P<choice>.+)")
_GONE = re.compile(rf"{RECORD} is gone")
_FIRST = re.compile(rf"{RECORD} is first seen: (?P<fields>.+)")
_CHANGE = re.compile(rf"{RECORD}(?: new:)? (?P<fields>.+)")

Act = Literal["was", "change", "first", "gone", "nothing", "says", "first sync"]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what is seen, and when; without a time it was so before the flow began."""

    text: str
    act: Act
    at: datetime | None = None
    key: Key | None = None
    fields: dict[str, Any] = {}
    who: str = ""
    choice: str = ""


def seen_in(lines: Sequence[str], names: Names) -> list[Seen]:
    """Read the lines of a story, in the order of time in which they must stand."""
    found: list[Seen] = []
    at: datetime | None = None
    for line in lines:
        seen = _seen(line, names, at)
        if at is not None and (seen.at is None or seen.at < at):
            raise NotAStory(f"{line}: expected lines in the order of time, found an earlier one")
        found.append(seen)
        at = seen.at
    return found


def _seen(line: str, names: Names, before: datetime | None) -> Seen:
    try:
        if said := _WAS.fullmatch(line):
            return _change(line, "was", said["rest"], None, names)
        if line == "first sync":
            return Seen(text=line, act="first sync")
        if said := _STAMP.fullmatch(line):
            return _happening(line, said["rest"], _at(said, before), names)
    except NotAStory as fault:
        raise NotAStory(f"{line}: {fault}") from fault
    expected = "a time and what is seen then, as `10:00 deal 7 Amount = 100`, or `there was: …`"
    raise NotAStory(f"{line}: expected {expected}")


def _happening(line: str, rest: str, at: datetime, names: Names) -> Seen:
    if rest == "nothing happens":
        return Seen(text=line, act="nothing", at=at)
    if said := _SAYS.fullmatch(rest):
        return Seen(text=line, act="says", at=at, who=said["who"], choice=said["choice"])
    if said := _GONE.fullmatch(rest):
        return Seen(text=line, act="gone", at=at, key=names.key(said["word"], said["id"]))
    if said := _FIRST.fullmatch(rest):
        return _change(line, "first", f"{said['word']} {said['id']} {said['fields']}", at, names)
    return _change(line, "change", rest, at, names)


def _change(line: str, act: Act, rest: str, at: datetime | None, names: Names) -> Seen:
    said = _CHANGE.fullmatch(rest)
    if said is None:
        raise NotAStory(f"expected a record and what it says, found “{rest}”")
    key = names.key(said["word"], said["id"])
    return Seen(text=line, act=act, at=at, key=key, fields=names.fields(said["fields"], key[0]))


def _at(said: re.Match[str], before: datetime | None) -> datetime:
    """Give the time of a line; one that names no day is of the day of the line before."""
    day = (before or FIRST_DAY).replace(hour=0, minute=0)
    try:
        if said["month"]:
            month = _MONTHS.index(said["month"]) + 1
            day = day.replace(month=month, day=int(said["day"]))
        at = datetime(
            day.year, day.month, day.day, int(said["hour"]), int(said["minute"]), tzinfo=UTC
        )
    except ValueError:
        raise NotAStory("expected a day and a time that there are, as `31 March 08:00`") from None
    return at
