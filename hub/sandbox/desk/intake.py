"""What was sent of a record, checked field by field; what is refused names the field."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import msgspec

from hub.sandbox.desk.fields import KINDS, Facts
from hub.sandbox.desk.refusal import bad_request, no_body, wrong_field

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Organisation
    from hub.sandbox.system import Fields, Request

_TRUE = frozenset({"true", "false"})


def body_of(request: Request) -> Fields:
    """Read the body of a write."""
    if not request.body.strip():
        raise no_body()
    try:
        body = msgspec.json.decode(request.body, type=dict)
    except msgspec.DecodeError as error:
        raise bad_request("The request body is not a JSON object.") from error
    if not body:
        raise no_body()
    return body


def checked(org: Organisation, kind: str, sent: Fields, *, new: bool) -> Fields:
    """Give what is to be kept of what was sent."""
    facts = KINDS[kind]
    for name in facts.required if new else ():
        if sent.get(name) in (None, ""):
            raise wrong_field(f"/{name}", "missing")
    values: Fields = {}
    for name, value in sent.items():
        if name == "cf":
            values["cf"] = _custom(org, kind, value)
        elif name in facts.texts:
            values[name] = _text(facts, name, value)
        elif name in facts.lookups:
            values[name] = _lookup(org, facts, name, value)
        elif name in facts.others:
            values[name] = _other(name, value)
        elif org.quirks.unknown_keys == "refused":
            raise wrong_field(f"/{name}", "invalid", "An extra parameter is found.")
    return values


def _text(facts: Facts, name: str, value: object) -> str | None:
    if value is None:
        if name in facts.required:
            raise wrong_field(f"/{name}", "invalid", "It must not be empty.")
        return None
    if not isinstance(value, str):
        raise wrong_field(f"/{name}", "invalid", "A text is expected.")
    cap = facts.texts[name]
    if len(value) > cap:
        raise wrong_field(f"/{name}", "invalid", f"It has more than {cap} characters.")
    if not value.strip() and name in facts.required:
        raise wrong_field(f"/{name}", "missing")
    return value or None


def _lookup(org: Organisation, facts: Facts, name: str, value: object) -> str | None:
    if value in (None, ""):
        if name in facts.required:
            raise wrong_field(f"/{name}", "missing")
        return None
    there = org.tables[facts.lookups[name]].get(str(value))
    if there is None or there.get("isTrashed"):
        raise wrong_field(f"/{name}", "invalid", "There is no such record.")
    return str(value)


def _other(name: str, value: object) -> object:
    if name == "responseDueDate" and value is not None:
        raise wrong_field("/responseDueDate", "invalid", "Only null can be written.")
    most = {"secondaryContacts": 20, "entitySkills": 10}.get(name)
    if most is not None and (not isinstance(value, list) or len(value) > most):
        raise wrong_field(f"/{name}", "invalid", f"At most {most} are expected.")
    return value


def _custom(org: Organisation, kind: str, value: object) -> Fields:
    if not isinstance(value, dict):
        raise wrong_field("/cf", "invalid", "An object is expected.")
    return {name: _custom_value(org, kind, name, one) for name, one in value.items()}


def _custom_value(org: Organisation, kind: str, name: str, value: object) -> str | None:
    field = org.custom[kind].get(name)
    if field is None:
        raise wrong_field(f"/cf/{name}", "invalid", "There is no such field in the layout.")
    if value in (None, ""):
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, dict | list):
        raise wrong_field(f"/cf/{name}", "invalid", "A text is expected.")
    if field["type"] == "Picklist" and {"value": text} not in field["allowedValues"]:
        raise wrong_field(f"/cf/{name}", "invalid", "It is not one of the allowed values.")
    if field["type"] in ("Decimal", "Number", "Currency") and not _is_number(text):
        raise wrong_field(f"/cf/{name}", "invalid", "A number is expected.")
    if field["type"] == "Boolean" and text not in _TRUE:
        raise wrong_field(f"/cf/{name}", "invalid", "true or false is expected.")
    if len(text) > 255:  # noqa: PLR2004
        raise wrong_field(f"/cf/{name}", "invalid", "It has more than 255 characters.")
    return text


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
