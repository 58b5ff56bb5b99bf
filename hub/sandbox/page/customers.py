"""What the page shows of customers: who is there, on which side, and all that one of them has.

The two systems know nothing of one another, and the page of nothing else. An account and a contact
are shown beside each other that name one another by an id, else that have the same name.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from hub.sandbox.control.look import Glance
from hub.sandbox.deals import CLOSED
from hub.sandbox.mess import without_accents
from hub.sandbox.respond import respond
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hub.sandbox.system import Fields, System

    State = Mapping[str, Sequence[Fields]]

OF_CRM = ("Contacts", "Deals", "Quotes")
OF_BOOKS = ("invoices", "estimates", "creditnotes", "customerpayments")


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A customer: how he is called, and what stands for him; empty where nothing does."""

    name: str
    crm: str = ""
    books: str = ""
    deals: int = 0
    """How many are open."""


class Customers:
    """Answers what the page asks of customers."""

    def __init__(self, systems: Sequence[System]) -> None:
        self._systems = {system.name: system for system in systems}
        self._glance = Glance()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/_sandbox/page/customers", self._all),
            web.get("/_sandbox/page/customer", self._one),
        ]

    async def _all(self, _: web.Request) -> web.Response:
        found = pairs(self._state("crm"), self._state("books"))
        return respond(Answer(body={"customers": found}))

    async def _one(self, http: web.Request) -> web.Response:
        account, contact = http.query.get("crm", ""), http.query.get("books", "")
        body = {
            "crm": of_account(self._state("crm"), account),
            "books": of_contact(self._state("books"), contact),
        }
        return respond(Answer(body=body))

    def _state(self, name: str) -> State:
        system = self._systems.get(name)
        return {} if system is None else self._glance.at(system)


def pairs(crm: State, books: State) -> list[Pair]:
    """Pair all accounts and customers, in the order of their names."""
    accounts = {str(one["id"]): one for one in crm.get("Accounts", ())}
    contacts = {str(one["contact_id"]): one for one in _customers(books)}
    together = dict(_named(accounts, contacts))
    taken = set(together.values())
    by_name: dict[str, list[str]] = {}
    for key, contact in contacts.items():
        if key not in taken:
            by_name.setdefault(_plain(_called(contact)), []).append(key)
    for key, account in accounts.items():
        alike = by_name.get(_plain(account.get("Account_Name")), [])
        if key not in together and alike:
            together[key] = alike.pop()
    taken = set(together.values())
    deals = Counter(
        _id(one.get("Account_Name"))
        for one in crm.get("Deals", ())
        if one.get("Stage") not in CLOSED
    )
    found = [
        Pair(
            name=str(one.get("Account_Name") or key),
            crm=key,
            books=together.get(key, ""),
            deals=deals[key],
        )
        for key, one in accounts.items()
    ]
    found += [
        Pair(name=_called(one), books=key) for key, one in contacts.items() if key not in taken
    ]
    return sorted(found, key=lambda pair: _plain(pair.name))


def of_account(crm: State, account: str) -> dict[str, Any]:
    """Give an account with its people, deals and quotes."""
    found = [one for one in crm.get("Accounts", ()) if account and str(one["id"]) == account]

    def theirs(kind: str) -> list[Fields]:
        return [
            one for one in crm.get(kind, ()) if found and _id(one.get("Account_Name")) == account
        ]

    return {"Accounts": found} | {kind: theirs(kind) for kind in OF_CRM}


def of_contact(books: State, contact: str) -> dict[str, Any]:
    """Give a contact with its documents, the newest first; its people are in it."""
    found = [one for one in _customers(books) if contact and str(one["contact_id"]) == contact]

    def theirs(kind: str) -> list[Fields]:
        return [one for one in books.get(kind, ()) if found and one.get("customer_id") == contact]

    return {"contacts": found} | {kind: theirs(kind)[::-1] for kind in OF_BOOKS}


def _customers(books: State) -> Iterable[Fields]:
    return (one for one in books.get("contacts", ()) if one.get("contact_type") != "vendor")


def _named(
    accounts: Mapping[str, Fields], contacts: Mapping[str, Fields]
) -> Iterable[tuple[str, str]]:
    """Give those of which one names the other by its id."""
    for key, account in accounts.items():
        if (said := str(account.get("Books_Contact_Id") or "")) in contacts:
            yield key, said
    for key, contact in contacts.items():
        if (said := str(contact.get("zcrm_account_id") or "")) in accounts:
            yield said, key


def _called(contact: Fields) -> str:
    return str(contact.get("company_name") or contact.get("contact_name") or "")


def _plain(name: object) -> str:
    return re.sub(r"[\W_]+", "", without_accents(str(name or "")).casefold())


def _id(named: object) -> str:
    return str(named.get("id", "")) if isinstance(named, dict) else ""
