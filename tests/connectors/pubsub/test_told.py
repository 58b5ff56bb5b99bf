"""What the hub makes of change events: words that are exact, notices of all that is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.connectors.connector import Heard, Seen, Through
from hub.connectors.pubsub.change import Changed, in_order
from hub.connectors.pubsub.told import CONVERTED, OVERFLOW, told
from tests.connectors.pubsub.made import ACCOUNT, COMMIT, MODIFIED, event, field, schema

SCHEMA = schema()


def only(*events: Changed) -> Heard:
    (heard,), through = told(events)
    assert through == []
    return heard


def said(heard: Heard) -> tuple[dict[str, Any], set[str]]:
    assert isinstance(heard.seen, Seen)
    assert heard.seen.data is not None
    assert heard.seen.cover is not None
    how, _, names = heard.seen.cover.partition(":")
    assert how == "only"
    data = json.loads(heard.seen.data)
    data.pop("ChangeEventHeader")
    return data, set(names.split(","))


def test_an_update_speaks_of_exactly_what_changed() -> None:
    heard = only(
        event(SCHEMA, changedFields=["0x0104"], Phone="+49 30 1", LastModifiedDate=MODIFIED)
    )

    assert said(heard) == (
        {"Phone": "+49 30 1", "LastModifiedDate": "2026-09-24T03:26:06.000+0000"},
        {"Phone", "LastModifiedDate"},
    )


def test_a_field_that_was_cleared_is_null_and_one_that_is_only_null_is_no_word() -> None:
    heard = only(event(SCHEMA, changedFields=["0x04"], nulledFields=["0x04"]))

    assert said(heard) == ({"Phone": None}, {"Phone"})


def test_the_parts_of_an_address_stand_under_their_names_at_rest() -> None:
    heard = only(
        event(
            SCHEMA,
            changedFields=["3-0x03", "4-0x02"],
            nulledFields=["3-0x02"],
            BillingAddress={"Street": "Mole 4", "City": None},
            ShippingAddress={"City": "Kiel"},
        )
    )

    assert said(heard) == (
        {"BillingStreet": "Mole 4", "BillingCity": None, "ShippingCity": "Kiel"},
        {"BillingStreet", "BillingCity", "ShippingCity"},
    )


def test_a_new_record_speaks_of_all_that_it_holds() -> None:
    heard = only(event(SCHEMA, "CREATE", Name="Lumen", NumberOfEmployees=0))

    assert said(heard) == ({"Name": "Lumen", "NumberOfEmployees": 0}, {"Name", "NumberOfEmployees"})


def test_days_are_days_and_what_is_no_day_is_read() -> None:
    day = only(event(SCHEMA, changedFields=["0x80"], SLAExpirationDate=20_720 * 86_400_000))
    odd = only(event(SCHEMA, changedFields=["0x80"], SLAExpirationDate=1))

    assert said(day) == ({"SLAExpirationDate": "2026-09-24"}, {"SLAExpirationDate"})
    assert odd.seen is None


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("UPDATE", {"changedFields": ["0x24"], "Phone": "1", "AnnualRevenue": 0.1}),
        ("CREATE", {"Name": "Lumen", "AnnualRevenue": 1200.0}),
        ("UPDATE", {"changedFields": ["0x04"], "diffFields": ["0x04"], "Phone": "@@ -1 @@"}),
        ("UPDATE", {"changedFields": ["0x04"]}),
        ("UPDATE", {"changedFields": ["1-0x01"], "Name": {"FirstName": "Ada"}}),
        ("UPDATE", {"changedFields": ["3-0x04"], "BillingAddress": {"Latitude": 1.5}}),
        ("UPDATE", {"changedFields": ["0x8000"]}),
        ("UPDATE", {}),
        ("DELETE", {}),
        ("UNDELETE", {"Phone": "1"}),
        ("SNAPSHOT", {"Phone": "1"}),
        ("GAP_CREATE", {}),
        ("GAP_UPDATE", {}),
        ("GAP_DELETE", {}),
        ("GAP_UNDELETE", {}),
    ],
)
def test_what_an_event_does_not_say_exactly_is_read(kind: str, fields: dict[str, Any]) -> None:
    heard = only(event(SCHEMA, kind, **fields))

    assert heard.seen is None
    assert (heard.notice.kind, heard.notice.record) == ("Account", ACCOUNT)


def test_so_much_at_once_has_the_kind_read_through_from_the_commit() -> None:
    overflow = event(SCHEMA, "GAP_OVERFLOW", recordIds=["000000000000000AAA"])

    assert told([overflow]) == (
        [],
        [Through(since=datetime(2026, 9, 24, 3, 26, 7, 250_000, UTC), reason=OVERFLOW)],
    )


def test_a_wildcard_has_the_whole_kind_read() -> None:
    assert told([event(SCHEMA, "GAP_UPDATE", recordIds=["001*"])]) == (
        [],
        [Through(since=None, reason=CONVERTED)],
    )


def test_records_that_the_vendor_merged_into_one_event_each_say_it() -> None:
    short, other = "00190000001pPvH", "0018M000001oWgPQAU"

    heard, _ = told([event(SCHEMA, recordIds=[short, other], changedFields=["0x04"], Phone="1")])

    assert [one.notice.record for one in heard] == ["00190000001pPvHAAU", other]
    assert all(said(one) == ({"Phone": "1"}, {"Phone"}) for one in heard)


def test_a_record_that_must_be_read_is_not_told_in_part_by_the_same_batch() -> None:
    half = event(SCHEMA, changedFields=["0x04"], Phone="1")
    gap = event(SCHEMA, "GAP_UPDATE", sequenceNumber=2)

    heard, _ = told([half, gap])

    assert [one.seen for one in heard] == [None, None]


def test_who_changed_it_is_kept_as_evidence_and_drops_nothing() -> None:
    heard = only(
        event(
            SCHEMA,
            changedFields=["0x04"],
            Phone="1",
            changeOrigin="com/salesforce/api/rest/67.0;client=hub",
        )
    )

    assert heard.seen is not None
    kept = json.loads(heard.seen.data or b"")["ChangeEventHeader"]
    assert kept["changeOrigin"] == "com/salesforce/api/rest/67.0;client=hub"
    assert kept["commitUser"] == "005Hn00000UsrAaIAJ"


def test_it_is_stamped_as_the_record_is_not_as_the_commit() -> None:
    modified = only(event(SCHEMA, changedFields=["0x0104"], Phone="1", LastModifiedDate=MODIFIED))
    without = only(event(SCHEMA, changedFields=["0x04"], Phone="1"))

    assert modified.seen is not None
    assert modified.seen.at == datetime(2026, 9, 24, 3, 26, 6, tzinfo=UTC)
    assert without.seen is not None
    assert without.seen.at == datetime(2026, 9, 24, 3, 26, 7, tzinfo=UTC)
    assert COMMIT % 1000, "the commit itself came a little later"


def test_an_event_is_read_with_the_schema_it_was_written_in() -> None:
    newer = schema(field("Rating__c", "string", "DynamicEnum"))

    before = only(event(SCHEMA, changedFields=["0x04"], Phone="1"))
    after = only(event(newer, changedFields=["0x0200"], Rating__c="Hot"))

    assert said(before) == ({"Phone": "1"}, {"Phone"})
    assert said(after) == ({"Rating__c": "Hot"}, {"Rating__c"})


def test_the_events_of_a_transaction_stand_together_in_their_sequence() -> None:
    events = [
        event(SCHEMA, transactionKey=key, sequenceNumber=number)
        for key, number in (("b", 2), ("a", 1), ("b", 1), ("a", 2))
    ]

    assert [
        (one.header.transaction_key, one.header.sequence_number) for one in in_order(events)
    ] == [("b", 1), ("b", 2), ("a", 1), ("a", 2)]


def test_two_notices_of_one_moment_are_two() -> None:
    first = event(SCHEMA, "DELETE", sequenceNumber=1)
    second = event(SCHEMA, "UNDELETE", sequenceNumber=2)

    heard, _ = told([first, second])

    assert heard[0].notice.data != heard[1].notice.data
