"""Whose word holds: the owner's line of a field, read as a specification."""

from __future__ import annotations

import pytest

from tests.flows.agree.link import NAME, Link, sync


def test_at_first_sight_the_owner_is_believed_and_the_other_side_owes() -> None:
    link = Link(sync(owner="books"))

    link.see({"crm": "Acme Ltd", "books": "Acme"})

    assert link.state.value == "Acme"
    assert link.state.by == "books"
    assert (link.owed("crm"), link.owed("books")) == ({NAME: "Acme"}, {})


def test_at_first_sight_an_owner_that_is_empty_takes_what_the_other_side_says() -> None:
    link = Link(sync(owner="books"))

    link.see({"crm": "Acme", "books": None})

    assert link.owed("books") == {NAME: "Acme"}


@pytest.mark.parametrize("order", [("crm", "books"), ("books", "crm")])
def test_at_first_sight_it_does_not_matter_who_is_seen_first(order: tuple[str, str]) -> None:
    link = Link(sync(owner="books"))

    for member in order:
        link.say(member, f"of {member}")

    assert link.state.value == "of books"


def test_at_first_sight_the_latest_is_believed() -> None:
    link = Link(sync(owner="latest"))

    link.say("crm", "newer", second=50)
    link.say("books", "older", second=40)

    assert link.owed("books") == {NAME: "newer"}


@pytest.mark.parametrize("order", [("crm", "books"), ("books", "crm")])
def test_at_first_sight_of_words_that_mean_the_same_the_owner_s_holds(
    order: tuple[str, str],
) -> None:
    link = Link(sync(owner="books"))

    link.see({member: {"crm": "ACME", "books": "Acme"}[member] for member in order})

    assert (link.state.value, link.state.by) == ("Acme", "books")
    assert link.is_quiet


def test_a_member_that_never_spoke_of_the_field_is_owed_nothing() -> None:
    link = Link(sync())

    link.say("crm", "Acme")

    assert link.is_quiet


@pytest.mark.parametrize("owner", ["crm", "books", "latest", "ask"])
def test_a_lone_edit_is_carried_on(owner: str) -> None:
    link = Link(sync(owner=owner)).at_rest()

    link.say("books", "Apex")

    assert (link.state.value, link.state.by) == ("Apex", "books")
    assert (link.owed("crm"), link.owed("books")) == ({NAME: "Apex"}, {})


def test_a_lone_edit_beside_the_owner_is_put_back_where_the_field_says_so() -> None:
    link = Link(sync(owner="crm", lone="put_back")).at_rest("Acme")

    verdict = link.say("books", "Apex")

    assert verdict.changes[NAME].why == "only books changed it, but crm owns it: put back"
    assert (link.owed("crm"), link.owed("books")) == ({}, {NAME: "Acme"})


def test_what_fills_an_empty_field_is_not_put_back_to_empty() -> None:
    link = Link(sync(owner="crm", lone="put_back")).at_rest(None)

    link.say("books", "Apex")

    assert link.owed("crm") == {NAME: "Apex"}


@pytest.mark.parametrize("first", ["crm", "books"])
def test_if_both_changed_the_owner_wins(first: str) -> None:
    link = Link(sync(owner="books")).at_rest()

    for member in (first, "crm" if first == "books" else "books"):
        link.say(member, f"of {member}")

    assert link.state.value == "of books"
    assert (link.owed("crm"), link.owed("books")) == ({NAME: "of books"}, {})


@pytest.mark.parametrize("first", ["crm", "books"])
def test_if_both_changed_the_latest_wins_whichever_is_seen_first(first: str) -> None:
    link = Link(sync(owner="latest")).at_rest()
    seconds = {"crm": 70, "books": 60}

    for member in (first, "crm" if first == "books" else "books"):
        link.say(member, f"of {member}", second=seconds[member])

    assert link.state.value == "of crm"


def test_of_equally_late_words_the_one_seen_later_wins() -> None:
    link = Link(sync(owner="latest")).at_rest()

    link.say("crm", "Apex", second=60)
    link.say("books", "Acne", second=60)

    assert link.state.value == "Acne"


def test_a_field_written_only_on_create_is_agreed_but_never_owed() -> None:
    link = Link(sync(owner="crm", write="on create", clash="ask")).at_rest("EUR")

    link.say("crm", "USD")
    verdict = link.say("books", "GBP")

    assert link.is_quiet
    assert verdict.conflicts == []


def test_all_members_of_a_side_show_what_is_agreed() -> None:
    link = Link(sync(owner="books"), "crm", "books", "books2")

    link.see({"crm": "Acme", "books": "Acme Ltd", "books2": "Acme EUR"})

    assert link.state.value == "Acme Ltd"
    assert link.owed("crm") == link.owed("books2") == {NAME: "Acme Ltd"}


