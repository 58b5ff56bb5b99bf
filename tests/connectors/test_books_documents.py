"""What flows write to Zoho Books: invoices with their lines, custom fields, and looks before."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
import pytest

from hub.connectors.connector import NotRead, Write, Written
from hub.connectors.outcome import Done, Refused, RetryAt, Unknown
from hub.connectors.zoho_books import search
from hub.sandbox.books.custom_fields import define
from hub.sandbox.faults import Fault
from tests.connectors.played import Played, played

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database import Database

RATE = Decimal("1234567890123.45")


@pytest.fixture
async def vendor(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("books", database, tmp_path) as one:
        yield one


async def test_p16_an_invoice_is_made_to_the_last_digit_and_the_answer_is_all_of_it(
    vendor: Played,
) -> None:
    fields = an_invoice(vendor)

    made = await write(vendor, Write(fields=fields, mark="m-1"))
    [read] = await vendor.connector.fetch(vendor.vendor, vendor.kind("invoices"), [made.record])

    assert isinstance(made.outcome, Done)
    assert f'"rate":{RATE}' in vendor.world.calls[-2].body
    invoice = exact(made)
    assert invoice == msgspec.json.decode(read.data or b"", type=dict[str, msgspec.Raw])
    assert made.at == read.at
    assert Decimal(text(invoice["sub_total"])) == RATE * 2
    assert {name: text(invoice[name]) for name in ("status", "date", "due_date")} == {
        "status": '"draft"',
        "date": '"2026-03-03"',
        "due_date": '"2026-04-02"',
    }
    [line] = msgspec.json.decode(invoice["line_items"])
    assert (line["name"], line["quantity"], line["tax_name"]) == ("Survey", 2, "VAT 19")


@pytest.mark.parametrize("looked_first", [True, False])
async def test_p6_an_invoice_whose_answer_was_lost_is_made_once(
    vendor: Played, *, looked_first: bool
) -> None:
    fields, mark = an_invoice(vendor), str(uuid4())
    vendor.world.faults.add(Fault(system="books", fault="answer_lost", method="PUT", count=1))

    lost = await write(vendor, Write(fields=fields, mark=mark, look=False))
    again = await write(vendor, Write(fields=fields, mark=mark, look=looked_first))

    assert isinstance(lost.outcome, Unknown)
    assert isinstance(again.outcome, Done)
    assert list(vendor.there("invoices")) == [again.record]


async def test_p6_an_invoice_that_finance_has_edited_since_is_adopted_as_it_is(
    vendor: Played,
) -> None:
    one = Write(fields=an_invoice(vendor), mark=str(uuid4()))
    made = await write(vendor, one)
    vendor.system.edit("invoices", made.record, {"reference_number": "by finance"})

    again = await write(vendor, one)

    assert (again.record, again.was_there) == (made.record, True)
    assert text(exact(again)["reference_number"]) == '"by finance"'
    assert vendor.there("invoices")[made.record]["reference_number"] == "by finance"


async def test_p6_a_look_that_was_lost_is_no_word_and_nothing_is_made(vendor: Played) -> None:
    fields = an_invoice(vendor)
    vendor.world.faults.add(Fault(system="books", fault="answer_lost", method="PUT", count=1))

    one = await write(vendor, Write(fields=fields, mark=str(uuid4())))

    assert isinstance(one.outcome, RetryAt)
    assert vendor.there("invoices") == {}


async def test_custom_fields_are_written_by_the_names_they_are_read_by(vendor: Played) -> None:
    whose = vendor.system.organizations[str(vendor.connection.organization)]  # type: ignore[attr-defined]
    define(whose, "invoices", "Deal", data_type="string")
    fields = {**an_invoice(vendor), "custom_field_hash": {"cf_deal": "7"}}

    made = await write(vendor, Write(fields=fields, mark="m-1"))
    await write(vendor, Write(fields={"custom_field_hash": {"cf_deal": "8"}}, record=made.record))

    values = vendor.there("invoices")[made.record]["custom_field_hash"]
    assert (values["cf_deal"], values["cf_hub_id"]) == ("8", "m-1")


async def test_a_customer_is_found_by_what_no_list_tells_once_something_narrows_it(
    vendor: Played,
) -> None:
    here, _ = (
        vendor.system.put(
            "contacts",
            {"contact_name": name, "company_name": "Acme", "billing_address": {"zip": code}},
        )["contact_id"]
        for name, code in (("Acme Leeds", "LS1 4AP"), ("Acme York", "YO1 7HH"))
    )
    wanted = {"company_name": "ACME", "billing_address.zip": "ls1 4ap"}

    found = await find(vendor, "contacts", wanted)

    assert [one.record for one in found] == [here]
    with pytest.raises(ValueError, match="searched by one of contact_name"):
        await find(vendor, "contacts", {"billing_address.zip": "LS1 4AP"})


async def test_inactive_customers_are_found_and_those_whom_the_company_pays_are_not(
    vendor: Played,
) -> None:
    old = vendor.system.put("contacts", {"contact_name": "Old", "company_name": "Acme"})
    vendor.system.act("inactive", "contacts", old["contact_id"], {})
    paid = {"contact_name": "Paid", "company_name": "Acme", "contact_type": "vendor"}
    vendor.system.put("contacts", paid)

    found = await find(vendor, "contacts", {"company_name": "Acme"})

    assert [one.record for one in found] == [old["contact_id"]]


async def test_a_filter_that_books_ignores_finds_by_reading_on_and_then_gives_up(
    vendor: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "ROWS_MAX", 5)
    for number in range(12):
        item = {"name": f"I{number:02}", "rate": 1, "sku": f"SKU-{number}"}
        vendor.system.put("items", item)

    [found] = await find(vendor, "items", {"sku": "sku-11"})
    monkeypatch.setattr(search, "PAGES_MAX", 2)
    with pytest.raises(NotRead, match="does not search by that"):
        await find(vendor, "items", {"sku": "SKU-11"})

    assert vendor.there("items")[found.record]["sku"] == "SKU-11"


async def test_an_invoice_is_found_by_the_deal_it_is_tied_to(vendor: Played) -> None:
    tied = {**an_invoice(vendor), "zcrm_potential_id": "5550001"}
    made = await write(vendor, Write(fields=tied, mark="m-1"))

    assert [
        one.record for one in await find(vendor, "invoices", {"zcrm_potential_id": "5550001"})
    ] == [made.record]


async def test_a_document_that_is_refused_says_what_books_says(vendor: Played) -> None:
    fields = {**an_invoice(vendor), "customer_id": "9"}

    one = await write(vendor, Write(fields=fields, mark="m-1"))

    assert isinstance(one.outcome, Refused)
    assert vendor.there("invoices") == {}


def an_invoice(vendor: Played) -> dict[str, Any]:
    customer = vendor.system.put("contacts", {"contact_name": "Larkspur"})["contact_id"]
    tax = next(
        one["tax_id"] for one in vendor.there("taxes").values() if one["tax_name"] == "VAT 19"
    )
    line = {"name": "Survey", "rate": RATE, "quantity": 2, "discount": 0, "tax_id": tax}
    return {
        "customer_id": customer,
        "date": "2026-03-03",
        "due_date": "2026-04-02",
        "reference_number": "PO 7",
        "is_inclusive_tax": False,
        "line_items": [line],
    }


async def write(vendor: Played, one: Write) -> Written:
    [came] = await vendor.connector.write(vendor.vendor, vendor.kind("invoices"), [one])
    return came


async def find(vendor: Played, kind: str, fields: dict[str, str]) -> Any:
    return await vendor.connector.search(vendor.vendor, vendor.kind(kind), fields)


def exact(one: Written) -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(one.data or b"", type=dict[str, msgspec.Raw])


def text(raw: msgspec.Raw) -> str:
    return bytes(raw).decode()
