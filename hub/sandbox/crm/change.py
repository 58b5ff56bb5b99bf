"""Changing records: the one way, for API calls and for people, and what follows from a change."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.crm.lines import totals
from hub.sandbox.crm.organisation import Change
from hub.sandbox.crm.search import index_of
from hub.sandbox.crm.standard import STAGES
from hub.sandbox.crm.unique import check_all_unique
from hub.sandbox.crm.values import rounded
from hub.sandbox.store import Record, Removed

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation

Fields = dict[str, Any]

RECYCLE = timedelta(days=60)
"""How long a deleted record can be brought back."""

_PROBABILITY = {name: probability for name, probability, _ in STAGES}
_NUMBERS = {"Quotes": "Quote_Number", "Sales_Orders": "SO_Number", "Invoices": "Invoice_Number"}
_BY_ITSELF = ("Modified_Time", "Modified_By")


def insert(org: Organisation, module: str, values: Fields, by: str) -> Record:
    """Make a record of values that were checked."""
    record = made(org, module, values, by)
    org.save(record)
    _tell(org, record, "insert", tuple(values))
    _touch_parents(org, record, by)
    return record


def made(org: Organisation, module: str, values: Fields, by: str) -> Record:
    """Make a record, and keep it from everybody yet."""
    now = org.now()
    fields = dict.fromkeys(org.modules[module].fields) | _defaults(org, module, by)
    fields |= {name: value for name, value in values.items() if value is not None}
    fields |= {"Created_Time": now, "Modified_Time": now, "Created_By": by, "Modified_By": by}
    record = Record(id=org.new_id(), module=module, fields=fields)
    if module in _NUMBERS:
        fields[_NUMBERS[module]] = record.id
    return _derived(org, record, None)


def update(org: Organisation, old: Record, values: Fields, by: str) -> Record:
    """Make a new state of a record of values that were checked; the time moves in any case."""
    stamped = {"Modified_Time": org.now(), "Modified_By": by}
    new = Record(
        id=old.id, module=old.module, fields=old.fields | values | stamped, locked=old.locked
    )
    new = _derived(org, new, old)
    org.save(new)
    changed = (name for name, value in new.fields.items() if value != old.fields.get(name))
    _tell(org, new, "update", tuple(name for name in changed if name not in _BY_ITSELF))
    return new


def remove(org: Organisation, record: Record, by: str, *, permanent: bool = False) -> None:
    """Delete a record: into the recycle bin, or for good."""
    org.tables[record.module].removed[record.id] = Removed(
        record=record,
        name=str(org.name_of(record) or ""),
        at=org.now(),
        by=by,
        permanent=permanent,
    )
    _tell(org, record, "delete", ())
    org.remove(record)


def restore(org: Organisation, removed: Removed, by: str) -> Record:
    """Bring a record back out of the recycle bin, under its old id."""
    check_all_unique(org, removed.record)
    del org.tables[removed.record.module].removed[removed.record.id]
    stamped = {"Modified_Time": org.now(), "Modified_By": by}
    record = msgspec.structs.replace(removed.record, fields=removed.record.fields | stamped)
    org.save(record)
    _tell(org, record, "insert", ())
    return record


def merge(org: Organisation, loser: Record, winner: Record, by: str) -> Record:
    """Make two records one: the winner takes what it has not, and all that hangs on the loser."""
    for module, field, holder in org.references.all_of(loser.id):
        if (record := org.tables[module].get(holder)) is not None:
            update(org, record, {field: winner.id}, by)
    org.rehang(loser.id, winner.id)
    missing = {
        name: value
        for name, value in loser.fields.items()
        if value is not None and winner.fields.get(name) is None
    }
    remove(org, loser, by, permanent=True)
    return update(org, winner, missing, by)


def _defaults(org: Organisation, module: str, by: str) -> Fields:
    fields = org.modules[module].fields
    made: Fields = {name: False for name, field in fields.items() if field.type == "boolean"}
    made |= {"Owner": by, "Tag": []}
    if "Currency" in fields and org.quirks.multi_currency:
        base = next(iter(org.currencies.values()))
        made |= {"Currency": base.iso_code}
    if module == "Products":
        made |= {"Product_Active": True}
    return made


def _derived(org: Organisation, record: Record, old: Record | None) -> Record:
    """Fill in what the vendor works out itself."""
    fields = dict(record.fields)
    code = fields.get("Currency")
    rate = fields.get("Exchange_Rate")
    moved = old is not None and old.get("Currency") != code and old.get("Exchange_Rate") == rate
    if code in org.currencies and (rate is None or moved):
        fields["Exchange_Rate"] = org.currencies[code].rate
    if record.module == "Contacts":
        names = (fields.get("First_Name"), fields.get("Last_Name"))
        fields["Full_Name"] = " ".join(name for name in names if name)
    elif record.module == "Deals":
        _derive_deal(fields, old)
    elif record.module == "Tasks":
        done = fields.get("Status") == "Completed"
        fields["Closed_Time"] = (fields.get("Closed_Time") or org.now()) if done else None
    elif subform := org.modules[record.module].lines:
        fields |= totals(org, fields, subform)
    return msgspec.structs.replace(record, fields=fields)


def _derive_deal(fields: Fields, old: Record | None) -> None:
    stage = fields.get("Stage")
    said = fields.get("Probability")
    kept = old is not None and old.get("Stage") == stage
    told = old.get("Probability") != said if old is not None else said is not None
    if not kept and not told and stage in _PROBABILITY:
        fields["Probability"] = _PROBABILITY[stage]
    amount = fields.get("Amount")
    share = Decimal(fields.get("Probability") or 0) / 100
    fields["Expected_Revenue"] = None if amount is None else rounded(amount * share)


def _tell(org: Organisation, record: Record, operation: str, affected: tuple[str, ...]) -> None:
    """Note the change for those who watch, and for the search index."""
    change = Change(module=record.module, id=record.id, operation=operation, affected=affected)
    org.changes.append(change)
    for parent in _parents(org, record):
        touched = Change(module=parent.module, id=parent.id, operation="update", related=True)
        org.changes.append(touched)
    index_of(org, record.module).note(org, record, gone=operation == "delete")


def _touch_parents(org: Organisation, record: Record, by: str) -> None:
    """Move the time of what a note or a task hangs on."""
    if record.module not in ("Notes", "Tasks") or not org.quirks.related_touch:
        return
    for parent in _parents(org, record):
        stamped = {"Modified_Time": org.now(), "Modified_By": by}
        org.save(msgspec.structs.replace(parent, fields=parent.fields | stamped))


def _parents(org: Organisation, record: Record) -> list[Record]:
    fields = org.modules[record.module].fields.values()
    links = [record.get(field.api_name) for field in fields if field.type == "lookup"]
    return [one for one in map(org.find, links) if one is not None and one.id != record.id]
