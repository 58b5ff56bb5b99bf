"""Lists, pages, and what was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk

FIELDS = "Account_Name,Modified_Time"


def many(desk: Desk, count: int) -> list[str]:
    records = [{"Account_Name": f"A {n:05}"} for n in range(count)]
    return [
        one
        for start in range(0, count, 100)
        for one in desk.create("Accounts", *records[start : start + 100])
    ]


def test_a_list_wants_to_be_told_its_fields(desk: Desk) -> None:
    answer = desk.get("/Accounts")

    assert (answer.status, answer.body["code"]) == (400, "REQUIRED_PARAM_MISSING")
    assert answer.body["details"] == {"param_name": "fields"}


def test_v2_lists_without_fields(desk: Desk) -> None:
    many(desk, 1)

    assert desk.get("/crm/v2/Accounts").body["data"][0]["Account_Name"] == "A 00000"


def test_more_than_fifty_fields_are_too_many(desk: Desk) -> None:
    answer = desk.get("/Accounts", fields=",".join(["Phone"] * 51))

    assert (answer.body["code"], answer.body["details"]) == ("LIMIT_EXCEEDED", {"limit": 50})


def test_an_empty_list_is_204_without_a_body(desk: Desk) -> None:
    answer = desk.get("/Accounts", fields=FIELDS)

    assert (answer.status, answer.body) == (204, None)


def test_the_newest_comes_first_unless_asked_otherwise(desk: Desk) -> None:
    first, second = many(desk, 2)

    falling = desk.get("/Accounts", fields=FIELDS)
    rising = desk.get("/Accounts", fields=FIELDS, sort_order="asc")

    assert [one["id"] for one in falling.body["data"]] == [second, first]
    assert [one["id"] for one in rising.body["data"]] == [first, second]
    assert falling.body["info"] == {
        "per_page": 200, "count": 2, "page": 1, "sort_by": "id", "sort_order": "desc",
        "more_records": False, "next_page_token": None, "previous_page_token": None,
        "page_token_expiry": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"sort_by": "Account_Name"}, "INVALID_DATA"),
        ({"sort_order": "up"}, "INVALID_DATA"),
        ({"per_page": 201}, "INVALID_DATA"),
        ({"page": 0}, "INVALID_DATA"),
        ({"page": 11}, "DISCRETE_PAGINATION_LIMIT_EXCEEDED"),
        ({"page": 1, "page_token": "x"}, "AMBIGUITY_DURING_PROCESSING"),
        ({"page_token": "x"}, "INVALID_DATA"),
        ({"cvid": 1, "sort_by": "id"}, "AMBIGUITY_DURING_PROCESSING"),
    ],
)
def test_odd_questions_are_refused(desk: Desk, query: dict[str, object], code: str) -> None:
    answer = desk.get("/Accounts", fields=FIELDS, **query)

    assert (answer.status, answer.body["code"]) == (400, code)


def test_tokens_lead_through_everything_beyond_two_thousand(desk: Desk) -> None:
    ids = many(desk, 2100)
    seen: list[str] = []
    query: dict[str, str] = {}

    while True:
        answer = desk.get("/Accounts", fields=FIELDS, sort_order="asc", **query)
        seen += [one["id"] for one in answer.body["data"]]
        token = answer.body["info"]["next_page_token"]
        if token is None:
            break
        query = {"page_token": token}

    assert seen == ids


def test_a_token_goes_on_where_it_stopped_whatever_happened_meanwhile(desk: Desk) -> None:
    ids = many(desk, 4)
    first = desk.get("/Accounts", fields=FIELDS, per_page=2, sort_order="asc")
    desk.delete(f"/Accounts/{ids[0]}")

    second = desk.get(
        "/Accounts",
        fields=FIELDS,
        per_page=2,
        sort_order="asc",
        page_token=first.body["info"]["next_page_token"],
    )

    assert [one["id"] for one in second.body["data"]] == ids[2:]
    assert second.body["info"]["page"] == 2


def test_a_token_is_bound_to_its_query_and_lives_for_a_day(desk: Desk) -> None:
    many(desk, 2)
    asked = {"fields": FIELDS, "per_page": 1}
    token = desk.get("/Accounts", **asked).body["info"]["next_page_token"]

    other = desk.get("/Accounts", fields="Phone", per_page=1, page_token=token)
    desk.world.clock.advance(24 * 3600)
    late = desk.get("/Accounts", **asked, page_token=token)

    assert other.body["code"] == "TOKEN_BOUND_DATA_MISMATCH"
    assert late.body["code"] == "EXPIRED_VALUE"


def test_what_was_not_modified_since_is_304(desk: Desk) -> None:
    first, second = many(desk, 2)
    desk.world.clock.advance(60)
    desk.put(f"/Accounts/{first}", {"data": [{"Phone": "1"}]})
    since = {"if-modified-since": "2026-02-03T10:10:11+01:00"}
    later = {"if-modified-since": "2026-02-03T09:11:11+00:00"}

    changed = desk.call("GET", "/Accounts", headers=since, fields=FIELDS, sort_by="Modified_Time")
    nothing = desk.call("GET", "/Accounts", headers=later, fields=FIELDS)

    assert [one["id"] for one in changed.body["data"]] == [first] != [second]
    assert (nothing.status, nothing.body) == (304, None)


def test_some_are_listed_by_their_ids(desk: Desk) -> None:
    first, _, third = many(desk, 3)

    answer = desk.get("/Accounts", fields=FIELDS, ids=f"{first},{third},5550002000000000999")

    assert [one["id"] for one in answer.body["data"]] == [third, first]


def test_an_unknown_id_is_204_or_whatever_is_set(desk: Desk) -> None:
    path = "/Accounts/5550002000000000099"

    assert (desk.get(path).status, desk.get(path).body) == (204, None)
    for status in (400, 404):
        desk.quirk(missing_record_status=status)
        answer = desk.get(path)
        assert (answer.status, answer.body["code"]) == (status, "INVALID_DATA")
        assert answer.body["details"] == {"resource_path_index": 1}


def test_what_is_no_id_is_refused(desk: Desk) -> None:
    answer = desk.get("/Accounts/abc")

    assert answer.body["message"] == "the id given seems to be invalid"


def test_what_was_deleted_is_listed_and_grows_old(desk: Desk) -> None:
    (account,) = many(desk, 1)
    desk.delete(f"/Accounts/{account}")

    young = desk.get("/Accounts/deleted").body["data"]
    desk.world.clock.advance(60 * 24 * 3600)
    (old,) = desk.get("/Accounts/deleted", type="permanent").body["data"]

    assert young[0] == {
        "id": account, "display_name": "A 00000", "type": "recycle",
        "deleted_time": "2026-02-03T09:10:11+00:00",
        "deleted_by": {"name": "Hub Bot", "id": "5550001000000001001"},
        "created_by": {"name": "Hub Bot", "id": "5550001000000001001"},
    }  # fmt: skip
    assert (old["id"], old["display_name"], old["type"]) == (account, None, "permanent")
    assert desk.get("/Accounts/deleted", type="recycle").status == 204


def test_times_are_told_in_the_zone_of_the_organisation_summer_and_winter(desk: Desk) -> None:
    desk.quirk(time_zone="Europe/Berlin")
    (account,) = many(desk, 1)

    winter = desk.one("Accounts", account)["Created_Time"]
    desk.world.clock.advance(150 * 24 * 3600)
    desk.put(f"/Accounts/{account}", {"data": [{"Phone": "1"}]})
    summer = desk.one("Accounts", account)["Modified_Time"]

    assert (winter, summer) == ("2026-02-03T10:10:11+01:00", "2026-07-03T11:10:11+02:00")


def test_line_items_are_shown_in_a_single_record_only(desk: Desk) -> None:
    (product,) = desk.create("Products", {"Product_Name": "P", "Unit_Price": 5})
    (quote,) = desk.create(
        "Quotes", {"Subject": "Q", "Quoted_Items": [{"Product_Name": {"id": product}}]}
    )

    (listed,) = desk.get("/Quotes", fields="Subject,Quoted_Items").body["data"]

    assert "Quoted_Items" not in listed
    assert len(desk.one("Quotes", quote)["Quoted_Items"]) == 1
