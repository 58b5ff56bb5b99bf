"""What the played Desk tells, to whom, and how it proves that it was Desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.desk.caller import Caller

SOURCE = "7c1f0a52-9d3e-11f0-8a2b-0242ac120002"
UPDATES = {"Ticket_Update": {"includePrevState": True}}


def test_a_change_is_told_with_what_was_before_and_proved(call: Caller) -> None:
    # given
    ticket = call.ticket()["id"]
    webhook = call.subscribe(UPDATES)

    # when
    call.desk.act("close", "tickets", ticket, {})

    # then
    [hook] = call.hooks()
    [event] = call.told()
    assert (event["eventType"], event["orgId"]) == ("Ticket_Update", "7788")
    assert event["eventTime"] == "1772442000000"
    assert (event["prevState"]["status"], event["payload"]["status"]) == ("Open", "Closed")
    assert call.proved(hook) == {
        "iss": "orgId:7788",
        "aud": f"webhookId:{webhook}",
        "iat": 1772442000,
        "exp": 1772442300,
    }


def test_how_times_and_states_are_told_can_be_switched(call: Caller) -> None:
    ticket = call.ticket()["id"]
    call.subscribe(UPDATES)
    call.quirks(prev_state="changed", event_time="iso", jwt_time="milliseconds")

    call.desk.act("close", "tickets", ticket, {})

    assert call.proved(call.hooks()[0])["exp"] == 1772442300_000
    [event] = call.told()
    assert event["eventTime"].startswith("2026-03-02T09:00:00")
    assert "subject" not in event["prevState"]


def test_one_call_that_changes_several_is_told_in_one_array(call: Caller) -> None:
    call.subscribe({"Ticket_Add": None, "Contact_Add": None})

    call(
        "POST",
        "tickets",
        {"subject": "Help", "departmentId": call.department(), "contact": {"lastName": "Ortiz"}},
    )

    assert len(call.hooks()) == 1
    assert [one["eventType"] for one in call.told()] == ["Contact_Add", "Ticket_Add"]


def test_a_filter_narrows_what_is_told(call: Caller) -> None:
    billing = call.department("Billing")
    call.subscribe({"Ticket_Update": {"departmentIds": [billing], "fields": ["priority"]}})
    here, there = (
        call.ticket(departmentId=call.department(name))["id"] for name in ("Support", "Billing")
    )

    call.desk.edit("tickets", here, {"priority": "High"})
    call.desk.edit("tickets", there, {"subject": "Other"})
    call.desk.edit("tickets", there, {"priority": "High"})

    [event] = call.told()
    assert event["payload"]["id"] == there


def test_neither_a_tag_nor_a_comment_nor_a_breach_is_an_update(call: Caller) -> None:
    ticket = call.ticket(priority="High")["id"]
    stamp = call("GET", f"tickets/{ticket}")["modifiedTime"]
    call.subscribe(UPDATES, includeEventsFrom=["AUTOMATION"])

    call.desk.act("tag", "tickets", ticket, {"tags": ["refund"]})
    call.desk.act("comment", "tickets", ticket, {"content": "x"})
    call.world.clock.advance(86_400)

    late = call("GET", f"tickets/{ticket}")
    assert (late["isOverDue"], late["isEscalated"]) == (True, True)
    assert late["modifiedTime"] == stamp
    assert call.told() == []
    names = [one["eventName"] for one in call("GET", f"tickets/{ticket}/History")["data"]]
    assert names[-2:] == ["OvershotDueTime", "TicketEscalated"]


def test_what_an_escalation_writes_is_told_to_those_who_listen_to_automation(call: Caller) -> None:
    ticket = call.ticket(priority="High")["id"]
    call.quirks(escalation_stamps="cf_sla_state")
    call.subscribe(UPDATES)
    listening = call.subscribe(UPDATES, includeEventsFrom=["AUTOMATION"])

    call.world.clock.advance(86_400)

    [hook] = call.hooks()
    assert call.proved(hook)["aud"] == f"webhookId:{listening}"
    [event] = call.told()
    assert event["payload"]["id"] == ticket
    assert event["payload"]["cf"]["cf_sla_state"] == "breached"


def test_a_closed_ticket_is_never_overdue(call: Caller) -> None:
    ticket = call.ticket(priority="High")["id"]
    call.desk.act("close", "tickets", ticket, {})

    call.world.clock.advance(10 * 86_400)

    assert call("GET", f"tickets/{ticket}")["isOverDue"] is False


def test_whoever_writes_with_the_ignored_source_is_not_told(call: Caller) -> None:
    ticket = call.ticket()["id"]
    call.subscribe(UPDATES, ignoreSourceId=SOURCE)
    call.source = SOURCE.upper()

    call("PATCH", f"tickets/{ticket}", {"priority": "Low"})
    silent = call.told()
    call.quirks(heed_source=False)
    call("PATCH", f"tickets/{ticket}", {"priority": "High"})

    assert (silent, len(call.told())) == ([], 1)
    call.quirks(reject_ignore_source=True)
    body = {"url": "https://x.example", "subscriptions": UPDATES, "ignoreSourceId": SOURCE}
    refused = call("POST", "webhooks", body)
    assert refused["errors"][0]["fieldName"] == "/ignoreSourceId"


@pytest.mark.parametrize(
    "subscriptions",
    [
        {},
        {"Ticket_Tagged": None},
        {"Ticket_Update": {}},
        {"Ticket_Delete": {"departmentIds": []}},
        {"Ticket_Update": {"fields": ["a", "b", "c", "d", "e", "f"]}},
    ],
)
def test_what_cannot_be_listened_to_is_refused(
    call: Caller, subscriptions: dict[str, object]
) -> None:
    body = {"url": "https://x.example", "subscriptions": subscriptions}

    assert call("POST", "webhooks", body).refusal == (422, "INVALID_DATA")


def test_an_answer_of_410_takes_the_subscription_away(call: Caller) -> None:
    call.subscribe({"Account_Add": None})
    call.desk.act("create", "accounts", "", {"accountName": "Northwind"})
    [hook] = call.hooks()
    assert hook.done is not None

    hook.done(500)
    assert call("GET", "webhooks").status == 200
    hook.done(410)

    assert call("GET", "webhooks").status == 204


def test_an_edition_has_only_so_many(call: Caller) -> None:
    call.quirks(edition="Professional")
    for _ in range(5):
        call.subscribe(UPDATES)

    refused = call("POST", "webhooks", {"url": "https://x.example", "subscriptions": UPDATES})

    assert refused.refusal == (403, "LICENSE_ACCESS_LIMITED")
    assert refused["maxAllowedEntity"] == "5"


def test_an_address_that_does_not_answer_is_not_subscribed(call: Caller) -> None:
    call.desk.not_answered()

    refused = call("POST", "webhooks", {"url": "https://x.example", "subscriptions": UPDATES})

    assert refused.refusal == (422, "UNPROCESSABLE_ENTITY")
    assert refused["message"].endswith("The endpoint failed to respond with status code 200")
    assert call("GET", "webhooks").status == 204
