"""Scopes: what a token is good for."""

from __future__ import annotations

FIXED = {
    "sandbox-crm": (
        "ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.users.ALL", "ZohoCRM.org.ALL",
        "ZohoCRM.notifications.ALL", "ZohoCRM.coql.READ", "ZohoCRM.bulk.ALL",
        "ZohoCRM.composite_requests.CUSTOM", "ZohoCRM.files.CREATE",
        "ZohoSearch.securesearch.READ",
    ),
    "sandbox-books": ("ZohoBooks.fullaccess.ALL",),
    "sandbox-desk": (
        "Desk.tickets.ALL", "Desk.contacts.ALL", "Desk.basic.ALL", "Desk.settings.ALL",
        "Desk.search.READ", "Desk.events.ALL", "Desk.products.ALL", "Desk.tasks.ALL",
    ),
}  # fmt: skip
"""The refresh tokens that are always there, each with all scopes of its system."""

WHOLE = {"sandbox-crm": "ZohoCRM", "sandbox-books": "ZohoBooks", "sandbox-desk": "Desk"}
"""The service of which such a token may do everything, whatever finer scopes there are."""


def covers(held: str, wanted: str) -> bool:
    """Tell whether one scope includes another: ZohoCRM.modules.ALL has ZohoCRM.modules.deals.READ.

    WRITE stands for making and changing, and `fullaccess` for every part of a service.
    """
    *held_parts, held_act = held.lower().split(".")
    *wanted_parts, wanted_act = wanted.lower().split(".")
    if held_parts[1:] == ["fullaccess"]:
        held_parts = held_parts[:1]
    if wanted_parts[: len(held_parts)] != held_parts:
        return False
    acts = {"write": ("write", "create", "update")}.get(held_act, (held_act,))
    return held_act == "all" or wanted_act in acts


def scopes_in(text: str) -> tuple[str, ...]:
    """Read scopes as they are sent: with commas between them, or blanks."""
    return tuple(text.replace(",", " ").split())
