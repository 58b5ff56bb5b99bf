"""P7: what a person types while the hub writes, or within a second of it, is judged nonetheless."""

from __future__ import annotations

import pytest

from tests.flows.agree.link import NAME, Link, sync

ADDRESS = {"street": "High Street 1", "city": "Graz", "code": "8010"}


@pytest.fixture
def link() -> Link:
    """A change of crm is under way to books."""
    link = Link(sync(owner="crm")).at_rest("Acme")
    link.say("crm", "Apex")
    link.send("books")
    return link


def test_p7_an_edit_after_our_write_is_carried_on(link: Link) -> None:
    link.answer("books")

    link.say("books", "Apex BV")

    assert link.owed("crm") == {NAME: "Apex BV"}


def test_p7_an_edit_seen_before_the_answer_waits_and_is_carried_on(link: Link) -> None:
    link.say("books", "Apex BV", second=21)
    assert link.is_quiet

    link.answer("books", second=20)

    assert link.owed("crm") == {NAME: "Apex BV"}
    assert not link.owed("books")


def test_p7_an_edit_within_a_second_of_our_write_is_carried_on(link: Link) -> None:
    link.say("books", "Apex BV", second=20)

    link.answer("books", second=20)

    assert link.owed("crm") == {NAME: "Apex BV"}
    # Which of the two books shows nobody can tell: writing it once more is harmless.
    assert link.owed("books") == {NAME: "Apex BV"}


def test_p7_an_edit_that_we_wrote_over_counts_as_a_change_of_both() -> None:
    link = Link(sync(owner="books")).at_rest()
    link.say("crm", "Apex")
    link.send("books")

    link.say("books", "Acne", second=20)
    link.answer("books", second=25)

    assert link.state.value == "Acne"
    assert link.owed("crm") == link.owed("books") == {NAME: "Acne"}


@pytest.mark.parametrize("again", [{}, {"code": "8020"}])
@pytest.mark.parametrize("owner", ["crm", "books", "latest", "ask"])
def test_p7_a_part_of_an_address_that_we_wrote_over_is_put_together_with_what_we_wrote(
    owner: str, again: dict[str, str]
) -> None:
    link = Link(sync(owner=owner)).at_rest(ADDRESS)
    link.say("crm", {**ADDRESS, "city": "Wien"})
    link.send("books")

    theirs = {**ADDRESS, "street": "Mill Lane 2"}
    link.say("books", theirs, second=20)
    link.say("books", theirs | again, second=20)
    link.answer("books", second=25)

    both = {**ADDRESS, "street": "Mill Lane 2", "city": "Wien"} | again
    assert link.owed("crm") == link.owed("books") == {NAME: both}


def test_p7_an_edit_that_we_wrote_over_gives_way_to_the_owner(link: Link) -> None:
    link.say("books", "Acne", second=20)
    link.answer("books", second=25)

    assert link.state.value == "Apex"
    assert link.is_quiet


def test_p7_an_edit_that_we_wrote_over_is_asked_about_where_a_clash_is() -> None:
    link = Link(sync(owner="crm", clash="ask")).at_rest()
    link.say("crm", "Apex")
    link.send("books")
    link.say("books", "Acne", second=20)

    (conflict,) = link.answer("books", second=25).conflicts
    link.say("books", "Apex", second=25)  # our echo is nobody's answer
    assert link.state.asks
    link.settle("Acne")

    assert conflict.values == {"crm": "Apex", "books": "Acne"}
    assert link.owed("crm") == link.owed("books") == {NAME: "Acne"}


def test_p7_an_edit_that_we_wrote_over_is_judged_though_the_echo_came_before_the_answer() -> None:
    link = Link(sync(owner="books")).at_rest()
    link.say("crm", "Apex")
    link.send("books")

    link.say("books", "Acne", second=20)
    link.say("books", "Apex", second=25)
    link.answer("books", stampless=True)

    assert link.owed("crm") == link.owed("books") == {NAME: "Acne"}


def test_p7_an_edit_that_an_echo_shows_to_be_written_over_is_not_written_over_again(
    link: Link,
) -> None:
    link.say("books", "Acne", second=20)
    link.say("books", "Apex", second=25)
    link.say("crm", "Apex Ltd")
    link.say("crm", "Apex")

    link.answer("books", stampless=True)

    assert link.state.value == "Apex"
    assert link.is_quiet


def test_p7_an_edit_that_another_of_its_side_wrote_over_gives_way_to_the_later() -> None:
    link = Link(sync(owner="crm", clash="ask"), "crm", "books", "books2").at_rest()
    link.say("books2", "Apex", second=22)
    link.send("books")

    link.say("books", "Acne", second=23)
    verdict = link.answer("books", second=25)

    assert verdict.conflicts == []
    assert link.owed("books") == link.owed("books2") == link.owed("crm") == {NAME: "Acne"}


def test_p7_an_edit_within_a_second_that_does_not_hold_is_surely_written_over() -> None:
    link = Link(sync(owner="crm", lone="put_back")).at_rest()
    link.say("crm", "Apex")
    link.send("books")
    link.say("books", "Acne", second=20)

    link.answer("books", second=20)

    assert link.owed("books") == {NAME: "Apex"}


def test_p7_an_edit_within_a_second_that_a_person_does_not_choose_is_surely_written_over() -> None:
    link = Link(sync(owner="ask")).at_rest()
    link.say("crm", "Apex")
    link.send("books")
    link.say("books", "Acne", second=20)
    link.say("crm", "Apex Ltd")
    link.answer("books", second=20)

    link.settle("Apex")

    assert link.owed("books") == {NAME: "Apex"}


def test_p7_a_clearing_that_we_wrote_over_is_none_any_more(link: Link) -> None:
    link.say("books", None, second=20)

    verdict = link.answer("books", second=25)

    assert verdict.changes[NAME].why == ("books was cleared, but another value is on its way to it")
    assert link.state.renderings == {}


def test_p7_an_edit_that_was_taken_back_before_the_answer_is_none(link: Link) -> None:
    link.say("books", "Acne")
    link.say("books", "Acme")

    link.refuse("books")

    assert link.owed("books") == {NAME: "Apex"}
    assert not link.owed("crm")


def test_p7_an_edit_is_judged_when_the_write_turns_out_to_have_failed(link: Link) -> None:
    link.say("books", "Acne")

    link.refuse("books")

    assert link.state.value == "Apex"
    assert link.owed("books") == {NAME: "Apex"}
