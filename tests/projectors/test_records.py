"""What a record says, field by field: the newest word wins, however the words arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import NotApplicable
from hub.projectors.sync.records import Records, Row, same
from tests.projectors.histories import NOON, deletions, gone, observations, observed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hub.events import Event

KEY = ("crm", "contacts", "1")
VALUES_THAT_MEAN_THE_SAME = {"1.0": "1", '"\\u0078"': '"x"'}


def test_the_word_with_the_newest_stamp_wins() -> None:
    row = folded(observed({"name": "new"}, at=2), observed({"name": "old"}, at=1))

    assert said(row) == {"name": "new"}


def test_at_equal_stamps_the_later_position_wins_and_leaves_a_doubt() -> None:
    row = folded(observed({"name": "one"}, at=1), observed({"name": "two"}, at=1))

    assert said(row) == {"name": "two"}
    assert row.doubt == 2


def test_the_same_said_twice_in_other_letters_leaves_no_doubt() -> None:
    row = folded(observed(b'{"name": "x", "n": 1.50}'), observed(b'{"name":"\\u0078","n":1.5}'))

    assert row.doubt is None
    assert row.position == 1


def test_a_read_that_was_asked_for_after_both_settles_a_doubt() -> None:
    doubtful = [observed({"name": "one"}, at=1), observed({"name": "two"}, at=1)]

    before = folded(*doubtful, observed({"name": "one"}, at=1, cause=1))
    after = folded(*doubtful, observed({"name": "one"}, at=1, cause=2))

    assert (said(before), before.doubt) == ({"name": "one"}, 3)
    assert (said(after), after.doubt) == ({"name": "one"}, None)


def test_of_a_record_that_is_gone_nothing_is_in_doubt() -> None:
    doubtful = [observed({"name": "one"}, at=1), observed({"name": "two"}, at=1)]

    assert folded(*doubtful, gone(at=2)).doubt is None


def test_at_equal_stamps_a_read_that_was_asked_for_since_is_the_later_truth() -> None:
    row = folded(observed({"name": "one"}, at=1), observed({"name": "two"}, at=1, cause=1))

    assert (said(row), row.doubt) == ({"name": "two"}, None)


def test_a_newer_word_about_other_fields_leaves_the_doubt() -> None:
    row = folded(
        observed({"name": "one"}, at=1),
        observed({"name": "two"}, at=1),
        observed({"mail": "m"}, at=2, cover="only:mail"),
    )

    assert row.doubt == 2


def test_a_newer_word_about_all_fields_settles_the_doubt() -> None:
    row = folded(
        observed({"name": "one"}, at=1),
        observed({"name": "two"}, at=1),
        observed({"name": "three"}, at=2),
    )

    assert row.doubt is None


def test_absent_is_no_word_and_null_is_one() -> None:
    row = folded(
        observed({"name": "n", "mail": "m"}, at=1), observed({"mail": None, "phone": "p"}, at=2)
    )

    assert said(row) == {"name": "n", "mail": None, "phone": "p"}
    assert words(row) == {"name": (at(1), 1), "mail": (at(2), 2), "phone": (at(2), 2)}


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        (None, {"name": "new", "mail": "new"}),
        ("only:mail", {"name": "old", "mail": "new"}),
        ("except:mail", {"name": "new", "mail": "old"}),
        ("only:phone,fax", {"name": "old", "mail": "old"}),
    ],
)
def test_only_covered_fields_count(cover: str | None, expected: dict[str, str]) -> None:
    row = folded(
        observed({"name": "old", "mail": "old"}, at=1),
        observed({"name": "new", "mail": "new"}, at=2, cover=cover),
    )

    assert said(row) == expected


def test_older_than_known_is_counted_and_changes_nothing() -> None:
    row = folded(observed({"name": "new"}, at=2), observed({"name": "old"}, at=1))

    assert (row.late, row.late_count) == (2, 1)
    assert words(row) == {"name": (at(2), 1)}


def test_an_older_word_about_a_field_unheard_of_is_news() -> None:
    row = folded(observed({"name": "new"}, at=2), observed({"name": "old", "mail": "m"}, at=1))

    assert said(row) == {"name": "new", "mail": "m"}
    assert words(row) == {"name": (at(2), 1), "mail": (at(1), 2)}
    assert row.late_count == 0


def test_a_record_is_gone_until_a_newer_word_shows_it() -> None:
    deleted = [observed({"name": "n"}, at=1), gone(at=2)]

    assert folded(*deleted).gone == 2
    assert folded(*deleted, observed({"name": "old"}, at=1)).gone == 2
    assert folded(*deleted, observed({"name": "n"}, at=3)).gone is None


def test_one_that_is_read_again_in_the_second_in_which_it_went_is_back() -> None:
    went = msgspec.structs.replace(gone(), occurred_at=at(2) + timedelta(milliseconds=379))
    deleted = [observed({"name": "n"}, at=1), went]

    assert folded(*deleted, observed({"name": "n"}, at=2)).gone == 2
    assert folded(*deleted, observed({"name": "n"}, at=2, cause=3)).gone is None
    assert folded(*deleted, observed({"name": "n"}, at=1, cause=3)).gone == 2


def test_a_deletion_older_than_what_is_known_is_late() -> None:
    row = folded(observed({"name": "n"}, at=2), gone(at=1))

    assert row.gone is None
    assert (row.late, row.late_count) == (2, 1)


def test_one_that_a_read_does_not_find_is_gone_however_far_ahead_its_vendors_clock_is() -> None:
    ahead = 17 * 24 * 3600
    deleted = [observed({"name": "n"}, at=ahead), gone(at=None, cause=1)]

    assert folded(*deleted).gone == 2
    assert folded(*deleted, observed({"name": "old"}, at=ahead)).gone == 2
    assert folded(*deleted, observed({"name": "n"}, at=ahead, cause=3)).gone is None
    assert folded(*deleted, observed({"name": "n"}, at=ahead + 1)).gone is None


def test_a_record_that_was_only_ever_deleted_says_nothing() -> None:
    row = folded(gone(at=1))

    assert (row.gone, row.position, said(row)) == (1, 0, {})


def test_without_a_stamp_the_time_of_keeping_is_the_stamp() -> None:
    row = folded(observed({"name": "n"}, at=None))

    assert words(row) == {"name": (at(100 + 1), 1)}


@pytest.mark.parametrize(
    "poison",
    [
        observed(b"[]"),
        observed(b"not JSON"),
        observed(cover="all"),
        observed(connection=None),
        gone(kind=None),
    ],
)
def test_what_cannot_be_applied_leaves_the_row_as_it_was(poison: Event) -> None:
    records = fold([observed({"name": "n"})])
    before = picture(row_of(records))

    with pytest.raises(NotApplicable):
        records.apply(in_log(poison, 2))

    assert picture(row_of(records)) == before


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1.10", "1.1", True),
        ("1", "1.0", True),
        ("0.1", "0.10000000000000000001", False),
        ("12345678901234567.89", "12345678901234567.88", False),
        ("true", "1", False),
        ("[0]", "[false]", False),
        ('{"a": {"b": 1}}', '{"a": {"b": 1.0}}', True),
        ('{"a": {"b": 1}}', '{"a": {"b": true}}', False),
        ("1e99999999999999999999", "2e99999999999999999999", False),
        ("9" * 5_000, "8" * 5_000, False),
        ("null", '""', False),
    ],
)
def test_json_is_compared_by_what_it_means(one: str, other: str, expected: bool) -> None:  # noqa: FBT001
    assert same(raw(one), raw(other)) is expected
    assert same(raw(other), raw(one)) is expected


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(observations, observations, deletions), max_size=15))
def test_records_are_what_a_small_model_says(history: list[Event]) -> None:
    history = [msgspec.structs.replace(event, record="1") for event in history]
    model = Model()
    records = Records(empty=True, cache_bytes_max=0)

    for event in numbered(history):
        records.apply(event)
        model.apply(event)

        assert picture(row_of(records)) == model.picture()


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_without_equal_stamps_any_order_of_arrival_ends_the_same(data: st.DataObject) -> None:
    one_of_each = st.lists(st.one_of(observations, deletions), max_size=6).map(
        lambda events: [
            msgspec.structs.replace(event, record="1", occurred_at=at(second))
            for second, event in enumerate(events)
        ]
    )
    history = data.draw(one_of_each)
    shuffled = data.draw(st.permutations(history))

    row, other = folded(*history), folded(*shuffled)

    assert said(other) == said(row)
    assert stamps(other) == stamps(row)
    assert (other.stamp, other.gone_at, other.doubt) == (row.stamp, row.gone_at, None)


class Model:
    """One record, as simply as it can be said."""

    def __init__(self) -> None:
        self.newest: datetime | None = None
        self.words: dict[str, tuple[datetime, int]] = {}
        self.values: dict[str, str] = {}
        self.gone: tuple[int, datetime] | None = None
        self.doubt: int | None = None
        self.late: list[int] = []
        self.position = 0

    def apply(self, event: Event) -> None:
        stamp = event.occurred_at or event.recorded_at
        assert stamp is not None
        if event.type == "gone":
            known = [one for one in (self.newest, self.gone_at) if one is not None]
            self.go(event, stamp if event.occurred_at else max([stamp, *known]))
        else:
            self.observe(event, stamp)

    def go(self, event: Event, stamp: datetime) -> None:
        if any(known is not None and stamp < known for known in (self.newest, self.gone_at)):
            self.late.append(event.position)
        else:
            self.gone = (event.position, stamp)
            self.doubt = None

    def observe(self, event: Event, stamp: datetime) -> None:
        if self.gone is not None:
            at, gone_at = self.gone
            read_since = event.cause is not None and event.cause > at
            if stamp > gone_at or (read_since and stamp >= gone_at.replace(microsecond=0)):
                self.gone = None
        spoken = max([self.position, self.doubt or 0, *(at for _, at in self.words.values())])
        asked = event.cause is not None and event.cause >= spoken
        decides = self.newest is None or stamp > self.newest or (asked and stamp == self.newest)
        fields = spoken_of(event)
        known = dict(self.words)
        taken = {name for name, value in fields.items() if decides or self.news(name, value, stamp)}
        for name in taken:
            self.words[name], self.values[name] = (stamp, event.position), fields[name]
        if decides:
            self.newest, self.position = stamp, event.position
            if asked or all(word == (stamp, event.position) for word in self.words.values()):
                self.doubt = None
        elif any(name in known and known[name][0] == stamp for name in taken):
            self.doubt = event.position
        elif not taken and self.newest is not None and stamp < self.newest:
            self.late.append(event.position)

    def news(self, name: str, value: str, stamp: datetime) -> bool:
        if name not in self.words or stamp > self.words[name][0]:
            return True
        return stamp == self.words[name][0] and meaning(value) != meaning(self.values[name])

    @property
    def gone_at(self) -> datetime | None:
        return None if self.gone is None else self.gone[1]

    def picture(self) -> dict[str, Any]:
        return {
            "values": self.values,
            "words": self.words,
            "newest": self.newest,
            "gone": self.gone,
            "doubt": self.doubt,
            "late": (self.late[-1] if self.late else None, len(self.late)),
        }


def picture(row: Row) -> dict[str, Any]:
    return {
        "values": {name: bytes(value).decode() for name, value in row.fields().items()},
        "words": words(row),
        "newest": row.stamp,
        "gone": None if row.gone is None else (row.gone, row.gone_at),
        "doubt": row.doubt,
        "late": (row.late, row.late_count),
    }


def spoken_of(event: Event) -> dict[str, str]:
    fields = msgspec.json.decode(event.data, type=dict[str, msgspec.Raw])
    how, _, names = (event.cover or "except:").partition(":")
    return {
        name: bytes(value).decode()
        for name, value in fields.items()
        if (name in names.split(",")) == (how == "only")
    }


def meaning(value: str) -> str:
    return VALUES_THAT_MEAN_THE_SAME.get(value, value)


def folded(*events: Event) -> Row:
    return row_of(fold(events))


def fold(events: Iterable[Event]) -> Records:
    records = Records(empty=True, cache_bytes_max=0)
    for event in numbered(events):
        records.apply(event)
    return records


def numbered(events: Iterable[Event]) -> list[Event]:
    return [in_log(event, position) for position, event in enumerate(events, 1)]


def in_log(event: Event, position: int) -> Event:
    return msgspec.structs.replace(event, position=position, recorded_at=at(100 + position))


def row_of(records: Records) -> Row:
    return records.row(KEY) or Row()


def said(row: Row) -> dict[str, Any]:
    return {name: msgspec.json.decode(value) for name, value in row.fields().items()}


def words(row: Row) -> dict[str, Any]:
    return {name: row.word(name) for name in row.fields()}


def stamps(row: Row) -> dict[str, Any]:
    return {name: word[0] for name, word in words(row).items()}


def at(second: int) -> datetime:
    return msgspec.convert(NOON.timestamp() + second, type(NOON), strict=False)


def raw(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())
