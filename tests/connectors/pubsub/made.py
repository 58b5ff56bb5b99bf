"""Schemas and events as the vendor writes them, made by hand: fastavro is the other side here."""

from __future__ import annotations

import io
import json
from typing import Any

import fastavro

from hub.connectors.pubsub.change import Changed, changed
from hub.connectors.pubsub.schema import Schema

ACCOUNT = "001Hn00001AbCdEIAV"
COMMIT = 1_790_220_367_250
MODIFIED = 1_790_220_366_000
"""A second and a quarter before the commit."""

TYPES = (
    "CREATE", "UPDATE", "DELETE", "UNDELETE", "GAP_CREATE", "GAP_UPDATE", "GAP_DELETE",
    "GAP_UNDELETE", "GAP_OVERFLOW", "SNAPSHOT",
)  # fmt: skip

HEADER = {
    "type": "record",
    "name": "ChangeEventHeader",
    "fields": [
        {"name": "entityName", "type": "string"},
        {"name": "recordIds", "type": {"type": "array", "items": "string"}},
        {
            "name": "changeType",
            "type": {"type": "enum", "name": "ChangeType", "symbols": list(TYPES)},
        },
        {"name": "changeOrigin", "type": "string"},
        {"name": "transactionKey", "type": "string"},
        {"name": "sequenceNumber", "type": "int"},
        {"name": "commitTimestamp", "type": "long"},
        {"name": "commitNumber", "type": "long"},
        {"name": "commitUser", "type": "string"},
        {"name": "nulledFields", "type": {"type": "array", "items": "string"}},
        {"name": "diffFields", "type": {"type": "array", "items": "string"}},
        {"name": "changedFields", "type": {"type": "array", "items": "string"}},
    ],
}
ADDRESS = {
    "type": "record",
    "name": "Address",
    "fields": [
        {"name": "Street", "type": ["null", "string"], "doc": "Data:Text", "default": None},
        {"name": "City", "type": ["null", "string"], "doc": "Data:Text", "default": None},
        {"name": "Latitude", "type": ["null", "double"], "doc": "Data:Double", "default": None},
    ],
}
NAME = {
    "type": "record",
    "name": "Switchable_PersonName",
    "fields": [
        {"name": "FirstName", "type": ["null", "string"], "doc": "Data:Text", "default": None},
        {"name": "LastName", "type": ["null", "string"], "doc": "Data:Text", "default": None},
    ],
}


def field(name: str, avro: object, means: str) -> dict[str, Any]:
    return {"name": name, "type": ["null", avro], "doc": f"Data:{means}:00Nxx", "default": None}


def schema(*more: dict[str, Any]) -> Schema:
    """Give the schema of an account: 1 Name, 2 Phone, 3 BillingAddress, 4 ShippingAddress,
    5 AnnualRevenue, 6 NumberOfEmployees, 7 SLAExpirationDate, 8 LastModifiedDate.
    """
    return Schema(
        json.dumps(
            {
                "type": "record",
                "name": "AccountChangeEvent",
                "namespace": "com.sforce.eventbus",
                "fields": [
                    {"name": "ChangeEventHeader", "type": HEADER},
                    {
                        "name": "Name",
                        "type": ["null", "string", NAME],
                        "doc": "Data:SwitchablePersonName",
                        "default": None,
                    },
                    field("Phone", "string", "Phone"),
                    field("BillingAddress", ADDRESS, "Address"),
                    field("ShippingAddress", "com.sforce.eventbus.Address", "Address"),
                    field("AnnualRevenue", "double", "Currency"),
                    field("NumberOfEmployees", "int", "Integer"),
                    field("SLAExpirationDate", "long", "DateOnly"),
                    field("LastModifiedDate", "long", "DateTime"),
                    *more,
                ],
            }
        )
    )


def event(written_in: Schema, kind: str = "UPDATE", /, **fields: Any) -> Changed:
    """Write an event as Avro and read it back; `fields` in lower case are the header's."""
    header = {
        "entityName": "Account",
        "recordIds": [ACCOUNT],
        "changeType": kind,
        "changeOrigin": "com/salesforce/api/rest/67.0;client=OtherApp",
        "transactionKey": "000a1b2c-3d4e",
        "sequenceNumber": 1,
        "commitTimestamp": COMMIT,
        "commitNumber": 11_820_034_567_890,
        "commitUser": "005Hn00000UsrAaIAJ",
        "nulledFields": [],
        "diffFields": [],
        "changedFields": [],
    }
    own = {name: value for name, value in fields.items() if name in header}
    rest = {name: value for name, value in fields.items() if name not in header}
    out = io.BytesIO()
    fastavro.schemaless_writer(out, written_in._parsed, {"ChangeEventHeader": header | own, **rest})
    return changed(written_in, out.getvalue())
