"""A log in which a flow has met records: what its commands are tried on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from hub.app import appending
from hub.events import Event, new_id
from hub.flows.load.world import Account, World
from hub.operate.install import install, set_mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.database import Database
    from tests.cli.conftest import Desk

FLOW = """
flow  = "customers"
about = "A company in CRM and a customer in Books are the same."
[sides]
crm   = "crm.Accounts"
books = "books.contacts"
[match]
sure  = ["code"]
maybe = ["name"]
new   = { crm = "create in books", books = "ask" }
gone  = { crm = "ask", books = "unlink" }
[fields]
code  = { crm = "Code",         books = "code",         owner = "crm" }
name  = { crm = "Account_Name", books = "company_name", owner = "crm" }
phone = { crm = "Phone", books = "phone", owner = "latest", as = "phone", clash = "ask" }
[guard]
go_live = "hold"
"""
PEOPLE = """
[people]
sides = { crm = "crm.Contacts by Account_Name", books = "books.contactpersons in contact_persons" }
match = { sure = ["email"], new = { crm = "ignore", books = "ignore" } }
fields.email = { crm = "Email", books = "email", owner = "crm", as = "email" }
fields.city  = { crm = "Mailing_City", books = "city", owner = "crm" }
"""
"""What is to be added to the flow for it to be about people, too."""
BUYERS = """
flow  = "buyers"
about = "A person in CRM and a customer in Books are the same."
[sides]
crm   = "crm.Contacts"
books = "books.contacts"
[match]
sure  = ["mail"]
new   = { crm = "create in books", books = "ignore" }
gone  = { crm = "ask", books = "unlink" }
[fields]
mail  = { crm = "Email", books = "email", owner = "crm", as = "email" }
phone = { crm = "Phone", books = "phone", owner = "books", as = "phone" }
[guard]
go_live = "hold"
"""
"""Another flow that has customers made in Books, and writes their phone too."""
WORLD = World(
    connections={
        "crm": Account(system="zoho_crm", mode="test"),
        "books": Account(system="zoho_books", mode="test"),
    }
)
BEGAN = datetime.now(UTC) + timedelta(hours=1)
"""When the records were made: after the flow began, so that they are taken up."""


def account(record: str, *, minutes: int = 0, by: str = "ada", **fields: Any) -> Event:
    return _observed("crm.Accounts", record, fields | {"Created_Time": f"{BEGAN}"}, minutes, by)


def contact(record: str, *, minutes: int = 0, by: str = "bob", **fields: Any) -> Event:
    return _observed("books.contacts", record, fields | {"created_time": f"{BEGAN}"}, minutes, by)


def person(record: str, account: str, *, minutes: int = 0, **fields: Any) -> Event:
    said = fields | {"Account_Name": {"id": account}, "Created_Time": f"{BEGAN}"}
    return _observed("crm.Contacts", record, said, minutes)


def deal(record: str, *, minutes: int = 0, **fields: Any) -> Event:
    said = fields | {"Created_Time": "2020-01-01T00:00:00Z"}
    return _observed("crm.Deals", record, said, minutes)


def put_in_force(desk: Desk, mode: str = "on", *texts: str) -> None:
    desk.keep()
    asyncio.run(_install(desk.database, texts or (FLOW,), mode))


async def _install(database: Database, texts: Sequence[str], mode: str) -> None:
    files = {f"flows/{number}.toml": text for number, text in enumerate(texts)}
    async with appending(database) as append, database.connected() as db:
        for name in await install(append, db, files, {}, world=WORLD, by="ana"):
            await set_mode(append, name, mode, "ana")  # type: ignore[arg-type]


def _observed(
    place: str, record: str, fields: dict[str, Any], minutes: int = 0, by: str = "ada"
) -> Event:
    connection, _, kind = place.partition(".")
    return Event(
        type="observed",
        id=new_id(),
        data=msgspec.json.encode(fields),
        connection=connection,
        kind=kind,
        record=record,
        road="push",
        occurred_at=BEGAN + timedelta(minutes=minutes),
        origin=by,
    )
