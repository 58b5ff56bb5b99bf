"""`hub redeliver` writes again what a vendor has lost, under the same marks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hub.events import Answered, Event, Sending, event_of, new_id
from tests.cli.flowing import BEGAN, account, contact, put_in_force

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Desk

SINCE = ("redeliver", "--flow", "customers", "--since", "2020-01-01")


def made(desk: Desk, account_id: str, record: str, code: str) -> list[Event]:
    """Make the events by which what was owed for an account was made."""
    delivery = desk.execute(
        "select d.id from deliveries d join links l using (link) where l.record = $1", account_id
    )
    about: dict[str, Any] = {"connection": "books", "kind": "contacts", "flow": "customers"}
    agreed = {"customers": {"code": code, "name": "Shop"}}
    sent = Sending(delivery=delivery, attempt=1, fields={}, agreed=agreed)
    done = Answered(delivery=delivery, attempt=1, outcome="done", sentence="", record=record)
    seen = contact(record, code=code, company_name="Shop", by=f"hub:{delivery}")
    return [event_of(sent, **about), event_of(done, record=record, **about), seen]


def gone(record: str) -> Event:
    return Event(
        type="gone",
        id=new_id(),
        connection="books",
        kind="contacts",
        record=record,
        occurred_at=BEGAN + timedelta(minutes=5),
    )


def two_made(desk: Desk) -> None:
    put_in_force(desk)
    desk.keep(
        account("a1", Code="1", Account_Name="Shop"), account("a2", Code="2", Account_Name="Shop")
    )
    desk.apply()
    desk.keep(*made(desk, "a1", "b1", "1"), *made(desk, "a2", "b2", "2"))
    desk.apply()


def test_what_is_gone_is_made_again_and_what_is_there_is_told_again(desk: Desk) -> None:
    two_made(desk)
    marks = desk.execute("select array_agg(id order by id) from deliveries where link is not null")
    desk.keep(gone("b1"))
    desk.apply()

    done = desk.run(*SINCE, "--yes", "--by", "eve")
    desk.apply()

    assert done.code == 0, done.err
    assert "books.contacts/b1  made again" in done.out
    assert "books.contacts/b2  told again" in done.out
    owed = "select array_agg(record order by record) from deliveries where state = 'owed'"
    assert desk.execute(owed) == ["", "b2"]
    assert marks == desk.execute(
        "select array_agg(id order by id) from deliveries where link is not null"
    )


def test_what_a_vendor_lost_in_silence_is_read_first_where_that_is_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_made(desk)
    read: list[tuple[str, str, list[str]]] = []

    async def reads(_: object, __: object, pages: list[tuple[str, str, list[str]]], by: str) -> int:
        read.extend(pages)
        return len(by)

    monkeypatch.setattr("hub.cli.redeliver.read_whole", reads)

    unread = desk.run(*SINCE, "--yes")
    desk.run(*SINCE, "--yes", "--read-again")

    assert "--read-again has it read first" in unread.out
    assert read == [("books", "contacts", ["b1", "b2"])]


def test_nothing_is_written_again_without_a_yes_or_a_reason(desk: Desk) -> None:
    two_made(desk)

    nobody_to_ask = desk.run(*SINCE, "--json")
    later = desk.run("redeliver", "--flow", "customers", "--since", "2200-01-01")

    assert nobody_to_ask.code == 2
    assert later.out == "Nothing was written since then.\n"
