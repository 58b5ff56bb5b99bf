"""How long it is waited, how often it is tried, and what ends in the inbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.connectors.outcome import RetryAt
from hub.events import Answered, payload
from hub.outbound import retry
from hub.outbound.outcome import Attempt, Came
from hub.outbound.owed import Owed
from tests.outbound.shop import DOCUMENTS, DONE, LOST, NOTES, later, refused

if TYPE_CHECKING:
    from hub.connectors.connector import Kind
    from hub.connectors.outcome import Outcome
    from tests.outbound.counter import Counter

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@given(st.uuids(), st.integers(1, 60))
def test_a_wait_is_the_same_whoever_asks_and_never_too_long(delivery: UUID, attempt: int) -> None:
    seconds = retry.wait_seconds(delivery, attempt)

    assert seconds == retry.wait_seconds(delivery, attempt)
    assert 0 <= seconds <= min(retry.BASE_SECONDS * 2 ** (attempt - 1), retry.WAIT_SECONDS_MAX)


def test_those_that_failed_together_are_spread() -> None:
    waits = [retry.wait_seconds(UUID(int=n), 5) for n in range(200)]

    most = min(retry.BASE_SECONDS * 16, retry.WAIT_SECONDS_MAX)
    assert max(waits) > most * 0.9
    assert min(waits) < most * 0.1


async def test_p10_a_refusal_goes_to_the_inbox_with_its_sentence(counter: Counter) -> None:
    becauses = ["data", "missing", "passing"]
    owed = [await counter.owe("documents", wants={"name": because}) for because in becauses]
    counter.shop.answers = lambda one: refused(one.fields["name"], "SUCH")

    counter.begin()
    rows = await counter.comes_to("parked", *owed)

    assert [row["because"] for row in rows] == becauses
    assert {row["reason"] for row in rows} == {"It said SUCH."}
    assert len(counter.shop.calls) == 3


@pytest.mark.parametrize("lost", [LOST, later(0)], ids=["unknown", "retry_at"])
async def test_what_fails_while_others_are_taken_is_given_up_at_last(
    counter: Counter, lost: Outcome
) -> None:
    # given one that never succeeds among others that do
    bad = await counter.owe("documents", wants={"name": "bad"})
    counter.shop.answers = lambda one: lost if one.fields["name"] == "bad" else DONE
    counter.begin()
    good = [await counter.owe("documents") for _ in range(3)]

    # when
    await counter.comes_to("done", *good)
    (row,) = await counter.comes_to("parked", bad)

    # then
    assert row["reason"].startswith(f"The hub gave up after {retry.ATTEMPTS_MAX} attempts.")
    assert row["because"] == "passing"
    assert row["attempt"] == retry.ATTEMPTS_MAX


def test_while_nothing_is_taken_no_delivery_is_given_up() -> None:
    said = _said(DOCUMENTS, later(60), number=500, works=False)

    assert said.outcome == "retry_at"


def test_what_the_vendor_asks_for_is_obeyed() -> None:
    said = _said(DOCUMENTS, _at(3_600))

    assert said.until == NOW + timedelta(seconds=3_600)


def test_what_is_not_known_is_not_known_either_when_it_is_to_be_made_again() -> None:
    said = _said(DOCUMENTS, LOST, number=3)

    assert said.outcome == "unknown"
    assert said.until is not None
    assert said.until <= NOW + timedelta(seconds=4)


async def test_a_blind_write_whose_answer_is_lost_waits_for_a_person(counter: Counter) -> None:
    # given a kind that bears no mark
    delivery = await counter.owe("notes")
    counter.shop.then(LOST, applied=True)

    # when
    counter.begin()
    (row,) = await counter.comes_to("parked", delivery)

    # then it was written once, and says what to do
    assert row["because"] == "blind"
    assert "look there, and say in the inbox whether it is to be made" in row["reason"]
    assert len(counter.shop.records["notes"]) == 1


async def test_a_blind_write_that_was_under_way_when_the_hub_was_killed_too(
    counter: Counter,
) -> None:
    delivery = await counter.owe("notes", state="sending", attempt=1)

    counter.begin()
    (row,) = await counter.comes_to("parked", delivery)

    assert row["because"] == "blind"
    assert not counter.shop.calls


async def test_a_blind_write_that_was_not_sent_is_tried_again(counter: Counter) -> None:
    delivery = await counter.owe("notes")
    counter.shop.then(later(0.01))

    counter.begin()
    await counter.comes_to("done", delivery)

    assert len(counter.shop.records["notes"]) == 1


async def test_an_answer_that_nobody_foresaw_is_an_unknown_one(counter: Counter) -> None:
    # given a connector that stumbles over what it reads
    delivery = await counter.owe("documents")
    empty: dict[str, Outcome] = {}
    counter.shop.answers = lambda _: empty["data"]
    counter.begin()
    await counter.comes_to("owed", delivery)
    while not (said := await counter.told("answered")):
        await counter.folded.wait(counter.folded.head + 1, 1)

    # then
    assert payload(said[0]).outcome == "unknown"
    assert "(KeyError: 'data')" in payload(said[0]).sentence


def test_a_blind_kind_is_told_by_its_connector() -> None:
    assert _said(NOTES, LOST).because == "blind"
    assert _said(NOTES, LOST, record="7").outcome == "unknown"


def _said(
    kind: Kind, outcome: Outcome, *, number: int = 1, works: bool = True, record: str = ""
) -> Answered:
    row = Owed(
        id=UUID(int=7), kind=kind.name, record=record, part="", link=None, flow="f", case="",
        state="owed", share="contacts", fields=None, told=None, attempt=0, look=False,
        approved=None, owed=1, moved=1, trace=None,
    )  # fmt: skip
    attempt = Attempt(row=row, kind=kind, number=number, now=NOW, works=works)
    return attempt.answer(Came(outcome=outcome))


def _at(seconds: float) -> Outcome:
    return RetryAt(sentence="wait", at=NOW + timedelta(seconds=seconds))
