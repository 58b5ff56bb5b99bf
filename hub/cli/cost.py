"""What the roads of a connection cost in a day, against what the vendor's plan allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.finding import Finding, State
from hub.inbound.poll import DAY_SECONDS, rest_seconds

if TYPE_CHECKING:
    from hub.connectors.budget import Standing
    from hub.connectors.connector import Connector, Kind
    from hub.connectors.site import Site
    from hub.console.traffic import Traffic

ABOUT = "cost in a day"
MUCH = 0.6
"""The part of what the hub may spend from which on there is little left for writing."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """How many calls of a day go to what, and how long the slowest kind goes unread."""

    polls: int
    scans: int
    fetches: int
    slowest_seconds: float

    @property
    def calls(self) -> int:
        return self.polls + self.scans + self.fetches


def cost_of(site: Site, traffic: Traffic) -> Cost:
    """Reckon with the records that are there, and the changes of the last day."""
    polls, scans, slowest = 0.0, 0.0, 0.0
    for kind in _walked(site.connector):
        records = traffic.records.get(kind.name, 0)
        calls = site.ground.calls(kind, records)
        rest = rest_seconds(site.connector, calls, kind.poll_seconds)
        polls += calls * DAY_SECONDS / rest
        slowest = max(slowest, rest)
        if kind.scan_seconds:
            calls = site.ground.calls_of_scan(kind, records)
            scans += calls * DAY_SECONDS / rest_seconds(site.connector, calls, kind.scan_seconds)
    return Cost(
        polls=round(polls),
        scans=round(scans),
        fetches=sum(traffic.changes.values()),
        slowest_seconds=slowest,
    )


def about_cost(site: Site, traffic: Traffic, standing: list[Standing]) -> list[Finding]:
    """Say what a day costs, and what is left of this one."""
    cost = cost_of(site, traffic)
    day = next(one for one in site.connector.windows if one.name == "day")
    share = cost.calls / day.ceiling
    state: State = "needs" if share > 1 else "warned" if share > MUCH else "well"
    sentence = (
        f"About {cost.calls:,} calls: {cost.polls:,} to poll, {cost.scans:,} to scan, "
        f"{cost.fetches:,} to fetch what changed, with {sum(traffic.records.values()):,} records. "
        f"The plan {site.connection.plan} has {day.most:,}, of which the hub takes at most "
        f"{day.ceiling:,}; others have the rest. No kind goes unpolled for longer than "
        f"{cost.slowest_seconds / 60:,.0f} minutes."
    )
    steps = () if state == "well" else (_MORE,)
    found = [Finding(about=ABOUT, state=state, sentence=sentence, steps=steps)]
    return found + [_left(one) for one in standing if one.name == "day"]


def _left(one: Standing) -> Finding:
    if one.stopped_until is not None:
        sentence = f"The vendor asked to be left alone until {one.stopped_until:%H:%M} UTC."
        return Finding(about="left today", state="warned", sentence=sentence)
    ends = f"; at this rate it ends at {one.runs_out_at:%H:%M} UTC" if one.runs_out_at else ""
    state: State = "warned" if one.runs_out_at else "well"
    sentence = f"{one.left:,} of {one.ceiling:,} calls{ends}."
    return Finding(about="left today", state=state, sentence=sentence)


def _walked(connector: Connector) -> list[Kind]:
    return [kind for kind in connector.kinds.values() if not kind.within]


_MORE = "Ask the vendor for more calls a day or a larger plan, and set plan in hub.toml"
