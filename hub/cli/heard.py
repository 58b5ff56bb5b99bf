"""What came in by which road, for `hub doctor`: what was heard last, what is late or silent."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from itertools import groupby
from typing import TYPE_CHECKING

import click
import msgspec

from hub.connectors.finding import Finding
from hub.console.moment import clock

if TYPE_CHECKING:
    from hub.cli.invocation import Invocation
    from hub.console.traffic import Road, Traffic

ROADS_SHOWN_MAX = 4


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """When a road was heard of last, or read."""

    kind: str
    road: str
    last_at: datetime | None
    records: int


def about_roads(came: Traffic) -> list[Finding]:
    """Say what was heard last, and which roads are late or silent."""
    if not came.roads:
        sentence = "Nothing was heard yet: `hub serve` begins to read."
        return [Finding(about="roads", state="told", sentence=sentence)]
    silent = [one for one in came.roads if one.is_silent]
    late = [one for one in came.roads if one.is_late and not one.is_silent]
    last = max(filter(None, (one.last_at for one in came.roads)), default=None)
    found = [*_fell_silent(silent), *_are_late(late, len(came.roads))]
    if not found:
        sentence = f"{len(came.roads)} are walked; last heard of at {_at(last)}."
        found = [Finding(about="roads", state="well", sentence=sentence)]
    return [*found, *_waiting(came)]


def heard(came: Traffic) -> list[Heard]:
    return [
        Heard(kind=one.kind, road=one.road, last_at=one.last_at, records=one.records)
        for one in came.roads
    ]


def tell_heard(invocation: Invocation, roads: list[Heard]) -> None:
    """Tell of each kind, by which roads it was heard of last."""
    if roads:
        invocation.say(click.style("  Last heard of:", bold=True))
    for kind, by in groupby(roads, key=lambda one: one.kind):
        times = ", ".join(f"{one.road} {_at(one.last_at)}" for one in by)
        invocation.say(f"    {kind}: {times}")


def _fell_silent(roads: list[Road]) -> list[Finding]:
    if not roads:
        return []
    untold = sum(one.unheard for one in roads)
    why = f" {untold:,} changes were found by polling that it did not tell." if untold else ""
    return [
        Finding(
            about="roads",
            state="needs",
            sentence=f"Silent: {_named(roads)}.{why} Polling has covered it meanwhile.",
            steps=("See above whether its webhook or channel is there and reaches this hub",),
        )
    ]


def _are_late(roads: list[Road], all_roads: int) -> list[Finding]:
    if not roads:
        return []
    first = min(filter(None, (one.overdue_at for one in roads)))
    return [
        Finding(
            about="roads",
            state="needs",
            sentence=f"Late: {_named(roads)}, {len(roads)} of {all_roads} in all; the first was to "
            f"be read by {_at(first)}.",
            steps=("Is a hub running (`hub serve`)? If so, its log says what keeps it",),
        )
    ]


def _waiting(came: Traffic) -> list[Finding]:
    if not came.waiting:
        return []
    since = f", the first since {_at(came.waiting_since)}" if came.waiting_since else ""
    sentence = f"{came.waiting:,} records wait to be read{since}."
    return [Finding(about="fetches", state="told", sentence=sentence)]


def _named(roads: list[Road]) -> str:
    shown = [
        f"{one.kind} by {one.road} (last heard of {_at(one.last_at)})"
        for one in roads[:ROADS_SHOWN_MAX]
    ]
    more = len(roads) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _at(moment: datetime | None) -> str:
    return "never" if moment is None else clock(moment)
