"""What becomes of a field that was emptied."""

from __future__ import annotations

from tests.flows.agree.link import NAME, Link, sync


def test_a_clearing_is_carried_on_where_the_field_says_so() -> None:
    link = Link(sync(empty="carry")).at_rest("Acme")

    link.say("books", None)

    assert link.owed("crm") == {NAME: None}


def test_a_clearing_is_not_carried_on_else_and_the_side_is_left_empty() -> None:
    link = Link(sync(owner="books")).at_rest("Acme")

    verdict = link.say("books", None)

    assert verdict.changes[NAME].why == "books was cleared: it is left so, and the others are kept"
    assert link.state.value == "Acme"
    assert link.is_quiet


def test_a_side_that_was_left_empty_takes_the_next_value() -> None:
    link = Link(sync()).at_rest("Acme")
    link.say("books", None)

    link.say("crm", "Apex")

    assert link.owed("books") == {NAME: "Apex"}


def test_a_clearing_beside_the_owner_is_filled_again_where_it_is_to_be_put_back() -> None:
    link = Link(sync(owner="crm", lone="put_back")).at_rest("Acme")

    link.say("books", None)

    assert link.owed("books") == {NAME: "Acme"}


def test_a_clearing_does_not_stop_another_value_that_is_on_its_way() -> None:
    link = Link(sync(owner="books", clash="ask")).at_rest("Acme")
    link.say("crm", "Apex")

    verdict = link.say("books", None)

    assert verdict.conflicts == []
    assert link.owed("books") == {NAME: "Apex"}


def test_a_field_that_is_not_there_is_no_word() -> None:
    link = Link(sync(empty="carry")).at_rest("Acme")

    verdict = link.judge({})

    assert verdict.changes == {}
    assert link.is_quiet


def test_a_side_that_is_empty_when_first_seen_is_filled_and_clears_nothing() -> None:
    link = Link(sync(owner="books", empty="carry"))

    link.see({"crm": "Acme", "books": None})

    assert link.owed("books") == {NAME: "Acme"}
    assert not link.owed("crm")


ADDRESS = {"city": "Graz", "code": "8010"}


def test_a_part_of_an_address_that_was_emptied_is_kept_on_the_other_side() -> None:
    link = Link(sync(owner="latest")).at_rest(ADDRESS)

    link.say("books", {"city": "Graz", "code": ""})

    assert link.state.value == ADDRESS
    assert link.is_quiet


def test_another_address_is_carried_as_it_is_with_what_it_leaves_empty() -> None:
    link = Link(sync(owner="latest")).at_rest(ADDRESS)

    link.say("books", {"city": "Wien", "code": ""})

    assert link.owed("crm") == {NAME: {"city": "Wien", "code": ""}}
