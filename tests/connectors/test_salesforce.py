"""What Salesforce does otherwise than others: lines, late commits, locks, duplicates, ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
import pytest

from hub.connectors.connector import Notice, Write
from hub.connectors.outcome import Answer, Done, Refused, RetryAt, Unknown
from hub.connectors.salesforce.ids import whole
from hub.connectors.salesforce.judge import judge
from hub.connectors.salesforce.login import Host
from hub.sandbox.salesforce.fresh import API_USER
from tests.connectors.played import (
    Played,
    gone,
    noticed,
    played,
    read_through,
    records,
    said,
    touched,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database import Database

NOW = datetime(2026, 2, 3, 9, tzinfo=UTC)


@pytest.fixture
async def sales(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("salesforce", database, tmp_path) as one:
        yield one


def answer(status: int, body: object, **headers: str) -> Answer:
    return Answer(status=status, headers=headers, body=msgspec.json.encode(body), at=NOW)


def error(code: str, message: str = "x", **more: Any) -> list[dict[str, Any]]:
    return [{"errorCode": code, "message": message, **more}]


def deal(sales: Played, *quantities: int) -> str:
    """Place an opportunity with a line for each quantity, 100 each."""
    put = sales.system.put
    [book] = [one["Id"] for one in sales.system.state()["Pricebook2"]]
    product = put("Product2", {"Name": "Support"})["Id"]
    entry = put("PricebookEntry", {"Pricebook2Id": book, "Product2Id": product, "UnitPrice": 100})[
        "Id"
    ]
    fields = {"Name": "Renewal", "StageName": "Prospecting", "CloseDate": "2026-03-01"}
    made = str(put("Opportunity", fields)["Id"])
    for quantity in quantities:
        line = {"OpportunityId": made, "PricebookEntryId": entry, "Quantity": quantity}
        put("OpportunityLineItem", line)
    return made


async def write(sales: Played, kind: str, *writes: Write) -> Any:
    return await sales.connector.write(sales.vendor, sales.kind(kind), writes)


async def fetch(sales: Played, kind: str, record: str) -> Any:
    [one] = await sales.connector.fetch(sales.vendor, sales.kind(kind), [record])
    assert one.data is not None
    return said(one.data)


@pytest.mark.parametrize(
    ("status", "body", "outcome", "says"),
    [
        (400, error("UNABLE_TO_LOCK_ROW"), RetryAt, ""),
        (500, error("UNABLE_TO_LOCK_ROW"), RetryAt, ""),
        (403, error("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), RetryAt, ""),
        (503, error("SERVER_UNAVAILABLE"), Unknown, ""),
        (500, error("UNKNOWN_EXCEPTION"), Unknown, ""),
        (400, error("ENTITY_IS_LOCKED"), Refused, "passing"),
        (404, error("NOT_FOUND"), Refused, "missing"),
        (404, error("ENTITY_IS_DELETED"), Refused, "missing"),
        (400, error("DUPLICATES_DETECTED"), Refused, "alike"),
        (300, ["/services/data/v67.0/sobjects/Account/001"], Refused, "alike"),
        (400, error("STRING_TOO_LONG"), Refused, "data"),
        (403, error("INSUFFICIENT_ACCESS"), Refused, "authorisation"),
        (400, {"error": "invalid_grant", "error_description": "no"}, Refused, "data"),
        (201, {"id": "1", "success": True}, Done, ""),
    ],
)
def test_the_code_says_more_than_the_status(
    status: int, body: object, outcome: type, says: str
) -> None:
    found = judge(answer(status, body)).outcome

    assert isinstance(found, outcome)
    assert getattr(found, "because", "") == says


def test_a_limit_of_the_day_and_being_busy_are_told_apart_by_the_text() -> None:
    day = judge(answer(403, error("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")))
    busy = judge(
        answer(403, error("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded."))
    )

    assert day.stop_seconds > busy.stop_seconds > 0


def test_what_is_left_of_the_day_is_heard() -> None:
    usage = {"sforce-limit-info": "api-usage=25/5000; per-app-api-usage=17/250(appName=hub)"}

    assert judge(answer(200, {}, **usage)).left["day"].cost == 4_975


@pytest.mark.parametrize("key", ["duplicateResut", "duplicateResult"])
def test_both_spellings_name_who_is_alike(key: str) -> None:
    match = {"matchRecords": [{"record": {"Id": "001Hn00001AbCdEIAV"}}]}
    alike: dict[str, Any] = {key: {"matchResults": [match]}}
    body = error("DUPLICATES_DETECTED", **alike)

    assert "001Hn00001AbCdEIAV" in judge(answer(400, body)).outcome.sentence


def test_an_api_is_believed_at_the_vendors_hosts_or_at_the_one_address_here() -> None:
    there, here = Host(url="https://acme.my.salesforce.com"), Host(url="http://127.0.0.1:8900")

    assert there.believed("https://acme--test.sandbox.my.salesforce.com")
    assert here.believed("http://127.0.0.1:8900/") == "http://127.0.0.1:8900"
    for other in ("https://salesforce.com.evil.example", "http://acme.my.salesforce.com",
                  "https://acme.my.salesforce.com@evil.example", "https://evilsalesforce.com",
                  "https://acme.my.salesforce.com/x", "https://acme.my.salesforce.com:8443",
                  ""):  # fmt: skip
        assert there.believed(other) is None, other
    assert here.believed("https://acme.my.salesforce.com") is None


def test_ids_of_fifteen_and_eighteen_signs_are_one() -> None:
    for known in ("00190000001pPvHAAU", "0127Q000000Ub9wQAC", "0018M000001oWgPQAU"):
        assert whole(known[:15]) == whole(known) == known
    assert whole("not an id") == "not an id"


async def test_a_record_is_found_by_either_form_of_its_id(sales: Played) -> None:
    account = sales.system.put("Account", {"Name": "Faro"})["Id"]

    [one] = await sales.connector.fetch(sales.vendor, sales.kind("Account"), [account[:15]])

    assert one.record == account[:15]
    assert one.data is not None
    assert said(one.data)["Id"] == account


async def test_lines_stand_in_their_record_however_many_there_are(sales: Played) -> None:
    sales.quirks(lines_per_page=2)
    made = deal(sales, 1, 2, 3, 4, 5)

    [page] = await read_through(sales, "Opportunity")
    found = await fetch(sales, "Opportunity", made)
    bare = await fetch(sales, "Opportunity", deal(sales))

    assert [one["Quantity"] for one in found["OpportunityLineItems"]] == [1, 2, 3, 4, 5]
    assert all("attributes" not in one for one in [found, *found["OpportunityLineItems"]])
    assert page.seen[0].data is not None
    assert said(page.seen[0].data) == found
    assert bare["OpportunityLineItems"] == []


async def test_a_line_that_changes_alone_has_its_record_read(sales: Played) -> None:
    sales.world.clock.set_back(86_400)
    made = deal(sales, 1)
    since = sales.connector.start(sales.world.clock.now() + timedelta(hours=1))
    sales.world.clock.advance(43_200)
    [line] = sales.system.state()["OpportunityLineItem"]
    sales.system.edit("OpportunityLineItem", line["Id"], {"Description": "by hand"})
    sales.world.clock.advance(43_200)

    pages = await read_through(sales, "Opportunity", news_since=since)
    again = await read_through(sales, "Opportunity", news_since=pages[-1].cursor)

    assert noticed(pages) == {made}
    stamps = [
        {one.at for page in each for one in page.seen if isinstance(one, Notice)}
        for each in (pages, again)
    ]
    assert stamps[1] <= stamps[0]  # told again at most, which the log knows


async def test_what_is_committed_late_under_an_early_stamp_is_news(sales: Played) -> None:
    sales.world.clock.set_back(86_400)
    slow, quick = (sales.system.put("Account", {"Name": name})["Id"] for name in ("A", "B"))
    sales.world.clock.advance(3_600)
    since = sales.connector.start(sales.world.clock.now())
    sales.system.act("slow_edit", "Account", slow, {"fields": {"Phone": "1"}, "seconds": 300})
    sales.world.clock.advance(60)
    sales.system.edit("Account", quick, {"Phone": "2"})
    first = await read_through(sales, "Account", news_since=since)
    sales.world.clock.advance(600)

    second = await read_through(sales, "Account", news_since=first[-1].cursor)

    assert touched(first) == {quick}
    assert slow in touched(second)


async def test_many_of_one_stamp_are_all_news_once(sales: Played) -> None:
    since = sales.connector.start(datetime.now(UTC))
    made = [sales.system.put("Account", {"Name": f"C{n}"})["Id"] for n in range(450)]

    pages = await read_through(sales, "Account", news_since=since)

    assert sorted(records(pages)) == sorted(made)


async def test_who_was_merged_away_is_gone(sales: Played) -> None:
    winner, loser = (sales.system.put("Account", {"Name": name})["Id"] for name in ("A", "B"))
    since = sales.connector.start(datetime.now(UTC))
    sales.system.act("merge", "Account", loser, {"into": winner})

    pages = await read_through(sales, "Account", news_since=since)

    assert gone(pages) == {loser}


async def test_a_session_that_dies_is_renewed_once_and_the_call_made_again(sales: Played) -> None:
    account = sales.system.put("Account", {"Name": "Faro"})["Id"]
    await fetch(sales, "Account", account)
    sales.system.act("end_session", "", "", {})

    assert (await fetch(sales, "Account", account))["Name"] == "Faro"
    logins = [call for call in sales.world.calls if call.path == "/services/oauth2/token"]
    assert len(logins) == 2


async def test_each_of_many_records_has_an_outcome_of_its_own(sales: Played) -> None:
    writes = [
        Write(fields={"Name": "A"}, mark=str(uuid4())),
        Write(fields={"Name": "x" * 300}, mark=str(uuid4())),
        Write(fields={"Name": "C"}, mark=str(uuid4())),
    ]

    made = await write(sales, "Account", *writes)

    assert [type(one.outcome) for one in made] == [Done, Refused, Done]
    assert made[1].outcome.reason == "STRING_TOO_LONG"
    assert made[0].at is not None
    assert {one["Name"] for one in sales.there("Account").values()} == {"A", "C"}


async def test_a_write_names_the_hub_and_starts_no_assignment(sales: Played) -> None:
    told: list[Any] = []
    sales.system.org.changes.append(told.append)  # type: ignore[attr-defined]

    await write(sales, "Case", Write(fields={"Subject": "Late"}, mark=str(uuid4())))

    [one] = told
    [case] = sales.there("Case").values()
    assert case["OwnerId"] == API_USER
    assert one.caller.client == sales.connector.calls.client  # type: ignore[attr-defined]
    assert one.caller.client.startswith("hub-")


async def test_what_somebody_changed_since_it_was_seen_is_left(sales: Played) -> None:
    sales.world.clock.set_back(60)
    account = sales.system.put("Account", {"Name": "Faro"})["Id"]
    [seen] = await sales.connector.fetch(sales.vendor, sales.kind("Account"), [account])
    sales.world.clock.advance(60)
    change = Write(fields={"Phone": "1"}, record=account, seen=seen.at)
    [well] = await write(sales, "Account", change)
    sales.world.clock.advance(60)
    sales.system.edit("Account", account, {"Phone": "2"})

    late = Write(fields={"Phone": "3"}, record=account, seen=well.at)
    [left] = await write(sales, "Account", late)

    assert (well.record, left.outcome.because) == (account, "changed")
    assert sales.there("Account")[account]["Phone"] == "2"


async def test_a_row_that_is_held_is_written_later(sales: Played) -> None:
    account = sales.system.put("Account", {"Name": "Faro"})["Id"]
    sales.system.act("lock_row", "Account", account, {"seconds": 30})

    [held] = await write(sales, "Account", Write(fields={"Phone": "1"}, record=account))

    assert isinstance(held.outcome, RetryAt)
    assert timedelta() < held.outcome.at - datetime.now(UTC) < timedelta(seconds=15)


async def test_a_duplicate_is_for_a_person_unless_the_hub_made_it(sales: Played) -> None:
    sales.quirks(duplicate_rule="alert")
    mark = str(uuid4())
    [made] = await write(sales, "Account", Write(fields={"Name": "Faro"}, mark=mark))

    [other] = await write(sales, "Account", Write(fields={"Name": "Faro"}, mark=str(uuid4())))
    again = Write(fields={"Name": "Faro"}, mark=mark, look=False)
    [ours] = await write(sales, "Account", again)

    assert (other.outcome.because, made.record in other.outcome.sentence) == ("alike", True)
    assert (ours.record, ours.was_there) == (made.record, True)


async def test_what_a_task_hangs_on_is_looked_at_before_it_is_sent(sales: Played) -> None:
    contact = sales.system.put("Contact", {"LastName": "Dias"})["Id"]
    task = Write(fields={"Subject": "Call", "WhatId": contact}, mark=str(uuid4()))

    [refused] = await write(sales, "Task", task)

    assert refused.outcome.reason == "wrong_target"
    assert sales.there("Task") == {}


async def test_countries_and_states_go_by_their_codes_where_they_are_lists(sales: Played) -> None:
    sales.quirks(state_picklists=True)
    fields = {"Name": "Faro", "BillingCountry": "portugal", "ShippingCountry": "US"}
    [made] = await write(sales, "Account", Write(fields=fields, mark=str(uuid4())))
    nowhere = Write(fields={"Name": "X", "BillingCountry": "Atlantis"}, mark=str(uuid4()))
    [refused] = await write(sales, "Account", nowhere)

    found = sales.there("Account")[made.record]
    assert (found["BillingCountryCode"], found["BillingCountry"]) == ("PT", "Portugal")
    assert found["ShippingCountry"] == "United States"
    assert refused.outcome.reason == "FIELD_INTEGRITY_EXCEPTION"


async def test_a_list_of_fields_too_long_for_an_address_goes_in_a_body(sales: Played) -> None:
    for number in range(400):
        field = {"name": f"A_field_with_a_long_name_{number:03d}__c", "type": "Text"}
        sales.system.act("new_field", "Account", "", field)
    account = sales.system.put("Account", {"Name": "Faro"})["Id"]

    found = await fetch(sales, "Account", account)

    assert len(found) > 400
    assert sales.world.calls[-1].path.endswith("/composite")


async def test_an_org_without_quotes_has_none_to_read(sales: Played) -> None:
    sales.quirks(quotes=False, cpq=False, multi_currency=False, dated_rates=False)

    for name in ("Quote", "SBQQ__Quote__c", "CurrencyType", "DatedConversionRate"):
        [page] = await read_through(sales, name)
        assert (page.seen, page.done) == ([], True)
