"""Events and whole histories: what the hub sees, and what should never have got into a log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from hypothesis import strategies as st

from hub.conclusions import Member
from hub.events import (
    Event,
    Fetched,
    Linked,
    Merged,
    ReadOn,
    Split,
    Unlinked,
    Unparked,
    event_of,
    new_id,
)
from tests.projectors.by_hand import SICK

if TYPE_CHECKING:
    from collections.abc import Sequence

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIELDS = ("name", "mail", "phone")
VALUES = (
    "null",
    "1",
    "1.0",
    "true",
    '"x"',
    '"\\u0078"',
    '{"y": [1, 2.50]}',
    "12345678901234567.89",
)
COVERS = (None, "only:name", "only:mail,phone", "except:name", "except:none_such")
NUMBERED_LATER = UUID(int=0)
LINKS = [UUID(int=each) for each in (1, 2, 3)]


def observed(
    data: bytes | dict[str, object] = b"{}",
    *,
    record: str | None = "1",
    at: int | None = 0,
    **envelope: Any,
) -> Event:
    """Say what a record said; `at` counts seconds from noon."""
    return about(
        "observed",
        record=record,
        at=at,
        data=data if isinstance(data, bytes) else msgspec.json.encode(data),
        **envelope,
    )


def gone(*, record: str = "1", at: int | None = 0, **envelope: Any) -> Event:
    return about("gone", record=record, at=at, **envelope)


def about(what: str, *, record: str | None, at: int | None = None, **envelope: Any) -> Event:
    seen = {"connection": "crm", "kind": "contacts", "road": "poll", **envelope}
    return Event(
        type=what,
        id=seen.pop("id", None) or new_id(),
        record=record,
        occurred_at=None if at is None else NOON + timedelta(seconds=at),
        **seen,
    )


def member(record: str, part: str = "", connection: str = "crm", kind: str = "contacts") -> Member:
    return Member(connection=connection, kind=kind, record=record, part=part)


def key_of(each: Member) -> tuple[str, str, str]:
    return each.connection, each.kind, each.record


def linked(link: UUID, *members: Member) -> Event:
    return event_of(Linked(link=link, members=list(members)))


def unparked(
    event: int,
    act: Any,
    projector: str = "sync",
    id: UUID | None = None,  # noqa: A002
) -> Event:
    return event_of(Unparked(projector=projector, event=event, act=act), id=id)


records = st.sampled_from(("1", "2", "3"))
stamps = st.one_of(st.none(), st.integers(0, 4))
members = st.builds(
    member, records, st.sampled_from(("", "", "eur")), st.sampled_from(("crm", "books"))
)
links = st.sampled_from(LINKS)

datas = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(VALUES)).map(
    lambda fields: msgspec.json.encode(
        {name: msgspec.Raw(v.encode()) for name, v in fields.items()}
    )
)

observations = st.builds(
    observed,
    datas,
    record=records,
    at=stamps,
    road=st.sampled_from(("poll", "webhook")),
    cover=st.sampled_from(COVERS),
    cause=st.one_of(st.none(), st.integers(1, 40)),
    id=st.just(NUMBERED_LATER),
)

notices = st.builds(
    about,
    st.sampled_from(("noticed", "noticed", "unreadable")),
    record=records,
    road=st.sampled_from(("poll", "webhook")),
    cause=st.one_of(st.none(), st.integers(1, 40)),
    data=st.just(b'{"reason": "it may not be read"}'),
    id=st.just(NUMBERED_LATER),
)

fetches = st.builds(
    lambda records: msgspec.structs.replace(
        event_of(Fetched(records=records), id=NUMBERED_LATER), connection="crm", kind="contacts"
    ),
    st.dictionaries(records, st.integers(1, 40)),
)

pages = st.builds(
    lambda cursor, done: msgspec.structs.replace(
        event_of(ReadOn(cursor=cursor, done=done, records=1), id=NUMBERED_LATER),
        connection="crm",
        kind="contacts",
        road="poll",
    ),
    st.sampled_from("abc"),
    st.booleans(),
)

deletions = st.builds(gone, record=records, at=stamps, id=st.just(NUMBERED_LATER))

claims = st.one_of(
    st.builds(Linked, link=links, members=st.lists(members, max_size=3)),
    st.builds(Unlinked, link=links, members=st.lists(members, max_size=2)),
    st.builds(Merged, link=links, into=links),
    st.builds(Split, link=links, new=links, members=st.lists(members, max_size=2)),
).map(lambda claim: event_of(claim, id=NUMBERED_LATER))

POISON: Sequence[Event] = (
    observed(b"not JSON"),
    observed(b"[1]", record="2"),
    observed(b'{"name": '),
    observed(b'{"\xff": 1}'),
    observed(b"[" * 5_000, record="3"),
    observed(b"sealed", seal=UUID(int=7)),
    observed(cover="some:name"),
    observed(record=None),
    observed(connection=None, record="3"),
    gone(kind=None),
    about("linked", record=None, data=b"not JSON"),
    about("linked", record=None, data=b'{"links": []}', shape=9),
    about("merged", record=None, data=b"sealed", seal=UUID(int=7)),
    linked(LINKS[0], member("1"), member("1", "eur")),
    linked(LINKS[0], member("nul\0")),
    linked(LINKS[0], member("1"), member("2" * 3_000)),
    about("fetched", record=None, data=b'{"records": []}'),
    about("read_on", record=None, data=b'{"cursor": 1}'),
    about("unparked", record=None, data=b"not JSON"),
    about("unparked", record=None, data=b'{"projector": "\xff"}'),
    about("written", record="1", data=b"{}", shape=99),
)

poison = st.one_of(
    st.sampled_from(POISON),
    st.one_of(observations, deletions, claims).map(
        lambda event: msgspec.structs.replace(event, origin=SICK)
    ),
)


ANY = {
    "observed": observations,
    "gone": deletions,
    "claim": claims,
    "notice": notices,
    "page": pages,
    "fetch": fetches,
    "poison": poison,
}


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Draw what may stand in a log, in any order; people speak of events that may wait."""
    kinds = st.sampled_from(
        ("observed",) * 6
        + ("gone", "claim", "claim", "poison", "word", "word", "notice", "notice", "page", "fetch")
    )
    events: list[Event] = []
    suspects = [1]
    # Left to itself, hypothesis draws short lists, in which little meets.
    size = draw(st.sampled_from((0, 10, 30)))
    for kind in draw(st.lists(kinds, min_size=size, max_size=40)):
        if kind == "word":
            word = unparked(
                draw(st.sampled_from(suspects)),
                draw(st.sampled_from(("retry", "skip"))),
                draw(st.sampled_from(("sync", "timeline", "roads"))),
                NUMBERED_LATER,
            )
            events.append(word)
            continue
        events.append(draw(ANY[kind]))
        if kind == "poison":
            suspects.append(len(events))
    # What hypothesis draws twice would otherwise be one event.
    return [msgspec.structs.replace(e, id=UUID(int=n)) for n, e in enumerate(events, 1)]
