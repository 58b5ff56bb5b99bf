"""A change and what comes of it, told as a line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import pytest

from hub.cli.demo.line import COLUMNS_MAX, COLUMNS_MIN, line
from hub.cli.demo.story import ECHO_SECONDS_MAX, QUIET_SECONDS, SECONDS_MAX, Story
from hub.conclusions import Agreed, Asks, Cased
from hub.events import Answered, Decided, Event, Sending, event_of, new_id

if TYPE_CHECKING:
    from hub.conclusions import Conclusion

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DELIVERY = UUID(int=7)
NAMES = {"crm.Accounts/1": "Faro", "books.contacts/46": "FARO Lda"}


def test_a_change_its_decision_its_write_and_its_echo_are_one_line() -> None:
    story = a_story()
    story.add(decided(612, agreed("website", since=612)), 0)
    story.add(sending(613, "46", website="https://faro.example"), 0)
    story.add(answered(614, "46", milliseconds=84), 0)
    assert story.is_echo(observed(615, "46"), {"website"})

    said = plain(line(story, NAMES, 140))

    assert said.split("  ", 1)[1].startswith("crm.Accounts “Faro”")
    assert 'Website "https://faro.example" -> #612 -> customers: website' in said
    assert "-> books.contacts “FARO Lda” website written in 84 ms" in said
    assert said.endswith("-> echo recognised")


def test_of_what_desk_holds_within_a_field_the_names_are_told() -> None:
    story = a_story()
    story.add(sending(613, "46", cf={"cf_books_invoice_number": "INV-1"}), 0)
    story.add(answered(614, "46"), 0)
    assert story.is_echo(observed(615, "46"), {"cf"})

    assert "cf_books_invoice_number written" in plain(line(story, {}, 140))


def test_what_a_person_changes_there_meanwhile_is_no_echo() -> None:
    story = a_story()
    story.add(sending(613, "46", website="https://faro.example"), 0)

    assert not story.is_echo(observed(614, "46"), {"website", "notes"})
    assert not story.is_echo(observed(614, "47"), {"website"})
    assert not story.is_echo(observed(612, "46"), {"website"})


def test_what_was_made_is_known_by_its_mark() -> None:
    story = a_story()
    story.add(sending(613, "", contact_name="Faro"), 0)

    assert not story.is_echo(observed(614, "46"), set())
    assert story.is_echo(observed(614, "46", data={"cf_hub_id": str(DELIVERY)}), set())


def test_a_refusal_is_told_with_its_reason() -> None:
    story = a_story()
    story.add(sending(613, "46", website="x"), 0)
    story.add(answered(614, "46", outcome="refused", sentence="It said 4: Invalid value."), 0)

    assert "refused: It said 4: Invalid value." in plain(line(story, NAMES, 140))


def test_a_question_and_a_wait_are_told_and_what_shows_by_a_write_is_not() -> None:
    asks = Asks(item=DELIVERY, flow="customers", reason="x", sentence="Is it?", subject="")
    waits = Cased(flow="invoice", case="1", state="waiting", why="it is to stay so")
    made = Cased(flow="invoice", case="1", state="made", why="it was made")
    story = a_story()
    story.add(decided(612, asks, waits, made), 0)

    said = plain(line(story, {}, 140))

    assert "customers asks: Is it?" in said
    assert "invoice: it is to stay so" in said
    assert "it was made" not in said


def test_a_story_is_told_once_its_echoes_are_there_or_have_been_waited_for() -> None:
    story = a_story()
    assert not story.is_ripe(QUIET_SECONDS / 2)
    story.add(sending(613, "46", website="x"), 0)
    assert not story.is_ripe(ECHO_SECONDS_MAX + 1)  # it is not answered yet
    story.add(answered(614, "46"), 0)
    assert not story.is_ripe(QUIET_SECONDS * 2)
    assert story.is_ripe(ECHO_SECONDS_MAX + 0.1)
    story.is_echo(observed(615, "46"), {"website"})
    assert story.is_ripe(QUIET_SECONDS * 2)


def test_what_is_never_answered_is_told_in_the_end() -> None:
    story = a_story()
    story.add(sending(613, "46", website="x"), 0)

    assert story.is_ripe(SECONDS_MAX + 1)
    assert "#612" in plain(line(story, NAMES, 140))


@pytest.mark.parametrize("columns", [COLUMNS_MIN, 100, 120, COLUMNS_MAX])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    story = Story(observed(612, "1"), "crm.Accounts/1", "Website " + "x" * 200, 0)
    story.add(sending(613, "46", **{f"field_{n}": "x" for n in range(9)}), 0)
    story.add(answered(614, "46"), 0)

    said = plain(line(story, {"crm.Accounts/1": "Faro " * 30}, columns))

    assert max(map(len, said.splitlines())) <= columns


def test_a_name_has_the_room_that_the_line_has() -> None:
    name = "Sociedade de Lavandarias Faro e Filhos"
    story = Story(observed(612, "1"), "crm.Accounts/1", "x", 0)

    narrow, wide = (plain(line(story, {"crm.Accounts/1": name}, width)) for width in (110, 140))

    assert name not in narrow
    assert f"crm.Accounts “{name}”" in wide


def test_what_a_record_is_called_cannot_break_the_line() -> None:
    story = Story(observed(612, "1"), "crm.Accounts/1", "x", 0)

    assert len(plain(line(story, {"crm.Accounts/1": "a\nb\x1b[2J"}, 140)).splitlines()) == 1


def a_story() -> Story:
    said = 'Website "https://faro.example"'
    return Story(observed(612, "1"), "crm.Accounts/1", said, 0)


def observed(position: int, record: str, data: Any = None) -> Event:
    return Event(
        type="observed", id=new_id(), connection="books", kind="contacts", record=record,
        position=position, recorded_at=AT, data=msgspec.json.encode(data or {}),
    )  # fmt: skip


def agreed(field: str, since: int) -> Agreed:
    return Agreed(link=DELIVERY, flow="customers", field=field, state={"since": since}, why="")


def decided(cause: int, *conclusions: Conclusion) -> Event:
    return at(event_of(Decided(conclusions=list(conclusions)), cause=cause), cause + 1)


def sending(position: int, record: str, **fields: Any) -> Event:
    what = Sending(delivery=DELIVERY, attempt=1, fields=dict(fields))
    event = event_of(what, connection="books", kind="contacts", record=record or None)
    return at(event, position)


def answered(
    position: int, record: str, *, outcome: Any = "done", sentence: str = "", milliseconds: int = 0
) -> Event:
    what = Answered(delivery=DELIVERY, attempt=1, outcome=outcome, sentence=sentence, record=record)
    moment = AT + timedelta(milliseconds=milliseconds)
    return msgspec.structs.replace(at(event_of(what), position), recorded_at=moment)


def at(event: Event, position: int) -> Event:
    return msgspec.structs.replace(event, position=position, recorded_at=AT)


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
