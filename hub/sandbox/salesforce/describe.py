"""What the org has: its versions, its objects, and the fields of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.salesforce.call import VERSION_LEAST, VERSION_MOST
from hub.sandbox.salesforce.fields import NOT_FILTERED, NUMBERS
from hub.sandbox.salesforce.places import names_of
from hub.sandbox.salesforce.show import show
from hub.sandbox.salesforce.values import label_of
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.salesforce.call import Call
    from hub.sandbox.salesforce.fields import Field, Object
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.system import Fields

DIGITS = 18


def versions() -> Answer:
    """List the versions, for whoever asks."""
    numbers = range(int(VERSION_LEAST), int(VERSION_MOST) + 1)
    rows = [
        {"label": f"Release {one}", "url": f"/services/data/v{one}.0", "version": f"{one}.0"}
        for one in numbers
    ]
    return Answer(body=rows)


def resources(call: Call) -> Answer:
    """List what there is under a version."""
    names = ("sobjects", "query", "queryAll", "composite", "limits", "tooling")
    return Answer(body={name: f"{call.base}/{name}" for name in names})


def all_objects(call: Call) -> Answer:
    rows = [_summary(call, one) for one in call.org.objects.values()]
    return Answer(body={"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": rows})


def one_object(call: Call, name: str) -> Answer:
    """Give an object in short, and what was last used of it."""
    entity = call.org.object(name)
    recent = list(call.org.tables[entity.name])[-5:]
    items = [show(call.org, one, call.base, ("Id",)) for one in recent]
    return Answer(body={"objectDescribe": _summary(call, entity), "recentItems": items})


def describe(call: Call, name: str) -> Answer:
    """Give an object with all its fields, and what hangs on it."""
    entity = call.org.object(name)
    return Answer(
        body={
            **_summary(call, entity),
            "fields": [_field(call.org, one, entity) for one in call.org.fields(entity)],
            "childRelationships": _children(call.org, entity),
            "recordTypeInfos": [],
        }
    )


def _summary(call: Call, entity: Object) -> Fields:
    url = f"{call.base}/sobjects/{entity.name}"
    return {
        "name": entity.name,
        "label": entity.label,
        "labelPlural": entity.plural,
        "keyPrefix": entity.prefix,
        "custom": entity.custom,
        "createable": entity.name != "Organization",
        "updateable": True,
        "deletable": True,
        "undeletable": entity.undeletes,
        "queryable": True,
        "replicateable": True,
        "mergeable": entity.name in ("Account", "Contact", "Case"),
        "urls": {
            "sobject": url,
            "describe": f"{url}/describe",
            "rowTemplate": f"{url}/{{ID}}",
        },
    }


def _field(org: Organisation, field: Field, entity: Object) -> Fields:
    is_number = field.type in NUMBERS
    writes = not field.read_only
    return {
        "name": field.name,
        "label": label_of(field),
        "type": field.type,
        "length": 0 if is_number or field.type in ("boolean", "date", "datetime") else field.length,
        "precision": DIGITS if is_number and field.type != "int" else 0,
        "scale": field.scale if is_number and field.type != "int" else 0,
        "digits": 9 if field.type == "int" else 0,
        "nillable": not field.required and field.type != "boolean",
        "createable": writes,
        "updateable": writes and not field.once,
        "defaultedOnCreate": field.default is not None or field.name == "OwnerId",
        "externalId": field.external,
        "idLookup": field.external or field.name == "Id",
        "unique": field.unique,
        "caseSensitive": False,
        "custom": field.custom,
        "calculated": False,
        "nameField": field.name == entity.name_field,
        "filterable": field.type not in NOT_FILTERED,
        "sortable": field.type not in NOT_FILTERED,
        "restrictedPicklist": field.restricted,
        "picklistValues": [
            {"active": True, "defaultValue": one == field.default, "label": label, "value": one}
            for one, label in _choices(org, field).items()
        ],
        "referenceTo": [name for name in field.to if name in org.objects],
        "relationshipName": field.relation or None,
        "compoundFieldName": None,
    }


def _choices(org: Organisation, field: Field) -> Mapping[str, str]:
    """Give the words of a picklist, and what people see for each."""
    if field.name == "CurrencyIsoCode":
        rows = org.tables["CurrencyType"]
        codes = [str(one.get("IsoCode")) for one in rows if one.get("IsActive")]
        return dict(zip(codes, codes, strict=True))
    return names_of(field.name) or dict(zip(field.choices, field.choices, strict=True))


def _children(org: Organisation, entity: Object) -> list[Fields]:
    return [
        {
            "childSObject": other.name,
            "field": field.name,
            "relationshipName": field.children or None,
            "cascadeDelete": bool(other.parent),
        }
        for other in org.objects.values()
        for field in org.fields(other)
        if entity.name in field.to
    ]
