"""What people do at the portal's own screen, and how a world is filled."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hub.errors import Refused
from hub.sandbox.desk import conversation, records, sla, tags
from hub.sandbox.desk.fields import KINDS
from hub.sandbox.desk.fresh import Custom, add_field
from hub.sandbox.desk.merge import merge
from hub.sandbox.desk.refusal import Refusal
from hub.sandbox.desk.show import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.sandbox.desk.organisation import Actor, Organisation
    from hub.sandbox.system import Fields

ACTS = (
    "create", "resolve", "close", "reopen", "escalate", "tag", "untag", "comment", "reply",
    "merge", "delete", "restore", "change_key", "forget_webhooks",
)  # fmt: skip


def put(org: Organisation, kind: str, fields: Fields, actor: Actor) -> Fields:
    """Place a record as if it had long been there; a custom field, too, of kind `fields`."""
    if kind == "fields":
        values = tuple(fields.get("allowedValues", ()))
        field = Custom(
            label=str(fields.get("displayLabel", fields["apiName"])),
            type=str(fields.get("type", "Text")),
            values=values,
        )
        return add_field(org, fields["module"], fields["apiName"], field)
    if kind in ("departments", "teams", "agents"):
        made = {"id": org.new_id(), **fields}
        org.tables[kind][made["id"]] = made
        return made
    _must_be(kind)
    fields = dict(fields)
    labels = fields.pop("tags", [])
    if kind == "tickets":
        fields.setdefault("subject", "A question")
        fields.setdefault("departmentId", next(iter(org.tables["departments"])))
        if not fields.get("contactId"):
            fields.setdefault("contact", {"lastName": "Somebody"})
    else:
        fields.setdefault("lastName" if kind == "contacts" else "accountName", "Somebody")
    fixed: Fields = {
        name: fields.pop(name)
        for name in ("createdTime", "zohoCRMContact", "zohoCRMAccount")
        if name in fields
    }
    with _in_a_sentence():
        record = records.make(org, kind, fields, actor)
    record.update(fixed)
    if labels:
        tags.add(org, record, labels, actor)
    org.index_long_ago(kind, record["id"])
    return whole(org, kind, record)


def edit(org: Organisation, kind: str, record: str, fields: Fields, actor: Actor) -> Fields:
    """Change a record as an agent does."""
    if kind in ("departments", "teams", "agents"):
        found = org.tables[kind].get(record)
        if found is None:
            raise _nobody(kind, record)
        found.update(fields)
        if kind != "teams":
            org.tell(f"{kind.removesuffix('s').capitalize()}_Update", found, actor)
        return found
    there = _there(org, kind, record)
    with _in_a_sentence():
        records.change(org, kind, there, fields, actor)
    return whole(org, kind, there)


def act(  # noqa: PLR0917 - as a system is asked, and who does it
    org: Organisation, act: str, kind: str, record: str, details: Fields, actor: Actor
) -> Fields:
    """Do what a button does."""
    if act == "change_key":
        org.keys.change()
        return {}
    if act == "forget_webhooks":
        org.webhooks.clear()
        return {}
    if act not in ACTS:
        raise Refused(f"act: expected one of {', '.join(ACTS)}; found {act!r}.")
    if act == "delete" and kind == "fields":
        return _forget_field(org, record)
    if act == "delete" and kind == "webhooks":
        return org.webhooks.pop(record, {})
    _must_be(kind)
    if act == "create":
        with _in_a_sentence():
            return whole(org, kind, records.make(org, kind, details, actor))
    there = _there(org, kind, record, trashed=act == "restore")
    with _in_a_sentence():
        _do(org, act, kind, there, details, actor)
    return whole(org, kind, there)


def _do(  # noqa: PLR0917 - as above
    org: Organisation, act: str, kind: str, there: Fields, details: Fields, actor: Actor
) -> None:
    match act:
        case "delete":
            records.trash(org, kind, there, actor)
        case "restore":
            records.restore(org, kind, there, actor)
        case "merge":
            merge(org, kind, there, details, actor)
        case _ if kind != "tickets":
            raise Refused(f"{act}: expected a ticket, found one of the {kind}.")
        case _:
            _do_ticket(org, act, there, details, actor)


def _do_ticket(org: Organisation, act: str, ticket: Fields, details: Fields, actor: Actor) -> None:
    match act:
        case "close" | "reopen":
            status = details.get("status", "Closed" if act == "close" else "Open")
            records.change(org, "tickets", ticket, {"status": status}, actor)
        case "resolve":
            said = {"status": details.get("status", "Resolved")}
            if "resolution" in details:
                said["resolution"] = details["resolution"]
            records.change(org, "tickets", ticket, said, actor)
        case "escalate":
            sla.escalate(org, ticket["id"], ticket["dueDate"], actor)
        case "tag":
            tags.add(org, ticket, details.get("tags"), actor)
        case "untag":
            tags.remove(org, ticket, details.get("tags"), actor)
        case "comment":
            conversation.comment(org, ticket, details, actor)
        case "reply":
            conversation.reply(org, ticket, details, actor)


def _forget_field(org: Organisation, name: str) -> Fields:
    """Take a custom field away, given as `kind.name`."""
    kind, _, field = name.partition(".")
    if kind not in org.custom or field not in org.custom[kind]:
        raise Refused(f"id: expected a custom field such as tickets.cf_hub_key; found {name!r}.")
    for record in org.tables[kind].values():
        record["cf"].pop(field, None)
    return org.custom[kind].pop(field)


def _there(org: Organisation, kind: str, record: str, *, trashed: bool = False) -> Fields:
    _must_be(kind)
    found = org.tables[kind].get(record)
    if found is None or found["isTrashed"] != trashed:
        raise _nobody(kind, record)
    return found


def _nobody(kind: str, record: str) -> Refused:
    return Refused(f"Expected the id of one of the {kind} of desk, found {record!r}.")


def _must_be(kind: str) -> None:
    if kind not in KINDS:
        raise Refused(f"kind: expected one of {', '.join(KINDS)}; found {kind!r}.")


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """Tell in a sentence what the portal refuses."""
    try:
        yield
    except Refusal as refusal:
        raise Refused(f"The portal says no: {refusal}. {refusal.answer.body}") from refusal
