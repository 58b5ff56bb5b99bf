"""Records as they are told: in full, as a row of a list, and what may come along with a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.desk.fields import EVERY, KINDS, NOT_ASKED
from hub.sandbox.desk.refusal import server_error, unprocessable

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Organisation
    from hub.sandbox.system import Fields

FIELDS_MAX = 30
_INCLUDED = {
    "contacts": ("contact", "contactId", "contacts"),
    "departments": ("department", "departmentId", "departments"),
    "team": ("team", "teamId", "teams"),
    "assignee": ("assignee", "assigneeId", "agents"),
    "products": ("product", "productId", ""),
}


def whole(org: Organisation, kind: str, record: Fields, include: str = "") -> Fields:
    """Show a record as it is asked for by its id."""
    shown = dict(record)
    shown["customFields"] = {
        org.custom[kind][name]["displayLabel"]: value
        for name, value in record["cf"].items()
        if name in org.custom[kind]
    }
    if kind == "contacts":
        shown["accountCount"] = "1" if record.get("accountId") else "0"
    if kind == "accounts":
        shown["owner"] = _person(org, record.get("ownerId"))
    return shown | _included(org, record, include)


def row(
    org: Organisation, kind: str, record: Fields, include: str = "", fields: str = ""
) -> Fields:
    """Show a record as a row of a list: `cf` is empty there, and `fields` replaces the rest."""
    full = {**whole(org, kind, record), "cf": None}
    full.pop("customFields", None)
    names = _asked(fields, full) if fields else (KINDS[kind].row or tuple(full))
    shown = {name: full.get(name) for name in ("id", *names)}
    return shown | _included(org, record, include)


def _asked(fields: str, full: Fields) -> list[str]:
    names = [name.strip() for name in fields.split(",") if name.strip()]
    if len(names) > FIELDS_MAX:
        raise unprocessable(f"At most {FIELDS_MAX} names are expected in 'fields'.")
    if any(name in NOT_ASKED or (name not in full and name not in EVERY) for name in names):
        raise server_error()  # as was seen of a name that it does not know
    return names


def _included(org: Organisation, record: Fields, include: str) -> Fields:
    wanted = [one.strip() for one in include.split(",") if one.strip()]
    found: Fields = {}
    for name in wanted:
        if name == "isRead":
            found["isRead"] = False
            continue
        if name not in _INCLUDED:
            raise unprocessable("The value passed for the 'include' query parameter is invalid.")
        key, field, table = _INCLUDED[name]
        found[key] = org.tables.get(table, {}).get(str(record.get(field)))
    return found


def _person(org: Organisation, agent: object) -> Fields | None:
    found = org.tables["agents"].get(str(agent))
    if found is None:
        return None
    return {name: found[name] for name in ("id", "firstName", "lastName")}
