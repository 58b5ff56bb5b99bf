"""Where a side has a field, and whether the field's reading can read what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.flows.load.reading import held
from hub.flows.load.table import one_of
from hub.flows.load.value import worded

if TYPE_CHECKING:
    from hub.flows.expression import Shape
    from hub.flows.flow import Path, Step
    from hub.flows.load.reading import Reading
    from hub.flows.load.table import Table
    from hub.flows.load.world import Kind

_READ_AS = {
    "money": ("money", "number"),
    "number": ("number", "money"),
    "flag": ("flag", "table"),
    "date": ("date",),
    "time": ("time", "date"),
    "record": ("address",),
}
"""By what a field holds, the steps that read it; all else is text to every step but `address`."""


def place_of(table: Table, side: str, kind: Kind | None, step: Step, reading: Reading) -> Path:
    """Read where a side has a field that is to agree."""
    text = table.text(side)
    path = reading.target(table, side, text, kind) if text else ()
    if path and kind is not None:
        _judge(table, side, held(path, kind.shape), step)
    return path


def _judge(table: Table, side: str, shape: Shape, step: Step) -> None:
    word = shape if isinstance(shape, str) else "record"
    if word in ("any", "list"):
        expected = "a field that can be kept in agreement"
        if word == "list":
            table.fault(side, f"expected {expected}, found one that holds a list")
        return
    steps = _READ_AS.get(word, ())
    if steps and step.name not in steps:
        found = f'"{step.name}" for a field that holds {worded(word)}'
        table.fault("as", f"expected {one_of(steps)}, found {found}")
    elif not steps and step.name == "address":
        expected = 'a record, or all the fields of an address as "Billing_*" or "street + city"'
        table.fault(side, f"expected {expected}, found a field that holds {worded(word)}")
