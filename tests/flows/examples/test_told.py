"""A story that does not come true is told: where it stands, what was expected, what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.flows.load.document import template
from hub.stories import Outcome, tried
from tests.flows.judge.told import WORLD

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "flows/customers.toml"


def told(see: str, expect: str, **others: str) -> Outcome:
    text = f"""extends = "library/customers"
[[example]]
story  = "a story"
see    = ['{see}']
expect = ['{expect}']
"""
    files: Mapping[str, str] = {FILE: text, **others}
    (outcome,) = tried(files, {}, WORLD, frozenset({FILE}))
    return outcome


def test_it_says_file_line_what_was_expected_and_all_that_happened() -> None:
    outcome = told('10:00 account 3 Account_Name = "Velm"', "books.contacts is not made")

    assert not outcome.is_true
    assert outcome.text.startswith(
        "flows/customers.toml: line 2: “a story”: expected books.contacts is not made."
    )
    assert '02 Mar 10:00  books.contacts 1 is made with contact_name = "Velm"' in outcome.text


def test_a_line_that_cannot_be_read_is_said_in_its_own_words() -> None:
    outcome = told("10:00 account 3 Phone", "nothing")

    assert outcome.fault.startswith("10:00 account 3 Phone: expected ")
    assert "line 2: “a story”: 10:00 account 3 Phone" in outcome.text


def test_an_answer_to_no_question_is_a_fault_of_the_story() -> None:
    outcome = told("10:00 ana says: create", "nothing")

    assert outcome.fault == "10:00 ana says: create: expected a question to be answered, found none"


def test_the_gone_must_have_been_there() -> None:
    assert "expected a record that is there" in told("10:00 account 3 is gone", "nothing").fault


def test_a_story_without_a_time_does_not_begin() -> None:
    assert "expected a line with a time" in told("first sync", "nothing").fault


def test_only_the_named_files_are_played() -> None:
    outcome = told(
        "10:00 nothing happens", "nothing", **{"i.toml": template("invoice_from_won_deal")}
    )

    assert outcome.is_true


def test_a_flow_that_is_extended_tells_its_own_stories_alone() -> None:
    files = {FILE: 'extends = "library/customers"\nguard.at_most = ["3 per hour"]\n'}

    assert list(tried(files, {}, WORLD)) == []


def test_played_again_it_is_the_same() -> None:
    one, other = (told('10:00 account 3 Account_Name = "Velm"', "nothing") for _ in range(2))

    assert one == other
