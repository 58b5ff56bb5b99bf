"""Setting up: a custom field made by the Tooling API.

A new field is nobody's to see at first: rights to it are records of FieldPermissions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.salesforce.fields import Field
from hub.sandbox.salesforce.refusal import Refusal
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.salesforce.call import Call
    from hub.sandbox.salesforce.fields import Type
    from hub.sandbox.salesforce.organisation import Organisation

TYPES: dict[str, Type] = {
    "Text": "string", "Number": "double", "Currency": "currency", "Date": "date",
    "DateTime": "datetime", "Checkbox": "boolean", "LongTextArea": "textarea",
}  # fmt: skip


def make_field(call: Call) -> Answer:
    """Make a custom field of an object."""
    body = call.body()
    name, _, field = str(body.get("FullName", "")).partition(".")
    said = body.get("Metadata")
    if not field.endswith("__c") or not isinstance(said, dict):
        message = "FullName: expected Object.Field__c, with its Metadata"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=())
    made = add_field(call.org, name, field, said)
    record_id = call.org.new_id("00N")
    assert made.custom, "it was made just now"
    return Answer(status=201, body={"id": record_id, "success": True, "errors": [], "warnings": []})


def add_field(org: Organisation, name: str, field: str, said: dict[str, Any]) -> Field:
    """Add a field to an object; one of the name that is there is refused."""
    entity = org.object(name)
    if entity.field(field) is not None:
        message = f"There is already a field named {field} on {entity.name}."
        raise Refusal("DUPLICATE_DEVELOPER_NAME", message, fields=("FullName",))
    if said.get("type") not in TYPES:
        message = f"type: bad value for restricted picklist field: {said.get('type')}"
        raise Refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields=("type",))
    made = Field(
        name=field,
        label=str(said.get("label", field)),
        type=TYPES[str(said["type"])],
        length=int(said.get("length") or 255),
        scale=int(said.get("scale") or 0) if said["type"] == "Number" else 2,
        unique=said.get("unique") is True,
        external=said.get("externalId") is True,
        custom=True,
        default=False if said["type"] == "Checkbox" else None,
    )
    org.add_object(msgspec.structs.replace(entity, fields={**entity.fields, field: made}))
    return made
