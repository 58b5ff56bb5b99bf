"""Modes, brakes and durations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import msgspec

from hub.flows.flow import AtMost, Guard, Mode
from hub.settings.faults import quoted

if TYPE_CHECKING:
    from hub.flows.load.table import Table

GO_LIVE = tuple(mode for mode in get_args(Mode) if mode != "paused")

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_DURATION = re.compile(r"(?P<count>\d{1,6})(?P<unit>[smhd])")
_PER = {"minute": 60.0, "hour": 3_600.0, "day": 86_400.0, "week": 604_800.0}
_EMPTIED = re.compile(r"(?P<records>\d{1,9}) records, (?P<percent>\d{1,3}(?:\.\d{1,4})?) %")
_AT_MOST = re.compile(
    r"(?:(?P<count>\d{1,12})|(?P<money>\d{1,12}(?:\.\d{1,4})?) (?P<currency>[A-Z]{3}))"
    r" per (?P<unit>\w+)"
)


def guard_of(root: Table) -> Guard:
    """Read `[guard]`; without it each write waits for a person."""
    table = root.table("guard")
    if table is None:
        return Guard()
    go_live = table.choice("go_live", GO_LIVE, "hold")
    at_most = [_at_most(table, text) for text in table.texts("at_most") or ()]
    records, percent = _emptied(table)
    table.close()
    return Guard(
        emptied_records=records,
        emptied_percent=percent,
        go_live=msgspec.convert(go_live, Mode),
        at_most=tuple(one for one in at_most if one),
    )


def _emptied(table: Table) -> tuple[int, str]:
    """Read on how many records one field may be emptied: the larger of a number and a share."""
    texts = table.texts("emptied")
    usual = Guard()
    if texts is None:
        return usual.emptied_records, usual.emptied_percent
    said = _EMPTIED.fullmatch(", ".join(texts))
    if said is None:
        expected = 'expected ["20 records", "1 %"], found '
        table.fault("emptied", f"{expected}{quoted(', '.join(texts))}")
        return usual.emptied_records, usual.emptied_percent
    return int(said["records"]), said["percent"]


def _at_most(table: Table, text: str) -> AtMost | None:
    said = _AT_MOST.fullmatch(text)
    if said is None or said["unit"] not in _PER:
        expected = '"25 per hour" or "100000 EUR per day" (per minute, hour, day or week)'
        table.fault("at_most", f"expected {expected}, found {quoted(text)}")
        return None
    return AtMost(
        text=text,
        amount=said["count"] or said["money"],
        currency=said["currency"] or "",
        seconds=_PER[said["unit"]],
    )


def seconds_of(table: Table, key: str) -> float:
    """Read a duration: `10m`; nothing said is none."""
    text = table.text(key, "0s")
    said = _DURATION.fullmatch(text)
    if said is None:
        expected = 'how long, as "30s", "10m", "2h" or "1d"'
        table.fault(key, f"expected {expected}, found {quoted(text)}")
        return 0.0
    return int(said["count"]) * _SECONDS[said["unit"]]
