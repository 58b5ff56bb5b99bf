"""Fields: those that are there from the start, and those that are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk

TOLD = ("Accounts", "Contacts", "Deals", "Products", "Quotes")
TEXT = {"field_label": "Region", "data_type": "text"}


def fields(desk: Desk, module: str) -> dict[str, dict[str, Any]]:
    listed = desk.get("/settings/fields", module=module).body["fields"]
    return {one["api_name"]: one for one in listed}


def make(desk: Desk, module: str = "Accounts", **item: object) -> tuple[int, dict[str, Any]]:
    answer = desk.post("/settings/fields", {"fields": [{**TEXT, **item}]}, module=module)
    said = answer.body["fields"][0] if "fields" in answer.body else answer.body
    return answer.status, said


@pytest.mark.parametrize("module", [*TOLD, "Tasks"])
def test_hub_id_is_unique_and_external_from_the_start(desk: Desk, module: str) -> None:
    known = fields(desk, module)

    assert known["Hub_Id"]["unique"] == {"case_sensitive": False}
    assert known["Hub_Id"]["external"] == {"type": "org", "show": True}
    assert known["Hub_Id"]["custom_field"] is True
    names = ("Books_Contact_Id", "Books_Invoice_Id", "Books_Invoice_Number",
             "Books_Payment_Status", "Books_Balance", "Books_As_Of")  # fmt: skip
    for name in names if module in TOLD else ():
        assert known[name]["unique"] == {}
        assert known[name]["external"] is None


def test_a_field_tells_its_type_length_choices_and_what_it_leads_to(desk: Desk) -> None:
    deals = fields(desk, "Deals")

    assert deals["id"]["data_type"] == "bigint"
    assert (deals["Amount"]["data_type"], deals["Amount"]["json_type"]) == ("currency", "double")
    assert (deals["Deal_Name"]["length"], deals["Deal_Name"]["system_mandatory"]) == (120, True)
    assert deals["Stage"]["pick_list_values"][6]["actual_value"] == "Closed Won"
    assert deals["Account_Name"]["lookup"]["module"]["api_name"] == "Accounts"
    assert deals["Expected_Revenue"]["read_only"] is True
    assert fields(desk, "Quotes")["Quoted_Items"]["associated_module"]["module"] == ("Quoted_Items")


def test_one_field_is_told_by_its_id(desk: Desk) -> None:
    stage = fields(desk, "Deals")["Stage"]

    (one,) = desk.get(f"/settings/fields/{stage['id']}", module="Deals").body["fields"]
    unknown = desk.get("/settings/fields/7", module="Deals")

    assert one == stage
    assert unknown.body["code"] == "INVALID_DATA"


def test_a_field_that_was_made_is_written_and_searched(desk: Desk) -> None:
    status, said = make(desk)

    (account,) = desk.create("Accounts", {"Account_Name": "Faro", "Region": "Norte"})

    assert (status, said["code"]) == (201, "SUCCESS")
    assert desk.one("Accounts", account)["Region"] == "Norte"
    assert desk.rows("select id from Accounts where Region = 'norte'") == [{"id": account}]


def test_a_field_that_was_made_unique_and_external_calls_records(desk: Desk) -> None:
    make(desk, field_label="Salesforce Id", unique={"case_sensitive": False},
         external={"type": "org"})  # fmt: skip
    desk.create("Accounts", {"Account_Name": "Faro", "Salesforce_Id": "s-1"})

    again = desk.post("/Accounts", {"data": [{"Account_Name": "B", "Salesforce_Id": "S-1"}]})
    called = desk.call("GET", "/Accounts/s-1", headers={"x-external": "Accounts.Salesforce_Id"})

    assert desk.items(again)[0][0] == "DUPLICATE_DATA"
    assert called.body["data"][0]["Account_Name"] == "Faro"


def test_a_unique_number_is_unique_too(desk: Desk) -> None:
    make(desk, field_label="Number", data_type="integer", unique={"case_sensitive": False})
    (account,) = desk.create("Accounts", {"Account_Name": "Faro", "Number": 7})

    again = desk.post("/Accounts", {"data": [{"Account_Name": "Berg", "Number": 7}]})
    upsert = desk.post(
        "/Accounts/upsert",
        {"data": [{"Account_Name": "Lind", "Number": 7}], "duplicate_check_fields": ["Number"]},
    )

    assert desk.items(again)[0][1]["id"] == account
    assert upsert.body["data"][0]["action"] == "update"


def test_a_lookup_that_was_made_is_told_with_the_others_name(desk: Desk) -> None:
    make(desk, field_label="Partner", data_type="lookup",
         lookup={"module": {"api_name": "Accounts"}})  # fmt: skip
    (partner,) = desk.create("Accounts", {"Account_Name": "Faro"})

    (account,) = desk.create("Accounts", {"Account_Name": "Berg", "Partner": {"id": partner}})

    assert desk.one("Accounts", account)["Partner"] == {"id": partner, "name": "Faro"}


def test_a_field_is_deleted_with_what_stands_in_it(desk: Desk) -> None:
    _, said = make(desk)
    (account,) = desk.create("Accounts", {"Account_Name": "Faro", "Region": "Norte"})

    gone = desk.delete(f"/settings/fields/{said['details']['id']}", module="Accounts")
    shown = desk.one("Accounts", account)
    make(desk)

    assert gone.status == 200
    assert "Region" not in shown
    assert desk.one("Accounts", account)["Region"] is None


def test_a_field_of_the_system_stays(desk: Desk) -> None:
    stage = fields(desk, "Deals")["Stage"]

    assert desk.delete(f"/settings/fields/{stage['id']}", module="Deals").body["code"] == (
        "NOT_ALLOWED"
    )


def test_a_field_is_changed(desk: Desk) -> None:
    _, said = make(desk)
    key = said["details"]["id"]

    desk.patch(f"/settings/fields/{key}", {"fields": [{"field_label": "Area"}]}, module="Accounts")
    desk.patch("/settings/fields", {"fields": [{"id": key, "length": 3}]}, module="Accounts")

    changed = fields(desk, "Accounts")["Region"]
    assert (changed["field_label"], changed["length"]) == ("Area", 3)


def test_what_holds_the_same_twice_cannot_become_unique(desk: Desk) -> None:
    _, said = make(desk)
    desk.create("Accounts", *({"Account_Name": name, "Region": "x"} for name in "ab"))

    answer = desk.patch(
        f"/settings/fields/{said['details']['id']}",
        {"fields": [{"unique": {"case_sensitive": False}}]},
        module="Accounts",
    )

    assert (answer.status, answer.body["code"]) == (400, "DUPLICATE_DATA")


def test_a_module_has_so_many_unique_fields_at_most(desk: Desk) -> None:
    for n in range(9):
        make(desk, field_label=f"Key {n}", unique={"case_sensitive": False})

    status, said = make(desk, field_label="Key 10", unique={"case_sensitive": False})

    assert (status, said["code"], said["details"]["limit"]) == (400, "LIMIT_EXCEEDED", 10)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"field_label": None}, "MANDATORY_NOT_FOUND"),
        ({"field_label": "x" * 51}, "INVALID_DATA"),
        ({"field_label": "!"}, "INVALID_DATA"),
        ({"field_label": "Phone"}, "DUPLICATE_DATA"),
        ({"data_type": "subform"}, "INVALID_DATA"),
        ({"length": "long"}, "INVALID_DATA"),
        ({"external": {"type": "mine"}}, "INVALID_DATA"),
        ({"data_type": "lookup"}, "MANDATORY_NOT_FOUND"),
        ({"data_type": "lookup", "lookup": {"module": {"api_name": "Nope"}}}, "INVALID_DATA"),
        ({"data_type": "picklist", "pick_list_values": ["a"]}, "INVALID_DATA"),
    ],
)
def test_odd_fields_are_refused(desk: Desk, item: dict[str, Any], code: str) -> None:
    status, said = make(desk, **item)

    assert (status, said["code"]) == (400, code)
