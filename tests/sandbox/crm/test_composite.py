"""Composite requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.sandbox.system import Answer
    from tests.sandbox.crm.desk import Desk

KEY = "__composite_requests"
ACCOUNT = {
    "sub_request_id": "1",
    "method": "POST",
    "uri": "/crm/v8/Accounts",
    "body": {"data": [{"Account_Name": "Faro"}]},
}


def composite(desk: Desk, *items: dict[str, Any]) -> Answer:
    return desk.post(f"/{KEY}", {KEY: list(items)})


def responses(answer: Answer) -> list[dict[str, Any]]:
    return [item["details"]["response"] for item in answer.body[KEY]]


def test_a_call_takes_what_an_earlier_one_has_answered(desk: Desk) -> None:
    contact = {
        "sub_request_id": "2",
        "method": "POST",
        "uri": "/crm/v8/Contacts",
        "body": {
            "data": [
                {"Last_Name": "F", "Account_Name": {"id": "@{1:$.data[0].details.id}"}},
            ]
        },
    }
    read = {
        "sub_request_id": "3",
        "method": "GET",
        "uri": "/crm/v8/Accounts/@{1:$.data[0].details.id}/Contacts",
        "params": {"fields": "Last_Name"},
    }

    answer = composite(desk, ACCOUNT, contact, read)

    assert answer.status == 200
    assert [one["status_code"] for one in responses(answer)] == [201, 201, 200]
    assert responses(answer)[2]["body"]["data"][0]["Last_Name"] == "F"


def test_what_a_call_is_refused_is_its_answer(desk: Desk) -> None:
    read = {"method": "GET", "uri": "/crm/v8/Nope?fields=id"}

    answer = composite(desk, read)

    (response,) = responses(answer)
    assert (answer.status, response["status_code"]) == (200, 400)
    assert response["body"]["code"] == "INVALID_MODULE"


def test_a_reference_that_leads_nowhere_fails_its_own_call(desk: Desk) -> None:
    unknown = {"method": "GET", "uri": "/crm/v8/Accounts/@{9:$.data[0].details.id}"}
    nowhere = {"method": "GET", "uri": "/crm/v8/Accounts/@{1:$.data[3].details.id}"}

    answer = composite(desk, ACCOUNT, unknown, nowhere)

    assert answer.status == 207
    assert [item["code"] for item in answer.body[KEY]] == [
        "SUCCESS",
        "INVALID_REFERENCE",
        "INVALID_REFERENCE",
    ]


def test_odd_calls_fail_and_there_are_five_at_most(desk: Desk) -> None:
    answer = composite(
        desk,
        {"method": "HEAD", "uri": "/crm/v8/Accounts"},
        {"method": "GET", "uri": "https://elsewhere.example"},
        {"method": "POST", "uri": f"/crm/v8/{KEY}"},
    )

    assert answer.status == 400
    assert [item["code"] for item in answer.body[KEY]] == [
        "INVALID_DATA",
        "INVALID_DATA",
        "INVALID_REQUEST_METHOD",
    ]
    assert composite(desk, *[ACCOUNT] * 6).body["code"] == "LIMIT_EXCEEDED"
