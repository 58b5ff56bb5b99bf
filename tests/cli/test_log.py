"""`hub log` reads, proves, archives and settles, and says clearly what it cannot do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unittest.mock import Mock

from msgspec.structs import replace

from hub.conclusions import Member
from hub.events import Event, Linked, event_of, new_id

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.cli.conftest import Desk

BODY = b'{ "id" : 9223372036854775807123,\n "sum" : 1.10 }'


def an_observation(record: str, data: bytes = b"{}", connection: str = "books") -> Event:
    return Event(
        type="observed",
        id=new_id(),
        data=data,
        connection=connection,
        kind="contacts",
        record=record,
        road="push",
        origin="ada",
    )


def an_unreadable_link() -> Event:
    return Event(type="linked", id=new_id(), data=b'{"link": 7}')


def test_the_tail_is_what_came_last_of_what_is_asked_for(desk: Desk) -> None:
    desk.keep(*(an_observation(str(n), connection="books" if n % 2 else "crm") for n in range(6)))

    last = desk.run("log", "tail", "-n", "2", "--json")
    of_crm = desk.run("log", "tail", "--connection", "crm", "--json")
    of_one = desk.run("log", "tail", "--record", "crm.contacts/4")
    of_none = desk.run("log", "tail", "--type", "gone")

    assert [each["position"] for each in last.result] == [5, 6]
    assert [each["record"] for each in of_crm.result] == ["0", "2", "4"]
    assert of_one.out.startswith("#5 ")
    assert "crm.contacts/4" in of_one.out
    assert (of_none.code, of_none.out) == (0, "")


def test_an_event_is_shown_whole_by_position_and_by_id(desk: Desk) -> None:
    seen = an_observation("1", BODY)
    desk.keep(seen)
    desk.keep(Event(type="gone", id=new_id(), cause=1, connection="crm", kind="x", record="y"))

    shown = desk.run("log", "show", "#1")
    by_id = desk.run("log", "show", str(seen.id), "--json")
    effect = desk.run("log", "show", "2")

    assert '"id": 9223372036854775807123' in shown.out
    assert "led to" in shown.out
    assert by_id.result["event"]["position"] == 1
    assert [each["position"] for each in by_id.result["led_to"]] == [2]
    assert "9223372036854775807123" in by_id.out
    assert "caused by" in effect.out


def test_what_is_not_there_is_said_with_what_is(desk: Desk) -> None:
    desk.keep(an_observation("1"))

    beyond = desk.run("log", "show", "7")
    unknown = desk.run("log", "show", str(new_id()))
    no_position = desk.run("log", "show", "seven")
    no_record = desk.run("log", "timeline", "books/1")
    nobody = desk.run("log", "timeline", "books.contacts/99")
    later = desk.run("log", "timeline", "books.contacts/1")

    assert (beyond.code, beyond.err) == (1, "The log ends at #1; there is no #7 yet.\n")
    assert (unknown.code, no_position.code, no_record.code) == (1, 2, 2)
    assert "books.contacts/4600" in no_record.err
    assert "Nothing is known of books.contacts/99" in nobody.err
    assert "has not come" in later.err


def test_an_export_is_a_json_object_a_line_to_the_digit(desk: Desk) -> None:
    desk.keep(an_observation("1", BODY), an_observation("2"), an_observation("1"))

    everything = desk.run("log", "export")
    some = desk.run("log", "export", "--from", "2", "--to", "2")
    of_one = desk.run("log", "export", "--record", "books.contacts/1")

    lines = everything.out.splitlines()
    assert [json.loads(line)["position"] for line in lines] == [1, 2, 3]
    assert '{"id":9223372036854775807123,"sum":1.10}' in lines[0]
    assert [json.loads(line)["position"] for line in some.out.splitlines()] == [2]
    assert [json.loads(line)["position"] for line in of_one.out.splitlines()] == [1, 3]
    assert desk.run("log", "export", "--from", "3", "--to", "2").code == 2


def test_a_log_that_was_changed_is_broken_where_it_was(desk: Desk) -> None:
    desk.keep(an_observation("1"), an_observation("2"), an_observation("3"))
    whole = desk.run("log", "verify")
    desk.execute("update events set data = '{\"x\":1}' where position = 2")

    broken = desk.run("log", "verify")

    assert whole.code == 0
    assert "3 events, #1 to #3" in whole.out
    assert broken.code == 4
    assert "position 2" in broken.err
    assert desk.run("log", "verify", "--from", "9").code == 1


def test_what_is_archived_is_still_read_shown_and_proved(desk: Desk, tmp_path: Path) -> None:
    # Given three partitions, of which two are full and read by all
    events = [an_observation(str(n)) for n in range(2_200)]
    desk.keep(*events[:900])
    desk.keep(*events[900:1_800])
    desk.keep(*events[1_800:])
    desk.apply()
    before = desk.run("log", "export").out

    archived = desk.run("log", "archive", "--keep", "1", "--json")

    assert [(one["first"], one["last"]) for one in archived.result] == [(1, 1_000), (1_001, 2_000)]
    assert len(list((tmp_path / "archive").iterdir())) == 2
    after = desk.run("log", "export").out.splitlines()
    assert after[:2_200] == before.splitlines()
    assert desk.run("log", "show", "5", "--json").result["event"]["record"] == "4"
    assert desk.run("log", "show", str(events[6].id), "--json").result["event"]["position"] == 7
    of_one = desk.run("log", "export", "--record", "books.contacts/4").out
    assert json.loads(of_one)["position"] == 5
    assert desk.run("log", "verify", "--json").result["events"] == len(after)
    assert desk.run("log", "archive", "--keep", "1", "--json").result == []
    assert desk.run("log", "archive").code == 2
    status = desk.run("status", "--json").result
    assert (status["log"]["archives"], status["log"]["archived_to"]) == (2, 2_000)


def test_a_timeline_has_the_records_it_is_linked_with(desk: Desk) -> None:
    members = [
        Member(connection="crm", kind="contacts", record="7"),
        Member(connection="books", kind="contacts", record="1"),
    ]
    desk.keep(
        an_observation("1", b'{"a":1}'),
        an_observation("2", b'{"a":1}'),
        an_observation("7", b'{"a":1}', "crm"),
        event_of(Linked(link=new_id(), members=members), origin="ada"),
        an_observation("1", b'{"a":2}'),
    )
    desk.apply()

    told = desk.run("log", "timeline", "books.contacts/1", "--json")
    for_people = desk.run("log", "timeline", "crm.contacts/7").out.splitlines()

    assert [line["position"] for line in told.result] == [1, 3, 4, 5]
    assert told.result[2]["records"] == ["books.contacts/1", "crm.contacts/7"]
    assert told.result[3]["changed"] == ["a"]
    assert [line.split()[0] for line in for_people] == ["#1", "#3", "#4", "#5"]
    assert "first seen" in for_people[0]


def test_an_observation_that_is_older_than_known_says_so(desk: Desk) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    desk.keep(
        replace(an_observation("1", b'{"a":1}'), occurred_at=noon),
        replace(an_observation("1", b'{"a":2}'), occurred_at=noon - timedelta(hours=1)),
        replace(an_observation("1", b'{"a":3}'), occurred_at=noon + timedelta(hours=1)),
    )
    desk.apply()

    told = desk.run("log", "timeline", "books.contacts/1", "--json").result
    for_people = desk.run("log", "timeline", "books.contacts/1").out.splitlines()

    assert [line["older"] for line in told] == [False, True, False]
    assert "older than known: a" in for_people[1]
    assert "older" not in for_people[0] + for_people[2]


def test_a_record_whose_events_are_parked_has_no_timeline_and_that_is_said(desk: Desk) -> None:
    desk.keep(an_observation("1", b"{}"))
    desk.execute("delete from parked")
    desk.execute(
        "insert into parked (projector, position, connection, kind, record, reason, since) "
        "values ('timeline', 1, 'books', 'contacts', '1', 'too odd', 1)"
    )

    told = desk.run("log", "timeline", "books.contacts/1")

    assert told.code == 1
    assert "is parked: #1 could not be applied (too odd)" in told.err


def test_names_that_break_lines_or_turn_them_around_are_shown_escaped(desk: Desk) -> None:
    desk.keep(an_observation("1\n#2 forged\x1b[31m\u202e"))
    desk.apply()

    for words in (
        ("tail",),
        ("show", "1"),
        ("timeline", "books.contacts/1\n#2 forged\x1b[31m\u202e"),
    ):
        told = desk.run("log", *words)
        assert told.code == 0, told.err
        assert "1\\n#2 forged\\x1b[31m\\u202e" in told.out
        assert "\u202e" not in told.out


def test_an_export_that_nobody_reads_is_no_fault_of_the_database(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for error, code in ((BrokenPipeError(32, "Broken pipe"), 70), (OSError(28, "No space"), 1)):
        desk.keep(an_observation("1"))
        with monkeypatch.context() as patch:
            patch.setattr("hub.cli.log.look.json_line", Mock(side_effect=error))
            patch.setattr("hub.cli.exits._let_go_of_output", lambda: None)
            ended = desk.run("log", "export")

        assert ended.code == code
        assert "database" not in ended.err.lower()


def test_a_parked_event_is_listed_and_settled_by_a_persons_word(desk: Desk) -> None:
    desk.keep(an_unreadable_link())
    desk.apply()

    listed = desk.run("log", "parked", "--json")
    skipped = desk.run("log", "unpark", "1", "--skip", "--by", "ada", "--json")
    desk.apply()
    left = [one["projector"] for one in desk.run("log", "parked", "--json").result]

    assert {one["position"] for one in listed.result} == {1}
    assert skipped.code == 0
    word = desk.run("log", "show", str(skipped.result["position"]), "--json").result["event"]
    assert (word["type"], word["origin"], word["cause"]) == ("unparked", "operator:ada", 1)
    assert word["data"] == {"projector": "sync", "event": 1, "act": "skip"}
    assert "sync" not in left


def test_only_what_is_parked_is_settled(desk: Desk) -> None:
    desk.keep(an_observation("1"))

    nothing = desk.run("log", "unpark", "1", "--retry")

    assert nothing.code == 1
    assert "#1 is not parked at sync" in nothing.err
    assert desk.run("log", "unpark", "1").code == 2


def test_a_database_without_a_log_says_how_to_make_one(new_desk: Desk) -> None:
    told = new_desk.run("log", "tail")

    assert told.code == 1
    assert "hub migrate" in told.err
    assert "postgresql://" not in told.err
