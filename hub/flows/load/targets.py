"""Which fields a flow may write on records that are there: two rules for one are a fault.

What is said only when a record is made is nobody's afterwards, and may be shared. Syncs that meet
in one kind of record share its fields too, if they say who is believed: see `Target.goes_with`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.flows.flow import Once, Sync
from hub.flows.steps.place import SEVERAL
from hub.settings.lines import Place  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.flows.flow import Field, Flow


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A field that may be written, and where a flow's file says so."""

    connection: str
    kind: str
    field: str
    place: Place
    side: str = ""
    """Of a sync: the side that it is on."""
    is_believed: bool = False
    """Whether the file says that this side owns it."""

    @property
    def text(self) -> str:
        return f"{self.field} of {self.connection}.{self.kind}"

    def meets(self, other: Target) -> bool:
        """Whether the two are, or share, a field."""
        if (self.connection, self.kind) != (other.connection, other.kind):
            return False
        return _holds(self.field, other.field) or _holds(other.field, self.field)

    def goes_with(self, other: Target) -> bool:
        """Whether two syncs may both write a field: one record of a link may be in several.

        It is passed on from one to the other, so one of them at least is to believe this side.
        """
        is_same = self.field == other.field and bool(self.side and other.side)
        return is_same and (self.is_believed or other.is_believed)


def targets_of(flow: Flow) -> Iterator[Target]:
    """Give each field that a flow may write, in the order of its file."""
    if isinstance(flow, Sync):
        yield from _of_sync(flow, ())
        if flow.people:
            yield from _of_sync(flow.people, ("people",))
        return
    table, tells = ("tell", flow.tell) if isinstance(flow, Once) else ("keep", flow.keep)
    for tell in tells:
        for name in tell.fields:
            place = (table, f"{tell.connection}.{tell.kind}", name)
            yield Target(connection=tell.connection, kind=tell.kind, field=name, place=place)


def may_write(field: Field, side: str) -> bool:
    """Whether a field may be written on a side after a record was made there."""
    is_its_own = field.owner == side and field.lone == "put_back"
    return field.write == "always" and not is_its_own


def _of_sync(flow: Sync, place: Place) -> Iterator[Target]:
    for side in flow.sides:
        for field in flow.fields:
            path = ".".join(field.places.get(side.name, ()))
            if path and may_write(field, side.name):
                yield Target(
                    connection=side.connection,
                    kind=side.kind,
                    field=path,
                    place=(*place, "fields", field.name),
                    side=side.name,
                    is_believed=field.owner == side.name,
                )


def _holds(one: str, other: str) -> bool:
    """Whether one is in the other: `Billing_City` in `Billing_*`, `address.zip` in `address`."""
    if SEVERAL in one or SEVERAL in other:
        return not set(one.split(SEVERAL)).isdisjoint(other.split(SEVERAL))
    if other.endswith("*"):
        return one.startswith(other[:-1])
    return one == other or one.startswith(f"{other}.")
