"""Changing records: the one way, for calls and for people, and what follows from a change.

Each of these is called within a transaction of the organisation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.salesforce.derived import derive
from hub.sandbox.salesforce.fresh import COLLEAGUE
from hub.sandbox.salesforce.intake import check_whole
from hub.sandbox.salesforce.price import ABOVE, next_rates, roll_up
from hub.sandbox.salesforce.refusal import in_approval, is_deleted, not_found
from hub.sandbox.salesforce.rules import check_duplicates, check_rules
from hub.sandbox.store import Record, Removed

if TYPE_CHECKING:
    from datetime import datetime

    from hub.sandbox.salesforce.changes import Caller
    from hub.sandbox.salesforce.fields import Object
    from hub.sandbox.salesforce.organisation import Organisation

Values = dict[str, Any]

TAKES_ALONG = {
    "Account": (("Contact", "AccountId"), ("Opportunity", "AccountId")),
    "Opportunity": (("OpportunityLineItem", "OpportunityId"), ("Quote", "OpportunityId")),
    "Quote": (("QuoteLineItem", "QuoteId"),),
    "Product2": (("PricebookEntry", "Product2Id"),),
    "SBQQ__Quote__c": (("SBQQ__QuoteLine__c", "SBQQ__Quote__c"),),
}
"""What is deleted with a record, and comes back with it."""


def insert(
    org: Organisation,
    caller: Caller,
    entity: Object,
    values: Values,
    *,
    at: datetime | None = None,
    is_checked: bool = True,
) -> Record:
    """Make a record of values that were taken in; `at` is when, if not now."""
    now = at or org.now()
    record_id = org.new_id(entity.prefix)
    fields = {one.name: _default(org, one.name, one.default) for one in entity.fields.values()}
    fields |= {"OwnerId": caller.user} if "OwnerId" in entity.fields else {}
    fields |= {name: value for name, value in values.items() if value is not None}
    if entity.name == "Case" and caller.assigns and org.quirks.assigns_cases:
        fields["OwnerId"] = COLLEAGUE
    fields |= {"CreatedDate": now, "CreatedById": caller.user, "Id": record_id}
    fields = derive(org, entity.name, fields, None) | _stamps(caller, now)
    record = Record(id=record_id, module=entity.name, fields=fields)
    check_whole(org, entity, record)
    org.check_lock(*(record.get(name) for name in ("AccountId", entity.parent)))
    if is_checked:
        check_rules(org, record)
        check_duplicates(org, caller, record)
    org.save(record)
    _follow(org, caller, record, now)
    return record


def update(
    org: Organisation, caller: Caller, old: Record, values: Values, *, at: datetime | None = None
) -> Record:
    """Make a new state of a record of values that were taken in; its stamp moves in any case."""
    if old.locked:
        raise in_approval()
    org.check_lock(old.id, old.get("AccountId") if old.module == "Contact" else None)
    now, entity = at or org.now(), org.object(old.module)
    fields = derive(org, old.module, old.fields | values, old) | _stamps(caller, now)
    record = msgspec.structs.replace(old, fields=fields)
    check_whole(org, entity, record)
    check_rules(org, record)
    org.save(record)
    _follow(org, caller, record, now)
    return record


def delete(
    org: Organisation, caller: Caller, record: Record, *, master: str = "", root: str = ""
) -> None:
    """Delete a record, with what hangs on it; `master` is what it was merged into."""
    org.check_lock(record.id)
    now, root = org.now(), root or record.id
    for name, field in TAKES_ALONG.get(record.module, ()):
        for child in org.references.of(record.id, name, field):
            if (found := org.find(child)) is not None:
                delete(org, caller, found, root=root)
    left = record.fields | _stamps(caller, now) | {"IsDeleted": True}
    if master:
        left["MasterRecordId"] = master
    gone = Removed(
        record=msgspec.structs.replace(record, fields=left), name=root, at=now, by=caller.user
    )
    org.remove(record, gone)
    if root == record.id:
        _sum_up(org, caller, record, now)


def undelete(org: Organisation, caller: Caller, record_id: str) -> Record:
    """Bring a record back under its id, with what was deleted with it."""
    gone = org.removed(record_id)
    if gone is None or not org.object(gone.record.module).undeletes:
        raise not_found("entity is not in the recycle bin")
    for table in org.tables.values():
        for other in [key for key, one in table.removed.items() if one.name == gone.name]:
            _bring_back(org, caller, other)
    found = org.find(record_id)
    assert found is not None, "it was brought back just now"
    return found


def merge(org: Organisation, caller: Caller, winner: Record, loser: Record) -> Record:
    """Merge one record into another: what points at it points at the other, and it is deleted."""
    for name, field, child in org.references.all_of(loser.id):
        if name != loser.module and (record := org.find(child)) is not None:
            update(org, caller, record, {field: winner.id})
    delete(org, caller, loser, master=winner.id)
    filled = {
        name: value
        for name, value in loser.fields.items()
        if winner.get(name) is None and value is not None and _may_pass(org, winner, name)
    }
    return update(org, caller, winner, filled)


def purge(org: Organisation, record_id: str) -> None:
    """Delete for good what is in the recycle bin; nothing tells of it any more."""
    gone = org.removed(record_id)
    if gone is None:
        raise is_deleted()
    table = org.tables[gone.record.module]
    table.removed[record_id] = msgspec.structs.replace(gone, permanent=True)


def _bring_back(org: Organisation, caller: Caller, record_id: str) -> None:
    gone = org.take_out(record_id)
    assert gone is not None, "it was found in the recycle bin"
    fields = gone.record.fields | _stamps(caller, org.now()) | {"IsDeleted": False}
    if "MasterRecordId" in fields:
        fields["MasterRecordId"] = None
    org.save(msgspec.structs.replace(gone.record, fields=fields), undeleted=True)


def _follow(org: Organisation, caller: Caller, record: Record, now: datetime) -> None:
    """Do what follows from a saved record: the sums above it, its price book, the rates' ends."""
    _sum_up(org, caller, record, now)
    if record.module == "DatedConversionRate":
        for one, end in next_rates(org, record.get("IsoCode")).items():
            rate = org.tables[record.module].records[one]
            org.save(msgspec.structs.replace(rate, fields=rate.fields | {"NextStartDate": end}))