def test_a_member_that_joins_later_changes_nothing_if_its_side_has_spoken() -> None:
    link = Link(sync(owner="latest"), "crm", "books", "books2")
    link.see({"crm": "Acme", "books": "Acme"})

    link.say("books2", "Apex")

    assert link.owed("books2") == {NAME: "Acme"}
    assert not link.owed("crm")


def test_the_later_of_two_members_of_a_side_is_believed() -> None:
    link = Link(sync(owner="books"), "crm", "books", "books2").at_rest()

    link.say("books", "first")
    link.say("books2", "second")

    assert link.state.value == "second"
    assert link.owed("books") == link.owed("crm") == {NAME: "second"}


ADDRESS = {"street": "High Street 1", "city": "Graz", "code": "8010"}


@pytest.mark.parametrize("owner", ["crm", "books", "latest", "ask"])
def test_p7_two_who_change_different_parts_of_an_address_are_both_heard(owner: str) -> None:
    link = Link(sync(owner=owner)).at_rest(ADDRESS)

    link.say("crm", {**ADDRESS, "street": "Mill Lane 2"})
    link.say("books", {**ADDRESS, "city": "Wien", "code": "1010"})

    both = {"street": "Mill Lane 2", "city": "Wien", "code": "1010"}
    assert link.owed("crm") == link.owed("books") == {NAME: both}


def test_p7_a_part_that_a_side_merely_writes_otherwise_was_changed_by_nobody() -> None:
    link = Link(sync(owner="books"))
    link.see({"crm": ADDRESS, "books": {**ADDRESS, "street": "HIGH STREET 1"}})

    link.say("books", {**ADDRESS, "street": "HIGH STREET 1", "city": "Wien"})
    link.say("crm", {**ADDRESS, "street": "Mill Lane 2"})

    both = {**ADDRESS, "street": "Mill Lane 2", "city": "Wien"}
    assert link.owed("crm") == link.owed("books") == {NAME: both}


def test_p7_a_part_that_both_say_alike_is_no_reason_to_drop_another() -> None:
    link = Link(sync(owner="books")).at_rest(ADDRESS)

    link.say("books", {**ADDRESS, "street": "Mill Lane 2"})
    link.say("crm", {**ADDRESS, "street": "Mill Lane 2", "city": "Wien"})

    assert link.owed("books") == {NAME: {**ADDRESS, "street": "Mill Lane 2", "city": "Wien"}}
    assert not link.owed("crm")


@pytest.mark.parametrize("owner", ["crm", "books", "latest", "ask"])
def test_p7_who_says_only_a_part_alike_drops_nothing_of_the_rest(owner: str) -> None:
    link = Link(sync(owner=owner)).at_rest(ADDRESS)
    moved = {**ADDRESS, "street": "Mill Lane 2", "city": "Wien"}

    link.say("crm", moved)
    link.say("books", {**ADDRESS, "city": "Wien"})

    assert link.owed("books") == {NAME: moved}
    assert not link.owed("crm")


@pytest.mark.parametrize("first", ["crm", "books"])
@pytest.mark.parametrize("owner", ["crm", "books"])
def test_p7_a_part_that_was_merged_is_its_own_side_s_word_still(owner: str, first: str) -> None:
    link = Link(sync(owner=owner)).at_rest(ADDRESS)
    second = {"crm": "books", "books": "crm"}[first]
    link.say(first, {**ADDRESS, "street": "Mill Lane 2"})
    link.say(second, {**ADDRESS, "city": "Wien"})

    link.say(second, {**ADDRESS, "city": "Wien", "street": "Ring 5"})

    street = "Ring 5" if owner == second else "Mill Lane 2"
    assert link.state.value == {**ADDRESS, "city": "Wien", "street": street}


def test_who_changes_the_same_part_of_an_address_is_judged_by_its_owner() -> None:
    link = Link(sync(owner="books")).at_rest(ADDRESS)

    link.say("crm", {**ADDRESS, "city": "Linz"})
    link.say("books", {**ADDRESS, "city": "Wien", "street": "Mill Lane 2"})

    assert link.owed("crm") == {NAME: {**ADDRESS, "city": "Wien", "street": "Mill Lane 2"}}
    assert not link.owed("books")


@pytest.mark.parametrize("first", ["crm", "books"])
@pytest.mark.parametrize("owner", ["crm", "books", "latest"])
def test_p7_a_person_is_asked_where_one_part_is_contested_and_another_would_be_lost(
    owner: str, first: str
) -> None:
    moved = {**ADDRESS, "city": "Linz", "street": "Mill Lane 2"}
    mended = {**ADDRESS, "city": "Wien", "code": "1010"}
    link = Link(sync(owner=owner)).at_rest(ADDRESS)

    second = {"crm": "books", "books": "crm"}[first]
    link.say(first, moved)
    link.say(second, mended)

    assert link.state.asks
    assert link.state.held[second].value == mended
    assert not link.owed(second)
