"""What was changed and committed, as it is handed to whoever tells the world of it.

A transaction is whole or is not at all. Several writes of one record in it are one change, of the
kind of the first and with the values of the last; records that changed alike share one change.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - msgspec reads the annotations
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hub.sandbox.store import Record

ChangeType = Literal["CREATE", "UPDATE", "DELETE", "UNDELETE"]
NOT_TOLD = frozenset({"Id", "IsDeleted", "SystemModstamp"})
"""Of these no event speaks."""


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who changes something, and by which way: `api` is empty for what people do."""

    user: str
    client: str = ""
    """As the caller names itself."""
    api: str = ""
    """Such as rest/67.0."""
    assigns: bool = False
    """Lets the rule of the org say whose a new case is."""
    allows_duplicates: bool = False
    """Asked that a rule that only warns be passed over."""

    @property
    def origin(self) -> str:
        """Give what an event says of where a change came from; nothing for what people do."""
        if not self.api:
            return ""
        client = f";client={self.client}" if self.client else ""
        return f"com/salesforce/api/{self.api}{client}"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one or several records of an object."""

    entity: str
    ids: tuple[str, ...]
    change_type: ChangeType
    changed: tuple[str, ...] = ()
    """The fields that an update changed, LastModifiedDate among them; of a new record, none."""
    nulled: tuple[str, ...] = ()
    """Those of them that hold nothing now."""
    values: Mapping[str, Any] = {}
    """What the changed fields hold now; of a new record, all that hold something."""
    sequence: int
    """Its place in the transaction, from 1 on."""


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """What was committed at once."""

    key: str
    number: int
    """Of the commit; a later one is higher."""
    at: datetime
    caller: Caller
    changes: tuple[Change, ...]


class Touched(msgspec.Struct, kw_only=True):
    """A record that a transaction has written: as it was first, and as it is now."""

    entity: str
    before: Record | None
    after: Record | None
    undeleted: bool = False


def changes_of(touched: Mapping[str, Touched]) -> tuple[Change, ...]:
    """Give what a transaction changed, in the order in which it came to the records."""
    alike: dict[str, list[str]] = {}
    first: dict[str, Change] = {}
    for record_id, one in touched.items():
        change = _change(record_id, one)
        if change is None:
            continue
        is_update = change.change_type == "UPDATE"
        same = repr((change.entity, change.changed, change.values)) if is_update else record_id
        first.setdefault(same, change)
        alike.setdefault(same, []).append(record_id)
    return tuple(
        msgspec.structs.replace(change, ids=tuple(alike[same]), sequence=number)
        for number, (same, change) in enumerate(first.items(), 1)
    )


def _change(record_id: str, one: Touched) -> Change | None:
    """Say what became of one record; None for one that was made and deleted at once."""
    if one.after is None:
        return None if one.before is None else _of(one, record_id, "DELETE", ())
    told = [name for name in one.after.fields if name not in NOT_TOLD]
    if one.before is None or one.undeleted:
        filled = [name for name in told if one.after.get(name) is not None]
        change = _of(one, record_id, "UNDELETE" if one.undeleted else "CREATE", filled)
        return msgspec.structs.replace(change, changed=(), nulled=())
    changed = [name for name in told if one.before.get(name) != one.after.get(name)]
    return _of(one, record_id, "UPDATE", changed) if changed else None


def _of(one: Touched, record_id: str, kind: ChangeType, names: Iterable[str]) -> Change:
    values = {name: one.after.get(name) for name in names} if one.after else {}
    return Change(
        entity=one.entity,
        ids=(record_id,),
        change_type=kind,
        changed=tuple(values),
        nulled=tuple(_nulls(values)),
        values=values,
        sequence=1,
    )


def _nulls(values: Mapping[str, Any]) -> Iterator[str]:
    return (name for name, value in values.items() if value is None)
