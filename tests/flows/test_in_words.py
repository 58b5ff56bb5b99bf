"""A flow is told in plain words, and drawn as ways between kinds."""

from __future__ import annotations

from hub.flows.in_words import in_words
from hub.flows.ways import ways_of
from tests.flows.load.desk import CUSTOMERS, INVOICE, STATUS, changed, read
from tests.flows.load.test_sync import PEOPLE


def test_a_sync_is_told_field_by_field_with_who_is_believed() -> None:
    said = in_words(read(CUSTOMERS))

    assert said[0] == "customers (sync): Companies are the same on both sides."
    assert said[1] == "Kept in agreement: crm.Accounts and books.contacts"
    assert "Where two agree in name + address.code, they are linked" in said
    assert "Where two agree in phone, a person is asked whether they are one" in said
    fields = said[said.index("Field by field") + 1 :]
    assert fields[:3] == [
        "  name     crm Account_Name = books company_name  crm is believed; as company",
        "  address  crm Billing_* = books billing_address  books is believed; as address",
        "  phone    crm Phone = books phone                the newer word is believed; as phone",
    ]


def test_what_a_field_says_beside_its_owner_is_told() -> None:
    more = 'owner = "crm", clash = "ask", lone = "put_back", empty = "carry", write = "on create"'

    (phone,) = [
        line
        for line in in_words(read(changed(CUSTOMERS, 'owner = "latest"', more)))
        if line.startswith("  phone")
    ]

    assert phone.partition("books phone")[2].strip() == (
        "crm is believed; but a person decides where both changed; an edit elsewhere is put back; "
        "emptying it empties the other; written only when a record is made; as phone"
    )


def test_people_are_told_within_their_company() -> None:
    said = in_words(read(CUSTOMERS + PEOPLE))

    opening = said.index("Their people, each beside its company")
    assert said[opening + 1] == "  Kept in agreement: crm.Contacts and books.contactpersons"


def test_a_once_is_told_from_what_it_watches_to_what_it_tells() -> None:
    said = in_words(read(INVOICE))

    assert "Where it says ask.won, this company says: Closed Won" in said
    assert (
        "When it becomes true that deal.Stage in ask.won, and still is after 10 minutes, "
        "once for each:"
    ) in said
    assert (
        "  customer is what customers links deal.Account_Name with, for deal.Currency; "
        "if there is none, it is made first"
    ) in said
    assert "A record of books.invoices is made, which says" in said
    assert "  lines.total  is total  give or take 1 minor unit per line" in said
    assert said[-1] == (
        "It has each write wait for a named person at first; it stops for a person past "
        "25 per hour or 100000 EUR per day"
    )


def test_a_while_is_told_with_what_it_keeps() -> None:
    said = in_words(read(STATUS))

    assert "Looked at anew each morning in books" in said
    assert said[-3:-1] == [
        "Kept so: crm.Accounts customer.id says",
        "  Balance  outstanding of customer",
    ]


def test_ways_go_from_what_is_read_to_what_is_written() -> None:
    ways = [way for text in (CUSTOMERS, INVOICE, STATUS) for way in ways_of(read(text))]

    assert [(way.source, way.does, way.target) for way in ways] == [
        ("crm.Accounts", "agrees with", "books.contacts"),
        ("crm.Deals", "makes", "books.invoices"),
        ("crm.Deals", "tells", "crm.Deals"),
        ("books.invoices", "tells", "crm.Accounts"),
    ]
    assert ways[0].fields == ["name", "address", "phone"]
