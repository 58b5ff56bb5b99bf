"""The automation of Zoho Books, as its API gives it: webhooks, and the rules that fire them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.http import Call
from hub.connectors.record import read
from hub.connectors.zoho_books.organisation import SHARE, get

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.connector import Door
    from hub.connectors.http import Vendor
    from hub.connectors.zoho_books.kinds import BooksKind

WEBHOOKS, WORKFLOWS = "/books/v3/settings/webhooks", "/books/v3/settings/workflows"
PAGES_MAX = 100


class _Action(msgspec.Struct):
    webhook_id: str = ""
    action_id: str = ""


class Webhook(msgspec.Struct):
    """Where something is sent."""

    webhook_id: str
    entity: str = ""
    url: str = ""


class Rule(msgspec.Struct):
    """When which webhooks are fired."""

    workflow_id: str
    entity: str = ""
    rule_type: str = ""
    status: str = "active"
    actions: list[_Action] | None = None

    def is_for(self, webhook: str, event: str) -> bool:
        """Whether it fires this webhook at such an event."""
        fires = any(webhook in (one.webhook_id, one.action_id) for one in self.actions or ())
        return fires and _plain(self.rule_type) == event

    @property
    def is_off(self) -> bool:
        return self.status.casefold() != "active"


class _PageContext(msgspec.Struct):
    has_more_page: bool = False


class _Webhooks(msgspec.Struct):
    webhooks: list[Webhook] = []
    page_context: _PageContext = msgspec.field(default_factory=_PageContext)


class _Rules(msgspec.Struct):
    workflows: list[Rule] = []
    page_context: _PageContext = msgspec.field(default_factory=_PageContext)


class _MadeWebhook(msgspec.Struct):
    webhook: Webhook


class _OneRule(msgspec.Struct):
    workflow: Rule


class There(msgspec.Struct):
    """What stands at Books."""

    webhooks: list[Webhook]
    rules: list[Rule]

    def webhook(self, kind: BooksKind, url: str) -> Webhook | None:
        """Give ours: by its address, so that two hubs at one organisation leave each other be."""
        return next(
            (one for one in self.webhooks if one.url == url and _is_of(one.entity, kind)), None
        )

    def rule(self, webhook: Webhook, event: str) -> Rule | None:
        return next((one for one in self.rules if one.is_for(webhook.webhook_id, event)), None)


async def there_is(vendor: Vendor, organization: str) -> There:
    """Read all that stands there."""
    return There(await all_webhooks(vendor, organization), await _all_rules(vendor, organization))


class Post:
    """Makes and changes webhooks and rules of one organisation."""

    def __init__(self, vendor: Vendor, organization: str, door: Door) -> None:
        self.door = door
        self.vendor = vendor
        self._organization = organization

    async def webhook(self, kind: BooksKind) -> Webhook:
        fields = {
            "webhook_name": f"Hub: {kind.name}",
            "description": "Tells the hub of changes. Made and looked after by `hub setup`.",
            "entity": entity_of(kind),
            "url": self.door.url,
            "method": "POST",
            "body_type": "default",
            "secret": self.door.token.reveal(),
            "is_new_response_format": True,
        }
        body = await self._send("POST", WEBHOOKS, fields)
        return msgspec.json.decode(body, type=_MadeWebhook).webhook

    async def secret(self, webhook: Webhook) -> None:
        fields = {"url": webhook.url, "secret": self.door.token.reveal()}
        await self._send("PUT", f"{WEBHOOKS}/{webhook.webhook_id}", fields)

    async def rule(self, kind: BooksKind, webhook: Webhook, event: str) -> None:
        fields = {
            "workflow_name": f"Hub: {kind.name}, {event.replace('_', ' ')}",
            "entity": entity_of(kind),
            "rule_type": event,
            "actions": [{"action_type": "webhook", "webhook_id": webhook.webhook_id}],
        }
        await self._send("POST", WORKFLOWS, fields)

    async def switch_on(self, rule: Rule) -> None:
        await self._send("POST", f"{WORKFLOWS}/{rule.workflow_id}/active", {})

    async def _send(self, method: str, path: str, fields: Mapping[str, object]) -> bytes:
        call = Call(
            method=method,
            path=path,
            params=(("organization_id", self._organization),),
            headers={"Content-Type": "application/json"},
            body=msgspec.json.encode(fields),
            verb="readable",
            share=SHARE,
        )
        return (await read(self.vendor, call)).body


async def all_webhooks(vendor: Vendor, organization: str) -> list[Webhook]:
    found: list[Webhook] = []
    for page in range(1, PAGES_MAX + 1):
        answer = await read(vendor, get(WEBHOOKS, organization, page=str(page)))
        rows = msgspec.json.decode(answer.body, type=_Webhooks)
        found += rows.webhooks
        if not rows.page_context.has_more_page:
            break
    return found


async def _all_rules(vendor: Vendor, organization: str) -> list[Rule]:
    found: list[Rule] = []
    for page in range(1, PAGES_MAX + 1):
        answer = await read(vendor, get(WORKFLOWS, organization, page=str(page)))
        rows = msgspec.json.decode(answer.body, type=_Rules)
        found += [await _whole(vendor, organization, one) for one in rows.workflows]
        if not rows.page_context.has_more_page:
            break
    return found


async def _whole(vendor: Vendor, organization: str, rule: Rule) -> Rule:
    """Read a rule by itself where its row does not say what it does."""
    if rule.actions is not None:
        return rule
    answer = await read(vendor, get(f"{WORKFLOWS}/{rule.workflow_id}", organization))
    return msgspec.json.decode(answer.body, type=_OneRule).workflow


def entity_of(kind: BooksKind) -> str:
    """Name a kind as webhooks and rules do."""
    return kind.name.removesuffix("s")


def _is_of(entity: str, kind: BooksKind) -> bool:
    return entity.replace("_", "").removesuffix("s") == entity_of(kind)


def _plain(rule_type: str) -> str:
    return (
        rule_type.replace("created", "create")
        .replace("edited", "edit")
        .replace("deleted", "delete")
    )
