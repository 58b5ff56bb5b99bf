"""Tags on records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk


@pytest.fixture
def account(desk: Desk) -> str:
    (made,) = desk.create("Accounts", {"Account_Name": "Faro", "Tag": [{"name": "vip"}]})
    return made


def names(desk: Desk, account: str) -> list[str]:
    return [tag["name"] for tag in desk.one("Accounts", account)["Tag"]]


def test_a_record_shows_its_tags_with_ids_and_colours(desk: Desk, account: str) -> None:
    (tag,) = desk.one("Accounts", account)["Tag"]

    assert (tag["name"], tag["color_code"]) == ("vip", None)
    assert len(tag["id"]) == 19


def test_tags_are_added_and_taken_off(desk: Desk, account: str) -> None:
    path = f"/Accounts/{account}/actions"

    added = desk.post(f"{path}/add_tags", {"tags": [{"name": "new"}, {"name": "vip"}]})
    both = names(desk, account)
    desk.post(f"{path}/remove_tags", {"tags": [{"name": "vip"}]})

    assert (added.status, added.body["success_count"]) == (200, "1")
    assert sorted(both) == ["new", "vip"]
    assert names(desk, account) == ["new"]


def test_tags_may_take_the_place_of_those_before(desk: Desk, account: str) -> None:
    body = {"tags": [{"name": "new"}], "ids": [account], "over_write": True}

    desk.post("/Accounts/actions/add_tags", body)

    assert names(desk, account) == ["new"]


def test_many_records_are_tagged_each_for_itself(desk: Desk, account: str) -> None:
    body = {"tags": [{"name": "new"}], "ids": [account, "5550002000000000999"]}

    answer = desk.post("/Accounts/actions/add_tags", body)

    assert answer.status == 207
    assert [code for code, _ in desk.items(answer)] == ["SUCCESS", "INVALID_DATA"]


def test_tags_are_listed_by_module_and_made_before_they_are_used(desk: Desk, account: str) -> None:
    made = desk.post(
        "/settings/tags",
        {"tags": [{"name": "late", "color_code": "#F17574"}, {"name": ""}]},
        module="Accounts",
    )

    listed = desk.get("/settings/tags", module="Accounts").body
    assert made.status == 207
    assert [tag["name"] for tag in listed["tags"]] == ["vip", "late"]
    assert listed["info"]["count"] == 2
    assert desk.get("/settings/tags", module="Deals").body["tags"] == []


def test_tagging_tells_those_who_watch(desk: Desk, account: str) -> None:
    desk.watch("Accounts.edit")

    desk.post(f"/Accounts/{account}/actions/add_tags", {"tags": [{"name": "new"}]})

    (told,) = desk.told()
    assert told["affected_fields"] == [{account: ["Tag"]}]


def test_records_and_modules_have_to_be_named(desk: Desk) -> None:
    assert desk.get("/settings/tags").body["code"] == "REQUIRED_PARAM_MISSING"
    assert desk.post("/settings/tags", {"tags": []}).body["code"] == "REQUIRED_PARAM_MISSING"
    answer = desk.post("/Accounts/actions/add_tags", {"tags": [{"name": "new"}]})
    assert answer.body["code"] == "REQUIRED_PARAM_MISSING"
    many = {"tags": [{"name": "new"}], "ids": ["1"] * 101}
    assert desk.post("/Accounts/actions/add_tags", many).body["code"] == "LIMIT_EXCEEDED"
