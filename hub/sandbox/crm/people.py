"""What people do at the vendor's own screen, and what is placed there before anyone looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from hub.errors import Refused
from hub.sandbox.crm.change import insert, made, merge, remove, restore, update
from hub.sandbox.crm.company import put_company
from hub.sandbox.crm.intake import checked_values
from hub.sandbox.crm.list import removed_type
from hub.sandbox.crm.organisation import PERSON
from hub.sandbox.crm.refusal import Refusal
from hub.sandbox.crm.related import hang
from hub.sandbox.crm.search import index_of
from hub.sandbox.crm.show import show
from hub.sandbox.crm.values import moment

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record

Fields = dict[str, Any]
Act = Callable[["Organisation", "Record", Fields], "Record | None"]

T = TypeVar("T")

_STAMPS = ("Created_Time", "Modified_Time")
_NOT_RECORDS = ("Users", "currencies", "taxes")


def put(org: Organisation, kind: str, fields: Fields) -> Fields:
    """Place a record silently: nobody is told, search finds it, and its times may be given."""
    if kind in _NOT_RECORDS:
        return _understood(kind, lambda: put_company(org, kind, fields))
    record = made(org, kind, _new(org, kind, fields), PERSON.id)
    stamps = {name: moment(str(fields[name])) for name in _STAMPS if fields.get(name)}
    fixed = record.fields | {name: at for name, at in stamps.items() if at}
    record = msgspec.structs.replace(record, fields=fixed)
    org.save(record)
    index_of(org, kind).place(record)
    return show(org, record)


def edit(org: Organisation, kind: str, key: str, fields: Fields) -> Fields:
    """Change a record as a person does."""
    if kind in _NOT_RECORDS:
        return _understood(kind, lambda: put_company(org, kind, fields | {"id": key}))
    record = _record(org, kind, key)
    values = _checked(org, kind, fields, record)
    return show(org, update(org, record, values, PERSON.id))


def act(org: Organisation, name: str, kind: str, key: str, details: Fields) -> Fields:
    """Press a button."""
    if name == "create":
        return show(org, insert(org, kind, _new(org, kind, details), PERSON.id))
    if name == "restore":
        return _restore(org, kind, key)
    if name == "channel_expired":
        return _expire(org, key)
    if name == "channel_kept":
        return _keep(org, timedelta(seconds=float(details.get("seconds", 0))))
    if name not in ACTS:
        known = ", ".join(sorted((*ACTS, "create", "restore", "channel_expired", "channel_kept")))
        raise Refused(f"The CRM knows no act {name!r}. Expected one of {known}.")
    done = ACTS[name](org, _record(org, kind, key), details)
    return show(org, done) if done else {}


def _new(org: Organisation, kind: str, fields: Fields) -> Fields:
    """Check what a new record is to hold."""
    if kind not in org.tables:
        raise Refused(f"The CRM has no kind {kind!r}. Expected one of {', '.join(org.tables)}.")
    return _checked(org, kind, fields, None)


def _close(org: Organisation, record: Record, details: Fields) -> Record:
    """Win a deal."""
    return _stage(org, record, "Closed Won", details)


def _lose(org: Organisation, record: Record, details: Fields) -> Record:
    """Lose a deal, perhaps with a reason."""
    reason = {"Reason_For_Loss__s": details["reason"]} if details.get("reason") else {}
    return _stage(org, record, "Closed Lost", reason)


def _stage(org: Organisation, record: Record, stage: str, more: Fields) -> Record:
    if record.module != "Deals":
        raise Refused(f"Only a record of Deals can be won or lost; {record.id} is of "
                      f"{record.module}.")  # fmt: skip
    values = _checked(org, "Deals", {**more, "Stage": stage}, record)
    return update(org, record, values, PERSON.id)


def _delete(org: Organisation, record: Record, details: Fields) -> None:
    """Delete a record; with `permanent` for good."""
    remove(org, record, PERSON.id, permanent=details.get("permanent") is True)


def _merge(org: Organisation, record: Record, details: Fields) -> Record:
    """Merge a record into another, `into`, which stays."""
    winner = _record(org, record.module, str(details.get("into")))
    if winner.id == record.id:
        raise Refused(f"A record cannot be merged into itself: {record.id}. Give another as into.")
    return merge(org, record, winner, PERSON.id)


def _lock(org: Organisation, record: Record, details: Fields) -> Record:
    """Lock a record against calls; with `locked` false, open it again."""
    changed = msgspec.structs.replace(record, locked=details.get("locked") is not False)
    org.save(changed)
    return changed


def _attach(org: Organisation, record: Record, details: Fields) -> Record:
    """Hang another record on this: `list` (Products) and `id`."""
    other = str(details.get("id"))
    if org.find(other) is None:
        raise Refused(f"There is no record {other!r} to hang on {record.id}. Give its id as id.")
    more = {"list_price": details["list_price"]} if "list_price" in details else {}
    listed = str(details.get("list", "Products"))
    _understood(record.module, lambda: hang(org, record.id, listed, other, more))
    return record


ACTS: dict[str, Act] = {
    "close": _close,
    "lose": _lose,
    "delete": _delete,
    "merge": _merge,
    "lock": _lock,
    "attach": _attach,
}
"""What a person may do with a record; `create`, `restore` and those of channels need none."""


def _restore(org: Organisation, kind: str, key: str) -> Fields:
    removed = org.tables[kind].removed.get(key) if kind in org.tables else None
    if removed is None or removed_type(org, removed) != "recycle":
        raise Refused(
            f"The recycle bin has no {kind} {key!r}. See /{kind}/deleted for what it has."
        )
    return show(org, _understood(kind, lambda: restore(org, removed, PERSON.id)))


def _expire(org: Organisation, key: str) -> Fields:
    """Let a channel run out at once, or all of them."""
    gone = [one for one in org.channels if key in ("", one)]
    for one in gone:
        del org.channels[one]
    return {"expired": gone}


def _keep(org: Organisation, longer: timedelta) -> Fields:
    """Let all channels live on for so much longer, as if their time had stood still meanwhile."""
    for key, channel in org.channels.items():
        org.channels[key] = msgspec.structs.replace(channel, until=channel.until + longer)
    return {"kept": list(org.channels)}


def _record(org: Organisation, kind: str, key: str) -> Record:
    record = org.tables[kind].get(key) if kind in org.tables else None
    if record is None:
        raise Refused(f"The CRM has no {kind} {key!r}. Its state lists what there is.")
    return record


def _checked(org: Organisation, kind: str, fields: Fields, old: Record | None) -> Fields:
    """Check what a person has typed as strictly as what a call says."""
    sent: Fields = _exact(fields)
    said = sent.get("What_Id") or sent.get("Parent_Id")
    home = org.homes.get(str(said.get("id") if isinstance(said, dict) else said)) if said else None
    if home and "$se_module" not in sent:
        sent["$se_module"] = home
    return _understood(kind, lambda: checked_values(org, kind, sent, old, "$"))


def _understood(kind: str, do: Callable[[], T]) -> T:
    try:
        return do()
    except Refusal as refusal:
        where = refusal.details.get("json_path", "")
        raise Refused(
            f"The CRM does not take this for {kind}: {refusal.message} ({refusal.code} {where}, "
            f"{refusal.details})."
        ) from refusal


def _exact(value: Any) -> Any:
    """Take numbers for what was typed: those who script the sandbox may have sent floats."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {key: _exact(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(one) for one in value]
    return value
