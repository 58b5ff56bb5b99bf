"""Every path of the API: which method does what, and which scope it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.sandbox.books import (
    addresses,
    applying,
    comments,
    contacts,
    creditnotes,
    currencies,
    documents,
    estimates,
    invoices,
    items,
    payments,
    persons,
    refunds,
    resource,
    settings,
    taxes,
)
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.hooks import histories, webhooks
from hub.sandbox.books.refusals import unknown_url, wrong_method

if TYPE_CHECKING:
    from hub.sandbox.books.kinds import Kind
    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields

Handler = Callable[[Incoming], "Answer"]
VERBS = {"GET": "READ", "POST": "CREATE", "PUT": "UPDATE", "DELETE": "DELETE"}
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        contacts.KIND, items.KIND, invoices.KIND, estimates.KIND, creditnotes.KIND,
        payments.KIND, taxes.KIND, currencies.KIND,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    """One method of one path."""

    handler: Handler
    scopes: tuple[str, ...]
    """One of them is enough."""


def route(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """Find what a call is about, and the ids in its path."""
    parts = tuple(path.strip("/").split("/"))
    methods, ids = _walk(parts)
    if method not in methods:
        raise wrong_method()
    return methods[method], ids


def _walk(parts: tuple[str, ...]) -> tuple[dict[str, Route], tuple[str, ...]]:
    """Go down the tree; a word goes before an id, and an id is digits."""
    node, ids = _TREE, []
    for part in parts:
        if part in node.words:
            node = node.words[part]
        elif node.any is not None and part.isdecimal():
            node = node.any
            ids.append(part)
        else:
            raise unknown_url()
    if not node.methods:
        raise unknown_url()
    return node.methods, tuple(ids)


class _Node:
    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.methods: dict[str, Route] = {}

    def down(self, part: str) -> _Node:
        if part != "*":
            return self.words.setdefault(part, _Node())
        if self.any is None:
            self.any = _Node()
        return self.any


_TREE = _Node()


def _add(method: str, pattern: str, handler: Handler, *groups: str) -> None:
    node = _TREE
    for part in pattern.split("/"):
        node = node.down(part)
    scopes = tuple(f"ZohoBooks.{group}.{VERBS[method]}" for group in groups)
    node.methods[method] = Route(handler, scopes)


def _add_kind(kind: Kind, path: str, singular: str = "") -> None:
    """Add what every kind has; `singular` is where it takes custom fields alone."""
    _add("POST", path, resource.add(kind), kind.scope)
    _add("GET", path, resource.listed(kind), kind.scope)
    _add("GET", f"{path}/*", resource.get(kind), kind.scope)
    _add("PUT", f"{path}/*", resource.change(kind), kind.scope)
    _add("DELETE", f"{path}/*", resource.remove(kind), kind.scope)
    if kind.scope != "settings" or kind.name == "items":
        # The vendor's documents put the upsert of credit notes under invoices.
        also = ("invoices",) if kind.name == "creditnotes" else ()
        _add("PUT", path, resource.upsert(kind), kind.scope, *also)
    if singular:
        handler = resource.change_custom_fields(kind)
        _add("PUT", f"{singular}/*/customfields", handler, kind.scope)


def _step(
    kind: Kind, path: str, take: Callable[[Organization, Fields, Actor], None], message: str
) -> None:
    """Add a path that takes one step with a record."""

    def handler(call: Incoming) -> Answer:
        record = call.organization.find(kind.name, call.ids[0], kind.called)
        take(call.organization, record, call.actor)
        return done(message)

    _add("POST", f"{kind.name}/*/{path}", handler, kind.scope)


def _add_document(kind: Kind, singular: str = "") -> None:
    """Add what invoices, estimates and credit notes have in common."""
    _add_kind(kind, kind.name, singular)
    path, group = f"{kind.name}/*/comments", kind.scope
    _add("GET", path, comments.listed(kind), group)
    _add("POST", path, comments.add(kind), group)
    _add("DELETE", f"{path}/*", comments.remove, group)
    if kind.name != "creditnotes":
        _add("PUT", f"{path}/*", comments.change, group)
    for side in ("billing", "shipping"):
        handler = addresses.set_on(kind, f"{side}_address", f"{side.capitalize()} address updated")
        _add("PUT", f"{kind.name}/*/address/{side}", handler, group)
    for step in ("submit", "approve"):
        _step(kind, step, documents.without_approvals, "")


def _contacts() -> None:
    group, path = "contacts", "contacts/contactpersons"
    _add_kind(contacts.KIND, "contacts")
    _add("POST", "contacts/*/active", contacts.mark("active"), group)
    _add("POST", "contacts/*/inactive", contacts.mark("inactive"), group)
    _add("GET", "contacts/*/comments", comments.of_contact, group)
    _add("GET", "contacts/*/refunds", refunds.listed_all(refunds.OF_CREDITNOTES), group)
    _add("GET", "contacts/*/address", addresses.listed, group)
    _add("POST", "contacts/*/address", addresses.add, group)
    _add("PUT", "contacts/*/address/*", addresses.change, group)
    _add("DELETE", "contacts/*/address/*", addresses.remove, group)
    _add("GET", "contacts/*/contactpersons", persons.listed, group)
    _add("GET", "contacts/*/contactpersons/*", persons.get, group)
    _add("POST", path, persons.add, group)
    _add("PUT", f"{path}/*", persons.change, group)
    _add("DELETE", f"{path}/*", persons.remove, group)
    _add("POST", f"{path}/*/primary", persons.make_primary, group)
    kind = contacts.KIND
    _step(kind, "email", contacts.email, "Email has been sent.")
    _step(kind, "statements/email", contacts.email, "Statement has been sent to the Customer.")
    _step(
        kind, "portal/enable", contacts.enable_portal, "Client Portal preferences have been updated"
    )
    _step(
        kind,
        "paymentreminder/enable",
        contacts.remind(on=True),
        "All reminders associated with this contact have been enabled.",
    )
    _step(
        kind,
        "paymentreminder/disable",
        contacts.remind(on=False),
        "All reminders associated with this contact have been stopped.",
    )


def _items() -> None:
    _add_kind(items.KIND, "items", "item")
    _add("GET", "itemdetails", items.details, "settings")
    _add("POST", "items/*/active", items.mark("active"), "settings")
    _add("POST", "items/*/inactive", items.mark("inactive"), "settings")


def _invoices() -> None:
    kind, group = invoices.KIND, "invoices"
    _add_document(kind, "invoice")
    _step(kind, "status/sent", invoices.mark_sent, "Invoice status has been changed to Sent.")
    _step(kind, "status/void", invoices.void, "Invoice status has been changed to Void.")
    _step(kind, "status/draft", invoices.mark_draft, "Status of invoice changed from void to draft")
    _step(kind, "email", invoices.email, "Your invoice has been sent.")
    _step(kind, "writeoff", invoices.write_off, "Invoice has been written off")
    _step(
        kind,
        "writeoff/cancel",
        invoices.cancel_write_off,
        "The write off done for this invoice has been cancelled.",
    )
    _add("POST", "invoices/*/credits", applying.apply_to_invoice, group)
    _add("GET", "invoices/*/payments", applying.payments_of_invoice, group)
    _add("GET", "invoices/*/creditsapplied", applying.notes_of_invoice, group)
    _add(
        "DELETE",
        "invoices/*/payments/*",
        applying.release_one("customerpayments", "invoice_id", "The payment has been deleted."),
        group,
    )
    _add(
        "DELETE",
        "invoices/*/creditsapplied/*",
        applying.release_one(
            "creditnotes", "invoice_id", "Credits applied to an invoice have been deleted."
        ),
        group,
    )


def _creditnotes() -> None:
    kind, group = creditnotes.KIND, "creditnotes"
    _add_document(kind)
    _step(
        kind,
        "status/open",
        creditnotes.mark_open,
        "Status of the credit note has been changed to open.",
    )
    _step(kind, "status/draft", creditnotes.mark_draft, "The credit note has been marked as Draft.")
    _step(kind, "status/void", creditnotes.void, "The credit note has been marked as void.")
    _step(kind, "email", creditnotes.email, "Your creditnote has been sent.")
    _add("GET", "creditnotes/*/invoices", creditnotes.invoices_of, group)
    _add("POST", "creditnotes/*/invoices", creditnotes.apply, group)
    _add(
        "DELETE",
        "creditnotes/*/invoices/*",
        applying.release_one(
            "creditnotes", "source_id", "Credits applied to an invoice have been deleted."
        ),
        group,
    )
    _add("GET", "creditnotes/refunds", refunds.listed_all(refunds.OF_CREDITNOTES), group)
    _add_refunds(refunds.OF_CREDITNOTES, group)


def _payments() -> None:
    _add_kind(payments.KIND, "customerpayments", "customerpayment")
    _add("DELETE", "customerpayments", payments.remove_many, "customerpayments")
    _add_refunds(refunds.OF_PAYMENTS, "customerpayments")


def _add_refunds(side: refunds.Side, group: str) -> None:
    path = f"{side.source}/*/refunds"
    _add("GET", path, refunds.listed(side), group)
    _add("POST", path, refunds.add(side), group)
    _add("GET", f"{path}/*", refunds.get(side), group)
    _add("PUT", f"{path}/*", refunds.change(side), group)
    _add("DELETE", f"{path}/*", refunds.remove(side), group)


def _estimates() -> None:
    kind = estimates.KIND
    _add_document(kind, "estimate")
    _step(kind, "status/sent", estimates.mark_sent, "Estimate status has been changed to Sent")
    _step(
        kind, "status/accepted", estimates.accept, "Estimate status has been changed to Accepted."
    )
    _step(
        kind, "status/declined", estimates.decline, "Estimate status has been changed to Declined."
    )
    _step(kind, "email", estimates.email, "Your estimate has been sent.")


def _settings() -> None:
    group, rates = "settings", "settings/currencies/*/exchangerates"
    _add_kind(taxes.KIND, "settings/taxes")
    _add("POST", "settings/taxgroups", taxes.create_group, group)
    _add("GET", "settings/taxgroups/*", taxes.get_group, group)
    _add("PUT", "settings/taxgroups/*", taxes.change_group, group)
    _add("DELETE", "settings/taxgroups/*", taxes.remove_group, group)
    _add_kind(currencies.KIND, "settings/currencies")
    _add("GET", rates, currencies.rates, group)
    _add("POST", rates, currencies.add_rate, group)
    _add("GET", f"{rates}/*", currencies.get_rate, group)
    _add("PUT", f"{rates}/*", currencies.change_rate, group)
    _add("DELETE", f"{rates}/*", currencies.remove_rate, group)
    for plain in (settings.AUTHORITIES, settings.EXEMPTIONS):
        path = f"settings/{plain.kind}"
        _add("GET", path, plain.listed, group)
        _add("POST", path, plain.add, group)
        _add("GET", f"{path}/*", plain.get, group)
        _add("PUT", f"{path}/*", plain.change, group)
        _add("DELETE", f"{path}/*", plain.remove, group)
    _add("GET", "users", settings.users, group)
    _add("GET", "users/me", settings.me, group)
    _add("GET", "users/*", settings.user, group)


def _hooks() -> None:
    group, past = "settings", "settings/webhooks/histories"
    _add("GET", "settings/webhooks", webhooks.listed, group)
    _add("POST", "settings/webhooks", webhooks.add, group)
    _add("GET", "settings/webhooks/*", webhooks.get, group)
    _add("PUT", "settings/webhooks/*", webhooks.change, group)
    _add("DELETE", "settings/webhooks/*", webhooks.remove, group)
    _add("GET", past, histories.listed, group)
    _add("GET", f"{past}/*", histories.get, group)
    _add("POST", f"{past}/*/resend", histories.resend, group)
    _add("POST", f"{past}/bulkresend", histories.resend_many, group)
    _add("GET", "settings/workflows", webhooks.listed_rules, group)
    _add("POST", "settings/workflows", webhooks.add_rule, group)
    _add("GET", "settings/workflows/*", webhooks.get_rule, group)
    _add("PUT", "settings/workflows/*", webhooks.change_rule, group)
    _add("DELETE", "settings/workflows/*", webhooks.remove_rule, group)
    _add("POST", "settings/workflows/*/active", webhooks.mark_rule("active"), group)
    _add("POST", "settings/workflows/*/inactive", webhooks.mark_rule("inactive"), group)


for _part in (
    _contacts, _items, _invoices, _creditnotes, _payments, _estimates, _settings, _hooks,
):  # fmt: skip
    _part()
