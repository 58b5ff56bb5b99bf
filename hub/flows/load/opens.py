"""What a while opens and closes: `[open."crm.Tasks"]`, `[keep]` and `[close]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hub.flows.flow import MESSAGES, Make, Open, Part
from hub.flows.load.once import written
from hub.flows.load.table import one_too_many
from hub.flows.load.value import Values

if TYPE_CHECKING:
    from hub.flows.load.reading import Names, Reading
    from hub.flows.load.table import Table
    from hub.flows.load.world import Kind

ALREADY = ("ask", "skip")
_NOWHERE = Make(connection="", kind="", fields={})


def open_of(root: Table, names: Names, already: str, reading: Reading) -> Open:
    """Read the one thing that is there for as long as it is true."""
    tables = list(root.needed("open").tables())
    if len(tables) != 1:
        found = one_too_many([name for name, _ in tables])
        root.fault("open", f'expected one thing, as [open."crm.Tasks"], found {found}')
        return Open(make=_NOWHERE, keep=Part(), close=Part(), already="ask")
    spelled, table = tables[0]
    kind = reading.kind(table, None, spelled)
    fields = written(table, list(table.keys()), Values(reading, names), kind, reading)
    if not fields:
        table.fault(None, f"expected fields of {spelled} to write, found none")
    table.close()
    keep, close = (_part(root, key, names, kind, reading) for key in ("keep", "close"))
    if kind is not None and kind.name == MESSAGES:
        _must_stand(root)
    elif kind is not None and not close.fields:
        root.fault("close", "expected what it says in the end, found nothing: it would stay open")
    for name in fields.keys() & keep.fields.keys():
        root.fault("keep", f"expected {name} in [open] or in [keep], found it in both")
    connection, of = (kind.connection, kind.name) if kind else ("", "")
    return Open(
        make=Make(connection=connection, kind=of, fields={**fields, **keep.fields}),
        keep=keep,
        close=close,
        already=msgspec.convert(already, Literal["skip", "ask"]),
    )


def _must_stand(root: Table) -> None:
    """See that nothing is to be changed of what cannot be: it stands as it was sent."""
    for key in ("keep", "close"):
        if key in root:
            root.fault(key, "expected none, for a message that was sent stands as it is; found it")


def _part(root: Table, key: str, names: Names, kind: Kind | None, reading: Reading) -> Part:
    table = root.table(key)
    if table is None:
        return Part()
    made: Names = {**names, "made": kind.shape if kind else "record"}
    unless = reading.condition(table, "unless", made) if "unless" in table else None
    keys = [name for name in table.keys() if name != "unless"]  # noqa: SIM118 - no dict
    fields = written(table, keys, Values(reading, names), kind, reading)
    table.close()
    return Part(fields=fields, unless=unless)
