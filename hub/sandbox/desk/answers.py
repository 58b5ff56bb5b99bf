"""What the calls do that every kind has, and those of the portal itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.desk import lists, records
from hub.sandbox.desk import webhooks as hooks
from hub.sandbox.desk.described import described
from hub.sandbox.desk.fields import KINDS
from hub.sandbox.desk.intake import body_of
from hub.sandbox.desk.merge import merge
from hub.sandbox.desk.refusal import nowhere, wrong_field
from hub.sandbox.desk.search import search
from hub.sandbox.desk.show import row, whole
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.desk.routes import Incoming

    Act = Callable[[Incoming], Answer]

PAGE, PAGE_MAX = 50, 50
_PAGES = {"tickets": (25, 100), "contacts": (50, 100), "accounts": (50, 100)}


def listed(kind: str) -> Act:
    """GET /{kind}."""

    def act(call: Incoming) -> Answer:
        query = call.query
        rows = [
            row(call.org, kind, one, query.get("include", ""), query.get("fields", ""))
            for one in lists.filtered(call.org, kind, query)
        ]
        default, most = _PAGES[kind]
        return lists.page(rows, query, default=default, most=most)

    return act


def searched(kind: str) -> Act:
    """GET /{kind}/search."""
    return lambda call: search(call.org, kind, call.query)


def one(kind: str) -> Act:
    """GET /{kind}/{id}."""

    def act(call: Incoming) -> Answer:
        lists.known(call.query, "include")
        record = call.org.find(kind, call.ids[0])
        return Answer(body=whole(call.org, kind, record, call.query.get("include", "")))

    return act


def made(kind: str) -> Act:
    """POST /{kind}."""

    def act(call: Incoming) -> Answer:
        record = records.make(call.org, kind, body_of(call.request), call.actor)
        return Answer(body=whole(call.org, kind, record))

    return act


def changed(kind: str) -> Act:
    """PATCH /{kind}/{id}."""

    def act(call: Incoming) -> Answer:
        record = call.org.find(kind, call.ids[0])
        records.change(call.org, kind, record, body_of(call.request), call.actor)
        return Answer(body=whole(call.org, kind, record))

    return act


def trashed(kind: str) -> Act:
    """POST /{kind}/moveToTrash."""
    key = KINDS[kind].ids

    def act(call: Incoming) -> Answer:
        ids = body_of(call.request).get(key)
        if not isinstance(ids, list) or not ids:
            raise wrong_field(f"/{key}", "missing")
        found = [call.org.tables[kind].get(str(record)) for record in ids]
        if any(record is None or record["isTrashed"] for record in found):
            raise wrong_field(f"/{key}", "invalid", "There is no such record.")
        for record in found:
            if record is not None:
                records.trash(call.org, kind, record, call.actor)
        return Answer(status=204)

    return act


def merged(kind: str) -> Act:
    """POST /{kind}/{id}/merge."""

    def act(call: Incoming) -> Answer:
        survivor = call.org.find(kind, call.ids[0])
        merge(call.org, kind, survivor, body_of(call.request), call.actor)
        return Answer(body=whole(call.org, kind, survivor))

    return act


def tickets_of(kind: str) -> Act:
    """GET /contacts/{id}/tickets, and of accounts."""
    field = {"contacts": "contactId", "accounts": "accountId"}[kind]

    def act(call: Incoming) -> Answer:
        record = call.org.find(kind, call.ids[0])["id"]
        lists.known(call.query, "sortBy", "include", "fields")
        theirs = [one for one in call.org.present("tickets") if one[field] == record]
        sort = call.query.get("sortBy", "createdTime")
        ordered = lists.in_order(theirs, sort, ("createdTime", "modifiedTime"))
        rows = [row(call.org, "tickets", each) for each in ordered]
        return lists.page(rows, call.query, default=PAGE, most=100)

    return act


def table(name: str) -> Act:
    """GET /departments, /teams, /agents; a list of teams has a key of its own."""
    key = "teams" if name == "teams" else "data"

    def act(call: Incoming) -> Answer:
        lists.known(call.query, "status", "departmentIds", "isEnabled", "sortBy", "include")
        rows = list(call.org.tables[name].values())
        return lists.page(rows, call.query, default=PAGE, most=200, key=key)

    return act


def entry(name: str) -> Act:
    """GET /departments/{id}, /teams/{id}, /agents/{id}."""

    def act(call: Incoming) -> Answer:
        found = call.org.tables[name].get(call.ids[0])
        if found is None:
            raise nowhere()
        return Answer(body=found)

    return act


def me(call: Incoming) -> Answer:
    """GET /myinfo: the agent whose consent it was."""
    return Answer(body=call.org.tables["agents"][call.actor.id])


def fields(call: Incoming) -> Answer:
    """GET /organizationFields and /fields: the fields of a module."""
    lists.known(call.query, "module", "apiNames", "departmentId")
    names = [one for one in call.query.get("apiNames", "").split(",") if one]
    rows = described(call.org, call.query.get("module", ""))
    return Answer(body={"data": [one for one in rows if not names or one["apiName"] in names]})


def webhooks(call: Incoming) -> Answer:
    """GET /webhooks."""
    return lists.page(list(call.org.webhooks.values()), call.query, default=PAGE, most=PAGE_MAX)


def make_webhook(call: Incoming) -> Answer:
    """POST /webhooks."""
    return Answer(body=hooks.make(call.org, body_of(call.request), call.actor))


def webhook(call: Incoming) -> Answer:
    """GET /webhooks/{id}."""
    return Answer(body=hooks.one_of(call.org, call.ids[0]))


def change_webhook(call: Incoming) -> Answer:
    """PATCH /webhooks/{id}."""
    return Answer(body=hooks.change(call.org, call.ids[0], body_of(call.request)))


def delete_webhook(call: Incoming) -> Answer:
    """DELETE /webhooks/{id}."""
    hooks.one_of(call.org, call.ids[0])
    del call.org.webhooks[call.ids[0]]
    return Answer(status=200)
