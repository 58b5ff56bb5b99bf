"""The systems of the page: what stands for a customer in each, and what belongs to it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.deals import CLOSED
from hub.sandbox.side import id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hub.sandbox.system import Fields

    State = Mapping[str, Sequence[Fields]]


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One system."""

    name: str
    kind: str
    """What stands for a customer."""
    called: tuple[str, ...]
    """The fields it is called by, the best first."""
    says: Mapping[str, str]
    """By another system: the field with the id of who stands for the customer there."""
    has: tuple[str, ...]
    """The kinds that belong to a customer."""
    by: str
    """The field in which those name him."""
    open: tuple[str, Callable[[Fields], bool]] | None = None
    """The kind that leads to invoices, and which of them may still do so."""

    def customers(self, state: State) -> dict[str, Fields]:
        """Give those who stand for customers, by their ids."""
        return {id_of(self.kind, one): one for one in state.get(self.kind, ()) if _is_customer(one)}

    def name_of(self, record: Fields) -> str:
        return str(next(filter(None, map(record.get, self.called)), ""))

    def of(self, state: State, customer: str) -> dict[str, list[Fields]]:
        """Give a customer with all that belongs to him, the newest first."""
        there = self.customers(state).get(customer)
        found = {kind: self._of(state, kind, customer) if there else [] for kind in self.has}
        return {self.kind: [there] if there else [], **found}

    def count_open(self, state: State, customer: str) -> int:
        """Count what may still lead to an invoice."""
        if self.open is None:
            return 0
        kind, is_open = self.open
        return sum(is_open(one) for one in self._of(state, kind, customer))

    def _of(self, state: State, kind: str, customer: str) -> list[Fields]:
        rows = [one for one in state.get(kind, ()) if said(one, self.by) == customer]
        return [one for one in rows if not one.get("isTrashed")][::-1]


def said(record: Fields, path: str) -> str:
    """Give what a field says; of one that names a record, its id."""
    found: Any = record
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return str((found.get("id") if isinstance(found, dict) else found) or "")


def _is_customer(record: Fields) -> bool:
    return record.get("contact_type") != "vendor" and not record.get("isTrashed")


def _is_billable(ticket: Fields) -> bool:
    return ticket.get("statusType") != "Closed" and said(ticket, "cf.cf_billable") == "Yes"


SIDES = (
    Side(
        name="crm",
        kind="Accounts",
        called=("Account_Name",),
        says={"books": "Books_Contact_Id"},
        has=("Contacts", "Deals", "Quotes"),
        by="Account_Name",
        open=("Deals", lambda one: one.get("Stage") not in CLOSED),
    ),
    Side(
        name="books",
        kind="contacts",
        called=("company_name", "contact_name"),
        says={"crm": "zcrm_account_id"},
        has=("invoices", "estimates", "creditnotes", "customerpayments"),
        by="customer_id",
    ),
    Side(
        name="desk",
        kind="accounts",
        called=("accountName",),
        says={"crm": "zohoCRMAccount", "books": "cf.cf_books_customer_id"},
        has=("contacts", "tickets"),
        by="accountId",
        open=("tickets", _is_billable),
    ),
    Side(
        name="salesforce",
        kind="Account",
        called=("Name",),
        says={"books": "Books_Contact_Id__c"},
        has=("Contact", "Opportunity"),
        by="AccountId",
        open=("Opportunity", lambda one: not one.get("IsClosed")),
    ),
)
