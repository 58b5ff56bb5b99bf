"""Channels, and what those who have one are told."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk

HOUR = 3600
CHANNEL = "700000001"
URL = "http://hub.example/zoho?secret=s1"


def expiry(desk: Desk, **said: object) -> str:
    answer = desk.watch("Deals.all", **said)
    return str(answer.body["watch"][0]["details"]["events"][0]["channel_expiry"])


def deal(desk: Desk, **more: object) -> str:
    (made,) = desk.create("Deals", {"Deal_Name": "D", "Stage": "Qualification", **more})
    return made


def change(desk: Desk, **details: object) -> tuple[int, str]:
    answer = desk.patch("/actions/watch", {"watch": [{"channel_id": CHANNEL, **details}]})
    return answer.status, answer.body["watch"][0]["code"]


def test_a_channel_has_one_entry_for_each_module_not_for_each_event(desk: Desk) -> None:
    answer = desk.watch(
        "Deals.create", "Deals.edit", "Contacts.all", channel_expiry="2026-02-10T09:10:11+00:00"
    )

    (item,) = answer.body["watch"]
    assert (answer.status, item["code"], item["status"]) == (201, "SUCCESS", "success")
    assert item["message"] == "Successfully subscribed for actions-watch of the given module"
    assert [one["resource_name"] for one in item["details"]["events"]] == ["Deals", "Contacts"]
    assert item["details"]["events"][0] == {
        "channel_expiry": "2026-02-10T09:10:11+00:00",
        "resource_uri": "http://sandbox.example/crm/v8/Deals",
        "resource_id": desk.crm.org.modules["Deals"].id,
        "resource_name": "Deals",
        "channel_id": CHANNEL,
    }


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("2026-02-10T09:10:11+00:00", "2026-02-10T09:10:11+00:00"),
        ("2026-02-10T10:10:11+01:00", "2026-02-10T09:10:11+00:00"),
        ("2026-02-10T09:10:12+00:00", "2026-02-03T10:10:11+00:00"),
        ("2027-01-01T00:00:00+00:00", "2026-02-03T10:10:11+00:00"),
        (None, "2026-02-03T10:10:11+00:00"),
    ],
)
def test_a_channel_lives_a_week_at_most_and_too_much_becomes_an_hour_in_silence(
    desk: Desk, asked: str | None, given: str
) -> None:
    assert expiry(desk, channel_expiry=asked) == given


def test_a_channel_that_has_run_out_is_not_subscribed_any_more(desk: Desk) -> None:
    desk.watch("Deals.all")
    desk.world.clock.advance(HOUR)

    deal(desk)
    renewed = change(desk, channel_expiry="2026-02-04T00:00:00+00:00")
    replaced = desk.put(
        "/actions/watch",
        {"watch": [{"channel_id": CHANNEL, "events": ["Deals.all"], "notify_url": URL}]},
    )

    assert desk.told() == []
    assert desk.get("/actions/watch").status == 204
    assert renewed == (400, "NOT_SUBSCRIBED")
    assert replaced.body["watch"][0]["details"] == {"channel_id": CHANNEL}
    assert desk.watch("Deals.all").status == 201


def test_a_channel_is_renewed_before_it_runs_out(desk: Desk) -> None:
    desk.watch("Deals.all")

    assert change(desk, channel_expiry="2026-02-09T09:00:00+00:00") == (200, "SUCCESS")
    desk.world.clock.advance(5 * 24 * HOUR)

    (shown,) = desk.get("/actions/watch").body["watch"]
    assert shown["channel_expiry"] == "2026-02-09T09:00:00+00:00"
    assert (shown["token"], shown["notify_url"]) == ("k3", URL)


def test_events_are_taken_off_a_channel_until_it_is_gone(desk: Desk) -> None:
    desk.watch("Deals.all", "Contacts.all")

    change(desk, _delete_events=True, events=["Contacts.all"])
    (left,) = desk.get("/actions/watch").body["watch"]
    change(desk, _delete_events=True, events=["Deals.all"])

    assert left["events"] == ["Deals.all"]
    assert desk.get("/actions/watch").status == 204


def test_channels_are_listed_by_number_and_module(desk: Desk) -> None:
    desk.watch("Deals.all", "Contacts.all")
    desk.watch("Deals.edit", channel_id="700000002")

    def listed(**query: object) -> list[tuple[str, str]]:
        rows = desk.get("/actions/watch", **query).body["watch"]
        return [(row["channel_id"], row["resource_name"]) for row in rows]

    assert listed() == [(CHANNEL, "Deals"), (CHANNEL, "Contacts"), ("700000002", "Deals")]
    assert listed(module="Contacts") == [(CHANNEL, "Contacts")]
    assert listed(channel_id="700000002") == [("700000002", "Deals")]


def test_a_channel_is_ended_once(desk: Desk) -> None:
    desk.watch("Deals.all")

    ended = desk.delete("/actions/watch", channel_ids=f"{CHANNEL},700000009")
    again = desk.delete("/actions/watch", channel_ids=CHANNEL)

    assert ended.status == 207
    assert ended.body["watch"][0]["details"] == {
        "resource_uri": "http://sandbox.example/crm/v8/Deals",
        "resource_id": desk.crm.org.modules["Deals"].id,
        "channel_id": CHANNEL,
    }
    assert (again.status, again.body["watch"][0]["code"]) == (400, "NOT_SUBSCRIBED")
    assert desk.delete("/actions/watch").body["code"] == "REQUIRED_PARAM_MISSING"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"channel_id": ""}, "MANDATORY_NOT_FOUND"),
        ({"channel_id": "c1"}, "INVALID_DATA"),
        ({"events": []}, "MANDATORY_NOT_FOUND"),
        ({"events": ["Deals.update"]}, "INVALID_DATA"),
        ({"events": ["Nope.all"]}, "INVALID_DATA"),
        ({"events": ["Notes.all"]}, "NOT_SUPPORTED"),
        ({"events": ["Users.all"]}, "NOT_SUPPORTED"),
        ({"events": ["Deals.all"] * 51}, "INVALID_DATA"),
        ({"notify_url": None}, "MANDATORY_NOT_FOUND"),
        ({"notify_url": "hub.example"}, "INVALID_DATA"),
        ({"channel_expiry": "tomorrow"}, "INVALID_DATA"),
        ({"channel_expiry": "2026-02-03T09:10:11+00:00"}, "INVALID_DATA"),
        ({"token": "x" * 51}, "INVALID_DATA"),
        ({"return_affected_field_values": "yes"}, "INVALID_DATA"),
        ({"notification_condition": [{"type": "other"}]}, "INVALID_DATA"),
    ],
)
def test_what_is_wrong_with_a_channel_is_said_in_its_place(
    desk: Desk, changed: dict[str, Any], code: str
) -> None:
    good = {"channel_id": "1", "events": ["Deals.all"], "notify_url": URL}

    answer = desk.post("/actions/watch", {"watch": [good, good | changed]})

    assert answer.status == 207
    assert [item["code"] for item in answer.body["watch"]] == ["SUCCESS", code]


def test_a_message_names_its_resource_under_v2_and_echoes_token_and_query(desk: Desk) -> None:
    desk.watch("Deals.all", return_affected_field_values=True)
    made = deal(desk)
    desk.told()
    desk.world.clock.advance(10)

    desk.put(f"/Deals/{made}", {"data": [{"Stage": "Closed Won", "Amount": Decimal("1190.50")}]})

    (told,) = desk.told()
    names = told.pop("affected_fields")[0][made]
    values = told.pop("affected_values")
    assert told == {
        "server_time": 1770109821500,
        "query_params": {"secret": "s1"},
        "module": "Deals",
        "resource_uri": "http://sandbox.example/crm/v2/Deals",
        "ids": [made],
        "operation": "update",
        "channel_id": CHANNEL,
        "token": "k3",
    }
    assert sorted(names) == ["Amount", "Expected_Revenue", "Probability", "Stage"]
    assert values[0]["record_id"] == made
    assert values[0]["values"]["Amount"] == Decimal("1190.5")


def test_what_was_subscribed_as_create_and_edit_is_told_as_insert_and_update(desk: Desk) -> None:
    desk.watch("Deals.create", "Deals.edit", "Deals.delete")

    made = deal(desk)
    desk.put(f"/Deals/{made}", {"data": [{"Next_Step": "call"}]})
    desk.delete(f"/Deals/{made}")

    told = desk.told()
    assert [one["operation"] for one in told] == ["insert", "update", "delete"]
    assert all("affected_values" not in one for one in told)
    assert told[1]["affected_fields"] == [{made: ["Next_Step"]}]
    assert told[2]["affected_fields"] == []


def test_only_what_was_asked_for_is_told(desk: Desk) -> None:
    desk.watch("Deals.edit")

    made = deal(desk)
    desk.create("Contacts", {"Last_Name": "Faro"})
    desk.delete(f"/Deals/{made}")

    assert desk.told() == []


def test_the_records_of_one_call_come_in_one_message(desk: Desk) -> None:
    desk.watch("Contacts.all")

    ids = desk.create("Contacts", *({"Last_Name": f"L {n}"} for n in range(30)))

    (told,) = desk.told()
    assert told["ids"] == ids


def test_saving_a_contact_tells_of_its_account_too_unless_that_is_declined(desk: Desk) -> None:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})
    desk.watch("Accounts.all", "Contacts.all")
    contact = {"Last_Name": "Faro", "Account_Name": {"id": account}}

    desk.create("Contacts", contact)
    doubled = desk.told()
    desk.watch("Accounts.all", "Contacts.all", notify_on_related_action=False)
    desk.create("Contacts", contact)

    assert [(one["module"], one["operation"]) for one in doubled] == [
        ("Contacts", "insert"),
        ("Accounts", "update"),
    ]
    assert (doubled[1]["ids"], doubled[1]["affected_fields"]) == ([account], [])
    assert [one["module"] for one in desk.told()] == ["Contacts"]


def test_each_channel_is_told_for_itself(desk: Desk) -> None:
    desk.watch("Deals.all")
    desk.watch("Deals.all", channel_id="700000002", token=None)

    deal(desk)

    assert [(one["channel_id"], one["token"]) for one in desk.told()] == [
        (CHANNEL, "k3"),
        ("700000002", None),
    ]


@pytest.mark.parametrize(
    ("operator", "written", "count"),
    [
        ("or", {"Amount": 1}, 1),
        ("or", {"Next_Step": "call"}, 0),
        ("and", {"Amount": 1}, 0),
        ("and", {"Amount": 1, "Closing_Date": "2026-03-01"}, 1),
    ],
)
def test_a_condition_picks_the_updates_that_are_told(
    desk: Desk, operator: str, written: dict[str, object], count: int
) -> None:
    group = [{"field": {"api_name": name}} for name in ("Amount", "Closing_Date")]
    desk.watch(
        "Deals.edit",
        notification_condition=[
            {
                "type": "field_selection",
                "module": {"api_name": "Deals"},
                "field_selection": {"group_operator": operator, "group": group},
            }
        ],
    )
    made = deal(desk)

    desk.put(f"/Deals/{made}", {"data": [written]})

    assert len(desk.told()) == count


def test_writes_through_the_api_are_told_like_those_of_people(desk: Desk) -> None:
    desk.watch("Deals.all")

    made = deal(desk)
    desk.crm.edit("Deals", made, {"Next_Step": "call"})

    assert [one["operation"] for one in desk.told()] == ["insert", "update"]


def test_writes_through_the_api_may_be_kept_silent(desk: Desk) -> None:
    desk.quirk(echo_api_writes=False)
    desk.watch("Deals.all")

    made = deal(desk)
    desk.crm.edit("Deals", made, {"Next_Step": "call"})

    assert [one["operation"] for one in desk.told()] == ["update"]


def test_an_empty_trigger_is_told_all_the_same_unless_that_is_switched(desk: Desk) -> None:
    desk.watch("Accounts.all")
    body = {"data": [{"Account_Name": "Faro"}], "trigger": []}

    desk.post("/Accounts", body)
    loud = desk.told()
    desk.quirk(trigger_silences_watch=True)
    desk.post("/Accounts", body)
    silent = desk.told()
    desk.create("Accounts", {"Account_Name": "Berg"})

    assert (len(loud), len(silent), len(desk.told())) == (1, 0, 1)


def test_a_refused_write_is_not_told(desk: Desk) -> None:
    desk.watch("Deals.all")

    desk.post("/Deals", {"data": [{"Deal_Name": "D", "Stage": "Nope"}]})

    assert desk.told() == []
