"""Contacts: names, persons, addresses, what they owe, and when they can go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hub.sandbox.world import World
    from tests.sandbox.books.caller import Caller, Json

INES = {"salutation": "Ms", "first_name": "Ines", "last_name": "Falk", "email": "ines@l.example"}
JO = {"first_name": "Jo", "email": "jo@l.example", "phone": "+49 40 1"}


def mirrored(contact: Json) -> tuple[str, str, str]:
    return contact["first_name"], contact["email"], contact["primary_contact_id"]


def test_a_contact_is_answered_as_live_ones_are(call: Caller) -> None:
    contact = call.contact(
        company_name="Larkspur Tools GmbH",
        currency_id=call.currency("EUR"),
        payment_terms=30,
        payment_terms_label="Net 30",
        notes="Key account",
        billing_address={"attention": "AP", "city": "Hamburg", "zip": "20457"},
        contact_persons=[INES],
    )

    expected = {
        "contact_type": "customer", "customer_sub_type": "business", "status": "active",
        "source": "api", "first_name": "Ines", "email": "ines@l.example", "mobile": "",
        "currency_code": "EUR", "currency_symbol": "€", "exchange_rate": "", "payment_terms": 30,
        "outstanding_receivable_amount": 0, "unused_credits_receivable_amount_bcy": 0,
        "has_transaction": False, "is_bcy_only_contact": False, "zcrm_account_id": "",
        "is_linked_with_zohocrm": False, "notes": "Key account", "addresses": [],
        "created_time": "2026-03-02T10:15:04-0500",
    }  # fmt: skip
    assert expected.items() <= contact.items()
    assert contact["billing_address"]["address_id"]
    assert contact["billing_address"]["zip"] == "20457"


def test_a_second_customer_of_the_same_name_is_refused_with_3062(call: Caller) -> None:
    call.contact("Larkspur")

    refused = call("POST", "/contacts", {"contact_name": " larkspur "})

    assert refused.refusal == (400, 3062)
    assert refused.message == (
        'The customer "larkspur" already exists. Please specify a different name.'
    )


def test_a_rename_to_a_name_that_is_taken_is_refused_too(call: Caller) -> None:
    call.contact("Larkspur")
    other = call.contact("Aster")
    path = f"/contacts/{other['contact_id']}"

    assert call("PUT", path, {"contact_name": "Larkspur"}).refusal == (400, 3062)
    assert call.get(path)["contact_name"] == "Aster"
    assert call("PUT", path, {"contact_name": "ASTER"}).status == 200


def test_an_organisation_may_allow_names_twice(call: Caller) -> None:
    call.quirk(duplicate_names_allowed=True)
    call.contact("Larkspur")
    call.contact("Larkspur")

    assert call.names("/contacts", "contact_name", filter_by="Status.Duplicate") == [
        "Larkspur",
        "Larkspur",
    ]


def test_a_name_is_free_again_when_its_contact_is_gone(call: Caller) -> None:
    contact = call.contact("Larkspur")
    call("DELETE", f"/contacts/{contact['contact_id']}")

    assert call.contact("Larkspur")["contact_id"] != contact["contact_id"]


def test_an_email_may_be_that_of_two_contacts(call: Caller) -> None:
    call.contact("Larkspur", contact_persons=[INES])
    call.contact("Aster", contact_persons=[INES])

    assert call.names("/contacts", "contact_name", email="INES@l.example") == ["Aster", "Larkspur"]


def test_a_change_leaves_what_is_not_sent(call: Caller) -> None:
    contact = call.contact(company_name="L GmbH", contact_persons=[INES], website="l.example")

    changed = call("PUT", f"/contacts/{contact['contact_id']}", {"notes": "New"})["contact"]

    kept = ("company_name", "website", "contact_persons", "billing_address", "payment_terms")
    assert [changed[name] for name in kept] == [contact[name] for name in kept]
    assert changed["notes"] == "New"


def test_a_refused_change_changes_nothing(call: Caller, world: World) -> None:
    contact = call.contact(contact_persons=[INES])
    world.clock.advance(60)

    path = f"/contacts/{contact['contact_id']}"
    refused = call("PUT", path, {"notes": "New", "credit_limit": "much"})

    assert refused.refusal == (400, 4)
    assert call.get(path) == contact


def test_the_contact_repeats_its_primary_person(call: Caller) -> None:
    contact = call.contact(contact_persons=[INES, {**JO, "is_primary_contact": True}])

    persons = contact["contact_persons"]
    assert [one["is_primary_contact"] for one in persons] == [False, True]
    assert mirrored(contact) == ("Jo", "jo@l.example", persons[1]["contact_person_id"])


def test_the_first_person_is_the_primary_when_none_claims_it(call: Caller) -> None:
    contact = call.contact(contact_persons=[INES, JO])

    assert contact["first_name"] == "Ines"


def test_without_persons_the_contact_has_neither_name_nor_email(call: Caller) -> None:
    contact = call.contact(email="lost@l.example", first_name="Lost")

    assert mirrored(contact) == ("", "", "")


def test_persons_that_are_sent_replace_all_others(call: Caller) -> None:
    contact = call.contact(contact_persons=[INES, JO])
    jo = contact["contact_persons"][1]["contact_person_id"]
    path = f"/contacts/{contact['contact_id']}"

    sent = [{"contact_person_id": jo, "phone": "+49 40 2"}, {"first_name": "Max"}]
    changed = call("PUT", path, {"contact_persons": sent})["contact"]

    assert [one["first_name"] for one in changed["contact_persons"]] == ["Jo", "Max"]
    assert changed["contact_persons"][0]["contact_person_id"] == jo
    assert changed["contact_persons"][0]["email"] == "jo@l.example"
    assert mirrored(changed) == ("Jo", "jo@l.example", jo)


def test_a_person_without_his_id_is_a_new_one(call: Caller) -> None:
    contact = call.contact(contact_persons=[INES])

    path = f"/contacts/{contact['contact_id']}"
    changed = call("PUT", path, {"contact_persons": [INES]})["contact"]

    assert changed["primary_contact_id"] != contact["primary_contact_id"]


def test_persons_can_be_added_changed_and_removed_one_by_one(call: Caller) -> None:
    contact = call.contact(contact_persons=[INES])
    path, persons = f"/contacts/{contact['contact_id']}", "/contacts/contactpersons"

    added = call("POST", persons, {"contact_id": contact["contact_id"], **JO})
    person = added["contact_person"][0]["contact_person_id"]
    call("PUT", f"{persons}/{person}", {"last_name": "Berg"})
    call("POST", f"{persons}/{person}/primary")
    primary = call.get(path)
    call("DELETE", f"{persons}/{person}")

    assert added.status == 201
    assert (primary["last_name"], primary["primary_contact_id"]) == ("Berg", person)
    assert [one["first_name"] for one in call.get(path)["contact_persons"]] == ["Ines"]
    assert call("PUT", f"{persons}/{person}", {"last_name": "Gone"}).refusal == (404, 1002)


def test_addresses_can_be_added_changed_and_removed(call: Caller) -> None:
    contact = call.contact()
    path = f"/contacts/{contact['contact_id']}/address"

    added = call("POST", path, {"city": "Kiel"})["address_info"]["address_id"]
    call("PUT", f"{path}/{added}", {"zip": "24103"})
    listed = call.get(path)
    call("DELETE", f"{path}/{added}")

    assert (listed[-1]["city"], listed[-1]["zip"]) == ("Kiel", "24103")
    assert len(call.get(path)) == 2


def test_an_inactive_contact_takes_no_new_transactions(call: Caller) -> None:
    contact = call.contact()
    path = f"/contacts/{contact['contact_id']}"
    call("POST", f"{path}/inactive")
    line = {"name": "Work", "rate": 1}
    entered = {"customer_id": contact["contact_id"], "line_items": [line]}

    refused = call("POST", "/invoices", entered)
    call("POST", f"{path}/active")

    assert refused.status == 400
    assert call("POST", "/invoices", entered).status == 201


def test_a_contact_with_transactions_cannot_be_deleted(call: Caller) -> None:
    contact = call.contact()
    invoice = call.invoice(contact)
    path = f"/contacts/{contact['contact_id']}"

    refused = call("DELETE", path)
    call("DELETE", f"/invoices/{invoice['invoice_id']}")

    assert refused.status == 400
    assert call("DELETE", path).status == 200


def test_the_currency_of_a_contact_with_transactions_stays(call: Caller) -> None:
    contact = call.contact()
    path, euro = f"/contacts/{contact['contact_id']}", {"currency_id": call.currency("EUR")}
    call.invoice(contact)

    assert call("PUT", path, euro).refusal == (400, 4)


def test_a_contact_knows_what_it_owes_in_both_currencies(call: Caller) -> None:
    contact = call.contact(currency_id=call.currency("EUR"))
    first = call.invoice(contact, exchange_rate=1.10)
    call.invoice(contact, exchange_rate=1.20)
    call.invoice(contact, sent=False)
    call.payment(contact, 60, {first["invoice_id"]: 40}, exchange_rate=1.10)
    call.creditnote(contact, 10, exchange_rate=1.10)

    found = call.get(f"/contacts/{contact['contact_id']}")

    assert found["outstanding_receivable_amount"] == 160
    assert found["outstanding_receivable_amount_bcy"] == 60 * 1.1 + 120
    assert float(found["unused_credits_receivable_amount"]) == pytest.approx(20 + 10 / 1.1, 0.001)
    assert found["has_transaction"] is True


def test_what_is_owed_leaves_the_stamp_of_the_contact_unless_switched(
    call: Caller, world: World
) -> None:
    contact = call.contact()
    path = f"/contacts/{contact['contact_id']}"
    world.clock.advance(60)
    call.invoice(contact)
    still = call.get(path)["last_modified_time"]

    call.quirk(contact_moves_with_receivables=True)
    call.invoice(contact)

    assert still == contact["last_modified_time"]
    assert call.get(path)["last_modified_time"] == "2026-03-02T10:16:04-0500"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("Status.Active", ["Owing", "Rich"]),
        ("Status.Inactive", ["Asleep"]),
        ("Status.Crm", ["Rich"]),
        ("Invoice.Unpaid", ["Owing"]),
        ("Invoice.OverDue", ["Owing"]),
        ("Status.CreditLimitExceed", ["Owing"]),
        ("Status.PortalDisabled", ["Asleep", "Owing", "Rich"]),
        ("Status.PortalEnabled", []),
    ],
)
def test_contacts_are_filtered_by_what_they_are(
    call: Caller, wanted: str, names: list[str]
) -> None:
    owing = call.contact("Owing", credit_limit=50)
    call.invoice(owing, date="2026-02-01", due_date="2026-02-02")
    call.contact("Rich", zcrm_account_id="5000")
    asleep = call.contact("Asleep")
    call("POST", f"/contacts/{asleep['contact_id']}/inactive")

    assert call.names("/contacts", "contact_name", filter_by=wanted) == names


def test_a_vendor_is_a_contact_that_cannot_be_invoiced(call: Caller) -> None:
    vendor = call.contact("Mill", contact_type="vendor")
    entered = {"customer_id": vendor["contact_id"], "line_items": [{"name": "A", "rate": 1}]}

    assert call.names("/contacts", "contact_name", contact_type="vendor") == ["Mill"]
    assert call("POST", "/invoices", entered).refusal == (404, 1002)


def test_comments_on_a_contact_are_its_history_and_can_only_be_read(call: Caller) -> None:
    contact = call.contact()
    path = f"/contacts/{contact['contact_id']}/comments"

    (comment,) = call("GET", path)["contact_comments"]

    assert comment["description"] == "Contact created"
    assert (comment["date_description"], comment["time"]) == ("Today", "10:15 AM")
    assert call("POST", path, {"description": "Called"}).refusal == (405, 37)


def test_a_contact_can_be_written_to_reminded_and_let_into_the_portal(call: Caller) -> None:
    path = f"/contacts/{call.contact()['contact_id']}"

    for step in ("email", "portal/enable", "paymentreminder/disable"):
        assert call("POST", f"{path}/{step}").status == 200

    found = call.get(path)
    assert (found["is_portal_enabled"], found["payment_reminder_enabled"]) == (True, False)
    history = [one["description"] for one in call("GET", f"{path}/comments")["contact_comments"]]
    assert history[0] == "Email sent to the contact"
