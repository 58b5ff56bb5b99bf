"""The fields that every account of a system has, so that a flow is checked before it meets one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.connectors.notify import described as notify
from hub.connectors.salesforce import described as salesforce
from hub.connectors.zoho_books import described as zoho_books
from hub.connectors.zoho_crm import described as zoho_crm
from hub.connectors.zoho_desk import described as zoho_desk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.field import Plain, Words

_KNOWN: Mapping[str, Mapping[str, Words]] = {
    "zoho_crm": zoho_crm.FIELDS,
    "zoho_books": zoho_books.FIELDS,
    "zoho_desk": zoho_desk.FIELDS,
    "salesforce": salesforce.FIELDS,
    **dict.fromkeys(("slack", "email", "webhook"), notify.FIELDS),
}


_READ_ONLY: Mapping[str, Mapping[str, frozenset[str]]] = {
    "zoho_crm": zoho_crm.READ_ONLY,
    "zoho_books": zoho_books.READ_ONLY,
    "zoho_desk": zoho_desk.READ_ONLY,
}

_OWN: Mapping[str, Mapping[str, Plain]] = {
    "zoho_crm": zoho_crm.OWN,
    "salesforce": salesforce.OWN,
}

_LISTS_ALL = frozenset({"zoho_crm", "salesforce"})


def own_of(system: str) -> Mapping[str, Plain]:
    """Give the fields that the hub makes for ready-made flows: by name, in any kind."""
    return _OWN.get(system, {})


def lists_all(system: str) -> bool:
    """Tell whether an account of a system tells of all fields that it has."""
    return system in _LISTS_ALL


def read_only_of(system: str) -> Mapping[str, frozenset[str]]:
    """Give the fields of each kind that the system sets by itself."""
    return _READ_ONLY.get(system, {})


def fields_of(system: str) -> Mapping[str, Words]:
    """Give the fields of each kind of a system; of one that pushes, nothing is known."""
    return _KNOWN.get(system, {})
