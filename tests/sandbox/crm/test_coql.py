"""The query language."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk


@pytest.fixture
def deals(desk: Desk) -> list[str]:
    faro, berg = desk.create(
        "Accounts",
        {"Account_Name": "Faro Lda", "Industry": "Retail"},
        {"Account_Name": "O'Berg", "Industry": "Other"},
    )
    ids = desk.create(
        "Deals",
        {"Deal_Name": "one", "Stage": "Qualification", "Amount": 100, "Account_Name": {"id": faro}},
        {"Deal_Name": "two", "Stage": "Closed Won", "Amount": 250, "Account_Name": {"id": faro}},
        {"Deal_Name": "three", "Stage": "Closed Won", "Account_Name": {"id": berg}},
        {"Deal_Name": "four", "Stage": "Closed Lost", "Amount": Decimal("9.5"), "Hub_Id": "d-4"},
    )
    desk.world.clock.advance(100)
    desk.put("/Deals", {"data": [{"id": ids[0], "Closing_Date": "2026-03-01"}]})
    return ids


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("id is not null", "one two three four"),
        ("Amount is null", "three"),
        ("Amount > 9.5", "one two"),
        ("Amount >= 9.5", "one two four"),
        ("Amount < 100", "four"),
        ("Amount <= 100", "one four"),
        ("Amount = 250", "two"),
        ("Amount != 250", "one four"),
        ("Amount between 50 and 250", "one two"),
        ("Amount not between 50 and 250", "four"),
        ("Stage = 'closed won'", "two three"),
        ("Stage in ('Closed Won', 'Closed Lost')", "two three four"),
        ("Stage not in ('Closed Won', 'Closed Lost')", "one"),
        ("Deal_Name like 't%'", "two three"),
        ("Deal_Name like '%e'", "one three"),
        ("Deal_Name not like '%o%'", "three"),
        ("Hub_Id = 'D-4'", "four"),
        ("Account_Name.Account_Name = 'O''Berg'", "three"),
        ("Account_Name.Industry = 'Retail'", "one two"),
        ("Account_Name is null", "four"),
        ("Closing_Date = '2026-03-01'", "one"),
        ("Modified_Time > '2026-02-03T09:10:11+00:00'", "one"),
        ("Modified_Time >= '2026-02-03T10:10:11+01:00'", "one two three four"),
        ("(Stage = 'Closed Won' and Amount > 1)", "two"),
        ("((Stage = 'Closed Won' and Amount > 1) or Deal_Name = 'one')", "one two"),
        ("(Stage = 'Closed Won' and (Amount > 1 or Deal_Name = 'three'))", "two three"),
        ("Owner = '5550001000000001001'", "one two three four"),
        ("Owner.id = '5550001000000001002'", ""),
    ],
)
def test_conditions(desk: Desk, deals: list[str], where: str, names: str) -> None:
    rows = desk.rows(f"select Deal_Name from Deals where {where} order by id asc")

    assert [row["Deal_Name"] for row in rows] == names.split()


def test_a_row_has_its_columns_and_always_its_id(desk: Desk, deals: list[str]) -> None:
    columns = "Deal_Name, Amount, Account_Name, Account_Name.Industry as sector"

    (row,) = desk.rows(f"select {columns} from Deals where Deal_Name = 'two'")

    assert row["id"] == deals[1]
    assert (row["Deal_Name"], row["Amount"], row["sector"]) == ("two", 250, "Retail")
    assert row["Account_Name"]["name"] == "Faro Lda"


def test_records_are_asked_for_by_their_ids(desk: Desk, deals: list[str]) -> None:
    some = ", ".join(f"'{one}'" for one in (deals[2], deals[0], "5550002000000000999"))

    rows = desk.rows(f"select id from Deals where id in ({some}) order by id desc")

    assert [row["id"] for row in rows] == [deals[2], deals[0]]


def test_rows_come_in_order_and_in_parts(desk: Desk, deals: list[str]) -> None:
    text = "select Deal_Name from Deals where id is not null order by Stage desc, Amount asc"

    everything = desk.rows(text)
    part = desk.query(f"{text} limit 2 offset 1")
    other_form = desk.query(f"{text} limit 1, 2")

    assert [row["Deal_Name"] for row in everything] == ["one", "three", "two", "four"]
    assert part.body["data"] == other_form.body["data"] == everything[1:3]
    assert part.body["info"] == {"count": 2, "more_records": True}


def test_nothing_is_204(desk: Desk) -> None:
    assert desk.query("select id from Deals where id is not null").status == 204


def test_functions_over_all_and_over_groups(desk: Desk, deals: list[str]) -> None:
    (whole,) = desk.rows("select COUNT(id), SUM(Amount) as total from Deals where id is not null")
    groups = desk.rows(
        "select Stage, COUNT(id), MAX(Amount) from Deals where id is not null "
        "group by Stage order by Stage asc"
    )

    assert whole == {"COUNT(id)": 4, "total": Decimal("359.5")}
    assert [(one["Stage"], one["COUNT(id)"]) for one in groups] == [
        ("Closed Lost", 1),
        ("Closed Won", 2),
        ("Qualification", 1),
    ]


@pytest.mark.parametrize(
    ("text", "code", "details"),
    [
        ("select id from Deals", "SYNTAX_ERROR", {"clause": "where"}),
        ("update Deals", "SYNTAX_ERROR", {"clause": "select"}),
        (
            "select id from Deals where id = ",
            "SYNTAX_ERROR",
            {"line": 1, "column": 33, "near": "end of query"},
        ),
        (
            "select Nope from Deals where id is not null",
            "INVALID_QUERY",
            {"column_name": "Nope", "clause": "select"},
        ),
        (
            "select id from Deals where Description = 'x'",
            "INVALID_QUERY",
            {"column_name": "Description", "clause": "where"},
        ),
        (
            "select id from Deals where Amount like '7%'",
            "INVALID_QUERY",
            {"column_name": "Amount", "reason": "expected text", "operator": "like"},
        ),
        (
            "select id from Deals where id is not null order by Tag",
            "INVALID_QUERY",
            {"column_name": "Tag", "clause": "order by"},
        ),
        (
            "select COUNT(id) from Deals where id is not null group by Tag",
            "INVALID_QUERY",
            {"column_name": "Tag", "clause": "group by"},
        ),
        (
            "select MAX(Tag) from Deals where id is not null",
            "INVALID_QUERY",
            {"column_name": "Tag", "clause": "select"},
        ),
        ("select id from Nope where id is not null", "INVALID_MODULE", {"module": "Nope"}),
        ("select id, id from Deals where id is not null", "DUPLICATE_DATA", {"column_name": "id"}),
        ("select id from Deals where id is not null limit 2001", "LIMIT_EXCEEDED", {"limit": 2000}),
        (
            "select id from Deals where id is not null limit 2000 offset 98001",
            "LIMIT_EXCEEDED",
            {"limit": 100_000},
        ),
    ],
)
def test_what_cannot_be_asked(desk: Desk, text: str, code: str, details: dict[str, object]) -> None:
    answer = desk.query(text)

    assert (answer.status, answer.body["code"]) == (400, code)
    assert answer.body["details"] == details


def test_three_conditions_have_to_be_nested_unless_that_is_switched_off(desk: Desk) -> None:
    flat = "select id from Deals where Stage = 'a' and Amount = 1 and id is not null"

    assert desk.query(flat).body["code"] == "SYNTAX_ERROR"
    desk.quirk(coql_needs_nesting=False)
    assert desk.query(flat).status == 204


def test_there_are_at_most_so_many_columns_conditions_and_values(desk: Desk) -> None:
    many_values = ", ".join(f"'{n}'" for n in range(51))
    nested = "id = '1'"
    for _ in range(25):
        nested = f"({nested} or id = '1')"
    columns = ", ".join(f"Phone as c{n}" for n in range(51))

    for text, limit in (
        (f"select id from Deals where id in ({many_values})", 50),
        (f"select id from Deals where {nested}", 25),
        (f"select {columns} from Contacts where id is not null", 50),
    ):
        answer = desk.query(text)
        assert (answer.body["code"], answer.body["details"]) == ("LIMIT_EXCEEDED", {"limit": limit})
