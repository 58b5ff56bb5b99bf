"""What Zoho Books calls the records that flows look into by name: customers, and their documents.

A flow that is in force knows no systems, so this is told by kind alone. Desk has contacts, too, but
none that documents name, and their id is `id`. The connector of Books takes its facts from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTACTS, PERSONS, CURRENCIES = "contacts", "contactpersons", "currencies"
PERSON_ID, CURRENCY_ID = "contact_person_id", "currency_id"
INVOICES, PAYMENTS, CREDITNOTES = "invoices", "customerpayments", "creditnotes"

IDS: Mapping[str, str] = {
    CONTACTS: "contact_id",
    PERSONS: PERSON_ID,
    "items": "item_id",
    INVOICES: "invoice_id",
    "estimates": "estimate_id",
    CREDITNOTES: "creditnote_id",
    PAYMENTS: "payment_id",
    "taxes": "tax_id",
    CURRENCIES: CURRENCY_ID,
}
"""The field that holds the id of a record, by its kind."""

WITHIN: Mapping[str, str] = {PERSONS: CONTACTS}
"""Of kinds whose records are parts of others: the kind of these."""

PARENTS: Mapping[str, str] = {kind: IDS[whole] for kind, whole in WITHIN.items()}
"""And the field in which a part that is to be made names its whole."""

CUSTOMER = "customer_id"
"""The field in which a document names its customer."""

NAMED: Mapping[str, str] = {CUSTOMER: CONTACTS, CURRENCY_ID: CURRENCIES}
"""Fields of a document that say an id, and the kind of what that names."""

SUMMED = (INVOICES, PAYMENTS, CREDITNOTES)
"""The documents of a customer that figures are worked out from."""

LINES = "line_items"
"""The field of a document that holds its lines."""

MARK = "cf_hub_id"
"""The custom field that holds the hub's own id of a record."""
