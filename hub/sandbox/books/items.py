"""Items: what is sold. Their rate is in the base currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import custom_fields, intake
from hub.sandbox.books.amounts import ZERO
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.kinds import Filters, Kind, Order, Query
from hub.sandbox.books.refusals import bad_value, duplicate_item, in_use

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields

NAME_LENGTH_MAX = 100
DESCRIPTION_LENGTH_MAX = 2000
ITEMDETAILS_MAX = 100
ITEM_TYPES = ("sales", "purchases", "sales_and_purchases", "inventory")
PRODUCT_TYPES = ("goods", "service", "digital_service")
TEXTS = (
    "sku", "unit", "account_id", "purchase_account_id", "purchase_description", "hsn_or_sac",
    "tax_exemption_id", "zcrm_product_id",
)  # fmt: skip


def create(organization: Organization, fields: Fields, actor: Actor, _: Query) -> Fields:
    """Make an item: a name and a rate it must have."""
    if fields.get("rate") in (None, ""):
        raise bad_value("rate")
    item: Fields = {
        "item_id": organization.new_id(),
        "name": "",
        "description": "",
        "rate": ZERO,
        "status": "active",
        "source": "api" if actor.road == "api" else "user",
        "product_type": "goods",
        "item_type": "sales",
        "is_taxable": True,
        "tax_id": "",
        "purchase_rate": "",
        **dict.fromkeys(TEXTS, ""),
        "account_id": organization.accounts["Sales"],
        "custom_field_hash": {},
    }
    _write(organization, item, fields, before=None)
    return organization.add("items", item, actor)


def change(organization: Organization, item: Fields, fields: Fields, actor: Actor) -> None:
    with organization.changing("items", item, actor):
        _write(organization, item, fields, before=item)


def remove(organization: Organization, item: Fields, actor: Actor) -> None:
    """Delete an item that stands on no document."""
    if any(
        line["item_id"] == item["item_id"]
        for kind in ("invoices", "estimates", "creditnotes")
        for document in organization.tables[kind].records.values()
        for line in document["line_items"]
    ):
        raise in_use("The item")
    organization.remove("items", item, actor)


def detail(organization: Organization, item: Fields) -> Fields:
    """Show an item in full; what is not set is an empty string, numbers too."""
    tax = organization.tables["taxes"].records.get(item["tax_id"], {})
    return {
        **item,
        **custom_fields.shown(organization, "items", item),
        "item_name": item["name"],
        "account_name": organization.account_name(item["account_id"]),
        "tax_name": tax.get("tax_name", ""),
        "tax_percentage": tax.get("tax_percentage", ""),
        "tax_type": tax.get("tax_type", ""),
        "can_be_sold": item["item_type"] != "purchases",
        "can_be_purchased": item["item_type"] != "sales",
        "track_inventory": item["item_type"] == "inventory",
        "item_tax_preferences": [],
        "stock_on_hand": "",
        "available_stock": "",
        "reorder_level": "",
    }


def row(organization: Organization, item: Fields) -> Fields:
    """Show an item in a list: custom fields are left out, whether it has any or not."""
    shown = detail(organization, item)
    return {name: value for name, value in shown.items() if name not in _NOT_IN_ROW}


def details(call: Incoming) -> Answer:
    """GET /itemdetails?item_ids=a,b: several in full at once."""
    known = call.organization.tables["items"].records
    wanted = call.query.get("item_ids", "").split(",")[:ITEMDETAILS_MAX]
    items = [detail(call.organization, known[one]) for one in wanted if one in known]
    return done(items=items)


def mark(status: str) -> Callable[[Incoming], Answer]:
    """Give the handler that makes an item active or inactive."""

    def handler(call: Incoming) -> Answer:
        item = call.organization.find("items", call.ids[0], "Item")
        set_status(call.organization, item, status, call.actor)
        return done(f"The item has been marked as {status}.")

    return handler


def set_status(organization: Organization, item: Fields, status: str, actor: Actor) -> None:
    with organization.changing("items", item, actor):
        item["status"] = status


def _write(organization: Organization, item: Fields, fields: Fields, before: Fields | None) -> None:
    item["name"] = intake.text(fields, "name", item["name"], length_max=NAME_LENGTH_MAX).strip()
    if not item["name"]:
        raise bad_value("name")
    item["description"] = intake.text(
        fields, "description", item["description"], length_max=DESCRIPTION_LENGTH_MAX
    )
    item["rate"] = intake.number(fields, "rate", item["rate"])
    for name in TEXTS:
        item[name] = intake.text(fields, name, item[name])
    item["product_type"] = intake.one_of(
        fields, "product_type", PRODUCT_TYPES, item["product_type"]
    )
    item["item_type"] = intake.one_of(fields, "item_type", ITEM_TYPES, item["item_type"])
    item["is_taxable"] = intake.flag(fields, "is_taxable", default=item["is_taxable"])
    if fields.get("purchase_rate") not in (None, ""):
        item["purchase_rate"] = intake.number(fields, "purchase_rate", ZERO)
    _write_tax(organization, item, fields)
    _check_unique(organization, item)
    item["custom_field_hash"] = custom_fields.taken(organization, "items", fields, before)


def _write_tax(organization: Organization, item: Fields, fields: Fields) -> None:
    item["tax_id"] = intake.text(fields, "tax_id", item["tax_id"])
    if item["tax_id"] and item["tax_id"] not in organization.tables["taxes"].records:
        raise bad_value("tax_id")


def _check_unique(organization: Organization, item: Fields) -> None:
    for field in ("name", "sku"):
        same = organization.tables["items"].find(field, item[field]) if item[field] else []
        if any(one["item_id"] != item["item_id"] for one in same):
            raise duplicate_item(item[field])


def _passes(_: Organization, item: Fields, wanted: str) -> bool | None:
    if wanted in ("Status.Active", "Status.Inactive"):
        return bool(item["status"] == wanted.removeprefix("Status.").lower())
    return None


_NOT_IN_ROW = {"custom_fields", "custom_field_hash", "item_tax_preferences"}

KIND = Kind(
    name="items",
    key="item",
    id_field="item_id",
    called="Item",
    scope="settings",
    report="Items",
    create=create,
    change=change,
    remove=remove,
    detail=detail,
    row=row,
    order=Order(column="name", allowed=("name", "rate", "tax_name")),
    filters=Filters(
        texts=("name", "description", "tax_id", "is_taxable", "account_id"),
        numbers=("rate",),
        search=("name", "description", "sku"),
        by=_passes,
        derived={
            "tax_name": lambda organization, item: (
                organization.tables["taxes"].records.get(item["tax_id"], {}).get("tax_name", "")
            )
        },
    ),
    created_message="The item has been added.",
    changed_message="Item details have been saved.",
    removed_message="The item has been deleted.",
)
