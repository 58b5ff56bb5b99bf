"""Events of every age are read as this hub means them, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from hub.conclusions import Member
from hub.errors import NotApplicable
from hub.events import (
    Event,
    Linked,
    Merged,
    again_id,
    event_of,
    fixed_id,
    new_id,
    payload,
    seen_id,
)

LINK = UUID(int=7)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHAPES = {"merged": 3}
UPCASTERS = {
    ("merged", 1): lambda data: {"link": data["from"], "target": data["to"]},
    ("merged", 2): lambda data: {"link": data["link"], "into": data["target"]},
}


def merged(shape: int, **data: Any) -> Event:
    return Event(type="merged", id=new_id(), shape=shape, data=msgspec.json.encode(data))


def test_what_is_said_comes_back_as_it_was() -> None:
    what = Linked(link=LINK, members=[Member(connection="crm", kind="contacts", record="1")])

    assert payload(event_of(what)) == what


@pytest.mark.parametrize(
    ("shape", "data"),
    [
        (1, {"from": LINK, "to": LINK}),
        (2, {"link": LINK, "target": LINK}),
        (3, {"link": LINK, "into": LINK}),
    ],
)
def test_every_old_shape_is_read_as_the_new(shape: int, data: dict[str, Any]) -> None:
    assert payload(merged(shape, **data), UPCASTERS, SHAPES) == Merged(link=LINK, into=LINK)


@pytest.mark.parametrize("shape", [0, 4])
def test_a_shape_that_is_not_known_is_refused(shape: int) -> None:
    with pytest.raises(NotApplicable, match=f"merged of shape {shape}: .* read up to 3"):
        payload(merged(shape, link=LINK, into=LINK), UPCASTERS, SHAPES)


def test_a_newer_hubs_event_is_refused() -> None:
    with pytest.raises(NotApplicable, match=r"shape 2: .* up to 1"):
        payload(merged(2, link=LINK, into=LINK))


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"{}", b'{"link":1,"into":2}', b"[" * 100_000 + b"]" * 100_000]
)
def test_data_that_cannot_be_read_is_not_applicable(data: bytes) -> None:
    with pytest.raises(NotApplicable, match="data of this merged cannot be read"):
        payload(Event(type="merged", id=new_id(), data=data))


def test_what_an_old_shape_lacks_is_told() -> None:
    with pytest.raises(NotApplicable, match="lacks 'from'"):
        payload(merged(1, link=LINK), UPCASTERS, SHAPES)


def test_sealed_data_is_not_applicable_without_its_key() -> None:
    with pytest.raises(NotApplicable, match="sealed"):
        payload(Event(type="merged", id=new_id(), seal=LINK))


def test_ids_say_when_and_what_and_nothing_else() -> None:
    one = seen_id(NOON, "crm", b"data")

    assert one == seen_id(NOON.astimezone(), "crm", b"data")
    assert (one.version, fixed_id(NOON, "x").version, new_id().version) == (8, 7, 7)
    assert one.variant == UUID(int=0x80 << 56).variant
    others = {
        seen_id(NOON, "crm", b"date"),
        seen_id(NOON, "crmd", b"ata"),
        seen_id(NOON, "crm", "data", ""),
        seen_id(None, "crm", b"data"),
        seen_id(NOON + timedelta(seconds=1), "crm", b"data"),
        again_id(one, 1),
        again_id(one, 2),
        again_id(again_id(one, 1), 2),
    }
    assert len(others | {one}) == 9


def test_ids_lie_in_the_order_of_their_times() -> None:
    ids = [seen_id(NOON + timedelta(milliseconds=n), n) for n in range(50)]

    assert ids == sorted(ids)
    assert again_id(ids[7], 3).bytes[:6] == ids[7].bytes[:6]
