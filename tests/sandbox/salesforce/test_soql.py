"""Queries: what people and programs ask, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.salesforce.desk import Desk


@pytest.fixture
def names(desk: Desk) -> Any:
    """Give what finds the names of accounts that meet a condition."""
    parent = desk.create("Account", Name="Alpha", Phone="1", AnnualRevenue=10)
    desk.create("Account", Name="beta_x", AnnualRevenue=20, ParentId=parent)
    desk.world.clock.advance(86_400)
    desk.log_in()
    desk.create("Account", Name="Gamma 100%", AnnualRevenue=30, Type="Prospect")

    def ask(where: str, order: str = "Name") -> list[str]:
        rows = desk.rows(f"SELECT Name FROM Account WHERE {where} ORDER BY {order}")
        return [row["Name"][0] for row in rows]

    return ask


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Name = 'ALPHA'", "A"),
        ("Name != 'alpha'", "bG"),
        ("AnnualRevenue > 10 AND AnnualRevenue <= 30", "bG"),
        ("Name = 'Alpha' OR Type = 'Prospect'", "AG"),
        ("NOT (Name = 'Alpha' OR Type = 'Prospect')", "b"),
        ("(NOT Name LIKE 'a%') AND Phone = null", "bG"),
        ("Name LIKE 'beta\\_%'", "b"),
        ("Name LIKE '%100\\%'", "G"),
        ("Name LIKE 'b_ta%'", "b"),
        ("Name IN ('Alpha', 'gamma 100%')", "AG"),
        ("Name NOT IN ('Alpha')", "bG"),
        ("Parent.Name = 'Alpha'", "b"),
        ("Id IN (SELECT ParentId FROM Account WHERE Name LIKE 'beta%')", "A"),
        ("Id NOT IN (SELECT ParentId FROM Account)", "bG"),
        ("CreatedDate = TODAY", "G"),
        ("CreatedDate = YESTERDAY", "Ab"),
        ("CreatedDate = LAST_N_DAYS:1", "AbG"),
        ("CreatedDate < TODAY", "Ab"),
        ("CreatedDate >= THIS_WEEK", "AbG"),
        ("CreatedDate > 2026-02-04T00:00:00Z", "G"),
        ("CreatedDate >= 2026-02-03T11:10:11+02:00", "AbG"),
        ("Phone != null", "A"),
        ("IsDeleted = FALSE", "AbG"),
    ],
)
def test_a_condition_finds_what_meets_it(names: Any, where: str, found: str) -> None:
    assert "".join(names(where)) == found


def test_rows_come_in_the_order_asked_for(names: Any) -> None:
    assert names("Name != null", "AnnualRevenue DESC") == ["G", "b", "A"]
    assert names("Name != null", "Phone NULLS LAST, Name DESC") == ["A", "G", "b"]
    assert names("Name != null", "Phone DESC, Name LIMIT 2 OFFSET 1") == ["G", "A"]


def test_what_a_reference_leads_to_and_what_hangs_on_a_record_come_along(desk: Desk) -> None:
    account = desk.create("Account", Name="Faro")
    deal, _ = desk.deal(12)
    desk.patch(f"/sobjects/Opportunity/{deal}", {"AccountId": account})

    [row] = desk.rows(
        "SELECT Id, Account.Name, Account.Owner.Name, Owner.Email, "
        "(SELECT Quantity, Product2.Name FROM OpportunityLineItems WHERE Quantity > 1), "
        "(SELECT Id FROM Quotes) FROM Opportunity"
    )

    assert row["Account"]["Name"] == "Faro"
    assert row["Account"]["Owner"]["Name"] == row["Account"]["Owner"]["Name"] == "Hub Integration"
    lines = row["OpportunityLineItems"]
    assert (lines["totalSize"], lines["done"]) == (1, True)
    assert lines["records"][0]["Product2"]["Name"] == "Support"
    assert row["Quotes"] is None


def test_a_reference_to_several_objects_tells_which(desk: Desk) -> None:
    account = desk.create("Account", Name="Faro")
    desk.create("Task", Subject="Call", WhatId=account)

    [row] = desk.rows("SELECT What.Name, What.Type FROM Task WHERE What.Type = 'Account'")

    assert row["What"] == {"Name": "Faro", "Type": "Account"}


def test_a_count_has_no_rows(desk: Desk) -> None:
    desk.create("Account", Name="Faro")

    answer = desk.query("SELECT COUNT() FROM Account WHERE Name LIKE 'F%'")

    assert answer.body == {"totalSize": 1, "done": True, "records": []}


def test_pages_lead_on_within_their_session_only(desk: Desk) -> None:
    for number in range(450):
        desk.salesforce.put("Account", {"Name": f"Company {number}"})
    first = desk.query("SELECT Id FROM Account", **{"sforce-query-options": "batchSize=200"})
    assert (first.body["totalSize"], first.body["done"]) == (450, False)

    second = desk.get(first.body["nextRecordsUrl"])
    assert (len(second.body["records"]), second.body["done"]) == (250, True)
    desk.log_in()
    lost = desk.get(first.body["nextRecordsUrl"])

    assert desk.error(lost) == (400, "INVALID_QUERY_LOCATOR")


def test_a_keyset_reads_all_in_pages_whatever_shares_a_stamp(desk: Desk) -> None:
    for number in range(25):
        desk.salesforce.put("Account", {"Name": f"Company {number}"})
        if number % 10 == 9:
            desk.world.clock.advance(1)
    seen, where = [], "SystemModstamp >= 2026-01-01T00:00:00Z"
    while True:
        rows = desk.rows(f"SELECT Id, SystemModstamp FROM Account WHERE {where} "
                         "ORDER BY SystemModstamp, Id LIMIT 7")  # fmt: skip
        if not rows:
            break
        seen += [row["Id"] for row in rows]
        stamp = rows[-1]["SystemModstamp"].replace("+0000", "Z")
        where = f"((SystemModstamp = {stamp} AND Id > '{seen[-1]}') OR SystemModstamp > {stamp})"

    assert len(seen) == len(set(seen)) == 25


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT Id FRM Account", "MALFORMED_QUERY"),
        ("SELECT Nmae FROM Account", "INVALID_FIELD"),
        ("SELECT Id FROM Acount", "INVALID_TYPE"),
        ("SELECT Id, Acount.Name FROM Contact", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE CreatedDate > '2026-01-01'", "INVALID_FIELD"),
        ("SELECT Id FROM Opportunity WHERE CloseDate = 2026-01-01T00:00:00Z", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Description = 'x'", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT FIELDS(ALL) FROM Account", "MALFORMED_QUERY"),
        ("SELECT Id, (SELECT Id FROM Contact) FROM Account", "INVALID_TYPE"),
        ("SELECT Id FROM Account LIMIT 1 OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
    ],
)
def test_what_cannot_be_asked_is_refused(desk: Desk, query: str, code: str) -> None:
    assert desk.error(desk.query(query)) == (400, code)


def test_texts_are_escaped(desk: Desk) -> None:
    desk.create("Account", Name="O'Neill \\ Söhne")

    rows = desk.rows("SELECT Name FROM Account WHERE Name = 'o\\'neill \\\\ söhne'")

    assert rows == [{"Name": "O'Neill \\ Söhne"}]


def test_all_fields_are_asked_for_by_one_word(desk: Desk) -> None:
    desk.create("Account", Name="Faro", VAT_Number__c="PT1")

    [row] = desk.rows("SELECT FIELDS(CUSTOM) FROM Account LIMIT 1")

    assert row == {"VAT_Number__c": "PT1", "Hub_Id__c": None}
