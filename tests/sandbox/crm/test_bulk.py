"""Bulk reads: their states by the clock, and what they leave."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from hub.sandbox.crm import bulk

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk

READ = "/crm/bulk/v8/read"


def start(desk: Desk, module: str = "Contacts", **query: object) -> str:
    body = {"query": {"module": {"api_name": module}, **query}, "file_type": "csv"}
    answer = desk.post(READ, body)
    assert answer.status == 201, answer.body
    return str(answer.body["data"][0]["details"]["id"])


def state(desk: Desk, job: str) -> dict[str, Any]:
    found: dict[str, Any] = desk.get(f"{READ}/{job}").body["data"][0]
    return found


def rows(desk: Desk, job: str) -> list[dict[str, str]]:
    answer = desk.get(f"{READ}/{job}/result")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        (name,) = archive.namelist()
        return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


@pytest.fixture
def people(desk: Desk) -> list[str]:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro Lda"})
    return desk.create(
        "Contacts",
        {"Last_Name": "Faro", "Account_Name": {"id": account}, "Tag": [{"name": "a"}]},
        {"Last_Name": "Berg", "Description": 'two\nlines, and "quotes"'},
        {"Last_Name": "Costa", "Mailing_City": "Porto", "Email_Opt_Out": True},
    )


def test_a_job_goes_through_its_states_by_the_clock(desk: Desk, people: list[str]) -> None:
    job = start(desk)
    seen = [state(desk, job)["state"]]
    for _ in range(3):
        desk.world.clock.advance(5)
        seen.append(state(desk, job)["state"])

    assert seen == ["ADDED", "QUEUED", "IN PROGRESS", "COMPLETED"]
    assert state(desk, job)["result"] == {
        "page": 1,
        "count": 3,
        "download_url": f"/crm/bulk/v8/read/{job}/result",
        "per_page": 200_000,
        "more_records": False,
        "next_page_token": None,
    }


def test_a_job_that_is_not_done_has_no_result(desk: Desk, people: list[str]) -> None:
    job = start(desk)

    answer = desk.get(f"{READ}/{job}/result")

    assert "result" not in state(desk, job)
    assert (answer.status, answer.body["code"]) == (404, "RESOURCE_NOT_FOUND")
    assert desk.get(f"{READ}/7").status == 404


def test_the_result_is_a_zip_of_one_csv_with_lookups_as_bare_ids(
    desk: Desk, people: list[str]
) -> None:
    job = start(desk, fields=["Last_Name", "Account_Name", "Tag", "Description", "Email_Opt_Out"])
    desk.world.clock.advance(15)

    first, second, third = rows(desk, job)

    assert list(first) == [
        "Id", "Last_Name", "Account_Name", "Tag", "Description", "Email_Opt_Out",
    ]  # fmt: skip
    assert [one["Id"] for one in (first, second, third)] == people
    assert first["Account_Name"] == desk.crm.state()["Accounts"][0]["id"]
    assert first["Tag"] == "a"
    assert second["Description"] == 'two\nlines, and "quotes"'
    assert third["Email_Opt_Out"] == "true"


def test_a_job_reads_what_is_there_when_it_is_done(desk: Desk, people: list[str]) -> None:
    job = start(desk)
    desk.world.clock.advance(14)
    desk.delete(f"/Contacts/{people[0]}")
    desk.world.clock.advance(1)
    desk.delete(f"/Contacts/{people[1]}")

    assert [one["Id"] for one in rows(desk, job)] == people[1:]


def test_line_items_are_not_among_the_columns(desk: Desk) -> None:
    desk.create("Quotes", {"Subject": "Q"})
    job = start(desk, "Quotes")
    desk.world.clock.advance(15)

    (row,) = rows(desk, job)

    assert "Subject" in row
    assert "Quoted_Items" not in row


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        (("Last_Name", "equal", "faro"), "Faro"),
        (("Last_Name", "not_equal", "Faro"), "Berg Costa"),
        (("Last_Name", "in", ["Faro", "Costa"]), "Faro Costa"),
        (("Last_Name", "not_in", "Faro,Costa"), "Berg"),
        (("Last_Name", "starts_with", "b"), "Berg"),
        (("Last_Name", "ends_with", "o"), "Faro"),
        (("Last_Name", "contains", "er"), "Berg"),
        (("Mailing_City", "equal", "${EMPTY}"), "Faro Berg"),
        (("Mailing_City", "not_equal", "${EMPTY}"), "Costa"),
        (("Modified_Time", "greater_than", "2026-02-03T09:10:10+00:00"), "Faro Berg Costa"),
        (("Modified_Time", "less_equal", "2026-02-03T09:10:10+00:00"), ""),
    ],
)
def test_criteria(
    desk: Desk, people: list[str], criteria: tuple[str, str, object], names: str
) -> None:
    name, comparator, value = criteria
    one = {"field": {"api_name": name}, "comparator": comparator, "value": value}
    job = start(desk, criteria=one)
    desk.world.clock.advance(15)

    assert [row["Last_Name"] for row in rows(desk, job)] == names.split()


def test_criteria_are_grouped_in_groups(desk: Desk, people: list[str]) -> None:
    def named(name: str) -> dict[str, object]:
        return {"field": {"api_name": "Last_Name"}, "comparator": "equal", "value": name}

    either = {"group_operator": "or", "group": [named("Faro"), named("Costa")]}
    city = {"field": {"api_name": "Mailing_City"}, "comparator": "equal", "value": "Porto"}
    job = start(desk, criteria={"group_operator": "and", "group": [either, city]})
    desk.world.clock.advance(15)

    assert [row["Last_Name"] for row in rows(desk, job)] == ["Costa"]


def test_more_than_one_page_is_told_with_a_token(
    desk: Desk, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "ROWS_MAX", 2)
    first = start(desk)
    desk.world.clock.advance(15)
    told = state(desk, first)["result"]
    second = start(desk, page_token=told["next_page_token"])
    desk.world.clock.advance(15)

    assert (told["more_records"], told["count"]) == (True, 2)
    assert [one["Id"] for one in rows(desk, second)] == people[2:]


def test_whoever_gave_a_callback_is_told_that_it_is_done(desk: Desk, people: list[str]) -> None:
    query = {"module": {"api_name": "Contacts"}}
    callback = {"url": "https://hub.example/bulk", "method": "post"}
    answer = desk.post(READ, {"callback": callback, "query": query})

    desk.world.clock.advance(14)
    before = desk.told()
    desk.world.clock.advance(1)

    (told,) = desk.told()
    assert before == []
    assert told["job_id"] == answer.body["data"][0]["details"]["id"]
    assert (told["state"], told["operation"], told["result"]["count"]) == ("COMPLETED", "read", 3)


def test_a_result_is_kept_for_a_day(desk: Desk, people: list[str]) -> None:
    job = start(desk)
    desk.world.clock.advance(15 + 24 * 3600)

    assert desk.get(f"{READ}/{job}/result").status == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "MANDATORY_NOT_FOUND"),
        ({"query": {"module": {"api_name": "Nope"}}}, "MODULE_NOT_AVAILABLE"),
        ({"query": {"module": "Contacts"}}, "INVALID_DATA"),
        ({"query": {"fields": ["Nope"]}}, "FIELD_NOT_SUPPORTED"),
        ({"query": {"fields": "Last_Name"}}, "INVALID_DATA"),
        ({"query": {"page": 501}}, "PAGE_RANGE_EXCEEDED"),
        ({"file_type": "ics"}, "INVALID_DATA"),
        ({"callback": {"url": "https://hub.example", "method": "get"}}, "INVALID_CALLBACK_METHOD"),
        ({"callback": {"url": "hub.example", "method": "post"}}, "INVALID_CALLBACK_URL"),
        ({"query": {"criteria": {"comparator": "equal"}}}, "FIELD_IN_CRITERIA_NOT_SUPPORTED"),
        (
            {"query": {"criteria": {"field": {"api_name": "Email"}, "comparator": "is"}}},
            "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED",
        ),
        (
            {"query": {"criteria": {"group_operator": "xor", "group": []}}},
            "GROUP_OPERATOR_NOT_SUPPORTED",
        ),
    ],
)
def test_odd_jobs_are_refused(desk: Desk, body: dict[str, Any], code: str) -> None:
    if "query" in body or body:
        body = body | {"query": {"module": {"api_name": "Contacts"}} | body.get("query", {})}

    answer = desk.post(READ, body)

    assert (answer.status, answer.body["code"]) == (400, code)
