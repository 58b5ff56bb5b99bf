"""What happened to a ticket, row by row: times are whole seconds there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Actor, Organisation
    from hub.sandbox.system import Fields

_TOLD = ("status", "priority", "assigneeId", "teamId", "departmentId", "dueDate", "subject")
_SOURCES = {"api": "API", "automation": "SYSTEM", "person": "WEB", "seed": "WEB"}


def happened(
    org: Organisation, ticket: str, event: str, actor: Actor, info: list[Fields] | None = None
) -> None:
    """Note that something happened to a ticket."""
    row = {
        "eventName": event,
        "eventTime": f"{org.now():%Y-%m-%dT%H:%M:%S}.000Z",
        "source": _SOURCES.get(actor.road, "WEB"),
        "actor": {"id": actor.id, "name": actor.name, "type": actor.type},
        "eventInfo": info or [],
        "actorInfo": [],
    }
    org.history.setdefault(ticket, []).append(row)


def transitions(before: Fields, after: Fields) -> list[Fields]:
    """Say of each field that moved what it was and what it is."""
    names = [*_TOLD, *(f"cf.{name}" for name in after.get("cf") or {})]
    return [
        said(name, {"previousValue": _at(before, name), "updatedValue": _at(after, name)})
        for name in names
        if _at(before, name) != _at(after, name)
    ]


def said(name: str, value: object) -> Fields:
    kind = "ValueTransition" if isinstance(value, dict) else "string"
    return {
        "propertyName": name.rpartition(".")[2],
        "propertyType": kind,
        "propertyValue": value,
        "systemProperty": not name.startswith("cf."),
    }


def _at(record: Fields, name: str) -> object:
    if name.startswith("cf."):
        return (record.get("cf") or {}).get(name[3:])
    return record.get(name)
