"""Whiles: `[while]` something is true, `[keep]` it said on records that are there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hub.flows.flow import LinkNeed, While
from hub.flows.load.ask import answers_of
from hub.flows.load.guard import examples_of, guard_of
from hub.flows.load.needs import Needs
from hub.flows.load.once import source_of, told
from hub.settings.faults import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.load.reading import Names, Reading
    from hub.flows.load.table import Table

_CLOCK = re.compile(r"each morning in (?P<connection>\S+)")


def while_of(
    root: Table,
    name: str,
    id: str,  # noqa: A002
    answers: Mapping[str, object],
    reading: Reading,
) -> While:
    """Read a while; what cannot be taken is among the faults."""
    ask = answers_of(root, name, answers, reading)
    table = root.needed("while")
    source, kind = source_of(table, ("is", "clock"), reading)
    names: Names = {"ask": dict.fromkeys(ask, "texts")}
    if source.name:
        names = {source.name: kind.shape if kind else "record", **names}
    holds = reading.condition(table, "is", names)
    clock = _clock(table, reading)
    table.close()
    needs = Needs(names, kind, ask, reading).of(root)
    keep = told(root, "keep", {**names, "today": "date"}, reading)
    if any(not isinstance(need, LinkNeed) for need in needs):
        root.fault("needs", "expected links, found lines: a while makes no document")
    if not keep:
        root.fault("keep", 'expected what is kept, as [keep."crm.Deals"], found nothing')
    return While(
        name=name,
        id=id,
        about=root.text("about"),
        ask=ask,
        source=source,
        holds=holds,  # type: ignore[arg-type] # None only where a fault is noted
        clock=clock,
        needs=tuple(need for need in needs if isinstance(need, LinkNeed)),
        keep=keep,
        guard=guard_of(root),
        examples=examples_of(root),
    )


def _clock(table: Table, reading: Reading) -> str:
    text = table.text("clock", "") if "clock" in table else ""
    if not text:
        return ""
    said = _CLOCK.fullmatch(text)
    if said is None:
        expected = '"each morning in books"'
        table.fault("clock", f"expected {expected}, found {quoted(text)}")
        return ""
    return reading.connection(table, "clock", said["connection"]) or ""
