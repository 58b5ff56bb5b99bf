"""What people do on the screen, and what is placed there before anyone looks."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from hub.errors import Refused
from hub.sandbox.salesforce import change
from hub.sandbox.salesforce.changes import Caller
from hub.sandbox.salesforce.fields import Field
from hub.sandbox.salesforce.fresh import PERSON
from hub.sandbox.salesforce.ids import read_id
from hub.sandbox.salesforce.intake import taken
from hub.sandbox.salesforce.refusal import Refusal
from hub.sandbox.salesforce.rules import Rule
from hub.sandbox.salesforce.show import plain
from hub.sandbox.salesforce.soql.condition import meets
from hub.sandbox.salesforce.soql.parse import parse_condition
from hub.sandbox.salesforce.standard.shape import MARK, entity
from hub.sandbox.salesforce.tooling import add_field
from hub.sandbox.salesforce.values import read_moment
from hub.sandbox.store import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.sandbox.salesforce.fields import Object
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.system import Fields

PEOPLE = Caller(user=PERSON)
WON, LOST = "Closed Won", "Closed Lost"


def put(org: Organisation, kind: str, fields: Fields) -> Fields:
    """Place a record silently: nobody is told, and its times may be given."""
    shape, said = _object(org, kind), dict(fields)
    stamps = {name: read_moment(said.pop(name)) for name in _STAMPS if said.get(name)}
    with _understood(kind), _unheard(org):
        record = change.insert(
            org, PEOPLE, shape, taken(org, shape, _exact(said), None), is_checked=False
        )
        if stamps:
            record = msgspec.structs.replace(record, fields=record.fields | stamps)
            org.save(record)
    return plain(org, record)


def edit(org: Organisation, kind: str, key: str, fields: Fields) -> Fields:
    """Change a record as a person does."""
    return _change(org, kind, key, fields, org.quirks.people_commit_seconds)


def _change(org: Organisation, kind: str, key: str, fields: Fields, seconds: float) -> Fields:
    """Change a record; what takes long holds its row, and bears the stamp of its beginning."""
    record, began = _record(org, kind, key), org.now()

    def commit() -> None:
        org.locks.pop(record.id, None)
        now = _record(org, kind, key)
        with _understood(kind), org.transaction(PEOPLE):
            values = taken(org, org.object(kind), _exact(fields), now)
            change.update(org, PEOPLE, now, values, at=began)

    if seconds <= 0:
        commit()
    else:
        until = org.world.clock.now() + timedelta(seconds=seconds)
        org.locks[record.id] = until
        org.world.clock.at(until, commit)
    return plain(org, _record(org, kind, key))


def act(org: Organisation, name: str, kind: str, key: str, details: Fields) -> Fields:
    """Press a button."""
    if name == "create":
        with _understood(kind), org.transaction(PEOPLE):
            made = _object(org, kind)
            record = change.insert(org, PEOPLE, made, taken(org, made, _exact(details), None))
        return plain(org, record)
    if name in OF_ORG:
        return OF_ORG[name](org, kind, details)
    if name in ("undelete", "purge"):
        return _from_bin(org, name, key)
    if name not in ACTS:
        known = ", ".join(sorted((*ACTS, *OF_ORG, "create", "undelete", "purge")))
        raise Refused(f"Salesforce knows no act {name!r}. Expected one of {known}.")
    with _understood(kind), org.transaction(PEOPLE):
        done = ACTS[name](org, _record(org, kind, key), details)
    return plain(org, done) if done else {}


def _close(org: Organisation, record: Record, _: Fields) -> Record:
    return _stage(org, record, WON)


def _lose(org: Organisation, record: Record, _: Fields) -> Record:
    return _stage(org, record, LOST)


def _stage(org: Organisation, record: Record, stage: str) -> Record:
    if record.module != "Opportunity":
        raise Refused(f"Only an Opportunity can be won or lost; {record.id} is {record.module}.")
    return change.update(org, PEOPLE, record, {"StageName": stage})


def _delete(org: Organisation, record: Record, details: Fields) -> None:
    """Delete a record; with `permanent` for good."""
    change.delete(org, PEOPLE, record)
    if details.get("permanent") is True:
        change.purge(org, record.id)


def _slow_edit(org: Organisation, record: Record, details: Fields) -> None:
    """Change `fields` in so many `seconds`: others see it then, under the stamp of now."""
    fields = details.get("fields")
    if not isinstance(fields, dict):
        raise Refused("slow_edit: expected fields, and how many seconds it takes.")
    _change(org, record.module, record.id, fields, float(details.get("seconds", 60)))


def _merge(org: Organisation, record: Record, details: Fields) -> Record:
    """Merge a record into another, `into`, which stays."""
    winner = _record(org, record.module, str(details.get("into")))
    if winner.id == record.id:
        raise Refused(f"A record cannot be merged into itself: {record.id}. Give another as into.")
    return change.merge(org, PEOPLE, winner, record)


def _lock(org: Organisation, record: Record, details: Fields) -> Record:
    """Send a record to approval, which locks it; with `locked` false, open it again."""
    changed = msgspec.structs.replace(record, locked=details.get("locked") is not False)
    org.save(changed)
    return changed


def _lock_row(org: Organisation, record: Record, details: Fields) -> Record:
    """Hold a row for so many `seconds`, as a long transaction of somebody else does."""
    seconds = float(details.get("seconds", 10))
    org.locks[record.id] = org.world.clock.now() + timedelta(seconds=seconds)
    return record


ACTS: dict[str, Callable[[Organisation, Record, Fields], Record | None]] = {
    "close": _close,
    "lose": _lose,
    "delete": _delete,
    "merge": _merge,
    "slow_edit": _slow_edit,
    "lock": _lock,
    "lock_row": _lock_row,
}
"""What a person may do with a record."""


def _rule(org: Organisation, kind: str, details: Fields) -> Fields:
    """Refuse to save records that meet a condition: `refuses`, `message`, and the `field`."""
    with _understood(kind):
        where = parse_condition(str(details.get("refuses", "")))
        rule = Rule(
            entity=_object(org, kind).name,
            refuses=where,
            message=str(details.get("message", "It is not saved so.")),
            field=str(details.get("field", "")),
        )
        blank = dict.fromkeys(org.object(kind).fields)
        meets(org, where, Record(id="", module=rule.entity, fields=blank))
    org.rules.append(rule)
    return {"rules": len(org.rules)}


def _no_rules(org: Organisation, _: str, __: Fields) -> Fields:
    org.rules.clear()
    return {"rules": 0}


def _new_object(org: Organisation, kind: str, details: Fields) -> Fields:
    """Make a custom object: its name as kind, and its fields by name and type."""
    if not kind.endswith("__c") or kind in org.tables:
        raise Refused(f"kind: expected the name of a new custom object, with __c; found {kind!r}.")
    prefix = f"a{len(org.tables):02d}"
    named = entity(
        kind, prefix, [Field(name="Name", length=80)], marked=True, money=True, custom=True
    )
    org.add_object(named)
    for name, word in details.items():
        with _understood(kind):
            add_field(org, kind, name, {"type": word, "label": name})
    return {"object": kind}


def _new_field(org: Organisation, kind: str, details: Fields) -> Fields:
    """Make a field of an object: its `name`, and what the Tooling API says of one."""
    with _understood(kind):
        made = add_field(org, kind, str(details.get("name", "")), details)
    return {"field": made.name}


def _drop_field(org: Organisation, kind: str, details: Fields) -> Fields:
    """Take a custom field away, `name`."""
    found, name = _object(org, kind), str(details.get("name", MARK.name))
    left = {key: one for key, one in found.fields.items() if key != name}
    org.add_object(msgspec.structs.replace(found, fields=left))
    return {"fields": len(left)}


OF_ORG: dict[str, Callable[[Organisation, str, Fields], Fields]] = {
    "rule": _rule,
    "no_rules": _no_rules,
    "new_object": _new_object,
    "new_field": _new_field,
    "drop_field": _drop_field,
}
"""What somebody may do to the org itself."""

_STAMPS = ("CreatedDate", "LastModifiedDate", "SystemModstamp")


def _from_bin(org: Organisation, name: str, key: str) -> Fields:
    with _understood("record"):
        if name == "purge":
            change.purge(org, key)
            return {}
        with org.transaction(PEOPLE):
            return plain(org, change.undelete(org, PEOPLE, key))


def _object(org: Organisation, kind: str) -> Object:
    if kind not in org.objects:
        known = ", ".join(org.objects)
        raise Refused(f"Salesforce has no kind {kind!r}. Expected one of {known}.")
    return org.objects[kind]


def _record(org: Organisation, kind: str, key: str) -> Record:
    found = org.tables[_object(org, kind).name].get(read_id(key) or "")
    if found is None:
        raise Refused(f"Salesforce has no {kind} {key!r}. Its state lists what there is.")
    return found


@contextmanager
def _understood(kind: str) -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise Refused(
            f"Salesforce does not take this for {kind}: {refusal.message} ({refusal.code})."
        ) from refusal


@contextmanager
def _unheard(org: Organisation) -> Iterator[None]:
    """Change records so that nobody is told."""
    heard, org.changes = org.changes, []
    try:
        with org.transaction(PEOPLE):
            yield
    finally:
        org.changes = heard


def _exact(value: Any) -> Any:
    """Take numbers for what was typed: those who script the sandbox may have sent floats."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {key: _exact(one) for key, one in value.items()}
    return value
