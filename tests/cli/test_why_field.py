"""`hub why` tells who put a value into a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.conclusions import Cased
from hub.events import Decided, Event, event_of, new_id, payload
from tests.cli.flowing import BUYERS, FLOW, account, contact, person, put_in_force
from tests.cli.test_why import OTHER_PHONE, PHONE, linked, written

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_a_field_names_the_event_the_flow_and_the_person(desk: Desk) -> None:
    linked(desk)
    desk.apply()
    desk.keep(account("a1", Code="7", Account_Name="Lumen", Phone=OTHER_PHONE, minutes=1, by="eve"))
    desk.apply()
    desk.keep(*written(desk, phone=OTHER_PHONE))
    desk.apply()

    told = desk.run("why", "books.contacts/b1.phone")
    by_flow = desk.run("why", "crm.Accounts/a1.name", "--json").result
    unknown = desk.run("why", "books.contacts/b9.phone")

    assert f'books.contacts/b1.phone is "{OTHER_PHONE}"' in told.out
    assert "written by the hub: delivery " in told.out
    assert "installed #1 by operator:ana" in told.out
    assert "crm.Accounts/a1 said so at #" in told.out
    assert ", by eve" in told.out
    assert "here: it shows it" in told.out
    assert by_flow["field"] == "Account_Name"
    assert unknown.code == 1
    assert "Nothing is known of books.contacts/b9.phone" in unknown.err


def test_a_field_of_a_record_that_is_gone_is_told_as_what_it_was(desk: Desk) -> None:
    linked(desk)
    last = account("a1", Code="7", Account_Name="Lumen", minutes=1)
    desk.keep(msgspec.structs.replace(last, type="gone", data=b"{}", origin=None))
    desk.apply()

    told = desk.run("why", "crm.Accounts/a1.Account_Name").out

    assert 'crm.Accounts/a1.Account_Name was "Lumen", and the record is gone' in told


def test_a_field_that_is_only_matched_by_is_never_said_to_be_owed(desk: Desk) -> None:
    put_in_force(desk, "on", FLOW.replace('clash = "ask"', 'write = "never"'))
    desk.keep(
        contact("b1", code="7", company_name="Lumen", phone=PHONE),
        account("a1", Code="7", Account_Name="Lumen", Phone=OTHER_PHONE, minutes=1),
    )
    desk.apply()

    told = (
        desk.run("why", "books.contacts/b1.phone").out
        + desk.run("why", "crm.Accounts/a1.Phone").out
    )

    assert "here: it says otherwise, and is left so: this is only matched by" in told
    assert "it is owed this" not in told


def test_a_field_that_follows_from_other_records_names_the_flow_and_why(desk: Desk) -> None:
    linked(desk)
    target = "books.contacts/b1"
    kept = Cased(flow="customers", case=target, state="kept", why="what follows from crm.Deals/d1")
    desk.keep(account("a1", Code="7", Account_Name="Lumen", Phone=OTHER_PHONE, minutes=1))
    desk.keep(event_of(Decided(conclusions=[kept])))
    desk.apply()
    sent, *rest = written(desk, phone=OTHER_PHONE, notes="as agreed")
    what = msgspec.structs.replace(payload(sent), agreed={}, told={"customers": "1"})
    desk.keep(msgspec.structs.replace(sent, data=event_of(what).data), *rest)
    desk.apply()

    told = desk.run("why", f"{target}.notes").out

    assert "customers (version" in told
    assert "what follows from crm.Deals/d1" in told


def test_a_field_that_came_over_another_flow_names_where_a_person_said_it(desk: Desk) -> None:
    put_in_force(desk, "on", FLOW, BUYERS)
    desk.keep(
        contact("b1", code="7", company_name="Lumen", phone=PHONE, email="lu@men.example"),
        account("a1", Code="7", Account_Name="Lumen", Phone=PHONE),
        person("p1", "a1", Email="lu@men.example", Phone=PHONE),
    )
    desk.keep(person("p1", "a1", minutes=1, Email="lu@men.example", Phone=OTHER_PHONE))
    desk.apply()
    desk.keep(*written(desk, "buyers", phone=OTHER_PHONE, email="lu@men.example"))
    desk.apply()

    shown = desk.run("why", "crm.Accounts/a1.Phone").out

    assert "books.contacts/b1 said so" in shown
    assert "crm.Contacts/p1 said so" in shown


def test_who_is_known_to_the_vendor_by_an_id_is_named_by_what_is_known_of_its_users(
    desk: Desk,
) -> None:
    linked(desk)
    desk.keep(
        account("a1", Code="7", Phone=OTHER_PHONE, minutes=1, by="crm", LastModifiedById="005A"),
        account("a2", Phone=PHONE, by="crm", ChangeEventHeader={"commitUser": "005B"}),
        Event(
            type="observed", id=new_id(), data=b'{"Id": "005A", "Name": "Ana Prado"}', road="poll",
            connection="crm", kind="User", record="005A", origin="crm",
        ),
    )  # fmt: skip
    desk.apply()

    assert ", by Ana Prado" in desk.run("why", "crm.Accounts/a1.Phone").out
    assert ", by user 005B" in desk.run("why", "crm.Accounts/a2.Phone").out


def test_a_field_that_was_never_spoken_of_is_told_with_the_nearest_name(desk: Desk) -> None:
    linked(desk)
    desk.apply()

    refused = desk.run("why", "crm.Accounts/a1.Phon")

    assert refused.code == 1
    assert refused.err.endswith('did you mean "Phone"?\n')


def test_who_set_a_field_of_a_ticket_is_named_by_the_history_that_it_was_read_with(
    desk: Desk,
) -> None:
    history = [
        {"eventName": "TagsRemoved", "actor": {"name": "Maya Ortiz", "type": "Agent"}},
        {
            "eventName": "TicketUpdated",
            "actor": {"name": "Standard SLA", "type": "SLA"},
            "eventInfo": [{"propertyName": "Status"}],
        },
        {
            "eventName": "TicketUpdated",
            "actor": {"name": "Gil Vance", "type": "Agent"},
            "eventInfo": [{"propertyName": "Status"}, {"propertyName": "Due Date"}],
        },
        {"eventName": "Odd", "actor": {}, "eventInfo": [{"propertyName": "subject"}]},
    ]
    said = {"status": "Open", "tags": [], "dueDate": None, "subject": "Help", "history": history}
    desk.keep(
        Event(
            type="observed", id=new_id(), data=msgspec.json.encode(said), road="fetch",
            connection="desk", kind="tickets", record="7", origin="desk",
        )
    )  # fmt: skip
    desk.apply()

    def by(field: str) -> str:
        [line] = desk.run("why", f"desk.tickets/7.{field}").out.splitlines()[1:2]
        return line.partition(", by ")[2]

    assert by("tags") == "Maya Ortiz (Agent)"
    assert by("status") == "Standard SLA (SLA)"
    assert by("dueDate") == "Gil Vance (Agent)"
    assert by("subject") == "desk"
