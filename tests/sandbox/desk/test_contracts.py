"""The played Desk has every path, limit and event of the sheet of facts that it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.sandbox.desk.fields import ACCOUNTS, CONTACTS, TICKETS
from hub.sandbox.desk.limits import AT_ONCE, CREDITS, LISTED
from hub.sandbox.desk.routes import route
from hub.sandbox.desk.show import FIELDS_MAX
from hub.sandbox.desk.webhooks import EVENTS
from hub.sandbox.desk.webhooks import FIELDS_MAX as HOOK_FIELDS_MAX

if TYPE_CHECKING:
    from tests.sandbox.desk.caller import Caller

PATHS = (
    "GET tickets", "POST tickets", "GET tickets/{}", "PATCH tickets/{}", "POST closeTickets",
    "POST tickets/moveToTrash", "GET tickets/search", "GET tickets/{}/tags",
    "POST tickets/{}/associateTag", "POST tickets/{}/dissociateTag", "GET ticketTags",
    "GET tags/search", "GET tags/{}/tickets", "GET tickets/{}/comments",
    "POST tickets/{}/comments", "GET tickets/{}/threads", "GET tickets/{}/History",
    "GET tickets/{}/metrics", "GET tickets/{}/resolution", "PATCH tickets/{}/resolution",
    "GET contacts", "POST contacts", "GET contacts/{}", "PATCH contacts/{}",
    "POST contacts/moveToTrash", "GET contacts/search", "GET contacts/{}/tickets", "GET accounts",
    "POST accounts", "GET accounts/{}", "PATCH accounts/{}", "POST accounts/moveToTrash",
    "GET accounts/search", "GET accounts/{}/tickets", "GET webhooks", "POST webhooks",
    "GET webhooks/{}", "PATCH webhooks/{}", "DELETE webhooks/{}", "GET departments", "GET agents",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_there_is_every_path(path: str) -> None:
    method, _, rest = path.partition(" ")

    assert route(method, rest.format("4410000000812345"))


def test_the_caps_are_those_of_the_sheet() -> None:
    contact = {"city": 30, "state": 30, "country": 30, "street": 250, "title": 100, "mobile": 50,
               "email": 255, "lastName": 200}  # fmt: skip

    assert contact.items() <= CONTACTS.texts.items()
    assert {"accountName": 200, "website": 120}.items() <= ACCOUNTS.texts.items()
    assert TICKETS.texts["resolution"] == 65_535
    assert (FIELDS_MAX, HOOK_FIELDS_MAX) == (30, 5)


def test_the_limits_are_those_of_the_sheet() -> None:
    assert CREDITS["Enterprise"] == (100_000, 1_000)
    assert AT_ONCE == {
        "Free": 5,
        "Express": 10,
        "Standard": 10,
        "Professional": 15,
        "Enterprise": 25,
    }
    assert LISTED == ((2_000, 3), (10_000, 5), (50_000, 10), (100_000, 50))


def test_an_update_of_a_ticket_is_narrowed_by_three_things_and_a_deletion_by_none() -> None:
    assert EVENTS["Ticket_Update"] == {"departmentIds", "fields", "includePrevState"}
    assert EVENTS["Ticket_Delete"] == frozenset()


def test_no_event_tells_of_a_breach_or_a_tag(call: Caller) -> None:
    words = ("SLA", "Escalat", "Tag", "Merge", "Team")

    assert not [event for event in EVENTS if any(word in event for word in words)]
    assert call("POST", "webhooks", {"url": "https://x.example"}).status == 422
