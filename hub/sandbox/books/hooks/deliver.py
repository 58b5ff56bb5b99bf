"""What is sent when a record changes: which rules fire, with which body, to where.

The default payload is the record and nothing else: no event, no organisation, no time of sending.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from hub.sandbox.books.hooks import signature
from hub.sandbox.books.hooks.webhooks import KINDS, webhook_of
from hub.sandbox.world import Hook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hub.sandbox.books.kinds import Kind
    from hub.sandbox.books.organization import Change, Organization
    from hub.sandbox.system import Fields

    Pairs = list[tuple[str, str]]

ENCODER = msgspec.json.Encoder(decimal_format="number")
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
HISTORIES_MAX = 5_000
PLACEHOLDER = re.compile(r"\$\{(?:\w+\.)?(\w+)\}")


def announce(organization: Organization, change: Change, kinds: Mapping[str, Kind]) -> None:
    """Send what the active rules say about a change."""
    if change.kind not in kinds or change.actor.road == "seed":
        return
    if change.actor.road == "api" and not organization.quirks.echo_api_writes:
        return
    for webhook in _fired(organization, change):
        deliver(organization, webhook, kinds[change.kind], change.record)


def deliver(organization: Organization, webhook: Fields, kind: Kind, record: Fields) -> None:
    """Send one webhook, and write it into the history."""
    url, body, content_type, form = _written(organization, webhook, kind, record)
    headers = {"Content-Type": content_type}
    headers |= {pair["param_name"]: pair["param_value"] for pair in webhook["headers"]}
    if webhook["secret"]:
        query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
        unformed = b"" if form else body
        headers[signature.HEADER] = signature.signed(webhook["secret"], query, unformed, form)
    history = _remember(organization, webhook, record[kind.id_field])
    hook = Hook(
        system="books",
        method=webhook["method"],
        url=url,
        headers=headers,
        body=body,
        done=lambda status: history.update(status="success" if status // 100 == 2 else "failed"),  # noqa: PLR2004
    )
    history["_hook"] = hook
    history["url"] = url
    organization.world.send(hook)


def _fired(organization: Organization, change: Change) -> Iterator[Fields]:
    webhooks = organization.tables["webhooks"].records
    for rule in organization.tables["workflows"].records.values():
        if rule["status"] == "active" and _concerns(rule, change):
            for action in rule["actions"]:
                if webhook_of(action) in webhooks:
                    yield webhooks[webhook_of(action)]


def _concerns(rule: Fields, change: Change) -> bool:
    if KINDS[rule["entity"]] != change.kind:
        return False
    match rule["rule_type"]:
        case "create_or_edit":
            return change.event in ("create", "edit")
        case "field_update":
            return change.event == "edit" and not change.fields.isdisjoint(rule["field_update"])
    return bool(rule["rule_type"] == change.event)


def _written(
    organization: Organization, webhook: Fields, kind: Kind, record: Fields
) -> tuple[str, bytes, str, Pairs]:
    """Give the URL, the body, its type, and its pairs when it is a form."""
    detail = kind.detail(organization, record)
    url = _with_query(webhook["url"], _pairs(webhook["query_parameters"], detail))
    if webhook["raw_data"]:
        return url, _filled(webhook["raw_data"], detail).encode(), JSON, []
    form = [
        *_pairs(webhook["entity_parameters"], detail),
        *_pairs(webhook["additional_parameters"], detail),
        *_pairs(webhook["form_data"], detail),
    ]
    default = ENCODER.encode({_key(organization, kind): _in_hook(detail)})
    if not form and organization.quirks.hook_form == "jsonstring":
        form = [("JSONString", default.decode())]
    if form:
        return url, urlencode(form).encode(), FORM, form
    return url, default, JSON, []


def _in_hook(detail: Fields) -> Fields:
    """Show a record as hooks do: every kind has `last_modified_time` here."""
    if "updated_time" in detail:
        return {**detail, "last_modified_time": detail["updated_time"]}
    return detail


def _key(organization: Organization, kind: Kind) -> str:
    return organization.quirks.hook_payment_key if kind.key == "payment" else kind.key


def _pairs(parameters: list[Fields], detail: Fields) -> Pairs:
    return [(one["param_name"], _filled(one["param_value"], detail)) for one in parameters]


def _filled(text: str, detail: Fields) -> str:
    """Put the record's own values where `${INVOICE.INVOICE_NUMBER}` and the like stand."""
    return PLACEHOLDER.sub(lambda found: _plain(detail.get(found[1].lower(), "")), text)


def _plain(value: object) -> str:
    if isinstance(value, str | int | Decimal):
        return str(value)
    return ENCODER.encode(value).decode()


def _with_query(url: str, pairs: Pairs) -> str:
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(pairs)) if part)
    return urlunsplit(parts._replace(query=query))


def _remember(organization: Organization, webhook: Fields, record_id: str) -> Fields:
    """Write a delivery into the history, from which the oldest fall out in time."""
    table = organization.tables["histories"]
    history = {
        "history_id": organization.new_id(),
        "webhook_id": webhook["webhook_id"],
        "webhook_name": webhook["webhook_name"],
        "entity": webhook["entity"],
        "entity_id": record_id,
        "method": webhook["method"],
        "status": "pending",
        "retry_count": 0,
        "created_time": organization.stamp(),
        "last_execution_time": organization.stamp(),
        "next_retry_time": "",
    }
    table.put(history, organization.second())
    if len(table.records) > HISTORIES_MAX:
        table.remove(next(iter(table.records)))
    return history
