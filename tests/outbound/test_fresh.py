"""P7: a record is written to as far as it is known, and read first where it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from hub.connectors.connector import Kind
from hub.outbound.fresh import Fresh
from hub.outbound.group import Group, grouped
from hub.outbound.hold import Aside
from hub.outbound.owed import Content, Owed
from hub.outbound.seen import Known
from tests.connectors.by_hand import HandClock

ACCOUNTS = Kind(name="Accounts", path="", fetches=100, writes=100, conditional=True)
CONTACTS = Kind(name="contacts", path="", writes=1)
LONG_AGO = HandClock().now() - timedelta(minutes=1)


class Desk:
    """Whoever is asked what can be done with one record now."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.aside = Aside(self.clock.monotonic)
        self.fresh = Fresh(self.clock)

    def acts(self, kind: Kind, content: Content) -> list[str]:
        group = Group(
            kind=kind, share="contacts", act="change", rows=[ROW], contents={ROW.id: content}
        )
        return [one.act for one in self.fresh.groups([group], self.aside)]

    def read(self, kind: Kind) -> None:
        self.fresh.has_read(kind.name, ROW.record, self.clock.monotonic())


def owed(number: int, **how: bytes | None) -> Owed:
    return Owed(
        id=UUID(int=number), kind="Accounts", record=str(number), part="", link=None, flow="",
        case="", state="owed", share="contacts", fields=None, told=how.get("told"), attempt=0,
        look=False, approved=None, owed=0, moved=0, trace=None,
    )  # fmt: skip


ROW = owed(1)


def test_what_was_seen_long_ago_is_written_on_that_condition() -> None:
    assert Desk().acts(ACCOUNTS, says(seen=LONG_AGO)) == ["change"]


def test_a_second_that_may_not_be_over_is_waited_for_and_then_read() -> None:
    desk = Desk()
    content = says(seen=desk.clock.now())

    assert desk.acts(ACCOUNTS, content) == []
    assert desk.aside.waiting() == [(ROW.id, ROW.moved)]

    # a reading that began within it is none
    desk.read(ACCOUNTS)
    desk.clock.move(1)
    assert desk.acts(ACCOUNTS, content) == ["look"]

    desk.read(ACCOUNTS)
    assert desk.acts(ACCOUNTS, content) == ["change"]


def test_a_record_of_which_nothing_is_known_is_read() -> None:
    assert Desk().acts(ACCOUNTS, says(seen=None)) == ["look"]


def test_without_conditions_it_is_read_where_its_own_word_might_prevail() -> None:
    desk = Desk()
    assert desk.acts(CONTACTS, says(open=False)) == ["change"]
    assert desk.acts(CONTACTS, says(open=True)) == ["look"]

    desk.fresh.has_read(ROW.kind, ROW.record, desk.clock.monotonic())
    assert desk.acts(CONTACTS, says(open=True)) == ["change"]


def test_a_reading_without_conditions_is_good_for_one_write() -> None:
    desk, kind = Desk(), msgspec.structs.replace(ACCOUNTS, conditional=False)
    desk.read(kind)
    assert desk.acts(kind, says(open=True)) == ["change"]

    desk.fresh.has_written(kind, ROW.record)

    assert desk.acts(kind, says(open=True)) == ["look"]


def test_what_flows_only_tell_goes_many_to_a_call_and_what_is_agreed_alone() -> None:
    rows = [owed(n, told=b"{}" if n > 2 else None) for n in range(1, 6)]

    groups, _ = grouped(iter(rows), {"Accounts": ACCOUNTS}, 10, lambda _: 10)

    assert [[int(row.record) for row in group.rows] for group in groups] == [[1], [2], [3, 4, 5]]


def test_the_oldest_word_of_what_is_written_counts() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    known = Known(stamp=now, said={"Website": LONG_AGO})

    assert known.of(["Phone"]) == now
    assert known.of(["Phone", "Website"]) == LONG_AGO


def says(**how: object) -> Content:
    return Content(fields={"Website": "w"}, agreed={"customers": {"website": "w"}}, **how)  # type: ignore[arg-type]
