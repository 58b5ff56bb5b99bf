"""What the hub asks of the vendors is what their own OpenAPI documents say may be asked."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest

from hub.connectors.connector import Door, Write
from hub.settings import Secret
from tests.connectors.played import Played, played, read_through

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.database import Database
    from hub.sandbox.world import Call

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

REPO = Path(__file__).parents[2]
CONTRACTS = Path(os.environ.get("HUB_CONTRACTS", REPO.parent / "shared/contracts"))
pytestmark = pytest.mark.skipif(
    not CONTRACTS.is_dir(), reason=f"the vendors' documents are not at {CONTRACTS}"
)

DOCUMENTS = {"crm": "zoho-crm/*.json", "books": "zoho-books/*.yml"}
PREFIXES = {"crm": ("/crm/bulk/v8", "/crm/v8"), "books": ("/books/v3",)}

UNDOCUMENTED = {
    ("crm", "GET", "/org/taxes"): "sheet §11: taxes are absent from the documents",
    ("books", "GET", "/itemdetails"): "sheet §4.2: up to 100 ids a call",
}
"""(system, method, path): why it is asked all the same."""

OVERRULED = {
    "sort_order is no parameter of it": "Books §2: recorded with sort_column",
    "sku is no parameter of it": "Books §2: unconfirmed; ignored, the list is read through",
    "('notify_on_related_action', 'return_affected_field_values' were unexpected)": "CRM §11",
    "'contact_name' is a required property": "Books §4.1: a change is of the fields it names",
}
"""How a fault ends: the section of the sheet that says what is live instead."""


async def test_every_read_of_crm_is_one_that_may_be_asked(
    database: Database, tmp_path: Path
) -> None:
    async with played("crm", database, tmp_path) as vendor:
        account = vendor.system.put("Accounts", {"Account_Name": "A"})["id"]
        vendor.system.put("Quotes", {"Subject": "Q"})
        await everything_is_read(vendor)
        await vendor.connector.fetch(vendor.vendor, vendor.kind("Accounts"), [account, "9"])
        door = Door(url="https://hub.example/hooks/crm", token=Secret("t" * 32))
        await vendor.connector.listen(vendor.vendor, door, "", datetime.now(UTC))
        await vendor.connector.find(vendor.vendor, vendor.kind("Accounts"), str(uuid4()))
        named = {"Account_Name": "A", "Billing_Code": "1", "Phone": "1"}
        await vendor.connector.search(vendor.vendor, vendor.kind("Accounts"), named)

        assert_documented("crm", vendor.world.calls)


async def test_every_write_to_crm_is_one_that_may_be_asked(
    database: Database, tmp_path: Path
) -> None:
    async with played("crm", database, tmp_path) as vendor:
        kind = vendor.kind("Accounts")
        mark = Write(fields={"Account_Name": "A"}, mark=str(uuid4()))
        [made] = await vendor.connector.write(vendor.vendor, kind, [mark])
        change = Write(fields={"Phone": "1"}, record=made.record)
        await vendor.connector.write(vendor.vendor, kind, [change])

        assert_documented("crm", vendor.world.calls)


async def test_every_call_to_books_is_one_that_may_be_made(
    database: Database, tmp_path: Path
) -> None:
    async with played("books", database, tmp_path) as vendor:
        contact = vendor.system.put("contacts", {"contact_name": "A"})["contact_id"]
        await everything_is_read(vendor)
        kind = vendor.kind("contacts")
        await vendor.connector.fetch(vendor.vendor, kind, [contact])
        await vendor.connector.fetch(vendor.vendor, vendor.kind("comments"), [contact])
        mark = Write(fields={"contact_name": "B"}, mark=str(uuid4()))
        [made] = await vendor.connector.write(vendor.vendor, kind, [mark])
        change = Write(fields={"website": "x.example"}, record=made.record)
        await vendor.connector.write(vendor.vendor, kind, [change])
        persons = vendor.kind("contactpersons")
        person = Write(fields={"contact_id": made.record, "first_name": "Ada"})
        [ada] = await vendor.connector.write(vendor.vendor, persons, [person])
        phone = Write(fields={"contact_id": made.record, "phone": "1"}, record=ada.record)
        await vendor.connector.write(vendor.vendor, persons, [phone])
        for kind in vendor.connector.kinds.values():
            wanted = dict.fromkeys(kind.searched_by, made.record)
            if wanted:
                await vendor.connector.search(vendor.vendor, kind, wanted)

        assert_documented("books", vendor.world.calls)


async def everything_is_read(vendor: Played) -> None:
    for name, kind in vendor.connector.kinds.items():
        if not kind.within:
            await read_through(vendor, name)
            since = vendor.connector.start(datetime.now(UTC))
            await read_through(vendor, name, news_since=since)
    await vendor.connector.zone(vendor.vendor)


def assert_documented(system: str, calls: Any) -> None:
    mine = [call for call in calls if call.system == system]
    assert mine
    faults = sorted({fault for call in mine for fault in faults_of(system, call)})
    assert not faults, "\n".join(faults)


def faults_of(system: str, call: Call) -> Iterator[str]:
    path = next(
        call.path.removeprefix(prefix)
        for prefix in PREFIXES[system]
        if call.path.startswith(prefix)
    )
    found = [
        (document, shape, operation)
        for document, shape, operation in operations(system)
        if operation["method"] == call.method and matches(shape, path)
    ]
    if not found:
        if (system, call.method, path) not in UNDOCUMENTED:
            yield f"{call.method} {path} is in no document"
        return
    named = {name for name, _ in parse_qsl(call.query, keep_blank_values=True)}
    # Of two paths of one shape the document may mean either.
    judged = [
        [*unknown_parameters(document, operation, named), *wrong_body(document, operation, call)]
        for document, _, operation in found
    ]
    if all(judged):
        yield from (
            f"{call.method} {path}: {fault}"
            for fault in min(judged, key=len)
            if not fault.endswith(tuple(OVERRULED))
        )


def unknown_parameters(document: Any, operation: Any, named: set[str]) -> Iterator[str]:
    known = {resolved(document, one)["name"] for one in operation["parameters"]}
    yield from (f"{name} is no parameter of it" for name in sorted(named - known))


def wrong_body(document: Any, operation: Any, call: Call) -> Iterator[str]:
    if not call.body:
        return
    body = resolved(document, operation.get("requestBody") or {})
    schema = body.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        yield "it takes no body"
        return
    validator = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
    for error in validator.iter_errors(json.loads(call.body)):
        yield f"{error.json_path}: {error.message[:200]}"


@cache
def operations(system: str) -> list[tuple[Any, str, Any]]:
    """Give every operation of a vendor: its document, the shape of its path, and what it takes."""
    found = []
    for file in sorted(CONTRACTS.glob(DOCUMENTS[system])):
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        for shape, item in document.get("paths", {}).items():
            shared = item.get("parameters", [])
            for method in item.keys() & {"get", "post", "put", "patch", "delete"}:
                operation = {"method": method.upper(), **item[method]}
                operation["parameters"] = [*shared, *item[method].get("parameters", [])]
                found.append((document, shape, operation))
    return found


def matches(shape: str, path: str) -> bool:
    wanted = re.sub(r"\\\{[^/]*?\\\}", "[^/]+", re.escape(shape.rstrip("/")))
    return re.fullmatch(wanted, path.rstrip("/")) is not None


def resolved(document: Any, one: Any) -> Any:
    """Follow a reference within its document."""
    while "$ref" in one:
        part = document
        for step in one["$ref"].removeprefix("#/").split("/"):
            part = part[step]
        one = part
    return one
