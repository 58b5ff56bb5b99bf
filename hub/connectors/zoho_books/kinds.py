"""The facts of Zoho Books: its kinds of records, its sizes, and what its plans allow."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from hub.connectors.connector import Kind, Seen
from hub.flows.books import CONTACTS, CUSTOMER, IDS, MARK, WITHIN

ROWS_MAX = 200
IDS_MAX = 100
OVERLAP = timedelta(seconds=60)
BLOCKED_SECONDS = 3_600.0
"""How long a blocked organisation is left alone where it does not say: what was seen of it."""

BUSY_SECONDS = 5.0
SCAN_SECONDS = 86_400.0
"""What is deleted leaves no trace: so once a day all ids are looked through."""

CALLS_PER_MINUTE = 100

PLANS = {
    "free": (1_000, 5),
    "standard": (2_000, 10),
    "professional": (5_000, 10),
    "premium": (10_000, 10),
    "enterprise": (10_000, 10),
    "ultimate": (10_000, 10),
}
"""Calls in a day of the organisation, and calls at once."""


NAME_TAKEN = "3062"
"""A customer of that name is there: no two have one, whatever else they say."""
STATUSES = ("active", "inactive")
DOCUMENT = ("reference_number", CUSTOMER)
"""By these each kind of document can be searched."""

OF_A_DEAL = {"Deals": ("zcrm_potential_id", "reference_number")}
"""Zoho's own sync with its CRM, or a person, has put the deal's id there."""


class BooksKind(Kind, frozen=True, kw_only=True):
    one: str = ""
    """The name of a single record in an answer; its name in a list is that of the kind."""
    sort: str = "created_time"
    newest_first: bool = False
    """Whether a list sorted by the last change can be had, so that reading it may end early."""
    changed_filter: bool = False
    """Whether it is documented that a list can be narrowed to what changed since a moment."""
    details: str = ""
    """Where several records can be read at once."""
    statuses: tuple[str, ...] = ()
    """The words for its status, each set by a call of its own; none: not by the hub."""


def _kind(name: str, one: str, id: str = "", **facts: object) -> BooksKind:  # noqa: A002
    facts = {
        "within": WITHIN.get(name, ""),
        "stamps": ("last_modified_time",),
        "path": f"/books/v3/{name}",
        "scan_seconds": SCAN_SECONDS,
        **facts,
    }
    return msgspec.convert({"name": name, "one": one, "id": id or IDS[name], **facts}, BooksKind)


KINDS: dict[str, BooksKind] = {
    kind.name: kind
    for kind in (
        _kind(
            "contacts",
            "contact",
            mark=MARK,
            statuses=STATUSES,
            notifies=True,
            writes=1,
            sort="last_modified_time",
            newest_first=True,
            searched_by=(
                "contact_name",
                "company_name",
                "first_name",
                "last_name",
                "email",
                "phone",
                "zcrm_account_id",
                "zcrm_contact_id",
            ),
            taken={NAME_TAKEN: "contact_name"},
            # They move without the record's stamp: payments and invoices are what tells them.
            rows_unsure=(
                "outstanding_receivable_amount",
                "outstanding_receivable_amount_bcy",
                "unused_credits_receivable_amount",
                "unused_credits_receivable_amount_bcy",
            ),
        ),
        _kind(
            "items",
            "item",
            fetches=IDS_MAX,
            details="/books/v3/itemdetails",
            mark=MARK,
            statuses=STATUSES,
            notifies=True,
            writes=1,
            searched_by=("name", "sku"),
            sort="name",
        ),
        _kind(
            "invoices",
            "invoice",
            mark=MARK,
            notifies=True,
            writes=1,
            ties=OF_A_DEAL,
            searched_by=(*DOCUMENT, "invoice_number", "zcrm_potential_id"),
            changed_filter=True,
            # A row has the postcode under another name than the record itself.
            rows_unsure=("billing_address", "shipping_address"),
        ),
        _kind(
            "estimates",
            "estimate",
            mark=MARK,
            notifies=True,
            writes=1,
            ties=OF_A_DEAL,
            searched_by=(*DOCUMENT, "estimate_number", "zcrm_potential_id"),
        ),
        _kind(
            "creditnotes",
            "creditnote",
            mark=MARK,
            notifies=True,
            writes=1,
            searched_by=(*DOCUMENT, "creditnote_number"),
        ),
        _kind(
            "customerpayments",
            "payment",
            mark=MARK,
            notifies=True,
            writes=1,
            searched_by=DOCUMENT,
            sort="date",
            stamps=("last_modified_time", "updated_time"),
        ),
        _kind(
            "contactpersons",
            "contact_person",
            path="/books/v3/contacts/contactpersons",
            writes=1,
            told_by=("first_name", "last_name", "email"),
            searched_by=(IDS[CONTACTS],),
            stamps=(),
        ),
        _kind(
            "comments",
            "contact_comments",
            IDS[CONTACTS],
            within=CONTACTS,
            stamps=(),
        ),
        _kind(
            "taxes",
            "tax",
            path="/books/v3/settings/taxes",
            stamps=(),
            sort="",
            poll_seconds=3_600,
        ),
        _kind(
            "currencies",
            "currency",
            path="/books/v3/settings/currencies",
            stamps=(),
            sort="",
            poll_seconds=3_600,
        ),
    )
}
ENTITIES = {kind.one: kind for kind in KINDS.values() if not kind.within} | {
    "customer_payment": KINDS["customerpayments"]
}
"""By the key under which a webhook bears a record."""


class _ContactType(msgspec.Struct):
    contact_type: str = ""


def is_vendor(one: Seen) -> bool:
    """Tell whether a contact is one whom the company pays: such never enter the hub."""
    if one.kind != "contacts" or one.data is None:
        return False
    return msgspec.json.decode(one.data, type=_ContactType).contact_type == "vendor"
