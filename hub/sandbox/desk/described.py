"""The fields of each kind, as the portal describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.desk.fields import KINDS, LONG
from hub.sandbox.desk.fresh import PRIORITIES
from hub.sandbox.desk.refusal import unprocessable

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Organisation
    from hub.sandbox.system import Fields


def described(org: Organisation, kind: str) -> list[Fields]:
    """List the fields of a kind."""
    if kind not in KINDS:
        raise unprocessable("The value passed for the 'module' query parameter is invalid.")
    return [*_standard(org, kind), *_custom(org, kind)]


def _standard(org: Organisation, kind: str) -> list[Fields]:
    facts = KINDS[kind]
    return [
        {
            "id": str(number),
            "apiName": name,
            "name": name,
            "displayLabel": name[:1].upper() + name[1:],
            "type": _type(name, cap),
            "maxLength": cap,
            "isMandatory": name in facts.required,
            "isCustomField": False,
            "allowedValues": _allowed(org, name),
        }
        for number, (name, cap) in enumerate(sorted(facts.texts.items()), 1)
    ]


def _custom(org: Organisation, kind: str) -> list[Fields]:
    return [
        {
            **field,
            "name": field["apiName"],
            "maxLength": 255,
            "isMandatory": False,
            "isCustomField": True,
        }
        for field in org.custom[kind].values()
    ]


def _type(name: str, cap: int) -> str:
    if name in ("status", "priority"):
        return "Picklist"
    if name == "dueDate":
        return "DateTime"
    return "Textarea" if cap == LONG else "Text"


def _allowed(org: Organisation, name: str) -> list[Fields]:
    if name == "status":
        return [{"value": one, "statusType": type_} for one, type_ in org.statuses.items()]
    return [{"value": one} for one in PRIORITIES] if name == "priority" else []
