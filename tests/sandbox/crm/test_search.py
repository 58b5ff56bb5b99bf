"""Search: its grammar, and how far its index is behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk


@pytest.fixture
def people(desk: Desk) -> dict[str, str]:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro (Porto), Lda"})
    ids = desk.create(
        "Contacts",
        {"Last_Name": "Faro", "First_Name": "Inês", "Email": "ines@faro.example"},
        {"Last_Name": "Berg", "Mailing_City": "Porto", "Account_Name": {"id": account}},
        {"Last_Name": "Costa", "Mailing_City": "Faro", "Mobile": "+351 220-000 111"},
    )
    desk.world.clock.advance(30)
    return dict(zip(("ines", "berg", "costa"), ids, strict=True)) | {"account": account}


def found(desk: Desk, module: str = "Contacts", **query: object) -> set[str]:
    answer = desk.get(f"/{module}/search", **query)
    assert answer.status in (200, 204), answer.body
    return {one["id"] for one in answer.body["data"]} if answer.body else set()


def test_a_write_is_found_only_when_the_index_has_come_through(desk: Desk) -> None:
    desk.create("Contacts", {"Last_Name": "Faro", "Email": "a@x.example"})

    assert found(desk, email="a@x.example") == set()
    desk.world.clock.advance(29)
    assert found(desk, email="a@x.example") == set()
    desk.world.clock.advance(1)
    assert len(found(desk, email="a@x.example")) == 1


def test_search_finds_what_was_deleted_until_the_index_knows(
    desk: Desk, people: dict[str, str]
) -> None:
    desk.delete(f"/Contacts/{people['ines']}")

    assert found(desk, word="faro") == {people["ines"], people["costa"]}
    desk.world.clock.advance(30)
    assert found(desk, word="faro") == {people["costa"]}


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        ("(Last_Name:equals:faro)", {"ines"}),
        ("Last_Name:not_equal:Faro", {"berg", "costa"}),
        ("(Last_Name:starts_with:b)", {"berg"}),
        ("(Last_Name:in:Faro,Costa)", {"ines", "costa"}),
        ("(Last_Name:not_in:Faro,Costa)", {"berg"}),
        ("((Last_Name:equals:Faro)or(Mailing_City:equals:Porto))", {"ines", "berg"}),
        ("((Mailing_City:equals:Porto)and(Last_Name:equals:Faro))", set()),
        (
            "(((Last_Name:equals:Faro)or(Last_Name:equals:Berg))and(Mailing_City:equals:Porto))",
            {"berg"},
        ),
        ("(Email:equals:${EMPTY})", {"berg", "costa"}),
        ("(Created_Time:greater_equal:2026-02-03T10:10:11+01:00)", {"ines", "berg", "costa"}),
        ("(Created_Time:between:2026-02-04T00:00:00Z,2026-02-05T00:00:00Z)", set()),
        ("(Email_Opt_Out:equals:false)", {"ines", "berg", "costa"}),
    ],
)
def test_criteria(desk: Desk, people: dict[str, str], criteria: str, names: set[str]) -> None:
    assert found(desk, criteria=criteria) == {people[name] for name in names}


def test_a_lookup_is_asked_for_by_id(desk: Desk, people: dict[str, str]) -> None:
    criteria = f"(Account_Name.id:equals:{people['account']})"

    assert found(desk, criteria=criteria) == {people["berg"]}


@pytest.mark.parametrize(
    ("word", "names"),
    [("faro", {"ines", "costa"}), ("inês fa*", {"ines"}), ("aro", set()), ("porto berg", set())],
)
def test_a_word_is_found_by_how_it_begins_within_one_field(
    desk: Desk, people: dict[str, str], word: str, names: set[str]
) -> None:
    assert found(desk, word=word) == {people[name] for name in names}


def test_a_word_is_found_in_what_was_written_since(desk: Desk, people: dict[str, str]) -> None:
    before = found(desk, word="lisboa")
    desk.put(f"/Contacts/{people['berg']}", {"data": [{"Mailing_City": "Lisboa"}]})
    desk.world.clock.advance(30)

    assert (before, found(desk, word="lisboa")) == (set(), {people["berg"]})


def test_a_tag_is_asked_for_by_name(desk: Desk, people: dict[str, str]) -> None:
    desk.post(f"/Contacts/{people['berg']}/actions/add_tags", {"tags": [{"name": "VIP"}]})
    desk.world.clock.advance(30)

    assert found(desk, criteria="(Tag:equals:vip)") == {people["berg"]}


def test_parentheses_and_commas_stand_behind_a_backslash(
    desk: Desk, people: dict[str, str]
) -> None:
    escaped = r"(Account_Name:equals:Faro \(Porto\)\, Lda)"

    assert found(desk, "Accounts", criteria=escaped) == {people["account"]}


def test_of_several_questions_the_first_kind_counts(desk: Desk, people: dict[str, str]) -> None:
    asked = {"word": "costa", "email": "ines@faro.example"}

    assert found(desk, **asked) == {people["ines"]}
    assert found(desk, phone="220000111") == {people["costa"]}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "EXPECTED_PARAM_MISSING"),
        ({"word": "x"}, "INVALID_QUERY"),
        ({"phone": "12"}, "INVALID_QUERY"),
        ({"criteria": "(Last_Name:equals:a"}, "INVALID_QUERY"),
        ({"criteria": "(Nope:equals:a)"}, "INVALID_QUERY"),
        ({"criteria": "(Last_Name:is:a)"}, "INVALID_QUERY"),
        ({"criteria": "(Created_Time:equals:yesterday)"}, "INVALID_QUERY"),
        ({"criteria": "(Email_Opt_Out:starts_with:t)"}, "INVALID_QUERY"),
        ({"word": "faro", "sort_by": "Tag"}, "INVALID_DATA"),
        ({"criteria": "or".join(["(Last_Name:equals:a)"] * 16)}, "CRITERIA_LIMIT_EXCEEDED"),
    ],
)
def test_odd_questions_are_refused(desk: Desk, query: dict[str, str], code: str) -> None:
    answer = desk.get("/Contacts/search", **query)

    assert (answer.status, answer.body["code"]) == (400, code)


def test_a_count_is_of_all_or_of_what_is_found(desk: Desk, people: dict[str, str]) -> None:
    everything = desk.get("/Contacts/actions/count")
    some = desk.get("/Contacts/actions/count", criteria="(Mailing_City:not_equal:Porto)")

    assert everything.body == {"count": 3}
    assert some.body == {"count": 1}


def test_found_records_are_sorted_by_any_field(desk: Desk, people: dict[str, str]) -> None:
    answer = desk.get(
        "/Contacts/search",
        criteria="(Email_Opt_Out:equals:false)",
        sort_by="Last_Name",
        sort_order="asc",
        fields="Last_Name",
        per_page=2,
    )

    assert [one["Last_Name"] for one in answer.body["data"]] == ["Berg", "Costa"]
    assert answer.body["info"]["more_records"] is True
