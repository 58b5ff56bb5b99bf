"""P7: the hub's own write coming back is no news, and a person's word beside it is."""

from __future__ import annotations

import pytest

from hub.flows.agree import rendered
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


def test_p7_what_was_known_before_the_write_is_no_news_if_nobody_gave_a_stamp(link: Link) -> None:
    known = link.word("Acme")

    link.answer("books", stampless=True)
    verdict = link.judge({"books": known})

    assert verdict.changes == {}


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


def test_p7_a_rendering_may_be_trimmed_or_recased_too(link: Link) -> None:
    link.answer("books", shows="Ap")

    link.say("books", "AP ")

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


def test_p7_a_lost_answer_is_made_good_by_reading_what_the_record_shows(link: Link) -> None:
    link.say("books", "Apex")  # read again, while nobody knows what came of it

    link.refuse("books")

    assert link.is_quiet


def test_p7_a_lost_answer_of_a_write_that_was_overtaken_carries_nothing_back(link: Link) -> None:
    link.say("crm", "Acme")  # taken back while it was under way
    link.say("books", "Apex")

    link.refuse("books")

    assert link.owed("books") == {NAME: "Acme"}
    assert not link.owed("crm")


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


def test_p7_what_a_vendor_made_of_an_older_value_is_no_rendering_of_the_newer(link: Link) -> None:
    link.say("crm", "Apex Ltd")

    link.answer("books", shows="Ap")

    assert link.owed("books") == {NAME: "Apex Ltd"}


def test_p7_what_is_seen_of_a_write_after_another_word_is_no_rendering_of_that() -> None:
    link = Link(sync()).at_rest()
    link.say("crm", "Apex")
    sent = {NAME: link.write("books")}
    link.say("books", "Bolt")

    link.agreement = rendered(link.agreement, "books", sent, {NAME: "Apex"})

    assert link.state.renderings == {}
    assert link.state.words["books"].value == "Bolt"


def test_p7_what_the_vendor_put_into_a_record_that_we_made_is_no_news() -> None:
    link = Link(sync())
    link.say("crm", None)
    link.flights["books"] = {NAME: None}

    link.answer("books", shows="a default")
    link.say("books", "a default")

    assert link.state.value is None
    assert link.is_quiet
