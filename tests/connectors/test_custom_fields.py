"""Fields that flows write to: made where a vendor lets one, told as clicks where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.connectors.site import ground_of
from hub.connectors.zoho_crm.custom_field import TYPES
from hub.sandbox.books.custom_fields import define
from hub.sandbox.crm.fields import Field as CrmField
from tests.connectors.played import Played, played

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.connectors.field import Plain
    from hub.connectors.finding import Finding
    from hub.database import Database


@pytest.fixture
async def crm(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("crm", database, tmp_path) as one:
        yield one


@pytest.fixture
async def books(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("books", database, tmp_path) as one:
        yield one


async def test_a_field_is_made_once_of_each_plain_type(crm: Played) -> None:
    for word in TYPES:
        name = f"Of_{word}"
        looked = await field(crm, "Deals", name, word=word, make=False)
        made = await field(crm, "Deals", name, word=word)
        again = await field(crm, "Deals", name, word=word)

        assert (looked.state, made.state, again.state) == ("owed", "made", "well")
        assert len([one for one in names(crm) if one == name]) == 1
    own = await ground_of(crm.connection).fields(crm.vendor, crm.kind("Deals"))
    assert {word: own[f"Of_{word}"].word for word in TYPES} == {word: word for word in TYPES}


async def test_a_field_of_another_type_is_left_and_told(crm: Played) -> None:
    module = crm.system.org.modules["Deals"]  # type: ignore[attr-defined]
    module.fields["Books_Margin"] = CrmField(api_name="Books_Margin", label="Books Margin")

    found = await field(crm, "Deals", "Books_Margin", word="money")

    assert found.state == "needs"
    assert "is of the type text; expected currency" in found.sentence
    assert any("Currency field" in step for step in found.steps)


async def test_a_field_that_books_shows_is_well(books: Played) -> None:
    whose = books.system.organizations[str(books.connection.organization)]  # type: ignore[attr-defined]
    define(whose, "invoices", "Deal", data_type="string")
    customer = books.system.put("contacts", {"contact_name": "C"})["contact_id"]
    books.system.put(
        "invoices",
        {
            "customer_id": customer,
            "line_items": [{"name": "Work", "rate": 1, "quantity": 1}],
            "custom_fields": [{"api_name": "cf_deal", "value": "7"}],
        },
    )

    shown = await field(books, "invoices", "cf_deal")
    other = await field(books, "invoices", "cf_deal", word="money")

    assert shown.state == "well"
    assert (other.state, "holds a text; expected a money" in other.sentence) == ("needs", True)


async def test_books_makes_no_field_and_the_clicks_are_told(books: Played) -> None:
    found = await field(books, "items", "cf_margin", word="money")

    assert found.state == "warned"
    assert any('type "Amount"' in step for step in found.steps)
    assert any("cf_margin" in step for step in found.steps)


async def field(vendor: Played, kind: str, name: str, **how: Any) -> Finding:
    word: Plain = how.get("word", "text")
    label = name.replace("_", " ")
    make = how.get("make", True)
    ground = ground_of(vendor.connection)
    return await ground.field(vendor.vendor, vendor.kind(kind), name, label, word, make=make)


def names(vendor: Played) -> list[str]:
    return list(vendor.system.org.modules["Deals"].fields)  # type: ignore[attr-defined]