def _sum_up(org: Organisation, caller: Caller, line: Record, now: datetime) -> None:
    above = org.find(line.get(ABOVE[line.module])) if line.module in ABOVE else None
    if above is None:
        return
    sums = roll_up(org, line.module, above)
    entry = org.find(line.get("PricebookEntryId"))
    if above.get("Pricebook2Id") is None and entry is not None:
        sums["Pricebook2Id"] = entry.get("Pricebook2Id")
    if all(above.get(name) == value for name, value in sums.items()):
        return
    # The sums are laid over what follows from the rest, which would keep Amount as it was.
    fields = above.fields | sums
    had_lines = above.get("HasOpportunityLineItem")
    basis = msgspec.structs.replace(above, fields=fields) if had_lines else None
    if above.module == "Opportunity":
        fields = derive(org, above.module, fields, basis or above) | sums
    org.save(msgspec.structs.replace(above, fields=fields | _stamps(caller, now)))


def _stamps(caller: Caller, now: datetime) -> Values:
    return {"LastModifiedDate": now, "LastModifiedById": caller.user, "SystemModstamp": now}


def _default(org: Organisation, name: str, said: Any) -> Any:
    if name == "CurrencyIsoCode":
        corporate = (one for one in org.tables["CurrencyType"] if one.get("IsCorporate"))
        return next((one.get("IsoCode") for one in corporate), None)
    return said


def _may_pass(org: Organisation, winner: Record, name: str) -> bool:
    field = org.object(winner.module).fields[name]
    return not field.read_only and not field.once and not field.unique
