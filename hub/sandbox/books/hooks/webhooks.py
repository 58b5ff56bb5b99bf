"""Webhooks and workflow rules as they are set up. Nothing is sent without an active rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hub.sandbox.books import intake, lists
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.refusals import bad_value, too_long

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields

KINDS = {
    "contact": "contacts", "item": "items", "invoice": "invoices", "estimate": "estimates",
    "creditnote": "creditnotes", "customerpayment": "customerpayments",
    "customer_payment": "customerpayments", "payment": "customerpayments",
    "customer": "contacts", "credit_note": "creditnotes",
}  # fmt: skip
"""The kinds of record that rules are about, by the names that `entity` may have."""
RULE_TYPES = ("create", "edit", "create_or_edit", "delete", "field_update")
SYNONYMS = {"created": "create", "edited": "edit", "deleted": "delete", "updated": "edit"}
METHODS = ("POST", "PUT", "DELETE")
PAIRS = ("headers", "query_parameters", "entity_parameters", "additional_parameters", "form_data")
SECRET = re.compile(r"[A-Za-z0-9]{12,50}")
URL_LENGTH_MAX = 5000
RAW_LENGTH_MAX = 100_000


def create(organization: Organization, fields: Fields, actor: Actor) -> Fields:
    """Set a webhook up."""
    webhook = {
        "webhook_id": organization.new_id(),
        "webhook_name": "",
        "description": "",
        "entity": "",
        "url": "",
        "method": "POST",
        **{name: [] for name in PAIRS},
        "body_type": "default",
        "raw_data": "",
        "secret": "",
        "events": [],
        "is_new_response_format": True,
    }
    _write(webhook, fields)
    return organization.add("webhooks", webhook, actor)


def create_rule(organization: Organization, fields: Fields, actor: Actor) -> Fields:
    """Set a workflow rule up: active from the start."""
    rule = {
        "workflow_id": organization.new_id(),
        "workflow_name": "",
        "entity": "",
        "rule_type": "",
        "field_update": [],
        "actions": [],
        "status": "active",
    }
    _write_rule(organization, rule, fields)
    return organization.add("workflows", rule, actor)


def subscribe(organization: Organization, fields: Fields, actor: Actor) -> Fields:
    """Set up a webhook and the rule that fires it, in one."""
    name = intake.text(fields, "webhook_name", f"{fields.get('entity')} {fields.get('event')}")
    webhook = create(organization, {**fields, "webhook_name": name[:50]}, actor)
    rule = {
        "workflow_name": name,
        "entity": webhook["entity"],
        "rule_type": fields.get("event", "create_or_edit"),
        "field_update": fields.get("field_update", []),
        "actions": [{"action_type": "webhook", "webhook_id": webhook["webhook_id"]}],
    }
    try:
        create_rule(organization, rule, actor)
    except BaseException:
        organization.remove("webhooks", webhook, actor)
        raise
    return webhook


def add(call: Incoming) -> Answer:
    """POST /settings/webhooks."""
    webhook = create(call.organization, call.fields(), call.actor)
    return done("The webhook has been created.", 201, webhook=shown(webhook))


def listed(call: Incoming) -> Answer:
    rows = [shown(one) for one in call.organization.tables["webhooks"].records.values()]
    page, context = lists.paged(rows, call.query, "Webhooks")
    return done(webhooks=page, page_context=context)


def get(call: Incoming) -> Answer:
    return done(webhook=shown(call.organization.find("webhooks", call.ids[0], "Webhook")))


def change(call: Incoming) -> Answer:
    """PUT /settings/webhooks/{id}."""
    webhook, fields = call.organization.find("webhooks", call.ids[0], "Webhook"), call.fields()
    with call.organization.changing("webhooks", webhook, call.actor):
        _write(webhook, fields)
    return done("The webhook has been updated.", webhook=shown(webhook))


def remove(call: Incoming) -> Answer:
    webhook = call.organization.find("webhooks", call.ids[0], "Webhook")
    call.organization.remove("webhooks", webhook, call.actor)
    return done("The webhook has been deleted.")


def add_rule(call: Incoming) -> Answer:
    """POST /settings/workflows."""
    rule = create_rule(call.organization, call.fields(), call.actor)
    return done("The workflow rule has been created.", 201, workflow=shown(rule))


def listed_rules(call: Incoming) -> Answer:
    rows = [shown(one) for one in call.organization.tables["workflows"].records.values()]
    page, context = lists.paged(rows, call.query, "Workflows")
    return done(workflows=page, page_context=context)


def get_rule(call: Incoming) -> Answer:
    rule = call.organization.find("workflows", call.ids[0], "Workflow rule")
    return done(workflow=shown(rule))


def change_rule(call: Incoming) -> Answer:
    """PUT /settings/workflows/{id}."""
    rule, fields = call.organization.find("workflows", call.ids[0], "Workflow rule"), call.fields()
    with call.organization.changing("workflows", rule, call.actor):
        _write_rule(call.organization, rule, fields)
    return done("The workflow rule has been updated.", workflow=shown(rule))


def remove_rule(call: Incoming) -> Answer:
    rule = call.organization.find("workflows", call.ids[0], "Workflow rule")
    call.organization.remove("workflows", rule, call.actor)
    return done("The workflow rule has been deleted.")


def mark_rule(status: str) -> Callable[[Incoming], Answer]:
    """Give the handler that switches a rule on or off."""

    def handler(call: Incoming) -> Answer:
        rule = call.organization.find("workflows", call.ids[0], "Workflow rule")
        with call.organization.changing("workflows", rule, call.actor):
            rule["status"] = status
        return done(f"The workflow rule has been marked as {status}.")

    return handler


def shown(record: Fields) -> Fields:
    """Show a webhook or a rule; a secret is never shown again."""
    return {name: value for name, value in record.items() if name != "secret"}


def _write(webhook: Fields, fields: Fields) -> None:
    webhook["webhook_name"] = intake.text(
        fields, "webhook_name", webhook["webhook_name"], length_max=50
    )
    webhook["description"] = intake.text(
        fields, "description", webhook["description"], length_max=100
    )
    webhook["entity"] = intake.one_of(fields, "entity", tuple(KINDS), webhook["entity"])
    webhook["url"] = intake.text(fields, "url", webhook["url"], length_max=URL_LENGTH_MAX)
    _check_url(webhook["url"])
    webhook["method"] = intake.one_of(fields, "method", METHODS, webhook["method"])
    for name in PAIRS:
        webhook[name] = _pairs(fields, name) if name in fields else webhook[name]
    webhook["body_type"] = intake.text(fields, "body_type", webhook["body_type"])
    webhook["raw_data"] = intake.text(fields, "raw_data", webhook["raw_data"], length_max=10**6)
    if len(webhook["raw_data"]) > RAW_LENGTH_MAX:
        raise too_long("raw_data", RAW_LENGTH_MAX)
    webhook["secret"] = intake.text(fields, "secret", webhook["secret"])
    if webhook["secret"] and not SECRET.fullmatch(webhook["secret"]):
        raise bad_value("secret")
    webhook["events"] = fields.get("events", webhook["events"])


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise bad_value("url") from None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise bad_value("url")


def _write_rule(organization: Organization, rule: Fields, fields: Fields) -> None:
    rule["workflow_name"] = intake.text(fields, "workflow_name", rule["workflow_name"])
    if not rule["workflow_name"]:
        raise bad_value("workflow_name")
    rule["entity"] = intake.one_of(fields, "entity", tuple(KINDS), rule["entity"])
    wanted = intake.text(fields, "rule_type", rule["rule_type"])
    rule["rule_type"] = SYNONYMS.get(wanted, wanted)
    if rule["rule_type"] not in RULE_TYPES:
        raise bad_value("rule_type")
    rule["field_update"] = _field_names(fields.get("field_update", rule["field_update"]))
    actions = intake.rows(fields, "actions") if "actions" in fields else rule["actions"]
    known = organization.tables["webhooks"].records
    if not actions or any(webhook_of(action) not in known for action in actions):
        raise bad_value("actions")
    rule["actions"] = actions


def webhook_of(action: Fields) -> str:
    return str(action.get("webhook_id") or action.get("action_id") or "")


def _field_names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    if not isinstance(value, list):
        raise bad_value("field_update")
    return [str(name) for name in value]


def _pairs(fields: Fields, name: str) -> list[Fields]:
    return [
        {
            "param_name": intake.text(row, "param_name"),
            "param_value": intake.text(row, "param_value"),
        }
        for row in intake.rows(fields, name)
    ]
