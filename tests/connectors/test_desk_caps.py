"""What Zoho Desk cannot hold: cut on purpose where it may be, said to be cut, and else refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.connectors.connector import Write
from hub.connectors.outcome import Done, Refused
from hub.connectors.zoho_desk.kinds import CAPS
from hub.sandbox.desk.fields import KINDS
from tests.connectors.played import Played, played, said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database import Database

NEVER_CUT = {
    "contacts": ("firstName", "lastName", "email", "secondaryEmail", "phone", "mobile"),
    "accounts": ("accountName", "email", "phone", "fax", "website"),
    "tickets": ("email", "phone", "cf.cf_books_invoice_number"),
}


@pytest.fixture
async def vendor(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("desk", database, tmp_path) as one:
        yield one


@pytest.mark.parametrize("kind", CAPS)
async def test_what_may_be_cut_is_cut_where_it_is_made_and_where_it_is_changed(
    vendor: Played, kind: str
) -> None:
    long = {name: "x" * (cap + 1) for name, cap in CAPS[kind].items()}
    needed = needs(vendor, kind)

    made = await write(vendor, kind, {**needed, **long}, mark="m-1")
    changed = await write(vendor, kind, long, record=there(vendor, kind))

    for one in (made, changed):
        assert isinstance(one.outcome, Done)
        for name, cap in CAPS[kind].items():
            assert f"{name} to {cap} characters" in one.outcome.sentence
            assert said(one.data)[name] == "x" * cap


@pytest.mark.parametrize("kind", CAPS)
async def test_what_fits_to_the_last_character_is_not_said_to_be_cut(
    vendor: Played, kind: str
) -> None:
    fits = {name: "x" * cap for name, cap in CAPS[kind].items()}

    one = await write(vendor, kind, fits, record=there(vendor, kind))

    assert isinstance(one.outcome, Done)
    assert "cut" not in one.outcome.sentence
    assert {name: said(one.data)[name] for name in fits} == fits


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in NEVER_CUT.items() for name in names]
)
async def test_what_would_be_another_if_it_were_cut_is_refused(
    vendor: Played, kind: str, name: str
) -> None:
    custom = name.removeprefix("cf.")
    fields = {"cf": {custom: "9" * 300}} if custom != name else {name: "9" * 300}

    one = await write(vendor, kind, fields, record=there(vendor, kind))

    assert isinstance(one.outcome, Refused)
    assert one.outcome.because == "data"
    assert f"{name} is invalid" in one.outcome.sentence


@pytest.mark.parametrize("kind", CAPS)
def test_no_cut_leaves_more_than_the_field_holds(kind: str) -> None:
    for name, cap in CAPS[kind].items():
        assert cap == KINDS[kind].texts[name], name


def needs(vendor: Played, kind: str) -> dict[str, Any]:
    """Give what a record of a kind cannot be made without."""
    if kind != "tickets":
        return {"lastName" if kind == "contacts" else "accountName": "Faro"}
    department = vendor.system.state()["departments"][0]["id"]
    return {"departmentId": department, "contactId": there(vendor, "contacts")}


def there(vendor: Played, kind: str) -> str:
    return str(vendor.system.put(kind, {})["id"])


async def write(vendor: Played, kind: str, fields: dict[str, Any], **how: Any) -> Any:
    [written] = await vendor.connector.write(
        vendor.vendor, vendor.kind(kind), [Write(fields=fields, **how)]
    )
    return written
