"""X-EXTERNAL: records called by ids of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hub.sandbox.system import Answer
    from tests.sandbox.crm.desk import Desk

HUB = {"x-external": "Accounts.Hub_Id"}
INVALID = "The value of the external field is invalid."


@pytest.fixture
def account(desk: Desk) -> str:
    (made,) = desk.create("Accounts", {"Account_Name": "Faro", "Hub_Id": "a-1"})
    return made


def read(desk: Desk, path: str) -> Answer:
    return desk.call("GET", path, headers=HUB)


def test_a_record_is_read_by_the_id_of_others(desk: Desk, account: str) -> None:
    assert read(desk, "/Accounts/a-1").body["data"][0]["id"] == account


def test_without_the_header_it_is_no_id_at_all(desk: Desk, account: str) -> None:
    answer = desk.get("/Accounts/a-1")

    assert (answer.status, answer.body["code"]) == (400, "INVALID_DATA")


def test_a_record_is_updated_and_its_external_id_echoed(desk: Desk, account: str) -> None:
    answer = desk.put("/Accounts/a-1", {"data": [{"Phone": "1"}]}, headers=HUB)

    ((code, details),) = desk.items(answer)
    assert (code, details["id"], details["Hub_Id"]) == ("SUCCESS", account, "a-1")


def test_several_are_updated_by_external_ids_in_the_body(desk: Desk, account: str) -> None:
    body = {"data": [{"id": "a-1", "Phone": "1"}, {"id": "a-2", "Phone": "2"}]}

    answer = desk.put("/Accounts", body, headers=HUB)

    assert answer.status == 207
    assert answer.body["data"][1]["message"] == INVALID
    assert desk.one("Accounts", account)["Phone"] == "1"


def test_a_record_is_deleted_by_the_id_of_others(desk: Desk, account: str) -> None:
    deleted = desk.call("DELETE", "/Accounts/a-1", headers=HUB)
    again = desk.call("DELETE", "/Accounts/a-1", headers=HUB)

    assert desk.items(deleted) == [("SUCCESS", {"id": account})]
    assert (again.status, desk.items(again)[0][0]) == (400, "INVALID_DATA")


def test_a_lookup_points_by_the_id_of_others(desk: Desk, account: str) -> None:
    contact = {"Last_Name": "Faro", "Account_Name": {"id": "a-1"}}

    desk.post(
        "/Contacts", {"data": [contact]}, headers={"x-external": "Contacts.Account_Name.Hub_Id"}
    )

    (made,) = desk.crm.state()["Contacts"]
    assert made["Account_Name"]["id"] == account


def test_line_items_point_by_the_ids_of_others_and_paths_stand_behind_commas(
    desk: Desk, account: str
) -> None:
    (product,) = desk.create("Products", {"Product_Name": "P", "Hub_Id": "p-1"})
    quote = {
        "Subject": "Q",
        "Account_Name": {"id": "a-1"},
        "Quoted_Items": [{"Product_Name": {"id": "p-1"}, "Quantity": 2}],
    }
    paths = "Quotes.Quoted_Items.Product_Name.Hub_Id, Quotes.Account_Name.Hub_Id"

    answer = desk.post("/Quotes", {"data": [quote]}, headers={"x-external": paths})

    shown = desk.one("Quotes", desk.items(answer)[0][1]["id"])
    assert shown["Account_Name"]["id"] == account
    assert shown["Quoted_Items"][0]["Product_Name"]["id"] == product


@pytest.mark.parametrize(
    "path", ["Accounts.Phone", "Accounts.Nope", "Accounts.Phone.Hub_Id", "Accounts.Owner.Hub_Id"]
)
def test_a_field_that_is_not_external_calls_nobody(desk: Desk, account: str, path: str) -> None:
    answer = desk.call("GET", "/Accounts/a-1", headers={"x-external": path})

    assert (answer.status, answer.body["message"]) == (400, INVALID)


def test_a_header_for_another_module_is_passed_over(desk: Desk, account: str) -> None:
    answer = desk.call("GET", f"/Accounts/{account}", headers={"x-external": "Deals.Hub_Id"})

    assert answer.status == 200


def test_an_external_value_that_two_have_calls_neither(desk: Desk) -> None:
    field = {"field_label": "Old Id", "data_type": "text", "external": {"type": "org"}}
    desk.post("/settings/fields", {"fields": [field]}, module="Accounts")
    desk.create("Accounts", *({"Account_Name": name, "Old_Id": "x"} for name in "ab"))

    answer = desk.call("GET", "/Accounts/x", headers={"x-external": "Accounts.Old_Id"})

    assert answer.body["code"] == "DUPLICATE_DATA"
    assert answer.body["message"] == "The external field contains duplicate data."
