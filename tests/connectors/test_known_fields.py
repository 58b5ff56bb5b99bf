"""What is known of fields before an account is met, and what an account says of its own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.connectors.field import Field, as_fields, as_words
from hub.connectors.known_fields import fields_of
from hub.connectors.salesforce.kinds import kinds_of
from hub.connectors.site import ground_of
from hub.connectors.zoho_books.kinds import KINDS as BOOKS
from hub.connectors.zoho_crm.kinds import KINDS as CRM
from hub.connectors.zoho_desk.kinds import KINDS as DESK
from hub.sandbox.books.custom_fields import define
from hub.sandbox.crm.fields import Field as CrmField
from hub.sandbox.seed import Seeding, seed_past
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from tests.connectors.played import Played, played

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.connectors.field import Word, Words
    from hub.database import Database

NAMES = {"crm": "zoho_crm", "books": "zoho_books", "desk": "zoho_desk", "salesforce": "salesforce"}
IN_JSON: dict[Word, tuple[type, ...]] = {
    "id": (str,),
    "text": (str,),
    "number": (int, Decimal, str),
    "money": (int, Decimal, str),
    "date": (str,),
    "time": (str,),
    "flag": (bool,),
    "list": (list,),
    "record": (dict,),
    "lookup": (dict,),
    "choice": (str,),
}
"""Books says an empty text where there is no number."""


@pytest.fixture(params=NAMES)
async def vendor(
    request: pytest.FixtureRequest, database: Database, tmp_path: Path
) -> AsyncIterator[Played]:
    async with played(request.param, database, tmp_path) as one:
        yield one


def test_every_kind_is_known_and_a_system_of_ones_own_is_not() -> None:
    assert fields_of("zoho_crm").keys() == CRM.keys()
    assert fields_of("zoho_books").keys() == BOOKS.keys()
    assert fields_of("zoho_desk").keys() == DESK.keys()
    assert fields_of("salesforce").keys() == kinds_of().keys()
    assert fields_of("push") == {}


def test_what_tells_records_apart_is_known_and_the_mark_is_not() -> None:
    for system, kinds in (("zoho_crm", CRM), ("zoho_books", BOOKS), ("zoho_desk", DESK)):
        for name, kind in kinds.items():
            known = fields_of(system)[name]
            searched = set(kind.searched_by) - {"*"}
            assert {kind.id, *kind.told_by, *searched} <= known.keys(), name
            assert kind.mark not in known


def test_every_word_of_a_record_is_known_for_what_it_is() -> None:
    # given the records of a whole year
    world = World(7)
    systems = all_systems(world)
    seed_past(world, systems, Seeding(customers=40, seed=7))

    # then each says what its fields are said to hold
    for system in systems:
        if system.name in NAMES:
            for kind, known in fields_of(NAMES[system.name]).items():
                for record in system.state().get(kind, ()):
                    assert_known(record, known, kind)


async def test_an_account_tells_of_all_that_every_account_has(vendor: Played) -> None:
    ground = ground_of(vendor.connection)
    for name, kind in vendor.connector.kinds.items():
        known = fields_of(vendor.connection.system)[name]
        own = await ground.fields(vendor.vendor, kind)

        assert kind.mark not in own
        for field in own.keys() & known.keys():
            said = as_words(own)[field]
            told_more = known[field] == "record" and isinstance(said, Mapping)
            assert told_more or said == known[field], (name, field)
        assert {field for field in own if not own[field].is_custom} <= known.keys(), name


async def test_the_crm_tells_of_its_own_fields_with_what_may_be_chosen(
    database: Database, tmp_path: Path
) -> None:
    async with played("crm", database, tmp_path) as vendor:
        module = vendor.system.org.modules["Deals"]  # type: ignore[attr-defined]
        module.fields["Region"] = CrmField(
            api_name="Region", label="Region", type="picklist", choices=("North",), custom=True
        )

        own = await ground_of(vendor.connection).fields(vendor.vendor, vendor.kind("Deals"))

    assert own["Region"] == Field(word="choice", label="Region", choices=("North",), is_custom=True)
    assert "Closed Won" in own["Stage"].choices
    assert own["Amount"].word == "money"
    assert not own["Expected_Revenue"].is_written


async def test_books_tells_of_the_custom_fields_that_a_list_shows(
    database: Database, tmp_path: Path
) -> None:
    async with played("books", database, tmp_path) as vendor:
        whose = vendor.system.organizations[str(vendor.connection.organization)]  # type: ignore[attr-defined]
        define(whose, "contacts", "Region", data_type="dropdown")
        filled = {"contact_name": "C", "custom_fields": [{"api_name": "cf_region", "value": "N"}]}
        vendor.system.put("contacts", filled)
        ground = ground_of(vendor.connection)

        own = await ground.fields(vendor.vendor, vendor.kind("contacts"))
        items = await ground.fields(vendor.vendor, vendor.kind("items"))

    assert own["custom_field_hash"].fields["cf_region"].word == "choice"
    assert own["billing_address"].fields["zip"].word == "text"
    assert items == as_fields(fields_of("zoho_books")["items"])


def assert_known(record: Mapping[str, Any], known: Words, place: str) -> None:
    for name, value in record.items():
        if (
            name.startswith("$")
            or name.endswith("_formatted")
            or name in ("Hub_Id", "cf_hub_id", "cf_hub_key")
        ):
            continue
        if name.endswith(("__c", "Address")) and name not in known:
            continue  # of one org alone, or the whole of what its parts say
        word = known.get(name)
        assert word is not None, f"{place}.{name}"
        if isinstance(word, Mapping):
            assert_known(value, word, f"{place}.{name}")
        elif value is not None:
            assert isinstance(value, IN_JSON[word]), f"{place}.{name} is {value!r}, not a {word}"
            if word in ("number", "money"):
                assert not isinstance(value, bool)
                assert value == "" or Decimal(f"{value}").is_finite()


def test_the_fields_of_one_account_are_put_as_those_of_every_account() -> None:
    words: Words = {"total": "money", "address": {"zip": "text"}, "Owner": "lookup"}

    assert as_words(as_fields(words)) == words
    assert msgspec.json.decode(msgspec.json.encode(as_fields(words)), type=dict[str, Field])
