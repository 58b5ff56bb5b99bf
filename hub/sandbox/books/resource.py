"""The calls that every kind of record has: make, list, read, change, upsert, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import custom_fields, lists
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.refusals import bad_parameter, bad_value, not_found
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.kinds import Kind
    from hub.sandbox.system import Fields

    Handler = Callable[[Incoming], Answer]

KEY_HEADER = "x-unique-identifier-key"
VALUE_HEADER = "x-unique-identifier-value"
UPSERT_HEADER = "x-upsert"
PDF = b"%PDF-1.4\n%%EOF\n"


def add(kind: Kind) -> Handler:
    """POST /{kind}."""

    def handler(call: Incoming) -> Answer:
        record = kind.create(call.organization, call.fields(), call.actor, call.query)
        return _written(call, kind, record, kind.created_message, 201)

    return handler


def listed(kind: Kind) -> Handler:
    """GET /{kind}."""

    def handler(call: Incoming) -> Answer:
        option = call.query.get("response_option", "")
        if kind.name == "invoices" and option in _OPTIONS:
            return _counted(call, kind, option)
        rows, context = lists.listed(call.organization, kind, call.query)
        return done(**{kind.name: rows}, page_context=context)

    return handler


def get(kind: Kind) -> Handler:
    """GET /{kind}/{id}; `accept=pdf` gives a file and no JSON."""

    def handler(call: Incoming) -> Answer:
        record = call.organization.find(kind.name, call.ids[0], kind.called)
        if call.query.get("accept") == "pdf":
            return Answer(body=PDF, headers={"Content-Type": "application/pdf"})
        return done(**kind.shown(call.organization, record))

    return handler


def change(kind: Kind) -> Handler:
    """PUT /{kind}/{id}."""

    def handler(call: Incoming) -> Answer:
        record = call.organization.find(kind.name, call.ids[0], kind.called)
        kind.change(call.organization, record, call.fields(), call.actor)
        return _written(call, kind, record, kind.changed_message, 200)

    return handler


def remove(kind: Kind) -> Handler:
    """DELETE /{kind}/{id}: nothing is left that would tell of it."""

    def handler(call: Incoming) -> Answer:
        record = call.organization.find(kind.name, call.ids[0], kind.called)
        kind.remove(call.organization, record, call.actor)
        return done(kind.removed_message)

    return handler


def upsert(kind: Kind) -> Handler:
    """PUT /{kind}, the record named by the value of a unique custom field in the headers."""

    def handler(call: Incoming) -> Answer:
        organization, headers = call.organization, call.request.headers
        key, value = headers.get(KEY_HEADER, ""), headers.get(VALUE_HEADER, "")
        field = organization.custom_fields.get(kind.name, {}).get(key)
        if field is None or not field.is_unique:
            raise bad_parameter("X-Unique-Identifier-Key")
        if not value:
            raise bad_parameter("X-Unique-Identifier-Value")
        fields = call.fields()
        if organization.quirks.upsert_writes_key:
            fields = _with_key(fields, key, value)
        record = custom_fields.find_unique(organization, kind.name, key, value)
        if record is not None:
            kind.change(organization, record, fields, call.actor)
            return _written(call, kind, record, kind.changed_message, 200)
        if headers.get(UPSERT_HEADER, "").lower() != "true":
            raise not_found(kind.called, organization.quirks.not_found_status)
        made = kind.create(organization, fields, call.actor, call.query)
        status = organization.quirks.upsert_created_status
        return _written(call, kind, made, kind.created_message, status)

    return handler


def change_custom_fields(kind: Kind) -> Handler:
    """PUT /{kind, singular}/{id}/customfields: its custom fields, and nothing else."""

    def handler(call: Incoming) -> Answer:
        record = call.organization.find(kind.name, call.ids[0], kind.called)
        fields = call.fields()
        if "custom_fields" not in fields:
            raise bad_value("custom_fields")
        with call.organization.changing(kind.name, record, call.actor):
            record["custom_field_hash"] = custom_fields.taken(
                call.organization, kind.name, fields, record
            )
        return done("Custom Fields Updated Successfully")

    return handler


def _written(call: Incoming, kind: Kind, record: Fields, message: str, status: int) -> Answer:
    return done(message, status, **kind.shown(call.organization, record))


def _with_key(fields: Fields, key: str, value: str) -> Fields:
    sent = fields.get("custom_fields") or []
    return {**fields, "custom_fields": [*sent, {"api_name": key, "value": value}]}


def _counted(call: Incoming, kind: Kind, option: str) -> Answer:
    """Play `response_option`: counts and sums, with the rows (1, 4) or without (2, 3)."""
    rows, context = lists.listed(call.organization, kind, call.query)
    sums = lists.counted(call.organization, kind, call.query)
    context["response_option"] = int(option)
    if option in "123":
        context["total"] = sums["count"]
    if option in "134":
        context["sum_columns"] = [
            {"column": "total", "value": sums["total"]},
            {"column": "balance", "value": sums["balance"]},
        ]
    entities = {kind.name: rows} if option in "14" else {}
    return done(**entities, page_context=context)


_OPTIONS = ("1", "2", "3", "4")
