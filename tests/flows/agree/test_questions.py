"""When a person is asked whose word holds, and what becomes of the answer."""

from __future__ import annotations

import pytest

from tests.flows.agree.link import NAME, Link, sync


def test_at_first_sight_a_person_is_asked_about_two_different_words() -> None:
    link = Link(sync(owner="ask"))

    verdict = link.see({"crm": "Acme", "books": "Apex"})

    (conflict,) = verdict.conflicts
    assert (conflict.values, conflict.agreed) == ({"crm": "Acme", "books": "Apex"}, None)
    assert link.is_quiet


def test_at_first_sight_a_person_is_asked_about_one_word_of_each_side() -> None:
    link = Link(sync(owner="ask"), "crm", "books", "books2")

    verdict = link.see({"crm": "Acme", "books": "Apex", "books2": "Acne"})

    assert verdict.conflicts[0].values == {"crm": "Acme", "books": "Apex"}


def test_nobody_is_asked_about_a_word_and_an_empty_field() -> None:
    link = Link(sync(owner="ask"))

    verdict = link.see({"crm": None, "books": "Apex"})

    assert verdict.conflicts == []
    assert link.owed("crm") == {NAME: "Apex"}


@pytest.mark.parametrize("field", [{"owner": "ask"}, {"owner": "crm", "clash": "ask"}])
def test_if_both_changed_a_person_is_asked(field: dict[str, str]) -> None:
    link = Link(sync(**field)).at_rest("Acme")

    link.say("crm", "Apex")
    verdict = link.say("books", "Acne")

    (conflict,) = verdict.conflicts
    assert conflict.values == {"crm": "Apex", "books": "Acne"}
    assert conflict.agreed == "Acme"
    assert link.is_quiet


def test_a_question_is_asked_once() -> None:
    link = Link(sync(owner="ask")).at_rest()
    link.see({"crm": "Apex", "books": "Acne"})

    again = link.see({"crm": "Apex", "books": "Acne"})

    assert (again.changes, again.conflicts) == ({}, [])


def test_a_question_is_put_anew_when_somebody_changes_their_word_meanwhile() -> None:
    link = Link(sync(owner="ask")).at_rest()
    link.see({"crm": "Apex", "books": "Acne"})

    (conflict,) = link.say("crm", "Apex Ltd").conflicts

    assert conflict.values == {"crm": "Apex Ltd", "books": "Acne"}


@pytest.mark.parametrize("answer", ["Apex", "Acne", "neither", None])
def test_what_a_person_answers_is_owed_to_whoever_does_not_show_it(answer: str | None) -> None:
    link = Link(sync(owner="ask")).at_rest()
    link.see({"crm": "Apex", "books": "Acne"})

    link.settle(answer)

    assert link.state.by == "operator:ann"
    assert link.owed("crm") == ({} if answer == "Apex" else {NAME: answer})
    assert link.owed("books") == ({} if answer == "Acne" else {NAME: answer})


def test_a_question_is_settled_when_people_come_to_say_the_same() -> None:
    link = Link(sync(owner="ask")).at_rest()
    link.see({"crm": "Apex", "books": "Acne"})

    link.say("crm", "Acne")

    assert not link.state.asks
    assert link.state.value == "Acne"
    assert link.is_quiet


def test_a_question_is_settled_when_one_takes_it_back() -> None:
    link = Link(sync(owner="ask")).at_rest("Acme")
    link.say("crm", "Apex")
    link.say("books", "Acne")

    link.say("books", "Acme")

    assert not link.state.asks
    assert link.owed("books") == {NAME: "Apex"}


def test_what_is_left_of_a_question_is_judged_by_the_owner_s_line() -> None:
    link = Link(sync(owner="books", clash="ask", lone="put_back"))
    link.see({"crm": "Acme", "books": None})
    link.say("books", "Acne")
    link.say("crm", "Apex")

    link.say("books", "Acme")

    assert not link.state.asks
    assert link.owed("crm") == {NAME: "Acme"}


def test_a_member_that_left_the_link_has_no_word_in_it() -> None:
    link = Link(sync(owner="ask")).at_rest()
    link.see({"crm": "Apex", "books": "Acne"})

    del link.side_of["books"]
    link.judge({})

    assert not link.state.asks
    assert list(link.state.words) == ["crm"]
