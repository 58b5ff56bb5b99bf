"""What is known of the connections and of the other flows when a flow is read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from hub.flows.expression import Shape
from hub.flows.flow import Flow, Once, Sync

Fields = Mapping[str, Shape]
"""The fields of a kind, each with a word for what it holds: text, number, money, date, time, flag,
list, record, lookup, choice, id; or, for a record in the record, its own fields."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """The records of one kind at one connection; without `fields` any field is taken."""

    connection: str
    name: str
    fields: Fields | None = None
    marks: frozenset[str] = frozenset()
    read_only: frozenset[str] = frozenset()
    """The fields that nobody can write."""
    is_told: bool = False
    """Whether the account itself has told which fields it has."""

    @property
    def shape(self) -> Shape:
        return "record" if self.fields is None else self.fields

    @property
    def text(self) -> str:
        return f"{self.connection}.{self.name}"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one connection."""

    system: str
    mode: str = "live"
    kinds: Mapping[str, Fields] = {}
    """Empty where nothing is known of the system: then any kind and field is taken."""
    choices: Mapping[tuple[str, str], tuple[str, ...]] = {}
    """By kind and field, what may be chosen there."""
    marks: frozenset[str] = frozenset()
    """The fields that bear the hub's own ids."""

    read_only: Mapping[str, frozenset[str]] = {}
    """By kind, the fields that nobody can write."""
    told: frozenset[str] = frozenset()
    """The kinds of which the account itself has told all fields that it has."""

    def with_own(
        self,
        own: Mapping[str, Fields],
        choices: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    ) -> Account:
        """Lay what this account itself tells over what is known of all of its system."""
        kinds = {name: {**self.kinds.get(name, {}), **fields} for name, fields in own.items()}
        return msgspec.structs.replace(
            self,
            kinds={**self.kinds, **kinds},
            choices={**self.choices, **(choices or {})},
        )


class World(msgspec.Struct, frozen=True, kw_only=True):
    """The connections by their names, and the flows that this one may lean on by theirs."""

    connections: Mapping[str, Account]
    flows: Mapping[str, Flow | None] = {}
    """None: there is such a flow, but it has faults of its own."""

    def kind(self, connection: str, name: str) -> Kind:
        account = self.connections[connection]
        fields = account.kinds.get(name)
        return Kind(
            connection=connection,
            name=name,
            fields=fields,
            marks=account.marks,
            read_only=account.read_only.get(name, frozenset()),
            is_told=name in account.told,
        )

    def choices(self, kind: Kind, field: str) -> tuple[str, ...]:
        """Give what may be chosen in a field; nothing where that is not known."""
        return self.connections[kind.connection].choices.get((kind.name, field), ())

    def other_end(self, flow: Flow | None, kind: Kind) -> Kind | None:
        """Give the kind that a flow links records of this connection with."""
        for connection, name in _ends(flow):
            if connection != kind.connection and connection in self.connections:
                return self.kind(connection, name)
        return None


def _ends(flow: Flow | None) -> list[tuple[str, str]]:
    if isinstance(flow, Sync):
        return [(side.connection, side.kind) for side in flow.sides]
    if isinstance(flow, Once):
        made, source = flow.make, flow.source
        return [(made.connection, made.kind), (source.connection, source.kind)]
    return []
