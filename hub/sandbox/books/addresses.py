"""Addresses of contacts and documents. Details say `zip`, rows of lists say `zipcode`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import intake
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.refusals import not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.kinds import Kind
    from hub.sandbox.books.organization import Organization
    from hub.sandbox.system import Answer, Fields

PARTS = (
    "attention", "address", "street2", "city", "state_code", "state", "zip", "country",
    "country_code", "phone", "fax",
)  # fmt: skip


def address(organization: Organization, fields: Fields, before: Fields | None = None) -> Fields:
    """Make an address, or change the parts of one that are sent."""
    before = before or {"address_id": organization.new_id()}
    return {
        "address_id": before["address_id"],
        **{part: intake.text(fields, part, before.get(part, "")) for part in PARTS},
    }


def on_document(address: Fields) -> Fields:
    """Copy an address onto a document: later changes of the contact do not reach it."""
    return {part: address[part] for part in PARTS if part not in ("state_code", "country_code")}


def in_row(address: Fields) -> Fields:
    """Show an address in a list, where the postcode has another name."""
    return {("zipcode" if part == "zip" else part): value for part, value in address.items()}


def listed(call: Incoming) -> Answer:
    """GET /contacts/{id}/address."""
    contact = call.organization.find("contacts", call.ids[0], "Contact")
    main = [contact["billing_address"], contact["shipping_address"]]
    return done(addresses=main + contact["addresses"])


def add(call: Incoming) -> Answer:
    """POST /contacts/{id}/address."""
    contact = call.organization.find("contacts", call.ids[0], "Contact")
    made = address(call.organization, call.fields())
    with call.organization.changing("contacts", contact, call.actor):
        contact["addresses"] = [*contact["addresses"], made]
    return done("The address has been created.", address_info=made)


def change(call: Incoming) -> Answer:
    """PUT /contacts/{id}/address/{address_id}."""
    contact, known = _known(call)
    made = address(call.organization, call.fields(), known)
    with call.organization.changing("contacts", contact, call.actor):
        for name in ("billing_address", "shipping_address"):
            if contact[name] is known:
                contact[name] = made
        contact["addresses"] = [made if one is known else one for one in contact["addresses"]]
    return done("The address has been updated.", address_info=made)


def remove(call: Incoming) -> Answer:
    """DELETE /contacts/{id}/address/{address_id}."""
    contact, known = _known(call)
    with call.organization.changing("contacts", contact, call.actor):
        contact["addresses"] = [one for one in contact["addresses"] if one is not known]
    return done("The address has been deleted.")


def set_on(kind: Kind, name: str, message: str) -> Callable[[Incoming], Answer]:
    """Give the handler that changes an address on one document alone."""

    def handler(call: Incoming) -> Answer:
        document = call.organization.find(kind.name, call.ids[0], kind.called)
        before = {"address_id": "", **document[name]}
        made = address(call.organization, call.fields(), before)
        with call.organization.changing(kind.name, document, call.actor):
            document[name] = on_document(made)
        return done(message)

    return handler


def _known(call: Incoming) -> tuple[Fields, Fields]:
    contact = call.organization.find("contacts", call.ids[0], "Contact")
    for one in (contact["billing_address"], contact["shipping_address"], *contact["addresses"]):
        if one["address_id"] == call.ids[1]:
            return contact, one
    raise not_found("Address", call.organization.quirks.not_found_status)
