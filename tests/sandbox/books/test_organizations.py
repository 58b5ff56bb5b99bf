"""Two organisations behind one login: which is meant, and what each keeps to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.books.caller import ABROAD, HOME

if TYPE_CHECKING:
    from tests.sandbox.books.caller import Caller


def test_the_list_of_organisations_needs_none_to_be_named(call: Caller) -> None:
    call.organization = ""

    rows = call("GET", "/organizations")["organizations"]

    assert [
        (row["organization_id"], row["currency_code"], row["country"], row["time_zone"])
        for row in rows
    ] == [
        (HOME, "USD", "U.S.A.", "America/New_York"),
        (ABROAD, "EUR", "Germany", "Europe/Berlin"),
    ]
    assert [row["is_default_org"] for row in rows] == [True, False]


def test_calls_about_organisations_have_no_limit_headers(call: Caller) -> None:
    assert "X-Rate-Limit-Limit" not in call("GET", "/organizations").headers
    assert "X-Rate-Limit-Limit" in call("GET", "/contacts").headers


def test_a_call_that_names_no_organisation_is_refused(call: Caller) -> None:
    call.organization = ""

    assert call("GET", "/contacts").refusal == (400, 2)


def test_the_default_organisation_can_be_taken_when_none_is_named(call: Caller) -> None:
    contact = call.contact()
    call.organization = ""
    call.quirk(organization_guessed=True)

    assert call.names("/contacts", "contact_id") == [contact["contact_id"]]


def test_an_organisation_of_somebody_else_is_refused(call: Caller) -> None:
    call.organization = "999"

    assert call("GET", "/contacts").refusal == (401, 6041)
    assert call("GET", "/organizations/999").refusal == (401, 6041)


def test_the_organisation_may_be_named_in_a_header(call: Caller) -> None:
    call.organization = ""
    headers = {"x-com-zoho-books-organizationid": HOME}

    assert call.send("GET", "/contacts", headers=headers).status == 200


def test_neither_organisation_knows_the_records_of_the_other(call: Caller) -> None:
    contact = call.contact()
    call.organization = ABROAD

    assert call.names("/contacts", "contact_id") == []
    assert call("GET", f"/contacts/{contact['contact_id']}").refusal == (404, 1002)
    assert call.contact()["currency_code"] == "EUR"


def test_the_second_organisation_stamps_in_its_own_zone(call: Caller) -> None:
    call.organization = ABROAD

    assert call.contact()["created_time"] == "2026-03-02T16:15:04+0100"


def test_the_state_says_of_every_record_whose_it_is(call: Caller) -> None:
    call.contact("Here")
    call.organization = ABROAD
    call.contact("There")

    contacts = call.books.state()["contacts"]

    assert [(one["contact_name"], one["organization_id"]) for one in contacts] == [
        ("Here", HOME),
        ("There", ABROAD),
    ]


def test_a_seed_may_say_into_which_organisation_it_goes(call: Caller) -> None:
    call.books.put("contacts", {"contact_name": "There", "organization_id": ABROAD})
    call.organization = ABROAD

    assert call.names("/contacts", "contact_name") == ["There"]


def test_the_login_is_one_of_the_users(call: Caller) -> None:
    users = call("GET", "/users")["users"]
    me = call.get("/users/me")

    assert [user["name"] for user in users] == ["Sandbox API", "Mara Lindqvist", "Theo Okafor"]
    assert me["user_id"] == users[0]["user_id"]
    assert [user["is_current_user"] for user in users] == [True, False, False]


def test_a_write_by_api_is_stamped_with_the_login_and_one_by_hand_with_a_person(
    call: Caller,
) -> None:
    login, person = (user["user_id"] for user in call("GET", "/users")["users"][:2])

    contact = call.contact()
    edited = call.books.edit("contacts", contact["contact_id"], {"notes": "Called"})

    assert (contact["created_by_id"], contact["last_modified_by_id"]) == (login, login)
    assert (edited["created_by_id"], edited["last_modified_by_id"]) == (login, person)
    assert contact["source"] == "api"


def test_twelve_currencies_are_there_from_the_start(call: Caller) -> None:
    assert len(call("GET", "/settings/currencies")["currencies"]) == 12


def test_a_user_can_be_read_by_his_id(call: Caller) -> None:
    user = call("GET", "/users")["users"][1]

    found = call.get(f"/users/{user['user_id']}")

    assert found["email_ids"] == [{"email": "mara@sandbox.example", "is_selected": True}]
    assert call("DELETE", "/organizations").refusal == (405, 37)
    assert call("PUT", "/organizations", {}).refusal == (404, 5)
