"""A story that does not come true is told: where it stands, what was expected, what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.cli.flows_test import LIBRARY as WORLD
from hub.errors import ConfigFault
from hub.flows.load import World
from hub.flows.load.document import template
from hub.stories import Outcome, tried

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
    return next(tried(files, {}, WORLD, frozenset({FILE})))


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


CLEARED = "a website that is cleared on one side stays on the other"
CARRIES = 'extends = "library/customers"\nfields.website.empty = "carry"\n'


def of(text: str) -> dict[str, Outcome]:
    return {one.story: one for one in tried({FILE: text}, {}, WORLD)}


def test_a_flow_plays_the_stories_of_the_one_that_it_extends_with_what_it_says_otherwise() -> None:
    outcomes = of(CARRIES)

    assert len(outcomes) == template("customers").count("[[example]]")
    assert [story for story, one in outcomes.items() if not one.is_true] == [CLEARED]
    assert "library/customers.toml (extended by flows/customers.toml): line" in (
        outcomes[CLEARED].text
    )


def test_a_story_that_is_true_no_longer_is_named_and_says_why() -> None:
    ended = f'[[example]]\nstory = "{CLEARED}"\nno_longer = "they are carried on"\n'

    assert all(one.is_true for one in of(CARRIES + ended).values())
    still = of(f'extends = "library/customers"\n{ended}')
    (wrong,) = [one for one in still.values() if not one.is_true]
    assert wrong.text.startswith("flows/customers.toml: line 2")
    assert "it holds still: take this example out" in wrong.text


def test_a_story_told_anew_takes_the_place_of_the_other() -> None:
    anew = f"""[[example]]
story  = "{CLEARED}"
see    = ['10:00 account 3 Account_Name = "Velm", Website = "a"', '10:10 account 3 Website = null']
expect = ['books.contact 1 gets website = ""']
"""
    outcomes = of(CARRIES + anew)

    assert all(one.is_true for one in outcomes.values())
    assert outcomes[CLEARED].file == FILE


def test_a_story_that_nobody_told_cannot_be_true_no_longer() -> None:
    ended = '[[example]]\nstory = "a website that is cleared"\nno_longer = "so"\n'

    with pytest.raises(ConfigFault, match=r"expected a story of library/customers.toml, found"):
        of(CARRIES + ended)


def test_connections_are_called_in_inherited_stories_as_they_are_in_the_hub() -> None:
    world = World(
        connections={f"{name}_eu": account for name, account in WORLD.connections.items()}
    )
    called = 'connections = { crm = "crm_eu", books = "books_eu" }\n'
    text = f'extends = "library/customers"\n{called}'

    outcomes = list(tried({FILE: text}, {}, world))

    assert [one.text for one in outcomes if not one.is_true] == []


def test_inherited_stories_are_played_with_the_answers_that_their_questions_come_with() -> None:
    files = {f"{name}.toml": template(name) for name in ("customers", "invoice_from_won_deal")}
    files["invoice_from_won_deal.toml"] = 'extends = "library/invoice_from_won_deal"\n'
    answers = {"invoice_from_won_deal": {"won": ["Gewonnen"]}}

    outcomes = list(tried(files, answers, WORLD, frozenset({"invoice_from_won_deal.toml"})))

    assert len(outcomes) > 1
    assert all(one.is_true for one in outcomes)


def test_played_again_it_is_the_same() -> None:
    one, other = (told('10:00 account 3 Account_Name = "Velm"', "nothing") for _ in range(2))

    assert one == other
