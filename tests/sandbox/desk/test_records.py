"""Records of the played Desk: made, changed, listed, put in the bin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.desk.caller import Caller


def test_a_ticket_is_made_with_its_contact_and_told_as_the_vendor_tells_it(call: Caller) -> None:
    # given
    department = call.department()

    # when
    made = call(
        "POST",
        "tickets",
        {
            "subject": "Double charge",
            "departmentId": department,
            "contact": {"lastName": "Ortiz", "email": "maya@northwind.example"},
            "cf": {"cf_billable": "Yes", "cf_billed_hours": 1.5},
        },
    )

    # then
    assert made.status == 200
    assert (made["status"], made["statusType"], made["tagCount"]) == ("Open", "Open", "0")
    assert made["createdTime"] == "2026-03-02T09:00:00.000Z"
    assert made["cf"]["cf_billed_hours"] == "1.5"
    assert made["customFields"]["Billable"] == "Yes"
    assert made["email"] == "maya@northwind.example"
    assert call("GET", f"tickets/{made['id']}").body == made.body


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("subject", "", ("/subject", "missing")),
        ("departmentId", "12", ("/departmentId", "invalid")),
        ("status", "Won", ("/status", "invalid")),
        ("cf", {"cf_billable": "Maybe"}, ("/cf/cf_billable", "invalid")),
        ("cf", {"cf_unheard": "x"}, ("/cf/cf_unheard", "invalid")),
        ("responseDueDate", "2026-03-02T09:00:00.000Z", ("/responseDueDate", "invalid")),
        ("colour", "red", ("/colour", "invalid")),
    ],
)
def test_what_is_not_acceptable_is_refused_with_a_pointer_to_it(
    call: Caller, field: str, value: object, error: tuple[str, str]
) -> None:
    body = {
        "subject": "Help",
        "departmentId": call.department(),
        "contact": {"lastName": "Ortiz"},
        field: value,
    }

    refused = call("POST", "tickets", body)

    assert refused.refusal == (422, "INVALID_DATA")
    [said] = refused["errors"]
    assert (said["fieldName"], said["errorType"]) == error


def test_a_field_of_a_contact_has_a_cap_and_is_never_cut(call: Caller) -> None:
    refused = call("POST", "contacts", {"lastName": "Ortiz", "city": "x" * 31})

    assert refused["errors"][0]["fieldName"] == "/city"
    assert call("POST", "contacts", {"lastName": "Ortiz", "city": "x" * 30}).status == 200


def test_a_status_brings_its_type_and_when_it_was_closed(call: Caller) -> None:
    ticket = call.ticket()
    call.world.clock.advance(60)

    closed = call("PATCH", f"tickets/{ticket['id']}", {"status": "Resolved"})
    again = call("PATCH", f"tickets/{ticket['id']}", {"status": "Open"})

    assert (closed["statusType"], closed["closedTime"]) == ("Closed", "2026-03-02T09:01:00.000Z")
    assert (again["statusType"], again["closedTime"]) == ("Open", None)
    assert call("POST", "closeTickets", {"ids": [ticket["id"]]}).body is None
    assert call("GET", f"tickets/{ticket['id']}/metrics")["reopenCount"] == "1"


def test_an_agent_must_be_of_the_department(call: Caller) -> None:
    ticket = call.ticket(departmentId=call.department("Support"))["id"]

    refused = call("PATCH", f"tickets/{ticket}", {"assigneeId": call.agent("Ada")})
    taken = call("PATCH", f"tickets/{ticket}", {"assigneeId": call.agent("Noor")})

    assert refused["errors"][0]["fieldName"] == "/assigneeId"
    assert taken["assigneeId"] == call.agent("Noor")
    assert call("PATCH", f"tickets/{ticket}", {"assigneeId": None})["assigneeId"] is None


def test_under_a_blueprint_the_status_is_not_moved_by_the_api(call: Caller) -> None:
    ticket = call.ticket()["id"]
    call.quirks(blueprint=True)

    refused = call("PATCH", f"tickets/{ticket}", {"status": "Closed"})
    call.desk.act("close", "tickets", ticket, {})

    assert refused.refusal == (422, "UNPROCESSABLE_ENTITY")
    assert call("GET", f"tickets/{ticket}")["status"] == "Closed"


def test_a_row_has_no_custom_fields_and_of_tickets_no_stamp_unless_asked(call: Caller) -> None:
    call.ticket(cf={"cf_billable": "Yes"})

    [row] = call("GET", "tickets")["data"]
    [asked] = call("GET", "tickets", fields="subject,modifiedTime,isOverDue")["data"]

    assert row["cf"] is None
    assert "modifiedTime" not in row
    assert asked.keys() == {"id", "subject", "modifiedTime", "isOverDue"}
    assert call("GET", "tickets", fields="subject,subStatus").status == 500


def test_a_list_is_paged_from_one_and_ends_with_204(call: Caller) -> None:
    ids = [call.ticket()["id"] for _ in range(5)]

    assert call("GET", "tickets", limit="2").ids == ids[:2]
    assert call("GET", "tickets", from_="0", limit="2").ids == ids[:2]
    assert call("GET", "tickets", from_="3", limit="2").ids == ids[2:4]
    assert call("GET", "tickets", from_="6").status == 204
    assert call("GET", "tickets", limit="101").refusal == (422, "UNPROCESSABLE_ENTITY")
    assert call("GET", "tickets", colour="red").refusal == (422, "UNPROCESSABLE_ENTITY")


def test_a_list_is_narrowed_and_sorted(call: Caller) -> None:
    old = call.ticket(priority="High")["id"]
    call.world.clock.advance(10)
    new = call.ticket(departmentId=call.department("Billing"))["id"]
    call.desk.edit("tickets", old, {"status": "On Hold"})

    assert call("GET", "tickets", sortBy="-createdTime").ids == [new, old]
    assert call("GET", "tickets", status="On Hold,Closed").ids == [old]
    assert call("GET", "tickets", departmentIds=call.department("Billing")).ids == [new]
    assert call("GET", "tickets", priority="High").ids == [old]
    assert call("GET", "tickets", include="contacts")["data"][0]["contact"]["lastName"]


def test_what_is_in_the_bin_is_nobodys_and_comes_back_under_its_id(call: Caller) -> None:
    ticket = call.ticket()["id"]

    assert call("POST", "tickets/moveToTrash", {"ticketIds": [ticket]}).status == 204
    gone = call("GET", f"tickets/{ticket}")
    call.desk.act("restore", "tickets", ticket, {})

    assert gone.refusal == (404, "URL_NOT_FOUND")
    assert call("GET", f"tickets/{ticket}").status == 200


def test_two_contacts_with_one_address_are_refused_only_where_it_is_unique(call: Caller) -> None:
    body = {"lastName": "Ortiz", "email": "maya@northwind.example"}

    assert [call("POST", "contacts", body).status for _ in range(2)] == [200, 200]
    call.quirks(emails_unique=True)

    assert call("POST", "contacts", body)["errors"][0]["errorType"] == "duplicate"


def test_the_survivor_of_a_merge_has_the_tickets_and_the_chosen_words(call: Caller) -> None:
    kept, gone = (
        call.desk.put("contacts", {"lastName": name, "phone": name})["id"] for name in ("A", "B")
    )
    ticket = call.ticket(contactId=gone)["id"]

    merged = call("POST", f"contacts/{kept}/merge", {"ids": [gone], "source": {"phone": gone}})

    assert (merged["id"], merged["phone"], merged["lastName"]) == (kept, "B", "A")
    assert call("GET", f"contacts/{gone}").status == 404
    assert call("GET", f"tickets/{ticket}")["contactId"] == kept
    assert call("GET", f"contacts/{kept}/tickets").ids == [ticket]


def test_tags_are_read_and_set_by_their_own_calls(call: Caller) -> None:
    ticket = call.ticket()["id"]

    call("POST", f"tickets/{ticket}/associateTag", {"tags": ["refund", "vip"]})
    call("POST", f"tickets/{ticket}/dissociateTag", {"tags": ["VIP"]})

    [tag] = call("GET", f"tickets/{ticket}/tags")["tags"]
    assert (tag["name"], tag["tagType"]) == ("refund", "MANUAL")
    assert call("GET", f"tickets/{ticket}")["tagCount"] == "1"
    assert call("GET", f"tags/{tag['id']}/tickets").ids == [ticket]
    found = call("GET", "tags/search", departmentId=call.department(), searchVal="ref")
    assert found.ids == [tag["id"]]
    refused = call("POST", f"tickets/{ticket}/associateTag", {"tags": ["x"]})
    assert refused.refusal == (422, "INVALID_DATA")


def test_a_comment_is_a_note_unless_it_is_public(call: Caller) -> None:
    ticket = call.ticket()["id"]

    made = call("POST", f"tickets/{ticket}/comments", {"content": "Settled."})

    assert made["isPublic"] is False
    assert call("GET", f"tickets/{ticket}/comments").ids == [made["id"]]
    assert call("GET", f"tickets/{ticket}")["commentCount"] == "1"


def test_the_history_tells_what_moved_and_by_whom(call: Caller) -> None:
    ticket = call.ticket()["id"]
    call.desk.act("resolve", "tickets", ticket, {"resolution": "Paid back."})

    newest = call("GET", f"tickets/{ticket}/History")["data"][-1]

    assert (newest["eventName"], newest["actor"]["type"]) == ("TicketUpdated", "Agent")
    [status] = [one for one in newest["eventInfo"] if one["propertyName"] == "status"]
    assert status["propertyValue"] == {"previousValue": "Open", "updatedValue": "Resolved"}
    assert call("GET", f"tickets/{ticket}/resolution")["content"] == "Paid back."


def test_the_fields_are_described_with_the_type_of_each_status(call: Caller) -> None:
    rows = call("GET", "organizationFields", module="tickets")["data"]

    fields = {one["apiName"]: one for one in rows}
    types = {one["value"]: one["statusType"] for one in fields["status"]["allowedValues"]}
    assert types["Resolved"] == "Closed"
    assert fields["cf_hub_key"]["isCustomField"]
    assert call("GET", "fields", module="tickets").body["data"] == rows


def test_who_calls_is_checked_by_token_scope_and_organisation(call: Caller) -> None:
    call.doorman.wrong = "invalid"
    assert call("GET", "tickets").refusal == (401, "INVALID_OAUTH")
    call.doorman.wrong = None
    call.doorman.scopes = {"Desk.contacts.READ"}
    assert call("GET", "tickets").refusal == (403, "SCOPE_MISMATCH")
    call.doorman.scopes = None
    call.org = "1"
    assert call("GET", "tickets").refusal == (403, "OAUTH_ORG_MISMATCH")
    call.org = ""
    assert call("GET", "tickets").status == 400
    assert call("GET", "organizations")["data"][0]["id"] == "7788"
    assert call("GET", "myinfo").status == 400
