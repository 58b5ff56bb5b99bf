"""Writing records: what is taken, what is refused, and in which words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk

ADMIN = "5550001000000001001"
NAMED = {
    "Accounts": {"Account_Name": "A"},
    "Contacts": {"Last_Name": "L"},
    "Deals": {"Deal_Name": "D", "Stage": "Qualification"},
    "Quotes": {"Subject": "S"},
}
"""What a record of a module has to have."""


def test_a_created_record_is_told_with_its_stamps_in_whole_seconds(desk: Desk) -> None:
    answer = desk.post("/Accounts", {"data": [{"Account_Name": "Faro Lda"}], "trigger": []})

    (item,) = answer.body["data"]
    assert answer.status == 201
    assert (item["code"], item["message"], item["status"]) == ("SUCCESS", "record added", "success")
    assert item["details"]["Modified_Time"] == "2026-02-03T09:10:11+00:00"
    assert item["details"]["Created_By"] == {"name": "Hub Bot", "id": ADMIN}
    assert len(item["details"]["id"]) == 19


def test_one_bad_record_leaves_the_others_written(desk: Desk) -> None:
    body = {"data": [{"Last_Name": "Faro"}, {"First_Name": "Rui"}]}

    answer = desk.post("/Contacts", body)

    assert answer.status == 207
    assert [code for code, _ in desk.items(answer)] == ["SUCCESS", "MANDATORY_NOT_FOUND"]
    details = {"api_name": "Last_Name", "json_path": "$.data[1].Last_Name"}
    assert desk.items(answer)[1][1] == details
    assert len(desk.crm.state()["Contacts"]) == 1


def test_when_all_records_are_bad_the_whole_is_400(desk: Desk) -> None:
    answer = desk.post("/Contacts", {"data": [{}, {"Last_Name": "x" * 81}]})

    assert answer.status == 400
    assert desk.items(answer)[1] == (
        "INVALID_DATA",
        {"api_name": "Last_Name", "json_path": "$.data[1].Last_Name", "maximum_length": 80},
    )


def test_v2_says_202_where_v8_says_207_or_400(desk: Desk) -> None:
    body = {"data": [{"Last_Name": "Faro"}, {}]}

    assert desk.post("/crm/v2/Contacts", body).status == 202
    assert desk.post("/crm/v2/Contacts", {"data": [{}]}).status == 202


@pytest.mark.parametrize(
    ("module", "field", "value", "expected"),
    [
        ("Deals", "Amount", "12,50", "double"),
        ("Deals", "Amount", True, "double"),
        ("Deals", "Closing_Date", "28.02.2026", "date"),
        ("Contacts", "Email", "nobody", "email"),
        ("Contacts", "Email_Opt_Out", "yes", "boolean"),
        ("Contacts", "Phone", 351, "text"),
        ("Contacts", "Account_Name", 7, "jsonobject"),
        ("Accounts", "Employees", Decimal("1.5"), "integer"),
        ("Quotes", "Quoted_Items", {}, "jsonarray"),
    ],
)
def test_a_value_of_the_wrong_type_is_told_the_right_one(
    desk: Desk, module: str, field: str, value: object, expected: str
) -> None:
    answer = desk.post(f"/{module}", {"data": [NAMED[module] | {field: value}]})

    ((code, details),) = desk.items(answer)
    assert (answer.status, code) == (400, "INVALID_DATA")
    assert details["api_name"] == field
    assert details["json_path"] == f"$.data[0].{field}"
    assert details["expected_data_type"] == expected


def test_a_duplicate_is_told_with_both_forms_of_the_others_id(desk: Desk) -> None:
    (first,) = desk.create("Contacts", {"Last_Name": "Faro", "Hub_Id": "c-71"})

    answer = desk.post("/Contacts", {"data": [{"Last_Name": "Faro", "Hub_Id": "C-71"}]})

    ((code, details),) = desk.items(answer)
    assert code == "DUPLICATE_DATA"
    assert details["id"] == details["duplicate_record"]["id"] == first
    assert details["duplicate_record"]["module"]["api_name"] == "Contacts"


@pytest.mark.parametrize(
    ("told", "keys"),
    [("id", {"id"}), ("record", {"duplicate_record"}), ("neither", set())],
)
def test_a_duplicate_may_be_told_in_either_form_or_in_none(
    desk: Desk, told: str, keys: set[str]
) -> None:
    desk.quirk(duplicate_told=told)
    desk.create("Contacts", {"Last_Name": "Faro", "Hub_Id": "c-71"})

    answer = desk.post("/Contacts", {"data": [{"Last_Name": "Faro", "Hub_Id": "c-71"}]})

    assert set(desk.items(answer)[0][1]) - {"api_name", "json_path"} == keys


def test_a_lookup_is_shown_with_the_name_that_the_other_has_now(desk: Desk) -> None:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})
    (contact,) = desk.create("Contacts", {"Last_Name": "F", "Account_Name": {"id": account}})

    desk.put(f"/Accounts/{account}", {"data": [{"Account_Name": "Faro Lda"}]})

    shown = desk.one("Contacts", contact)["Account_Name"]
    assert shown == {"name": "Faro Lda", "id": account}


def test_an_account_is_found_by_its_name(desk: Desk) -> None:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro Lda"})

    (contact,) = desk.create("Contacts", {"Last_Name": "F", "Account_Name": {"name": "faro lda"}})

    assert desk.one("Contacts", contact)["Account_Name"]["id"] == account


def test_a_lookup_to_nobody_is_refused(desk: Desk) -> None:
    body = {"data": [{"Last_Name": "F", "Account_Name": {"id": "5550002000000000099"}}]}

    answer = desk.post("/Contacts", body)

    assert answer.body["data"][0]["message"] == "the id given seems to be invalid"


def test_null_clears_a_field_but_not_a_mandatory_one(desk: Desk) -> None:
    (contact,) = desk.create("Contacts", {"Last_Name": "Faro", "Phone": "1"})

    cleared = desk.put(f"/Contacts/{contact}", {"data": [{"Phone": None}]})
    refused = desk.put(f"/Contacts/{contact}", {"data": [{"Last_Name": None}]})

    assert cleared.status == 200
    assert desk.one("Contacts", contact)["Phone"] is None
    assert desk.items(refused)[0][0] == "MANDATORY_NOT_FOUND"


def test_unknown_and_read_only_fields_and_those_with_a_dollar_are_passed_over(desk: Desk) -> None:
    sent = {"Last_Name": "Faro", "Nope": 1, "Full_Name": "X", "$approved": False}

    (contact,) = desk.create("Contacts", sent)

    shown = desk.one("Contacts", contact)
    assert shown["Full_Name"] == "Faro"
    assert shown["$approved"] is True
    assert "Nope" not in shown


def test_an_update_moves_the_time_even_if_it_changes_nothing(desk: Desk) -> None:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})
    desk.world.clock.advance(60)

    desk.put("/Accounts", {"data": [{"id": account, "Account_Name": "Faro"}]})

    assert desk.one("Accounts", account)["Modified_Time"] == "2026-02-03T09:11:11+00:00"


def test_an_update_says_whom_it_means(desk: Desk) -> None:
    answer = desk.put("/Accounts", {"data": [{"Phone": "1"}, {"id": "5550002000000000099"}]})

    assert answer.status == 400
    assert [code for code, _ in desk.items(answer)] == ["MANDATORY_NOT_FOUND", "INVALID_DATA"]


def test_a_conditional_update_is_lost_to_a_newer_one(desk: Desk) -> None:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})
    body = {"data": [{"Phone": "1"}]}
    before = {"if-unmodified-since": "2026-02-03T09:10:10+00:00"}
    since = {"if-unmodified-since": "2026-02-03T09:10:11+00:00"}

    lost = desk.put(f"/Accounts/{account}", body, headers=before)
    done = desk.put(f"/Accounts/{account}", body, headers=since)

    assert (lost.status, desk.items(lost)[0][0]) == (412, "ALREADY_MODIFIED")
    assert done.status == 200


def test_an_upsert_creates_then_updates_and_says_by_what(desk: Desk) -> None:
    body = {"data": [{"Last_Name": "Faro", "Hub_Id": "c-71"}], "duplicate_check_fields": ["Hub_Id"]}

    first = desk.post("/Contacts/upsert", body)
    second = desk.post("/Contacts/upsert", body)

    (made,), (found,) = first.body["data"], second.body["data"]
    assert (first.status, second.status) == (200, 200)
    assert (made["action"], made["duplicate_field"]) == ("insert", None)
    assert (found["action"], found["duplicate_field"]) == ("update", "Hub_Id")
    assert made["details"]["id"] == found["details"]["id"]
    assert found["details"]["Hub_Id"] == "c-71"


def test_an_upsert_checks_fields_in_their_order(desk: Desk) -> None:
    by_email, by_id = desk.create(
        "Contacts",
        {"Last_Name": "A", "Email": "a@x.example"},
        {"Last_Name": "B", "Hub_Id": "b"},
    )
    sent = {"Last_Name": "C", "Email": "a@x.example", "Hub_Id": "b"}

    answer = desk.post(
        "/Contacts/upsert", {"data": [sent], "duplicate_check_fields": ["Hub_Id", "Email"]}
    )

    (item,) = answer.body["data"]
    assert item["details"]["id"] == by_id != by_email


def test_an_upsert_goes_by_the_modules_own_field_if_it_is_told_none(desk: Desk) -> None:
    (contact,) = desk.create("Contacts", {"Last_Name": "A", "Email": "a@x.example"})

    answer = desk.post("/Contacts/upsert", {"data": [{"Last_Name": "B", "Email": "A@x.example"}]})

    (item,) = answer.body["data"]
    assert (item["details"]["id"], item["duplicate_field"]) == (contact, "Email")


def test_a_hundred_and_one_records_are_too_many(desk: Desk) -> None:
    records = [{"Account_Name": str(n)} for n in range(101)]

    answer = desk.post("/Accounts", {"data": records})

    assert (answer.status, answer.body["code"]) == (400, "LIMIT_EXCEEDED")
    assert answer.body["details"] == {"limit": 100}
    assert desk.post("/Accounts", {"data": records[:100]}).status == 201


def test_results_stand_in_the_order_of_the_request(desk: Desk) -> None:
    ids = desk.create("Accounts", *({"Account_Name": f"A {n}"} for n in range(20)))

    assert [desk.one("Accounts", one)["Account_Name"] for one in ids] == [
        f"A {n}" for n in range(20)
    ]


def test_many_are_deleted_by_their_ids(desk: Desk) -> None:
    first, second = desk.create("Accounts", {"Account_Name": "A"}, {"Account_Name": "B"})

    answer = desk.delete("/Accounts", ids=f"{first},5550002000000000099")

    assert answer.status == 207
    assert desk.items(answer)[0] == ("SUCCESS", {"id": first})
    assert desk.items(answer)[1] == ("INVALID_DATA", {"id": "5550002000000000099"})
    assert [one["id"] for one in desk.crm.state()["Accounts"]] == [second]


def test_a_deal_moves_only_within_its_pipeline(desk: Desk) -> None:
    answer = desk.post("/Deals", {"data": [{"Deal_Name": "D", "Stage": "Accepted"}]})

    assert answer.body["data"][0]["message"] == "Pipeline doesn't contain the Stage"


def test_a_stage_brings_its_probability_and_the_revenue_to_expect(desk: Desk) -> None:
    sent = {"Deal_Name": "D", "Stage": "Needs Analysis", "Amount": Decimal("1190.55")}

    (deal,) = desk.create("Deals", sent)

    shown = desk.one("Deals", deal)
    assert (shown["Probability"], shown["Expected_Revenue"]) == (20, Decimal("238.11"))


def test_a_task_hangs_on_a_record_of_the_module_it_names(desk: Desk) -> None:
    (deal,) = desk.create("Deals", {"Deal_Name": "D", "Stage": "Qualification"})
    task = {"Subject": "Chase", "What_Id": {"id": deal}}

    missing = desk.post("/Tasks", {"data": [task]})
    wrong = desk.post("/Tasks", {"data": [task | {"$se_module": "Accounts"}]})
    (made,) = desk.create("Tasks", task | {"$se_module": "Deals"})

    assert desk.items(missing)[0][0] == "EXPECTED_FIELD_MISSING"
    assert desk.items(wrong)[0][0] == "INVALID_DATA"
    assert desk.one("Tasks", made)["$se_module"] == "Deals"


def test_a_note_names_its_parent_and_the_parents_module(desk: Desk) -> None:
    (deal,) = desk.create("Deals", {"Deal_Name": "D", "Stage": "Qualification"})
    parent = {"id": deal, "module": {"api_name": "Deals"}}

    (note,) = desk.create("Notes", {"Note_Content": "called", "Parent_Id": parent})

    shown = desk.one("Notes", note)["Parent_Id"]
    assert (shown["id"], shown["name"], shown["module"]["api_name"]) == (deal, "D", "Deals")


def test_automation_that_does_not_exist_is_refused(desk: Desk) -> None:
    answer = desk.post("/Accounts", {"data": [{"Account_Name": "A"}], "trigger": ["workflows"]})

    assert answer.body["details"] == {"api_name": "trigger", "json_path": "$.trigger[0]"}


def test_a_body_that_is_no_json_object_is_refused(desk: Desk) -> None:
    assert desk.post("/Accounts", []).body["code"] == "INVALID_DATA"
    assert desk.post("/Accounts", {"records": []}).body["code"] == "MANDATORY_NOT_FOUND"


def test_money_never_passes_through_a_float(desk: Desk) -> None:
    sent = {"Deal_Name": "D", "Stage": "Qualification", "Amount": Decimal("90071992547409.93")}

    (deal,) = desk.create("Deals", sent)

    assert desk.one("Deals", deal)["Amount"] == Decimal("90071992547409.93")


def test_values_are_appended_to_a_list_where_that_is_asked(desk: Desk) -> None:
    (product,) = desk.create("Products", {"Product_Name": "P", "Tax": ["VAT 23"]})

    desk.put(
        f"/Products/{product}", {"data": [{"Tax": ["VAT 6"], "$append_values": {"Tax": True}}]}
    )

    values = [tax["value"] for tax in desk.one("Products", product)["Tax"]]
    assert values == ["VAT 23 - 23.0 %", "VAT 6 - 6.0 %"]
