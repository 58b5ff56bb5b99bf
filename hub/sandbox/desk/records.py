"""Records made, changed, put in the bin and taken out of it: by the API and by people alike."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from hub.sandbox.desk import tickets
from hub.sandbox.desk.fields import KINDS
from hub.sandbox.desk.history import happened, transitions
from hub.sandbox.desk.intake import checked
from hub.sandbox.desk.refusal import no_body, wrong_field
from hub.sandbox.desk.sla import watch

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Actor, Organisation
    from hub.sandbox.system import Fields


def make(org: Organisation, kind: str, sent: Fields, actor: Actor) -> Fields:
    """Make a record; a ticket may bring its contact along."""
    sent = dict(sent)
    if kind == "tickets" and not sent.get("contactId"):
        sent["contactId"] = _requester(org, sent.pop("contact", None), actor)
    values = checked(org, kind, sent, new=True)
    values.pop("contact", None)
    _check_unique(org, kind, values, "")
    record = _bare(org, kind) | values
    record["cf"] = _custom(org, kind) | values.get("cf", {})
    if kind == "tickets":
        tickets.begin(org, record)
        tickets.settle(org, record, {"status": 1, "dueDate": 1, "assigneeId": 1, "teamId": 1},
                       by_hand=True)  # fmt: skip
        happened(org, record["id"], "TicketCreated", actor)
    org.tables[kind][record["id"]] = record
    org.noted(kind, record, actor, event=f"{KINDS[kind].noun}_Add")
    if kind == "tickets":
        watch(org, record)
    return record


def change(org: Organisation, kind: str, record: Fields, sent: Fields, actor: Actor) -> Fields:
    """Change the fields that are named; one that says what it said is no change."""
    values = checked(org, kind, sent, new=False)
    if not values:
        raise no_body()
    _check_unique(org, kind, values, record["id"])
    before = copy.deepcopy(record)
    after = copy.deepcopy(record)
    custom = {**record["cf"], **values.pop("cf", {})}
    after.update(values, cf=custom)
    if kind == "tickets":
        tickets.settle(org, after, values, by_hand=actor.road != "api")
    if after == before:
        return record
    record.update(after)
    if kind == "tickets":
        moved = transitions(before, record)
        happened(org, record["id"], "TicketUpdated", actor, moved)
        watch(org, record)
    org.noted(kind, record, actor, event=f"{KINDS[kind].noun}_Update", before=before)
    return record


def trash(org: Organisation, kind: str, record: Fields, actor: Actor) -> None:
    """Put a record into the bin, from which it can be taken back."""
    before = copy.deepcopy(record)
    record["isTrashed"] = True
    if kind == "tickets":
        happened(org, record["id"], "TicketDeleted", actor)
    org.noted(kind, record, actor, event=f"{KINDS[kind].noun}_Delete", before=before)


def restore(org: Organisation, kind: str, record: Fields, actor: Actor) -> None:
    """Take a record back out of the bin, under its old id."""
    record["isTrashed"] = False
    told = f"{KINDS[kind].noun}_Update" if org.quirks.restore_told else ""
    if kind == "tickets":
        happened(org, record["id"], "TicketRestored", actor)
    org.noted(kind, record, actor, event=told)


def _bare(org: Organisation, kind: str) -> Fields:
    record: Fields = {"id": org.new_id()}
    facts = KINDS[kind]
    names = [*facts.texts, *facts.lookups, *(facts.others - {"contact", "uploads"})]
    record |= dict.fromkeys(sorted(names))
    record |= copy.deepcopy(facts.shown)
    record["createdTime"] = org.stamp()
    record["webUrl"] = org.url(kind, record["id"])
    return record


def _custom(org: Organisation, kind: str) -> Fields:
    return dict.fromkeys(org.custom[kind])


def _requester(org: Organisation, contact: object, actor: Actor) -> str:
    """Find the contact that a new ticket brings along by its e-mail, or make it."""
    if not isinstance(contact, dict):
        raise wrong_field("/contactId", "missing")
    email = str(contact.get("email") or "").casefold()
    for one in org.present("contacts"):
        if email and str(one.get("email") or "").casefold() == email:
            return str(one["id"])
    return str(make(org, "contacts", contact, actor)["id"])


def _check_unique(org: Organisation, kind: str, values: Fields, own: str) -> None:
    if kind != "contacts" or not org.quirks.emails_unique or not values.get("email"):
        return
    email = str(values["email"]).casefold()
    for one in org.present(kind):
        if one["id"] != own and str(one.get("email") or "").casefold() == email:
            raise wrong_field("/email", "duplicate", "A contact has this e-mail already.")
