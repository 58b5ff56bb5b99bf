"""The fields that every account of a system has, so that a flow is checked before it meets one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.connectors.zoho_books import described as zoho_books
from hub.connectors.zoho_crm import described as zoho_crm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.field import Words

_KNOWN: Mapping[str, Mapping[str, Words]] = {
    "zoho_crm": zoho_crm.FIELDS,
    "zoho_books": zoho_books.FIELDS,
}


def fields_of(system: str) -> Mapping[str, Words]:
    """Give the fields of each kind of a system; of one that pushes, nothing is known."""
    return _KNOWN.get(system, {})
