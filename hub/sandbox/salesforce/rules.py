"""Rules of the org itself: what it refuses to save, and what it takes for a duplicate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.salesforce.refusal import Refusal
from hub.sandbox.salesforce.soql.condition import meets
from hub.sandbox.salesforce.soql.query import Where  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from hub.sandbox.salesforce.changes import Caller
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.store import Record

ALIKE = {"Account": "Name", "Contact": "Email"}
"""The field by which a record of an object is taken for another."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A validation rule: a record that meets the condition is not saved."""

    entity: str
    refuses: Where
    message: str
    field: str = ""


def check_rules(org: Organisation, record: Record) -> None:
    for rule in org.rules:
        if rule.entity == record.module and meets(org, rule.refuses, record):
            fields = (rule.field,) if rule.field else ()
            raise Refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, fields=fields)


def check_duplicates(org: Organisation, caller: Caller, record: Record) -> None:
    """See whether the rule of the org takes a new record for one that is there."""
    mode, field = org.quirks.duplicate_rule, ALIKE.get(record.module)
    if mode == "off" or field is None or not record.get(field):
        return
    found = [one for one in org.tables[record.module].by_value(field, record.get(field))
             if one != record.id]  # fmt: skip
    if not found or (mode == "alert" and caller.allows_duplicates):
        return
    raise _detected(org, record, found, allows=mode == "alert")


def _detected(org: Organisation, record: Record, found: list[str], *, allows: bool) -> Refusal:
    said = "Use one of these records?"
    refusal = Refusal("DUPLICATES_DETECTED", said)
    match = {
        "entityType": record.module,
        "errors": [],
        "matchEngine": "FuzzyMatchEngine",
        "matchRecords": [_matched(record.module, one) for one in found],
        "rule": f"Standard_{record.module}_Match_Rule_v1_0",
        "size": len(found),
        "success": True,
    }
    refusal.more = {
        org.quirks.duplicates_key: {
            "allowSave": allows,
            "duplicateRule": f"Standard_{record.module}_Duplicate_Rule",
            "duplicateRuleEntityType": record.module,
            "errorMessage": said,
            "matchResults": [match],
        }
    }
    return refusal


def _matched(entity: str, record_id: str) -> dict[str, Any]:
    url = f"/services/data/v67.0/sobjects/{entity}/{record_id}"
    return {
        "additionalInformation": [],
        "fieldDiffs": [],
        "matchConfidence": 100.0,
        "record": {"attributes": {"type": entity, "url": url}, "Id": record_id},
    }
