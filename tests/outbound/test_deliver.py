"""What is owed is announced, written, and answered; and nothing that is not to be sent is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from hub.events import payload
from hub.outbound.owed import Content, Nothing, NotNow
from tests.outbound.shop import DONE, refused

if TYPE_CHECKING:
    import pytest

    from tests.outbound.counter import Counter

TRACE = "00-11111111111111111111111111111111-2222222222222222-00"


async def test_a_change_is_announced_then_written_then_answered(counter: Counter) -> None:
    # given
    record = counter.shop.put("things", name="old")
    delivery = await counter.owe("things", record, wants={"name": "new"}, trace=TRACE)

    # when
    counter.begin()
    (row,) = await counter.comes_to("done", delivery)

    # then
    sending, answered, observed = await counter.told()
    assert counter.shop.records["things"][record] == {"name": "new"}
    assert (sending.type, answered.type, observed.type) == ("sending", "answered", "observed")
    assert payload(sending).fields == {"name": "new"}
    assert payload(sending).agreed == {"customers": {"name": "new"}}
    assert payload(answered).outcome == "done"
    assert (observed.road, observed.origin) == ("write", f"hub:{delivery}")
    assert (sending.cause, answered.cause, observed.cause) == (
        row["owed"], sending.position, sending.position
    )  # fmt: skip
    for event in (sending, answered, observed):
        assert event.subject == f"shop.things/{record}"
        assert event.trace == TRACE


async def test_what_is_made_bears_the_id_of_its_delivery(counter: Counter) -> None:
    delivery = await counter.owe("documents", wants={"number": "7"})

    counter.begin()
    (row,) = await counter.comes_to("done", delivery)

    assert counter.shop.records["documents"] == {
        row["record"]: {"number": "7", "hub_id": str(delivery)}
    }


async def test_what_goes_to_one_kind_goes_in_one_call(counter: Counter) -> None:
    # given makes and changes, and a kind that takes one in a call
    changes = [await counter.owe("things", counter.shop.put("things")) for _ in range(130)]
    makes = [await counter.owe("things") for _ in range(3)]
    singles = [await counter.owe("documents") for _ in range(3)]

    # when
    counter.begin()
    await counter.comes_to("done", *changes, *makes, *singles)

    # then
    assert sorted(map(len, counter.shop.calls)) == [1, 1, 1, 3, 30, 100]


async def test_documents_go_before_contacts_and_the_oldest_first(counter: Counter) -> None:
    # given more than there are calls at once
    shares = ["backfill"] * 9 + ["contacts"] * 9 + ["documents"] * 9
    owed = [await counter.owe("documents", share=share) for share in shares]

    # when
    counter.begin()
    await counter.comes_to("done", *owed)

    # then
    order = [UUID(one.mark) for call in counter.shop.calls for one in call]
    assert order[:6] == owed[18:24], "of eight places two are not theirs"
    for share in (owed[18:], owed[9:18], owed[:9]):
        assert [one for one in order if one in share] == share
    assert order.index(owed[26]) < order.index(owed[17]) < order.index(owed[0])


async def test_however_many_documents_there_are_an_edit_has_a_place(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given more documents than are taken at once, and calls that are not answered yet
    monkeypatch.setattr("hub.outbound.take.TAKEN_MAX", 10)
    counter.shop.open.clear()
    documents = [await counter.owe("documents", share="documents") for _ in range(20)]
    edit = await counter.owe("notes")

    # when
    counter.begin()
    async with asyncio.timeout(60):
        while len(counter.shop.calls) < 6 + 1:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    # then
    order = [one.delivery for call in counter.shop.calls for one in call]
    assert set(order) == {str(id_) for id_ in [*documents[:6], edit]}


async def test_nothing_goes_to_a_connection_that_was_stopped(counter: Counter) -> None:
    # given
    await counter.execute("insert into stops values ('shop', true, 1, '')")
    stopped = await counter.owe("things")
    counter.begin()
    await counter.change(stopped)

    # when writes are let go on
    assert not counter.shop.calls
    await counter.execute("update stops set stopped = false")

    # then
    await counter.comes_to("done", stopped)


async def test_what_is_to_wait_is_not_sent_before(counter: Counter) -> None:
    # given
    soon = datetime.now(UTC) + timedelta(seconds=2)
    waiting = await counter.owe("things", not_before=soon)
    other = await counter.owe("things")

    # when
    counter.begin()
    await counter.comes_to("done", waiting, other)

    # then
    assert [[one.mark for one in call] for call in counter.shop.calls] == [
        [str(other)], [str(waiting)]
    ]  # fmt: skip
    assert (await counter.told("answered"))[-1].recorded_at >= soon  # type: ignore[operator]


async def test_what_waits_for_a_person_is_sent_once_it_was_let_go(counter: Counter) -> None:
    # given
    held, other = await counter.owe("things"), await counter.owe("things")
    counter.says[held] = NotNow(why="a person is to approve it")
    counter.begin()
    await counter.comes_to("done", other)
    assert (await counter.row(held))["state"] == "owed"

    # when
    counter.says[held] = Content(fields={"name": "approved"})
    await counter.change(held, approved=1)

    # then
    await counter.comes_to("done", held)
    assert len(counter.shop.calls) == 2


async def test_what_owes_nothing_any_more_comes_to_rest_without_a_call(counter: Counter) -> None:
    record = counter.shop.put("things", name="as agreed")
    delivery = await counter.owe("things", record)
    counter.says[delivery] = Nothing(why="The record shows all of it.", told={"payments": "d1"})

    counter.begin()
    await counter.comes_to("done", delivery)

    sending, answered = map(payload, await counter.told("sending", "answered"))
    assert not counter.shop.calls
    assert (sending.fields, sending.told) == ({}, {"payments": "d1"})
    assert answered.sentence == "The record shows all of it."


async def test_p14_one_whose_content_cannot_be_worked_out_stops_no_other(counter: Counter) -> None:
    bad, good = await counter.owe("things"), await counter.owe("things")
    counter.says[bad] = KeyError("Amount")

    counter.begin()
    await counter.comes_to("done", good)
    (row,) = await counter.comes_to("parked", bad)

    assert "could not be worked out (KeyError: 'Amount')" in row["reason"]


async def test_what_this_hub_does_not_write_is_refused(counter: Counter) -> None:
    kinds = ["taxes", "unheard_of"]
    owed = [await counter.owe(kind) for kind in kinds]

    counter.begin()
    rows = await counter.comes_to("parked", *owed)

    for row, kind in zip(rows, kinds, strict=True):
        assert row["reason"].startswith(f"This hub writes no {kind} to shop.")
    assert not counter.shop.calls


async def test_what_is_too_large_for_the_log_is_refused_and_not_sent(counter: Counter) -> None:
    large = await counter.owe("things", wants={"name": "n" * 5_000_000})
    small = await counter.owe("things")

    counter.begin()
    await counter.comes_to("done", small)
    (row,) = await counter.comes_to("parked", large)

    assert "at most 4,194,304 are kept" in row["reason"]
    assert sum(map(len, counter.shop.calls)) == 1


async def test_a_record_too_large_for_the_log_is_said_to_be_unreadable(counter: Counter) -> None:
    record = counter.shop.put("documents", text="t" * 5_000_000)
    delivery = await counter.owe("documents", record)

    counter.begin()
    await counter.comes_to("done", delivery)

    (unreadable,) = await counter.told("unreadable")
    assert unreadable.subject == f"shop.documents/{record}"


async def test_what_is_to_be_kept_out_is_written_and_not_kept(counter: Counter) -> None:
    record = counter.shop.put("things")
    delivery = await counter.owe("things", record, wants={"name": "new", "iban": "GB00"})

    counter.begin(msgspec.structs.replace(counter.way, keep_out=frozenset({"iban"})))
    await counter.comes_to("done", delivery)

    assert counter.shop.records["things"][record]["iban"] == "GB00"
    sending, _, observed = await counter.told()
    assert payload(sending).fields == {"name": "new"}
    assert b"GB00" not in observed.data


async def test_of_many_in_one_call_each_has_its_own_answer(counter: Counter) -> None:
    good, bad = await counter.owe("things"), await counter.owe("things", wants={"name": "bad"})
    fault = refused(reason="MANDATORY_NOT_FOUND")
    counter.shop.answers = lambda one: fault if one.fields["name"] == "bad" else DONE

    counter.begin()
    await counter.comes_to("done", good)
    (row,) = await counter.comes_to("parked", bad)

    assert (row["because"], row["reason"]) == ("data", "It said MANDATORY_NOT_FOUND.")
