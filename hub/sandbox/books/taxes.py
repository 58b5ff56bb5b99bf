"""Taxes and groups of taxes. A group is listed among the taxes and is used by the same `tax_id`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import arithmetic, intake
from hub.sandbox.books.amounts import ZERO
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.kinds import Filters, Kind, Order, Query
from hub.sandbox.books.refusals import bad_value, in_use, not_found, tax_disabled

if TYPE_CHECKING:
    from decimal import Decimal

    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields

TEXTS = ("tax_factor", "tax_authority_id", "tax_authority_name", "tax_specific_type", "country")


def on_line(organization: Organization, tax_id: str) -> list[arithmetic.Tax]:
    """Give what a `tax_id` puts on a line: one tax, or those of a group."""
    if not tax_id:
        return []
    if not organization.quirks.taxes_enabled:
        raise tax_disabled()
    tax = organization.tables["taxes"].records.get(tax_id)
    if tax is None:
        raise bad_value("tax_id")
    members = [organization.tables["taxes"].records[one] for one in tax["members"]] or [tax]
    return [
        arithmetic.Tax(
            tax_id=member["tax_id"],
            tax_name=member["tax_name"],
            percentage=member["tax_percentage"],
            compound=member["tax_type"] == "compound_tax",
        )
        for member in members
    ]


def create(organization: Organization, fields: Fields, actor: Actor, _: Query) -> Fields:
    """Make a single tax."""
    tax = {
        "tax_id": organization.new_id(),
        "tax_name": "",
        "tax_percentage": ZERO,
        "tax_type": "tax",
        **dict.fromkeys(TEXTS, ""),
        "is_value_added": False,
        "is_default_tax": False,
        "is_editable": True,
        "status": "Active",
        "members": [],
    }
    _write(tax, fields)
    return organization.add("taxes", tax, actor)


def change(organization: Organization, tax: Fields, fields: Fields, actor: Actor) -> None:
    with organization.changing("taxes", tax, actor):
        _write(tax, fields)


def remove(organization: Organization, tax: Fields, actor: Actor) -> None:
    """Delete a tax that no item, line or group uses."""
    if _is_used(organization, tax["tax_id"]):
        raise in_use("The tax")
    organization.remove("taxes", tax, actor)


def detail(organization: Organization, tax: Fields) -> Fields:
    """Show a tax, or a group with its taxes."""
    shown = {name: value for name, value in tax.items() if name not in _HIDDEN}
    if tax["members"]:
        shown["taxes"] = [
            detail(organization, organization.tables["taxes"].records[member])
            for member in tax["members"]
        ]
    return shown


def create_group(call: Incoming) -> Answer:
    """POST /settings/taxgroups: `taxes` is a string of ids with commas between them."""
    fields = call.fields()
    _members(call.organization, fields, [])
    named = {"tax_name": intake.text(fields, "tax_group_name")}
    group = create(call.organization, named, call.actor, {})
    _write_group(call.organization, group, fields)
    return done("The tax group has been added.", 201, tax_group=_group(call.organization, group))


def get_group(call: Incoming) -> Answer:
    return done(tax_group=_group(call.organization, _find_group(call)))


def change_group(call: Incoming) -> Answer:
    """PUT /settings/taxgroups/{id}."""
    group, fields = _find_group(call), call.fields()
    with call.organization.changing("taxes", group, call.actor):
        _write_group(call.organization, group, fields)
    return done("Tax Group information has been saved.", tax_group=_group(call.organization, group))


def remove_group(call: Incoming) -> Answer:
    remove(call.organization, _find_group(call), call.actor)
    return done("The tax group has been deleted.")


def _write(tax: Fields, fields: Fields) -> None:
    tax["tax_name"] = intake.text(fields, "tax_name", tax["tax_name"])
    if not tax["tax_name"]:
        raise bad_value("tax_name")
    tax["tax_percentage"] = intake.number(fields, "tax_percentage", tax["tax_percentage"])
    if not 0 <= tax["tax_percentage"] <= 100:  # noqa: PLR2004 - percent
        raise bad_value("tax_percentage")
    tax["tax_type"] = intake.one_of(
        fields, "tax_type", ("tax", "compound_tax", "tax_group"), tax["tax_type"]
    )
    for name in TEXTS:
        tax[name] = intake.text(fields, name, tax[name])


def _write_group(organization: Organization, group: Fields, fields: Fields) -> None:
    make_group(organization, group, _members(organization, fields, group["members"]))
    group["tax_name"] = intake.text(fields, "tax_group_name", group["tax_name"])


def _members(organization: Organization, fields: Fields, before: list[str]) -> list[str]:
    sent = [one.strip() for one in intake.text(fields, "taxes").split(",") if one.strip()]
    known = organization.tables["taxes"].records
    members = sent or before
    if not members or any(one not in known or known[one]["members"] for one in members):
        raise bad_value("taxes")
    return members


def make_group(organization: Organization, group: Fields, members: list[str]) -> None:
    """Let a tax stand for several together."""
    known = organization.tables["taxes"].records
    group["tax_type"] = "tax_group"
    group["members"] = members
    group["tax_percentage"] = sum((known[one]["tax_percentage"] for one in members), ZERO)


def _group(organization: Organization, group: Fields) -> Fields:
    return {
        "tax_group_id": group["tax_id"],
        "tax_group_name": group["tax_name"],
        "tax_group_percentage": group["tax_percentage"],
        "taxes": detail(organization, group)["taxes"],
    }


def _find_group(call: Incoming) -> Fields:
    group = call.organization.find("taxes", call.ids[0], "Tax group")
    if not group["members"]:
        raise not_found("Tax group", call.organization.quirks.not_found_status)
    return group


def _is_used(organization: Organization, tax_id: str) -> bool:
    tables = organization.tables
    return (
        any(tax_id in tax["members"] for tax in tables["taxes"].records.values())
        or any(item["tax_id"] == tax_id for item in tables["items"].records.values())
        or any(
            line["tax_id"] == tax_id
            for kind in ("invoices", "estimates", "creditnotes")
            for document in tables[kind].records.values()
            for line in document["line_items"]
        )
    )


def percentage(taxes: list[arithmetic.Tax]) -> Decimal:
    """Give what a line says of all its taxes together."""
    return sum((tax.percentage for tax in taxes), ZERO)


_HIDDEN = {"members", "created_time", "created_by_id", "last_modified_by_id"}

KIND = Kind(
    name="taxes",
    key="tax",
    id_field="tax_id",
    called="Tax",
    scope="settings",
    report="Taxes",
    create=create,
    change=change,
    remove=remove,
    detail=detail,
    row=detail,
    order=Order(column="tax_name", allowed=("tax_name", "tax_percentage")),
    filters=Filters(),
    applied_filter="Taxes.Active",
    created_message="The tax has been added.",
    changed_message="Tax information has been saved.",
    removed_message="The tax has been deleted.",
    one_as_list=True,
)
