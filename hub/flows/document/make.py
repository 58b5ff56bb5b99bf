"""The record that is to be made, under the vendor's own names, and what is told afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.flows.document.value import NotMade, value_of
from hub.flows.steps import ABSENT, put_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.flows.document.taken import Taken
    from hub.flows.flow import Make, Tell, Value

    Names = Mapping[str, Any]
    Figures = Callable[[str, str], Any]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is written on a record that is there; None clears a field."""

    record: str
    fields: dict[str, Any]


def make(one: Make, names: Names, lines: Taken | None = None) -> dict[str, Any]:
    """Make the record, with one entry per line; raise NotMade where a field cannot be said.

    `names` has the source and every need, `today` and the table `taxes`. What is empty is left
    out: a record that is new has nothing that could be cleared.
    """
    at_hand = {**names, "lines": lines.named()} if lines else dict(names)
    fields: dict[str, Any] = {}
    for name, value in one.fields.items():
        said = _said(name, value, {**at_hand, "date": fields.get("date")})
        if said not in (ABSENT, None):
            put_at(fields, tuple(name.split(".")), said)
    for name, entry in one.each.items():
        rows = lines.lines if lines else []
        fields[name] = [_entry(name, entry, {**at_hand, "line": row}) for row in rows]
    return fields


def told(one: Tell, names: Names, figure: Figures | None = None) -> Told:
    """Work out what is written back on a record; a field that nothing is known of is left alone."""
    record = _said("to", one.to, names, figure)
    if not isinstance(record, str) or not record:
        raise NotMade(f"to: expected the id of a record of {one.kind}, found none ({one.to.text})")
    fields: dict[str, Any] = {}
    for name, value in one.fields.items():
        said = _said(name, value, names, figure)
        if said is not ABSENT:
            put_at(fields, tuple(name.split(".")), said)
    return Told(record=record, fields=fields)


def _entry(of: str, entry: Mapping[str, Value], names: Names) -> dict[str, Any]:
    said = {name: _said(f"{of}.{name}", value, names) for name, value in entry.items()}
    return {name: value for name, value in said.items() if value not in (ABSENT, None)}


def _said(name: str, value: Value, names: Names, figure: Figures | None = None) -> Any:
    try:
        return value_of(value, names, figure=figure)
    except NotMade as error:
        raise NotMade(f"{name}: {error}") from error
