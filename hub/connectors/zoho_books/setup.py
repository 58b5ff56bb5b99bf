"""Have Zoho Books send webhooks: what is missing is made, and what is there is left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import NotRead
from hub.connectors.finding import Finding
from hub.connectors.outcome import Refused
from hub.connectors.record import read
from hub.connectors.zoho_books.automation import WEBHOOKS, Post, all_webhooks, there_is
from hub.connectors.zoho_books.kinds import KINDS, ROWS_MAX
from hub.connectors.zoho_books.mark import module_name
from hub.connectors.zoho_books.organisation import get

if TYPE_CHECKING:
    from hub.connectors.connector import Door
    from hub.connectors.http import Vendor
    from hub.connectors.zoho_books.automation import There
    from hub.connectors.zoho_books.kinds import BooksKind

RULES = ("create_or_edit", "delete")
"""Of what a rule tells; only with both does nothing change unheard."""


class _History(msgspec.Struct):
    webhook_id: str = ""
    status: str = "failed"


class _Histories(msgspec.Struct):
    histories: list[_History] = []


async def webhooks(vendor: Vendor, organization: str, door: Door, *, make: bool) -> list[Finding]:
    """See that changes of each kind are sent, by one webhook and its rules."""
    there = await there_is(vendor, organization)
    post = Post(vendor, organization, door)
    return [await _told(post, there, kind, make=make) for kind in KINDS.values() if kind.notifies]


async def renew(vendor: Vendor, organization: str, door: Door) -> None:
    """Give every webhook that leads here the secret of the door; done by half, it is done again."""
    post = Post(vendor, organization, door)
    for one in await all_webhooks(vendor, organization):
        if one.url == door.url:
            await post.secret(one)


async def failed(vendor: Vendor, organization: str, door: Door, day: str) -> list[Finding]:
    """Look in Books' own history for webhooks that did not arrive since a day."""
    ours = [one for one in await all_webhooks(vendor, organization) if one.url == door.url]
    params = {"filter_by": "Status.Failed", "from_date": day, "per_page": str(ROWS_MAX)}
    answer = await read(vendor, get(f"{WEBHOOKS}/histories", organization, **params))
    rows = msgspec.json.decode(answer.body, type=_Histories).histories
    known = {one.webhook_id for one in ours}
    count = sum(row.webhook_id in known and row.status == "failed" for row in rows)
    about = "webhooks sent"
    if not count:
        sentence = f"Books' history knows of none since {day} that did not arrive."
        return [Finding(about=about, state="well", sentence=sentence)]
    sentence = (
        f"Books' history has {count} since {day} that did not arrive. Polling finds what they "
        "told; see that the hub is reached at all times."
    )
    return [Finding(about=about, state="warned", sentence=sentence)]


async def _told(post: Post, there: There, kind: BooksKind, *, make: bool) -> Finding:
    """See to the webhook of one kind, and to its rules; say what was done."""
    about = f"webhook of {kind.name}"
    missing = _missing(there, kind, post.door.url)
    if not missing:
        sentence = "Books sends each change, by an active rule for changes and one for deletions."
        return Finding(about=about, state="well", sentence=sentence)
    if not make:
        sentence = f"To be made: {', '.join(missing)}."
        return Finding(about=about, state="owed", sentence=sentence)
    try:
        done = await _made(post, there, kind)
    except NotRead as error:
        return _not_made(about, kind, post, error)
    return Finding(about=about, state="made", sentence=f"Made: {', '.join(done)}.")


def _missing(there: There, kind: BooksKind, url: str) -> list[str]:
    webhook = there.webhook(kind, url)
    if webhook is None:
        return ["the webhook", *(_rule_name(event) for event in RULES)]
    rules = {event: there.rule(webhook, event) for event in RULES}
    return [_rule_name(event) for event, rule in rules.items() if rule is None or rule.is_off]


async def _made(post: Post, there: There, kind: BooksKind) -> list[str]:
    """Make what is missing, one by one: whatever stops it, the next time goes on from there."""
    done = []
    webhook = there.webhook(kind, post.door.url)
    if webhook is None:
        webhook = await post.webhook(kind)
        done.append("the webhook")
    for event in RULES:
        rule = there.rule(webhook, event)
        if rule is None:
            await post.rule(kind, webhook, event)
        elif rule.is_off:
            await post.switch_on(rule)
        else:
            continue
        done.append(_rule_name(event))
    return done


def _not_made(about: str, kind: BooksKind, post: Post, error: NotRead) -> Finding:
    if not isinstance(error.outcome, Refused):
        sentence = f"It could not be made to its end; run `hub setup` again, which goes on. {error}"
        return Finding(about=about, state="needs", sentence=sentence)
    return Finding(
        about=about,
        state="needs",
        sentence=f"Books does not let the hub make it. {error}",
        steps=(
            "In Books: Settings, Automation, Workflow Actions, Webhooks, New Webhook",
            (f"Module {module_name(kind)}, URL {post.door.url}, method POST, body Default Payload"),
            (
                'Tick "I want to secure this webhook", and enter a secret of 12 to 50 letters and '
                "digits; give the hub the same: "
                f"hub setup {post.vendor.connection} --webhook-secret-file FILE"
            ),
            (
                "Under Workflow Rules, make two for this module to run it: Created or Edited (each "
                "time), and Deleted"
            ),
        ),
    )


def _rule_name(event: str) -> str:
    return f"a rule for {'deletions' if event == 'delete' else 'changes'}"
