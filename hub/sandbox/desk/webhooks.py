"""Subscriptions: what may be listened to, and where what happens is sent.

Before one is made, or led elsewhere, its address is asked: with GET, and if that is not answered
with 200, with POST. Only the server can do that; a caller without one is taken at its word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hub.sandbox.desk.refusal import nowhere, over_licence, unprocessable, wrong_field

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Actor, Organisation
    from hub.sandbox.system import Fields

URL_MAX, NAME_MAX, DESCRIPTION_MAX, FIELDS_MAX = 500, 100, 3_000, 5
CONFIGURED_MAX = 20
ENABLED_MAX = {"Free": 0, "Express": 0, "Standard": 0, "Professional": 5, "Enterprise": 10}
_UUID = re.compile(r"([0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})?")

_DEPARTMENTS = frozenset({"departmentIds"})
_BEFORE = frozenset({"includePrevState"})
EVENTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("Ticket_Add", "Ticket_Comment_Add", "Ticket_Comment_Update", "Ticket_Attachment_Delete",
         "Task_Add", "Call_Add", "Event_Add"),
        _DEPARTMENTS,
    ),
    **dict.fromkeys(
        ("Contact_Update", "Account_Update", "Agent_Update", "Department_Update",
         "TimeEntry_Update", "Ticket_Approval_Update", "Article_Update"),
        _BEFORE,
    ),
    **dict.fromkeys(("Task_Update", "Call_Update", "Event_Update"), _DEPARTMENTS | _BEFORE),
    **dict.fromkeys(
        ("Ticket_Delete", "Contact_Add", "Contact_Delete", "Account_Add", "Account_Delete",
         "Agent_Add", "Agent_Delete", "Department_Add", "TimeEntry_Add", "TimeEntry_Delete",
         "Task_Delete", "Call_Delete", "Event_Delete", "Ticket_Attachment_Add",
         "Ticket_Approval_Add", "Article_Add", "Article_Delete"),
        frozenset(),
    ),
    "Ticket_Update": _DEPARTMENTS | _BEFORE | {"fields"},
    "Ticket_Thread_Add": _DEPARTMENTS | {"direction"},
}  # fmt: skip
"""What there is to listen to, and by what each may be narrowed."""


def make(org: Organisation, sent: Fields, actor: Actor) -> Fields:
    """Make a subscription."""
    if not sent.get("url"):
        raise wrong_field("/url", "missing")
    values = _checked(org, sent)
    most = ENABLED_MAX[org.quirks.edition]
    if sum(one["isEnabled"] for one in org.webhooks.values()) >= most:
        raise over_licence("WEBHOOKS", most, org.quirks.edition)
    if len(org.webhooks) >= CONFIGURED_MAX:
        raise over_licence("WEBHOOKS", CONFIGURED_MAX, org.quirks.edition)
    made = {
        "name": "",
        "description": None,
        "isEnabled": True,
        "includeEventsFrom": [],
        "ignoreSourceId": None,
        **values,
        "id": org.new_id(),
        "type": "CUSTOMER_WEBHOOK",
        "createdBy": actor.id,
        "createdTime": org.stamp(),
        "modifiedTime": org.stamp(),
    }
    org.webhooks[made["id"]] = made
    return made


def change(org: Organisation, record: str, sent: Fields) -> Fields:
    """Change a subscription; what it listens to must be said again."""
    found = one_of(org, record)
    values = _checked(org, sent)
    found |= {**values, "modifiedTime": org.stamp()}
    return found


def one_of(org: Organisation, record: str) -> Fields:
    if record not in org.webhooks:
        raise nowhere()
    return org.webhooks[record]


def not_answered() -> Exception:
    """Refuse a URL that did not answer the ping."""
    return unprocessable(
        "Webhook URL validation failed. The endpoint failed to respond with status code 200"
    )


def _checked(org: Organisation, sent: Fields) -> Fields:
    subscriptions = sent.get("subscriptions")
    if not isinstance(subscriptions, dict) or not subscriptions:
        raise wrong_field("/subscriptions", "missing")
    for event, how in subscriptions.items():
        _check_event(org, event, how)
    for name, most in (("url", URL_MAX), ("name", NAME_MAX), ("description", DESCRIPTION_MAX)):
        if len(str(sent.get(name) or "")) > most:
            raise wrong_field(f"/{name}", "invalid", f"It has more than {most} characters.")
    if "url" in sent and urlsplit(str(sent["url"])).scheme not in ("http", "https"):
        raise wrong_field("/url", "invalid", "An address is expected.")
    if sent.get("includeEventsFrom") not in (None, [], ["AUTOMATION"]):
        raise wrong_field("/includeEventsFrom", "invalid", "It is not an allowed value.")
    _check_source(org, sent.get("ignoreSourceId"))
    names = ("url", "name", "description", "isEnabled", "includeEventsFrom", "ignoreSourceId")
    return {name: sent[name] for name in (*names, "subscriptions") if name in sent}


def _check_event(org: Organisation, event: str, how: object) -> None:
    if event not in EVENTS:
        raise wrong_field(f"/subscriptions/{event}", "invalid", "There is no such event.")
    if how is None:
        return
    pointer = f"/subscriptions/{event}"
    if not isinstance(how, dict) or not how or not how.keys() <= EVENTS[event]:
        raise wrong_field(pointer, "invalid", "null, or a filter of this event, is expected.")
    if len(how.get("fields") or ()) > FIELDS_MAX:
        raise wrong_field(f"{pointer}/fields", "invalid", f"At most {FIELDS_MAX} are expected.")
    for department in how.get("departmentIds") or ():
        if department not in org.tables["departments"]:
            raise wrong_field(f"{pointer}/departmentIds", "invalid", "No such department.")


def _check_source(org: Organisation, source: object) -> None:
    if source is None:
        return
    if org.quirks.reject_ignore_source or not _UUID.fullmatch(str(source)):
        message = "It does not match the allowed values."
        raise wrong_field("/ignoreSourceId", "invalid", message)
