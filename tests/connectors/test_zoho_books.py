"""What is Zoho Books' own: signed bodies, rows that are summaries, vendors, marks, and limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
import pytest

from hub.connectors.connector import Hook, NotBelieved, Seen, Write
from hub.connectors.outcome import Answer, Done, Refused, Unknown
from hub.connectors.zoho_books import ZohoBooks, signed
from hub.settings import Secret
from tests.connectors.played import Played, noticed, played, read_through, records, said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database import Database

SECRET = Secret("BooksHookSecret01")
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
VECTORS = {
    "a body": (
        (),
        JSON,
        b'{"invoice":{"invoice_id":"460000000012345","status":"paid"}}',
        "69ab6e7a6c663878e1a029133d6510ce92bc5c53d92288a634df106ed5467ab9",
    ),
    "a query and a body": (
        (("src", "books"), ("ev", "invoice_paid")),
        JSON,
        b'{"invoice":{"invoice_id":"460000000012345"}}',
        "e44b0806976c1eaa62adf9b3c4a1b78be0c192e760cb42da81f3138a1eed7b0b",
    ),
    "a query and a form": (
        (("src", "books"),),
        FORM,
        b"invoice_id=460000000012345&note=two+words",
        "a69cf2717cc7f6ffd00c67d6794d1bc6fea6dfd69aece816cb27b46d4409823c",
    ),
}
INVOICE = b'{"invoice": {"invoice_id": "7", "total": 10.50, "last_modified_time": "%s"}}'
STAMP = b"2026-03-20T08:00:01-0400"


@pytest.fixture
async def vendor(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("books", database, tmp_path) as one:
        yield one


@pytest.mark.parametrize("vector", VECTORS)
def test_a_webhook_is_signed_as_the_vendor_signs_it(vector: str) -> None:
    query, headers, body, signature = VECTORS[vector]

    assert signed(Hook(query=query, headers=headers, body=body), SECRET) == signature


def test_a_signed_body_is_a_word_about_the_record() -> None:
    [one] = hear(INVOICE % STAMP)

    assert (one.kind, one.record) == ("invoices", "7")
    assert one.data == b'{"invoice_id": "7", "total": 10.50, "last_modified_time": "%s"}' % STAMP
    assert one.at == datetime(2026, 3, 20, 12, 0, 1, tzinfo=UTC)


def test_the_old_form_of_a_webhook_is_understood_too() -> None:
    body = b"JSONString=%7B%22contact%22%3A%7B%22contact_id%22%3A%225%22%7D%7D"

    assert [one.record for one in hear(body, FORM)] == ["5"]


@pytest.mark.parametrize("key", ["payment", "customer_payment"])
def test_a_payment_is_known_by_either_name(key: str) -> None:
    heard = hear(b'{"%s": {"payment_id": "5"}}' % key.encode())

    assert {one.kind for one in heard} == {"customerpayments"}


def test_what_the_company_pays_never_enters() -> None:
    assert hear(b'{"contact": {"contact_id": "5", "contact_type": "vendor"}}') == []


def test_what_the_hub_does_not_read_is_passed_over() -> None:
    assert hear(b'{"bill": {"bill_id": "5"}}') == []


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"invoice": {}}', b'{"invoice": 7}'])
def test_what_is_signed_and_is_no_webhook_says_so(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"expected|without its"):
        hear(body)


def test_a_body_that_was_changed_on_the_way_is_not_believed() -> None:
    hook = Hook(query=(), headers=JSON, body=INVOICE % STAMP)
    headers = {**JSON, "x-zoho-webhook-signature": signed(hook, SECRET)}
    forged = Hook(query=(), headers=headers, body=hook.body.replace(b"10.50", b"99.50"))

    with pytest.raises(NotBelieved):
        ZohoBooks("1").hear(forged, {"webhook_secret": SECRET})


async def test_vendors_are_not_read_even_where_the_filter_is_ignored(vendor: Played) -> None:
    customer = vendor.system.put("contacts", {"contact_name": "C"})["contact_id"]
    vendor.system.put("contacts", {"contact_name": "V", "contact_type": "vendor"})

    assert records(await read_through(vendor, "contacts")) == [customer]


async def test_only_one_organisation_of_a_login_is_read(vendor: Played) -> None:
    other = next(
        one["organization_id"]
        for one in vendor.system.state()["organizations"]
        if one["organization_id"] != vendor.connection.organization
    )
    vendor.system.put("contacts", {"contact_name": "Abroad", "organization_id": other})

    assert records(await read_through(vendor, "contacts")) == []


async def test_a_changed_row_is_kept_and_the_record_is_read_in_full(vendor: Played) -> None:
    invoice = an_invoice(vendor)
    since = vendor.connector.start(datetime.now(UTC))
    vendor.system.edit("invoices", invoice, {"reference_number": "PO-7"})

    pages = await read_through(vendor, "invoices", news_since=since)

    assert records(pages) == [invoice]
    assert noticed(pages) == {invoice}


async def test_a_row_is_no_word_about_what_it_puts_in_its_own_way(vendor: Played) -> None:
    invoice = an_invoice(vendor)

    [[row]] = [page.seen for page in await read_through(vendor, "invoices")]
    [full] = await vendor.connector.fetch(vendor.vendor, vendor.kind("invoices"), [invoice])

    assert isinstance(row, Seen)
    assert row.cover == "except:billing_address,shipping_address"
    assert full.cover is None
    both = said(row.data or b"").keys() & said(full.data or b"").keys()
    covered = both - {"billing_address", "shipping_address"}
    assert covered
    for name in covered:
        assert said(row.data or b"")[name] == said(full.data or b"")[name], name


async def test_items_are_read_many_at_a_time(vendor: Played) -> None:
    made = [
        str(vendor.system.put("items", {"name": f"I{number}", "rate": 1})["item_id"])
        for number in range(30)
    ]
    found = await vendor.connector.fetch(vendor.vendor, vendor.kind("items"), [*made, "9999"])

    assert {one.record: one.data is None for one in found} == {
        **dict.fromkeys(made, False),
        "9999": True,
    }
    assert len([call for call in vendor.world.calls if call.system == "books"]) == 2


@pytest.mark.parametrize("status", [201, 200])
async def test_what_was_there_is_told_from_what_was_made_whatever_the_status(
    vendor: Played, status: int
) -> None:
    vendor.quirks(upsert_created_status=status)
    mark, kind = str(uuid4()), vendor.kind("contacts")
    one = Write(fields={"contact_name": "C"}, mark=mark)

    [first] = await vendor.connector.write(vendor.vendor, kind, [one])
    vendor.world.clock.advance(3)
    [second] = await vendor.connector.write(vendor.vendor, kind, [one])

    assert (first.was_there, second.was_there) == (False, True)
    assert first.record == second.record


async def test_what_was_made_bears_its_mark_though_the_key_alone_does_not_write_it(
    vendor: Played,
) -> None:
    vendor.quirks(upsert_writes_key=False)
    mark = str(uuid4())
    one = Write(fields={"contact_name": "C"}, mark=mark)

    [made] = await vendor.connector.write(vendor.vendor, vendor.kind("contacts"), [one])

    assert vendor.there("contacts")[made.record]["custom_field_hash"]["cf_hub_id"] == mark


async def test_a_name_that_is_taken_is_refused_and_links_nothing(vendor: Played) -> None:
    vendor.system.put("contacts", {"contact_name": "Taken"})
    one = Write(fields={"contact_name": "Taken"}, mark=str(uuid4()))

    [refused] = await vendor.connector.write(vendor.vendor, vendor.kind("contacts"), [one])

    assert isinstance(refused.outcome, Refused)
    assert refused.outcome.reason == "3062"
    assert refused.record == ""


def test_success_is_the_code_in_the_body_whatever_the_status() -> None:
    assert isinstance(outcome(200, b'{"code": 0, "message": "success"}'), Done)
    assert isinstance(outcome(200, b'{"code": 4, "message": "Invalid value"}'), Refused)
    assert isinstance(outcome(400, b'{"code": 987654, "message": "new"}'), Refused)
    assert isinstance(outcome(500, b'{"code": 0, "message": "ok"}'), Unknown)


@pytest.mark.parametrize(
    ("code", "headers", "seconds"),
    [
        (43, {"retry-after": "3600"}, 3_600),
        (44, {}, 3_600),
        (45, {"x-rate-limit-reset": "1200"}, 1_200),
        (1070, {}, 5),
    ],
)
def test_each_limit_stops_the_connection_for_its_time(
    code: int, headers: dict[str, str], seconds: float
) -> None:
    body = msgspec.json.encode({"code": code, "message": "no more"})

    verdict = ZohoBooks("1").judge(answer(429, body, headers))

    assert verdict.stop_seconds == seconds


def hear(body: bytes, headers: dict[str, str] = JSON) -> list[Any]:
    hook = Hook(query=(), headers=headers, body=body)
    proved = {**headers, "x-zoho-webhook-signature": signed(hook, SECRET).upper()}
    hook = msgspec.structs.replace(hook, headers=proved)
    return list(ZohoBooks("1").hear(hook, {"webhook_secret": SECRET}))


def outcome(status: int, body: bytes) -> object:
    return ZohoBooks("1").judge(answer(status, body, {})).outcome


def answer(status: int, body: bytes, headers: dict[str, str]) -> Answer:
    return Answer(status=status, headers=headers, body=body, at=datetime.now(UTC))


def an_invoice(vendor: Played) -> str:
    address = {"address": "Hafenstr. 9", "city": "Hamburg", "zip": "20457"}
    customer = vendor.system.put("contacts", {"contact_name": "C", "billing_address": address})
    line = {"name": "Work", "rate": 10, "quantity": 1}
    fields = {"customer_id": customer["contact_id"], "line_items": [line]}
    return str(vendor.system.put("invoices", fields)["invoice_id"])
