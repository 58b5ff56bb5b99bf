"""The history of webhooks: what was sent when, and sending it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import intake, lists
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.refusals import bad_value

if TYPE_CHECKING:
    from hub.sandbox.system import Answer, Fields

BULK_MAX = 10


def listed(call: Incoming) -> Answer:
    """GET /settings/webhooks/histories: the newest first."""
    wanted = {
        name: call.query[name] for name in ("webhook_id", "entity_id") if call.query.get(name)
    }
    rows = [
        _shown(one)
        for one in reversed(call.organization.tables["histories"].records.values())
        if all(one[name] == value for name, value in wanted.items()) and _within(call, one)
    ]
    page, context = lists.paged(rows, call.query, "Webhook Histories")
    return done(histories=page, page_context=context)


def get(call: Incoming) -> Answer:
    history = call.organization.find("histories", call.ids[0], "History")
    return done(history=_shown(history) | {"request_body": history["_hook"].body.decode()})


def resend(call: Incoming) -> Answer:
    """POST /settings/webhooks/histories/{id}/resend."""
    _again(call, call.organization.find("histories", call.ids[0], "History"))
    return done("The webhook has been triggered again.")


def resend_many(call: Incoming) -> Answer:
    """POST /settings/webhooks/histories/bulkresend: ten at most."""
    wanted = intake.names(call.fields(), "history_ids")
    if not 0 < len(wanted) <= BULK_MAX:
        raise bad_value("history_ids")
    for history in [call.organization.find("histories", one, "History") for one in wanted]:
        _again(call, history)
    return done("The webhooks have been triggered again.")


def _again(call: Incoming, history: Fields) -> None:
    history["retry_count"] += 1
    history["last_execution_time"] = call.organization.stamp()
    call.organization.world.send(history["_hook"])


def _within(call: Incoming, history: Fields) -> bool:
    day = history["created_time"][: len("2026-03-02")]
    first, last = call.query.get("from_date", ""), call.query.get("to_date", "")
    if call.query.get("filter_by") == "Status.Failed" and history["status"] != "failed":
        return False
    return (not first or day >= first) and (not last or day <= last)


def _shown(history: Fields) -> Fields:
    return {name: value for name, value in history.items() if name != "_hook"}
