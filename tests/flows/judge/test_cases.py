"""What is kept beside the state of a case reads the same in every log, old or new."""

from __future__ import annotations

import msgspec
import pytest

from hub.flows.judge.cases import as_kept, once_case, opened_case
from hub.flows.known import Case

ONCE = (
    "{}",
    '{"record":"7"}',
    '{"record":"7","asked":40}',
    '{"asked":40,"unread":["crm.Deals/1","crm.Quotes/2"]}',
)
OPENED = (
    '{"generation":0}',
    '{"generation":2,"digest":"ab"}',
    '{"generation":0,"digest":"ab","record":"7"}',
    '{"generation":1,"digest":"ab","record":"7","asked":40}',
)


def a_case(kept: str) -> Case:
    return Case(state="making", since=1, data=msgspec.json.decode(kept))


@pytest.mark.parametrize("kept", ONCE)
def test_what_is_kept_of_what_is_done_once_is_kept_again_as_it_was(kept: str) -> None:
    case = once_case(a_case(kept))

    assert case is not None
    assert msgspec.json.encode(as_kept(case.data)).decode() == kept


@pytest.mark.parametrize("kept", OPENED)
def test_what_is_kept_of_what_was_opened_is_kept_again_as_it_was(kept: str) -> None:
    case = opened_case(a_case(kept))

    assert case is not None
    assert msgspec.json.encode(as_kept(case.data)).decode() == kept


def test_only_what_was_read_after_it_was_asked_for_counts() -> None:
    asked, not_asked = (once_case(a_case(each)) for each in (ONCE[3], ONCE[1]))

    assert asked is not None
    assert not_asked is not None
    assert [asked.has_asked_before(at) for at in (40, 41)] == [False, True]
    assert not not_asked.has_asked_before(41)


def test_a_case_that_another_kind_of_flow_of_that_name_has_left_can_be_read() -> None:
    case = opened_case(Case(state="reading", since=1, data={"asked": 4, "unread": ["crm.Deals/1"]}))

    assert case is not None
    assert (case.state, case.data.generation) == ("reading", 0)
