"""A choice is read as it is offered, and offered as it is read: so it stands in the log."""

from __future__ import annotations

import pytest

from hub.flows.judge.choice import Choice, choice_of, linked_in, links_in


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("create", Choice(word="create")),
        ("take crm", Choice(word="take", whom="crm")),
        ("link crm.Accounts/4", Choice(word="link", whom="crm.Accounts/4")),
        ("link shop.people/a, b", Choice(word="link", whom="shop.people/a, b")),
        (
            "link crm.Accounts/4, books.contacts/1 and books.contacts/2 stays",
            Choice(
                word="link", whom="crm.Accounts/4", stays=("books.contacts/1", "books.contacts/2")
            ),
        ),
    ],
)
def test_a_choice_says_as_text_what_was_read(text: str, choice: Choice) -> None:
    assert choice_of(text) == choice
    assert str(choice) == text


def test_what_links_is_found_among_all_that_is_offered() -> None:
    choices = ["link crm.Accounts/4, books.contacts/2 stays", "link crm.Accounts/5", "unlink"]

    assert links_in(choices) == choices[:2]
    assert linked_in(choices) == ["crm.Accounts/4", "crm.Accounts/5"]
