"""A portal that was just made: departments, teams, agents, statuses and custom fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hub.sandbox.desk.organisation import Organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.desk.quirks import DeskQuirks
    from hub.sandbox.system import Fields
    from hub.sandbox.world import World

STATUSES = {
    "Open": "Open",
    "Escalated": "Open",
    "On Hold": "On Hold",
    "Resolved": "Closed",
    "Closed": "Closed",
}
PRIORITIES = ("Low", "Medium", "High")


class Custom(NamedTuple):
    """A custom field."""

    label: str
    type: str = "Text"
    values: tuple[str, ...] = ()
    """What a picklist offers."""


CUSTOM: dict[str, dict[str, Custom]] = {
    "tickets": {
        "cf_hub_key": Custom(label="Hub Key"),
        "cf_billable": Custom(label="Billable", type="Picklist", values=("Yes", "No")),
        "cf_billed_hours": Custom(label="Billed Hours", type="Decimal"),
        "cf_hourly_rate": Custom(label="Hourly Rate", type="Decimal"),
        "cf_books_invoice_number": Custom(label="Books Invoice Number"),
        "cf_payment_status": Custom(label="Payment Status"),
        "cf_outstanding_amount": Custom(label="Outstanding Amount", type="Decimal"),
        "cf_subscription_tier": Custom(label="Subscription Tier"),
        "cf_sla_state": Custom(label="SLA State"),
    },
    "contacts": {
        "cf_hub_key": Custom(label="Hub Key"),
        "cf_books_customer_id": Custom(label="Books Customer Id"),
    },
    "accounts": {
        "cf_hub_key": Custom(label="Hub Key"),
        "cf_books_customer_id": Custom(label="Books Customer Id"),
    },
}
DEPARTMENTS = ("Support", "Billing")
_AGENTS = (
    ("Hub Integration", "hub@northwind.example", "Support Administrator", DEPARTMENTS),
    ("Gil Vance", "gil.vance@northwind.example", "Agent", DEPARTMENTS),
    ("Noor Aziz", "noor.aziz@northwind.example", "Agent", ("Support",)),
    ("Ada Brandt", "ada.brandt@northwind.example", "Agent", ("Billing",)),
)
_TEAMS = (("First Line", "Support"), ("Collections", "Billing"))


def organisation(world: World, quirks: Callable[[], DeskQuirks]) -> Organisation:
    """Make one."""
    org = Organisation(world, quirks)
    org.statuses.update(STATUSES)
    for kind, fields in CUSTOM.items():
        for name, field in fields.items():
            add_field(org, kind, name, field)
    departments = {name: _department(org, name) for name in DEPARTMENTS}
    for name, email, role, where in _AGENTS:
        _agent(org, name, email, role, [departments[one] for one in where])
    for name, where_ in _TEAMS:
        _team(org, name, departments[where_])
    return org


def add_field(org: Organisation, kind: str, name: str, field: Custom) -> Fields:
    """Have a custom field on a kind."""
    made: Fields = {
        "id": org.new_id(),
        "apiName": name,
        "displayLabel": field.label,
        "type": field.type,
        "allowedValues": [{"value": one} for one in field.values],
    }
    org.custom[kind][name] = made
    for record in org.tables[kind].values():
        record["cf"].setdefault(name, None)
    return made


def _department(org: Organisation, name: str) -> str:
    record: Fields = {
        "id": org.new_id(),
        "name": name,
        "nameInCustomerPortal": name,
        "description": None,
        "isEnabled": True,
        "isDefault": not org.tables["departments"],
        "hasLogo": False,
        "isVisibleInCustomerPortal": True,
        "chatStatus": "NOT_CREATED",
        "sanitizedName": name.lower(),
        "creatorId": None,
        "associatedAgentIds": [],
        "createdTime": org.stamp(),
    }
    org.tables["departments"][record["id"]] = record
    return str(record["id"])


def _agent(org: Organisation, name: str, email: str, role: str, departments: list[str]) -> None:
    first, _, last = name.partition(" ")
    record: Fields = {
        "id": org.new_id(),
        "firstName": first,
        "lastName": last,
        "name": name,
        "emailId": email,
        "status": "ACTIVE",
        "roleId": None,
        "rolePermissionType": "Admin" if "Admin" in role else "AgentPublic",
        "profileId": None,
        "isConfirmed": True,
        "timeZone": org.quirks.time_zone,
        "associatedDepartmentIds": departments,
        "photoURL": None,
    }
    org.tables["agents"][record["id"]] = record
    for department in departments:
        org.tables["departments"][department]["associatedAgentIds"].append(record["id"])


def _team(org: Organisation, name: str, department: str) -> None:
    members = org.tables["departments"][department]["associatedAgentIds"]
    record: Fields = {
        "id": org.new_id(),
        "name": name,
        "description": None,
        "departmentId": department,
        "agents": list(members),
        "derivedAgents": [],
    }
    org.tables["teams"][record["id"]] = record
