"""What kinds, fields and expressions mean, as they are spelled in a flow's file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hub.flows.expression import Expression, ExpressionFault, Shape, Wanted
from hub.flows.expression import compile as compiled
from hub.flows.steps.place import SEVERAL
from hub.settings.faults import nearest, quoted, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.flow import Path
    from hub.flows.load.table import Table
    from hub.flows.load.world import Kind, World

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
NAME_EXPECTED = (
    "a lower-case name of letters, digits and _, at most 40 characters, that starts with a letter"
)
TAKEN = frozenset(
    {"ask", "it", "row", "line", "today", "date", "taxes", "made", "people", "standing"}
)
"""Names at hand that the hub gives itself."""

KIND = re.compile(r"(?P<connection>[^.\s]+)\.(?P<kind>[^.\s]+)")
_NAME = r"[A-Za-z_$][\w$]*"
_PATH = re.compile(rf"{_NAME}(?:\.{_NAME})*(?:\*|(?: ?\+ ?{_NAME})*)")

Names = dict[str, Shape]
"""What is at hand in an expression, by name."""


class Reading:
    """Reads for one flow: what its words mean in this world, under the names it was given."""

    def __init__(self, world: World, renamed: Mapping[str, str]) -> None:
        self.world = world
        self._renamed = renamed
        self._named: dict[str, None] = {}
        self.connections: dict[str, None] = {}
        """The connections that the flow names, in its order."""

    def kind(self, table: Table, key: str | None, text: str) -> Kind | None:
        """Read `crm.Accounts`; None, with a fault noted, where there is no such kind."""
        spelled = KIND.fullmatch(text)
        if spelled is None:
            expected = 'a connection and a kind, as "crm.Accounts"'
            table.fault(key, f"expected {expected}, found {quoted(text)}")
            return None
        connection = self.connection(table, key, spelled["connection"])
        return self._kind(table, key, connection, spelled["kind"]) if connection else None

    def connection(self, table: Table, key: str | None, name: str) -> str | None:
        """Give the connection that a flow means by a name."""
        known = self.world.connections
        self._named[name] = None
        meant = self._renamed.get(name, name)
        if meant not in known:
            text = f"expected a connection of hub.toml, found {quoted(meant)}"
            how = "" if known else ", and hub.toml has none"
            if name == meant and known:
                how = nearest(meant, known) or f'; say which: connections = {{ {name} = "…" }}'
            table.fault(key, text + how)
            return None
        self.connections[meant] = None
        return meant

    def judge_renamed(self, root: Table) -> None:
        """Note each name under `connections` that the flow never speaks of."""
        for name in self._renamed.keys() - self._named.keys():
            found = f"{quoted(name)}{nearest(name, self._named)}"
            root.fault("connections", f"expected a connection of this flow, found {found}")

    def _kind(self, table: Table, key: str | None, connection: str, name: str) -> Kind | None:
        kinds = self.world.connections[connection].kinds
        if kinds and name not in kinds:
            system = self.world.connections[connection].system
            found = f"{quoted(name)}{nearest(name, kinds)}"
            table.fault(key, f"expected a kind of {connection} ({system}), found {found}")
            return None
        return self.world.kind(connection, name)

    def path(
        self,
        table: Table,
        key: str | None,
        text: object,
        kind: Kind | None,
        *,
        makes: bool = False,
    ) -> Path:
        """Read the way to a field: `Owner.email`; of an address `Billing_*`, or `street + city`.

        `makes`: `hub setup` makes one that is not there.
        """
        if not isinstance(text, str) or not _PATH.fullmatch(text):
            table.fault(key, f"expected a field, found {shown(text)}")
            return ()
        path = tuple(text.replace(" ", "").split("."))
        if kind is not None and kind.fields is not None:
            self._judge_path(table, key, path, kind, makes=makes)
        return path

    def _judge_path(
        self, table: Table, key: str | None, path: Path, kind: Kind, *, makes: bool
    ) -> None:
        known: Shape = kind.shape
        for depth, name in enumerate(path):
            if isinstance(known, str):
                return
            if name.endswith("*"):
                if not any(field.startswith(name[:-1]) for field in known):
                    found = quoted(name)
                    table.fault(key, f"expected the start of fields of {kind.text}, found {found}")
                return
            if SEVERAL in name:
                for one in name.split(SEVERAL):
                    self._judge_path(table, key, (*path[:depth], one), kind, makes=makes)
                return
            if name not in known:
                where = ".".join((kind.text, *path[:depth]))
                missing = f", which is not there; `hub setup {kind.connection}` makes it"
                found = f"{quoted(name)}{missing if makes else ''}{nearest(name, known)}"
                table.fault(key, f"expected a field of {where}, found {found}")
                return
            known = known[name]

    def target(self, table: Table, key: str | None, text: str, kind: Kind | None) -> Path:
        """Read the way to a field that the flow is to write."""
        if kind is not None and text.rpartition(".")[2] in kind.marks:
            found = f"{quoted(text)}, which bears the hub's own mark: leave it out"
            table.fault(
                key, f"expected a field of {kind.text} that is not the hub's, found {found}"
            )
            return ()
        return self.path(table, key, text, kind, makes=kind is not None and kind.is_told)

    def judge_written(self, table: Table, key: str | None, path: Path, kind: Kind | None) -> None:
        """Note a field that the flow is to write, and that nobody can."""
        if kind is None or not path or path[0] not in kind.read_only:
            return
        others = [name for name in kind.fields or () if name not in kind.read_only]
        found = f"{quoted('.'.join(path))}, which only {kind.connection} itself sets"
        hint = nearest(path[0], others)
        table.fault(
            key, f"expected a field of {kind.text} that can be written, found {found}{hint}"
        )

    def expression(
        self, table: Table, key: str, text: str, names: Names, *, wanted: Wanted
    ) -> Expression | None:
        """Compile an expression; None, with a fault noted, where that cannot be done."""
        try:
            return compiled(text, names, wanted=wanted)
        except ExpressionFault as fault:
            found = f"{fault.found}, in {quoted(text)}"
            table.fault(key, f"expected {fault.expected}, found {found}")
            return None

    def condition(self, table: Table, key: str, names: Names) -> Expression | None:
        """Compile the expression under a key, which must be there, and be true or false."""
        text = table.text(key)
        return self.expression(table, key, text, names, wanted="condition") if text else None


def held(path: Path, shape: Shape) -> Shape:
    """Say what a field holds, or what is at hand under a path: `any` where that is not known."""
    for name in path:
        if isinstance(shape, str):
            return "any"
        if name.endswith("*") or SEVERAL in name:
            return "record"
        shape = shape.get(name, "any")
    return shape
