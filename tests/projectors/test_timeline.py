"""The timeline: what happened to a record, in lines that name what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.events import Merged, Split, Unlinked, event_of
from tests.projectors.by_hand import TIMELINE, follow
from tests.projectors.histories import LINKS, about, gone, linked, member, observed

if TYPE_CHECKING:
    from hub.events import Event
    from tests.projectors.conftest import Written

Line = tuple[Any, ...]


async def test_a_line_names_the_fields_that_say_other_than_before(written: Written) -> None:
    assert await changes(
        written,
        observed({"name": "a", "mail": "m"}, at=1),
        observed({"name": "b", "mail": "m", "phone": None}, at=2),
    ) == [[], ["name", "phone"]]


async def test_what_one_road_told_is_no_news_by_another(written: Written) -> None:
    assert await changes(
        written,
        observed({"name": "a", "mail": "m"}, at=1, road="poll"),
        observed({"name": "b"}, at=2, road="webhook"),
        observed({"name": "b", "mail": "m"}, at=3, road="poll"),
        observed({"name": "a"}, at=4, road="webhook"),
    ) == [[], ["name"], [], ["name"]]


async def test_what_only_another_road_has_is_no_change_when_it_first_speaks(
    written: Written,
) -> None:
    assert await changes(
        written,
        observed({"name": "a"}, at=1, road="poll"),
        observed({"name": "b", "lines": []}, at=2, road="fetch"),
        observed({"name": "b", "lines": [1]}, at=3, road="fetch"),
    ) == [[], ["name"], ["lines"]]


async def test_what_roads_put_each_in_its_own_way_is_no_change(written: Written) -> None:
    assert await changes(
        written,
        observed({"sum": "1.50"}, at=1, road="poll"),
        observed({"sum": 1.5}, at=1, road="fetch"),
        observed({"sum": "1.50"}, at=2, road="poll"),
        observed({"sum": 1.5}, at=2, road="fetch"),
    ) == [[], ["sum"], [], []]


async def test_the_same_in_other_letters_is_no_change(written: Written) -> None:
    assert await changes(
        written,
        observed(b'{"name": "x", "sum": 1.50, "tags": [1]}', at=1),
        observed(b'{"sum":1.5,"tags":[1.0],"name":"\\u0078"}', at=2),
    ) == [[], []]


async def test_a_field_that_is_not_covered_is_not_named(written: Written) -> None:
    assert await changes(
        written,
        observed({"name": "a", "mail": "m"}, at=1),
        observed({"name": "b", "mail": None}, at=2, cover="only:name"),
        observed({"name": "b", "mail": "m"}, at=3),
    ) == [[], ["name"], []]


@pytest.mark.parametrize("name", ["nul\0in it", "[", '"', "\ufffd", "", "\\u0000", "é" * 300])
async def test_a_field_may_have_any_name(written: Written, name: str) -> None:
    assert await changes(
        written, observed({name: 1}, at=1), observed({name: 2}, at=2), observed({name: 2}, at=3)
    ) == [[], [name.replace("\0", "\ufffd")], []]


async def test_only_the_first_that_is_ever_seen_of_a_record_is_its_first(written: Written) -> None:
    history = [
        observed({"name": "a"}, at=1),
        observed({"name": "a"}, at=2, road="webhook"),
        observed({"name": "b"}, at=3),
        gone(at=4, record="2"),
        observed({"name": "b"}, at=5, record="2"),
    ]
    assert await lines(written, "first", *history) == [
        (True,),
        (False,),
        (False,),
        (False,),
        (True,),
    ]


async def test_links_stand_in_the_line_of_every_record_they_are_about(written: Written) -> None:
    one, two = LINKS[:2]
    members = [member("1"), member("7", connection="books")]
    history = [
        linked(one, *members),
        event_of(Split(link=one, new=two, members=members[1:])),
        event_of(Merged(link=one, into=two)),
        event_of(Unlinked(link=two, members=members[:1])),
    ]
    assert await lines(written, "position, connection, type, link", *history) == [
        (1, "books", "linked", one),
        (1, "crm", "linked", one),
        (2, "books", "split", two),
        (4, "crm", "unlinked", two),
    ]


async def test_a_record_named_twice_by_one_event_has_one_line(written: Written) -> None:
    assert await lines(written, "position", linked(LINKS[0], member("1"), member("1"))) == [(1,)]


async def test_what_a_line_says_beside_is_said_by_the_event(written: Written) -> None:
    (line,) = await lines(
        written,
        "connection, kind, record, type, road, origin, occurred_at, recorded_at is not null, link",
        observed({"name": "a"}, at=None, origin="user:7"),
    )
    assert line == ("crm", "contacts", "1", "observed", "poll", "user:7", None, True, None)


async def test_events_of_no_record_and_of_other_types_have_no_line(written: Written) -> None:
    assert await lines(
        written,
        "type",
        gone(),
        about("noticed", record="1"),
        about("x", record="1"),
        about("gone", record=None),
    ) == [("gone",), ("noticed",)]


async def changes(written: Written, *events: Event) -> list[list[str]]:
    return [line[0] for line in await lines(written, "changed", *events)]


async def lines(written: Written, columns: str, *events: Event) -> list[Line]:
    """Give the lines in their order, the same however large the pages are."""
    found: list[list[Line]] = []
    for page_events in (1, 500):
        async with written(*events) as db:
            await follow(db, TIMELINE, page_events=page_events)
            told = f"select {columns} from timeline order by position, connection"
            found.append([tuple(row) for row in await db.fetch(told)])
    assert found[0] == found[1]
    return found[0]
