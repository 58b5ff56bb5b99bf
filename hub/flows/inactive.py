"""Which records can be made inactive, and what they say then: nothing is ever deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.known import Record

_INACTIVE: Mapping[str, Mapping[str, Mapping[str, str | bool]]] = {
    "zoho_books": {"contacts": {"status": "inactive"}, "items": {"status": "inactive"}},
    "zoho_crm": {"Products": {"Product_Active": False}},
    "salesforce": {"Product2": {"IsActive": False}},
}


# A flow that is in force knows no systems. So where one is loaded, `kinds_of` sees that its system
# can make the kind inactive; and no two systems here have kinds of the same name.
def inactive_of(kind: str) -> Mapping[str, str | bool]:
    """Give what a record of a kind says when it is inactive; nothing where it cannot be."""
    return next((kinds[kind] for kinds in _INACTIVE.values() if kind in kinds), {})


def kinds_of(system: str) -> tuple[str, ...]:
    """Give the kinds of a system whose records can be made inactive; of an unknown one, any."""
    systems = [_INACTIVE.get(system, {})] if system else list(_INACTIVE.values())
    return tuple(kind for kinds in systems for kind in kinds)


def is_inactive(record: Record) -> bool:
    fields = inactive_of(record.key[1])
    return bool(fields) and all(record.fields.get(name) == value for name, value in fields.items())
