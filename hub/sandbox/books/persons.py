"""Contact persons: where a contact's e-mails and telephones are. One of them is the primary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import intake, lists
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.refusals import bad_value, not_found

if TYPE_CHECKING:
    from hub.sandbox.books.organization import Organization
    from hub.sandbox.system import Answer, Fields

PARTS = (
    "salutation", "first_name", "last_name", "email", "phone", "mobile", "designation",
    "department", "skype",
)  # fmt: skip
MIRRORED = ("first_name", "last_name", "email", "phone", "mobile")


def replaced(organization: Organization, contact: Fields, fields: Fields) -> list[Fields]:
    """Give the persons that a write leaves: those it lists; who is not listed is gone."""
    known = {person["contact_person_id"]: person for person in contact["contact_persons"]}
    persons = [
        _person(organization, row, known.get(str(row.get("contact_person_id"))))
        for row in intake.rows(fields, "contact_persons")
    ]
    return _with_one_primary(persons)


def mirror_primary(organization: Organization, contact: Fields) -> None:
    """Repeat the primary person on the contact itself; without one, the fields are empty."""
    for person in contact["contact_persons"]:
        organization.contact_of[person["contact_person_id"]] = contact["contact_id"]
    primary: Fields = next(
        (one for one in contact["contact_persons"] if one["is_primary_contact"]), {}
    )
    contact["primary_contact_id"] = primary.get("contact_person_id", "")
    for part in MIRRORED:
        contact[part] = primary.get(part, "")


def listed(call: Incoming) -> Answer:
    """GET /contacts/{id}/contactpersons."""
    contact = call.organization.find("contacts", call.ids[0], "Contact")
    rows, context = lists.paged(contact["contact_persons"], call.query, "Contact Persons")
    return done(contact_persons=rows, page_context=context)


def get(call: Incoming) -> Answer:
    """GET /contacts/{id}/contactpersons/{person_id}."""
    contact = call.organization.find("contacts", call.ids[0], "Contact")
    for person in contact["contact_persons"]:
        if person["contact_person_id"] == call.ids[1]:
            return done(contact_person=person)
    raise not_found("Contact person", call.organization.quirks.not_found_status)


def add(call: Incoming) -> Answer:
    """POST /contacts/contactpersons."""
    fields = call.fields()
    contact_id = intake.text(fields, "contact_id")
    if not contact_id:
        raise bad_value("contact_id")
    contact = call.organization.find("contacts", contact_id, "Contact")
    made = _person(call.organization, fields, None)
    persons = [*contact["contact_persons"], made]
    if made["is_primary_contact"]:
        persons = _primary(persons, made["contact_person_id"])
    _keep(call, contact, persons)
    return done("The contactperson has been Created", 201, contact_person=[_shown(contact, made)])


def change(call: Incoming) -> Answer:
    """PUT /contacts/contactpersons/{person_id}."""
    contact, known = _known(call)
    made = _person(call.organization, call.fields(), known)
    _keep(call, contact, [made if one is known else one for one in contact["contact_persons"]])
    return done(
        "The contactperson details has been updated.", contact_person=[_shown(contact, made)]
    )


def remove(call: Incoming) -> Answer:
    """DELETE /contacts/contactpersons/{person_id}."""
    contact, known = _known(call)
    _keep(call, contact, [one for one in contact["contact_persons"] if one is not known])
    return done("The contact person has been deleted.")


def make_primary(call: Incoming) -> Answer:
    """POST /contacts/contactpersons/{person_id}/primary."""
    contact, known = _known(call)
    _keep(call, contact, _primary(contact["contact_persons"], known["contact_person_id"]))
    return done("This contact person has been marked as your primary contact person.")


def _person(organization: Organization, fields: Fields, before: Fields | None) -> Fields:
    before = before or {
        "contact_person_id": organization.new_id(),
        "is_primary_contact": False,
        "is_added_in_portal": False,
        "communication_preference": {"is_sms_enabled": False, "is_whatsapp_enabled": False},
    }
    return {
        **before,
        **{part: intake.text(fields, part, before.get(part, "")) for part in PARTS},
        "is_primary_contact": intake.flag(
            fields, "is_primary_contact", default=before["is_primary_contact"]
        ),
    }


def _with_one_primary(persons: list[Fields]) -> list[Fields]:
    """Let the first that claims it be the primary, or the first of all."""
    if not persons:
        return []
    primary = next((one for one in persons if one["is_primary_contact"]), persons[0])
    return _primary(persons, primary["contact_person_id"])


def _primary(persons: list[Fields], person_id: str) -> list[Fields]:
    return [{**one, "is_primary_contact": one["contact_person_id"] == person_id} for one in persons]


def _keep(call: Incoming, contact: Fields, persons: list[Fields]) -> None:
    with call.organization.changing("contacts", contact, call.actor):
        contact["contact_persons"] = _with_one_primary(persons)
        mirror_primary(call.organization, contact)


def _known(call: Incoming) -> tuple[Fields, Fields]:
    contact_id = call.organization.contact_of.get(call.ids[0], "")
    contact = call.organization.tables["contacts"].records.get(contact_id, {})
    for person in contact.get("contact_persons", []):
        if person["contact_person_id"] == call.ids[0]:
            return contact, person
    raise not_found("Contact person", call.organization.quirks.not_found_status)


def _shown(contact: Fields, person: Fields) -> Fields:
    return {"contact_id": contact["contact_id"], **person}
