"""Whiles: as long as something is true, it is kept said on records, or one thing is open for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hub.flows.books import INVOICES
from hub.flows.flow import LinkNeed, While
from hub.flows.load.ask import answers_of, shapes_of
from hub.flows.load.guard import guard_of
from hub.flows.load.needs import Needs
from hub.flows.load.once import source_of, told
from hub.flows.load.opens import ALREADY, open_of
from hub.flows.load.stories import examples_of
from hub.settings.faults import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.expression import Shape
    from hub.flows.load.reading import Names, Reading
    from hub.flows.load.table import Table

STANDING: Mapping[str, Shape] = {
    "status": "text",
    "balance": "money",
    "currency": "text",
    "outstanding": "text",
    "days_overdue": "number",
}
"""How an invoice stands on the day, as the hub works it out; `outstanding` is for people."""

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
    source, kind = source_of(table, ("is", "clock", "already"), reading)
    names: Names = {"ask": shapes_of(ask)}
    if source.name:
        names = {source.name: kind.shape if kind else "record", **names}
    if source.kind == INVOICES:
        names["standing"] = STANDING
    holds = reading.condition(table, "is", names)
    clock = _clock(table, reading)
    already = table.choice("already", ALREADY, "ask") if "open" in root else "ask"
    table.close()
    needs = Needs(names, kind, ask, reading).of(root)
    at_hand: Names = {**names, "today": "date"}
    opens = open_of(root, at_hand, already, reading) if "open" in root else None
    keep = told(root, "keep", at_hand, reading) if opens is None else ()
    if any(not isinstance(need, LinkNeed) for need in needs):
        root.fault("needs", "expected links, found lines: a while makes no document")
    if not keep and opens is None:
        root.fault(
            "keep",
            'expected what is kept, as [keep."crm.Deals"], or what is opened, as '
            '[open."crm.Tasks"], found nothing',
        )
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
        opens=opens,
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
