"""What is Zoho CRM's own: line items, wide modules, bulk reads, answers item by item, channels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
import pytest

from hub.connectors.connector import Door, Hook, NotBelieved, Write
from hub.connectors.outcome import Answer, Done, Refused, Unknown
from hub.connectors.zoho_crm import bulk, crm
from hub.connectors.zoho_crm.kinds import KINDS
from hub.connectors.zoho_crm.write import written
from hub.sandbox.crm.fields import Field
from hub.settings import Secret
from tests.connectors.played import Played, gone, played, read_through, records, said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database import Database

TOKEN = Secret("t" * 32)


@pytest.fixture
async def vendor(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("crm", database, tmp_path) as one:
        one.quirks(time_zone="Asia/Kolkata")
        yield one


async def test_a_quote_comes_with_its_lines_which_no_list_gives(vendor: Played) -> None:
    quote = a_quote(vendor)

    pages = await read_through(vendor, "Quotes")
    [fetched] = await vendor.connector.fetch(vendor.vendor, vendor.kind("Quotes"), [quote])

    assert fetched.data is not None
    [line] = said(fetched.data)["Quoted_Items"]
    assert line["Quantity"] == 2
    assert pages[0].seen == [fetched]


async def test_a_deal_has_no_lines_of_its_own(vendor: Played) -> None:
    deal = vendor.system.put("Deals", {"Deal_Name": "D", "Stage": "Qualification"})["id"]

    [fetched] = await vendor.connector.fetch(vendor.vendor, vendor.kind("Deals"), [deal])

    assert fetched.data is not None
    assert "Quantity" not in fetched.data.decode()


async def test_a_module_of_more_than_fifty_fields_is_read_in_several_rows_per_record(
    vendor: Played,
) -> None:
    for number in range(60):
        add_field(vendor, "Products", f"Extra {number}")
    product = vendor.system.put("Products", {"Product_Name": "P", "Extra_59": "last"})["id"]

    [page] = await read_through(vendor, "Products")

    assert {one.record for one in page.seen} == {product}
    words: dict[str, Any] = {}
    for one in page.seen:
        words |= said(one.data)  # type: ignore[arg-type]
    assert (words["Product_Name"], words["Extra_59"]) == ("P", "last")


async def test_a_stamp_is_a_moment_whatever_the_zone_of_the_organisation(vendor: Played) -> None:
    vendor.system.put("Accounts", {"Account_Name": "A"})

    [page] = await read_through(vendor, "Accounts")
    [one] = page.seen

    assert one.at is not None
    assert one.at.utcoffset() == timedelta(hours=5, minutes=30)
    assert abs(one.at - datetime.now(UTC)) < timedelta(seconds=60)


async def test_a_large_module_is_read_in_bulk_the_same_as_by_its_rows(
    vendor: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given more records than a bulk read is worth, and pages of ten
    monkeypatch.setattr(crm, "BULK_FROM", 25)
    monkeypatch.setattr(bulk, "BULK_ROWS", 10)
    monkeypatch.setattr(bulk, "BULK_LOOK_SECONDS", 0.01)
    vendor.quirks(bulk_step_seconds=0)
    account = vendor.system.put("Accounts", {"Account_Name": 'A "B", é\nnext'})["id"]
    for number in range(25):
        vendor.system.put(
            "Deals",
            {
                "Deal_Name": f"D{number}",
                "Stage": "Qualification",
                "Amount": Decimal("1190.50"),
                "Account_Name": {"id": account},
            },
        )

    # When it is read through, each page by its cursor alone
    pages = await read_through(vendor, "Deals")
    monkeypatch.setattr(crm, "BULK_FROM", 1_000)
    rows = await read_through(vendor, "Deals")

    # Then what it says is what the rows say, lookups aside, which are bare ids there
    assert max(len(page.seen) for page in pages) == 10
    assert sorted(records(pages)) == sorted(records(rows)) == sorted(vendor.there("Deals"))
    by_bulk = said(pages[-1].seen[0].data)  # type: ignore[arg-type]
    by_row = next(
        said(one.data)  # type: ignore[arg-type]
        for page in rows
        for one in page.seen
        if one.record == by_bulk["id"]
    )
    for name in ("Deal_Name", "Stage", "Amount", "Modified_Time"):
        assert by_bulk[name] == by_row[name], name
    assert by_bulk["Account_Name"] == {"id": account}


async def test_a_bulk_job_that_is_no_longer_there_is_begun_anew(
    vendor: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crm, "BULK_FROM", 1)
    monkeypatch.setattr(bulk, "BULK_LOOK_SECONDS", 0.01)
    vendor.quirks(bulk_step_seconds=0)
    vendor.system.put("Accounts", {"Account_Name": "A"})
    kind = vendor.kind("Accounts")
    started = await vendor.connector.first(vendor.vendor, kind, "")
    vendor.world.clock.advance(2 * 86_400)

    pages = [await vendor.connector.first(vendor.vendor, kind, started.cursor)]
    while not pages[-1].done:
        pages.append(await vendor.connector.first(vendor.vendor, kind, pages[-1].cursor))

    assert records(pages) == list(vendor.there("Accounts"))


async def test_of_many_writes_each_is_judged_by_itself(vendor: Played) -> None:
    kind = vendor.kind("Contacts")
    writes = [
        Write(fields={"Last_Name": "Good"}, mark=str(uuid4())),
        Write(fields={"First_Name": "Nameless"}, mark=str(uuid4())),
        Write(fields={"Last_Name": "Bad", "Email": "no address"}, mark=str(uuid4())),
    ]

    good, nameless, bad = await vendor.connector.write(vendor.vendor, kind, writes)

    assert isinstance(good.outcome, Done)
    assert isinstance(nameless.outcome, Refused)
    assert isinstance(bad.outcome, Refused)
    assert "Last_Name" in nameless.outcome.sentence
    assert "Email" in bad.outcome.sentence
    assert list(vendor.there("Contacts")) == [good.record]


async def test_a_write_starts_no_automation(vendor: Played) -> None:
    kind = vendor.kind("Accounts")
    one = Write(fields={"Account_Name": "A"}, mark=str(uuid4()))
    [made] = await vendor.connector.write(vendor.vendor, kind, [one])
    await vendor.connector.write(
        vendor.vendor, kind, [Write(fields={"Phone": "1"}, record=made.record)]
    )

    bodies = [call.body for call in vendor.world.calls if call.path.endswith("/Accounts")]
    assert len(bodies) == 2
    assert all(msgspec.json.decode(body)["trigger"] == [] for body in bodies)


async def test_money_is_written_to_the_last_digit(vendor: Played) -> None:
    amount = Decimal("12345678901234.56")
    deal = Write(
        fields={"Deal_Name": "D", "Stage": "Qualification", "Amount": amount}, mark=str(uuid4())
    )

    [made] = await vendor.connector.write(vendor.vendor, vendor.kind("Deals"), [deal])

    assert vendor.there("Deals")[made.record]["Amount"] == amount


async def test_figures_are_written_back_on_a_deal_without_a_workflow(vendor: Played) -> None:
    # given
    deal = vendor.system.put("Deals", {"Deal_Name": "D", "Stage": "Qualification"})["id"]
    told = {"Books_Invoice_Number": "INV-7", "Books_Balance": Decimal("12345678901234.56")}

    # when
    [changed] = await vendor.connector.write(
        vendor.vendor, vendor.kind("Deals"), [Write(fields=told, record=deal)]
    )

    # then
    assert isinstance(changed.outcome, Done)
    there = vendor.there("Deals")[deal]
    assert {name: there[name] for name in told} == told
    call = vendor.world.calls[-1]
    assert msgspec.json.decode(call.body)["trigger"] == []
    assert '"Books_Balance":12345678901234.56' in call.body


async def test_p7_a_record_that_somebody_changed_since_it_was_seen_is_left_as_it_is(
    vendor: Played,
) -> None:
    # given an account that was seen, and changed by a person in a later second
    kind = vendor.kind("Accounts")
    account = vendor.system.put("Accounts", {"Account_Name": "A"})["id"]
    seen = datetime.fromisoformat(vendor.there("Accounts")[account]["Modified_Time"])
    vendor.world.clock.advance(2)
    vendor.system.edit("Accounts", account, {"Phone": "1"})
    change = Write(fields={"Phone": "2"}, record=account, seen=seen)

    # when
    [refused] = await vendor.connector.write(vendor.vendor, kind, [change])

    # then
    assert isinstance(refused.outcome, Refused)
    assert (refused.outcome.because, refused.outcome.reason) == ("changed", "ALREADY_MODIFIED")
    assert vendor.there("Accounts")[account]["Phone"] == "1"

    # and as it is now it is changed
    later = datetime.fromisoformat(vendor.there("Accounts")[account]["Modified_Time"])
    now = msgspec.structs.replace(change, seen=later)
    [changed] = await vendor.connector.write(vendor.vendor, kind, [now])
    assert isinstance(changed.outcome, Done)

    # and of several on one condition nothing is asked
    with pytest.raises(ValueError, match="expected one record, found 2"):
        await vendor.connector.write(vendor.vendor, kind, [now, now])


async def test_a_search_by_several_fields_means_all_of_them(vendor: Played) -> None:
    def account(code: str, city: str = "Leeds") -> str:
        fields = {"Billing_Code": code, "Billing_City": city, "Phone": "1"}
        return str(vendor.system.put("Accounts", {"Account_Name": f"A {code}", **fields})["id"])

    here, _, _ = account("LS1"), account("LS2"), account("LS3", "York")
    wanted = {"Billing_City": "leeds", "Phone": "1", "Billing_Code": "LS1"}

    found = await vendor.connector.search(vendor.vendor, vendor.kind("Accounts"), wanted)

    assert [one.record for one in found] == [here]


async def test_a_search_may_name_the_record_that_a_lookup_leads_to(vendor: Played) -> None:
    account = vendor.system.put("Accounts", {"Account_Name": "A"})["id"]
    other = vendor.system.put("Accounts", {"Account_Name": "B"})["id"]
    person = {"Last_Name": "Lund", "Email": "x@lund.example"}
    here = vendor.system.put("Contacts", {**person, "Account_Name": {"id": account}})["id"]
    vendor.system.put("Contacts", {**person, "Account_Name": {"id": other}})
    wanted = {"Account_Name.id": account, "Email": "x@lund.example"}

    found = await vendor.connector.search(vendor.vendor, vendor.kind("Contacts"), wanted)

    assert [one.record for one in found] == [here]


async def test_a_record_of_a_wide_module_is_found_with_all_of_its_rows(vendor: Played) -> None:
    for number in range(60):
        add_field(vendor, "Products", f"Extra {number}")
    vendor.system.put("Products", {"Product_Name": "P", "Extra_59": "last"})
    kind = vendor.kind("Products")

    found = await vendor.connector.search(
        vendor.vendor, kind, {"Product_Name": "P", "Extra_59": "last"}
    )
    nobody = await vendor.connector.search(
        vendor.vendor, kind, {"Product_Name": "P", "Extra_59": "first"}
    )

    assert len({one.record for one in found}) == 1
    assert len(found) > 1
    assert nobody == []


async def test_what_is_no_field_is_never_put_into_a_query(vendor: Played) -> None:
    asked = {"Phone = '1' or id": "2"}

    with pytest.raises(ValueError, match="API name of a field"):
        await vendor.connector.search(vendor.vendor, vendor.kind("Accounts"), asked)
    with pytest.raises(ValueError, match="users cannot be searched"):
        await vendor.connector.search(vendor.vendor, vendor.kind("users"), {"email": "x"})


def test_a_mark_that_is_taken_by_a_record_unseen_is_not_said_to_be_written() -> None:
    body = b"""{"data": [{"code": "DUPLICATE_DATA", "message": "duplicate data",
        "details": {"api_name": "Hub_Id"}, "status": "error"}]}"""
    answer = Answer(status=400, body=body, at=datetime.now(UTC))

    [one] = written(KINDS["Accounts"], answer, 1)

    assert isinstance(one.outcome, Unknown)


def test_an_answer_that_speaks_of_something_else_may_have_been_done() -> None:
    for body in (b"{}", b'{"data": [{"details": 7}]}', b'{"data": []}'):
        answer = Answer(status=200, body=body, at=datetime.now(UTC))
        [one] = written(KINDS["Accounts"], answer, 1)
        assert isinstance(one.outcome, Unknown)


@pytest.mark.parametrize("status", [204, 400, 404])
async def test_a_record_is_gone_in_each_of_the_ways_it_is_said(vendor: Played, status: int) -> None:
    vendor.quirks(missing_record_status=status)

    [one] = await vendor.connector.fetch(vendor.vendor, vendor.kind("Accounts"), ["5550009"])

    assert one.data is None


async def test_what_was_deleted_for_good_is_news_too(vendor: Played) -> None:
    account = vendor.system.put("Accounts", {"Account_Name": "A"})["id"]
    since = vendor.connector.start(datetime.now(UTC))
    vendor.system.act("delete", "Accounts", account, {})

    assert gone(await read_through(vendor, "Accounts", news_since=since)) == {account}


async def test_a_channel_that_lapsed_is_made_anew(vendor: Played) -> None:
    door = Door(url="http://127.0.0.1:9/hooks/crm", token=TOKEN)
    now = datetime.now(UTC)
    first = await vendor.connector.listen(vendor.vendor, door, "", now)
    assert first is not None
    vendor.world.clock.advance(8 * 86_400)

    again = await vendor.connector.listen(
        vendor.vendor, door, first.cursor, now + timedelta(days=8)
    )

    assert again is not None
    assert again.until > first.until


def test_a_notification_is_a_reason_to_read_and_no_word_about_the_record() -> None:
    body = b"""{"server_time": 1770112211787, "module": "Deals", "ids": ["1", "2"],
        "operation": "update", "token": "%s", "affected_values": [{"Stage": "Won"}]}"""
    heard = hear(body % TOKEN.reveal().encode())

    assert [(one.kind, one.record) for one in heard] == [("Deals", "1"), ("Deals", "2")]
    assert all(said(one.data) == {"operation": "update"} for one in heard)


def test_a_notification_of_a_module_that_is_not_read_is_passed_over() -> None:
    assert hear(b'{"module": "Leads", "ids": ["1"], "token": "%s"}' % TOKEN.reveal().encode()) == []


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"module": "Deals"}', b'{"module": 7, "ids": []}', b"\xff"]
)
def test_what_is_no_notification_is_told_from_one_that_is_not_believed(body: bytes) -> None:
    with pytest.raises(ValueError, match="a notification of Zoho CRM was expected"):
        hear(body)


def test_another_channels_token_is_not_believed() -> None:
    with pytest.raises(NotBelieved):
        hear(b'{"module": "Deals", "ids": ["1"], "token": "another"}')


def hear(body: bytes) -> Any:
    hook = Hook(query=(), headers={}, body=body)
    return crm.ZohoCrm().hear(hook, {"channel_token": TOKEN})


def a_quote(vendor: Played) -> str:
    product = vendor.system.put("Products", {"Product_Name": "P", "Unit_Price": 10})["id"]
    line = {"Product_Name": {"id": product}, "Quantity": 2, "List_Price": 10}
    return str(vendor.system.put("Quotes", {"Subject": "Q", "Quoted_Items": [line]})["id"])


def add_field(vendor: Played, module: str, label: str) -> None:
    name = label.replace(" ", "_")
    vendor.system.org.modules[module].fields[name] = Field(api_name=name)  # type: ignore[attr-defined]
