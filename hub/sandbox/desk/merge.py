"""Two become one: the survivor keeps its id, and the others go into the bin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.desk import records
from hub.sandbox.desk.fields import KINDS
from hub.sandbox.desk.history import happened
from hub.sandbox.desk.refusal import wrong_field

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Actor, Organisation
    from hub.sandbox.system import Fields

_BELOW = {"contacts": ("tickets", "contactId"), "accounts": ("tickets", "accountId")}


def merge(org: Organisation, kind: str, survivor: Fields, sent: Fields, actor: Actor) -> Fields:
    """Merge others into a record; `source` says, field by field, whose word is kept."""
    others = [_other(org, kind, survivor, one) for one in _ids(sent)]
    values = _chosen(org, kind, sent.get("source"), survivor)
    for other in others:
        _moved(org, kind, other, survivor)
        if kind == "tickets":
            happened(org, other["id"], "TicketMergedChild", actor)
        records.trash(org, kind, other, actor)
    if kind == "tickets":
        happened(org, survivor["id"], "TicketMergedMaster", actor)
    if values:
        return records.change(org, kind, survivor, values, actor)
    org.noted(kind, survivor, actor, event=f"{KINDS[kind].noun}_Update", before=dict(survivor))
    return survivor


def _ids(sent: Fields) -> list[str]:
    ids = sent.get("ids")
    if not isinstance(ids, list) or not ids:
        raise wrong_field("/ids", "missing")
    return [str(one) for one in ids]


def _other(org: Organisation, kind: str, survivor: Fields, record: str) -> Fields:
    found = org.tables[kind].get(record)
    if found is None or found["isTrashed"] or found is survivor:
        raise wrong_field("/ids", "invalid", "There is no such record.")
    return found


def _chosen(org: Organisation, kind: str, source: object, survivor: Fields) -> Fields:
    if not isinstance(source, dict):
        return {}
    values: Fields = {}
    for name, whose in source.items():
        if name == "cf" and isinstance(whose, dict):
            own = {one: org.tables[kind].get(str(by), survivor)["cf"] for one, by in whose.items()}
            values["cf"] = {one: cf.get(one) for one, cf in own.items()}
        else:
            values[name] = org.tables[kind].get(str(whose), survivor).get(name)
    return values


def _moved(org: Organisation, kind: str, loser: Fields, survivor: Fields) -> None:
    """Have what hung on the loser hang on the survivor."""
    if kind == "tickets":
        for kept in (org.comments, org.threads):
            kept.setdefault(survivor["id"], []).extend(kept.pop(loser["id"], []))
        survivor["commentCount"] = str(len(org.comments[survivor["id"]]))
        survivor["threadCount"] = str(len(org.threads[survivor["id"]]))
        return
    below, field = _BELOW[kind]
    for one in org.present(below):
        if one[field] == loser["id"]:
            one[field] = survivor["id"]
