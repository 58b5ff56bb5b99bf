"""P7: the hub's own write coming back is no news, and a person's word beside it is."""

from __future__ import annotations

import pytest

from tests.flows.agree.link import NAME, Link, sync


@pytest.fixture
def link() -> Link:
    """A change of crm is under way to books."""
    link = Link(sync(owner="crm")).at_rest("Acme")
    link.say("crm", "Apex")
    link.send("books")
    return link


def test_p7_an_echo_costs_nothing(link: Link) -> None:
    link.answer("books")

    verdict = link.say("books", "Apex")

    assert verdict.changes == {}
    assert link.is_quiet


def test_p7_an_echo_may_overtake_the_answer(link: Link) -> None:
    link.say("books", "Apex")

    link.answer("books")

    assert link.state.value == "Apex"
    assert link.is_quiet


def test_p7_an_echo_of_a_write_that_was_overtaken_is_no_news(link: Link) -> None:
    link.say("crm", "Acme")  # taken back while it was under way

    link.say("books", "Apex")
    link.answer("books")

    assert link.owed("books") == {NAME: "Acme"}
    assert not link.owed("crm")


def test_p7_a_late_echo_of_an_earlier_write_is_no_news(link: Link) -> None:
    link.answer("books", second=20)
    link.say("crm", "Apex Ltd")
    link.send("books")
    link.answer("books", second=30)

    verdict = link.say("books", "Apex", second=20)

    assert verdict.changes == {}
    assert link.is_quiet


def test_p7_what_was_read_before_the_write_is_no_news_after_it(link: Link) -> None:
    link.say("books", "Acme", second=20)

    link.answer("books", second=21)
    verdict = link.say("books", "Acme", second=20)

    assert verdict.changes == {}
    assert link.state.value == "Apex"
    assert link.is_quiet


def test_p7_what_a_vendor_trims_or_recases_is_no_news(link: Link) -> None:
    link.answer("books")

    link.say("books", "APEX ")

    assert link.state.value == "Apex"
    assert link.is_quiet


def test_p7_what_a_vendor_cut_is_no_news(link: Link) -> None:
    link.answer("books", shows="Ap")

    verdict = link.say("books", "Ap")

    assert verdict.changes == {}
    assert link.state.value == "Apex"
    assert link.is_quiet


def test_p7_a_rendering_may_be_seen_before_the_answer_that_explains_it(link: Link) -> None:
    link.say("books", "Ap")

    link.answer("books", shows="Ap")

    assert link.state.value == "Apex"
    assert link.is_quiet


def test_p7_a_rendering_is_of_one_value_only(link: Link) -> None:
    link.answer("books", shows="Ap")
    link.say("crm", "Apex Ltd")
    link.write("books")

    link.say("books", "Ap")

    assert link.owed("crm") == {NAME: "Ap"}


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
    link.settle("Acne")

    assert conflict.values == {"crm": "Apex", "books": "Acne"}
    assert link.owed("crm") == link.owed("books") == {NAME: "Acne"}


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


def test_p7_a_lost_answer_is_made_good_by_reading_what_the_record_shows(link: Link) -> None:
    link.say("books", "Apex")  # read again, while nobody knows what came of it

    link.refuse("books")

    assert link.is_quiet


def test_p7_both_sides_typing_the_same_owe_each_other_nothing() -> None:
    link = Link(sync(owner="ask")).at_rest()

    link.say("crm", "Apex")
    verdict = link.say("books", "Apex")

    assert verdict.conflicts == []
    assert link.is_quiet


def test_p7_what_was_sent_before_the_value_moved_on_is_followed_by_the_newer(link: Link) -> None:
    link.say("crm", "Apex Ltd")

    link.answer("books")

    assert link.owed("books") == {NAME: "Apex Ltd"}


def test_p7_what_the_vendor_put_into_a_record_that_we_made_is_no_news() -> None:
    link = Link(sync())
    link.say("crm", None)
    link.flights["books"] = {NAME: None}

    link.answer("books", shows="a default")
    link.say("books", "a default")

    assert link.state.value is None
    assert link.is_quiet
