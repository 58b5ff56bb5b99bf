"""Each choice of the inbox says what comes of it."""

from __future__ import annotations

from uuid import UUID

import pytest

from hub.cli.meaning import meaning_of
from hub.console.inbox import Question
from hub.flows.judge.follow import ALWAYS, FOLLOWS

WHOM = "crm.Accounts/4"


@pytest.mark.parametrize(("reason", "word"), list(FOLLOWS))
def test_what_a_sync_asks_is_told_with_what_comes_of_each_answer(reason: str, word: str) -> None:
    choice = f"{word} {WHOM}" if word in ("link", "take") else word

    assert len(meaning_of(asked(reason), choice)) > len("it is done")


@pytest.mark.parametrize("word", [*ALWAYS, "retry", "open"])
def test_so_is_what_can_be_answered_whatever_was_asked(word: str) -> None:
    assert meaning_of(asked("stuck"), word)


def test_who_stays_is_told_apart_from_the_duplicate() -> None:
    told = meaning_of(asked("gone"), f"link {WHOM}, books.contacts/2 stays")

    assert told.startswith(f"{WHOM} goes on as crm.Accounts/3, ")
    assert told.endswith(
        "; books.contacts/2 has its place, and who else claims that is kept as its duplicate"
    )


def asked(reason: str) -> Question:
    return Question(
        item=UUID(int=1), flow="customers", reason=reason, sentence="", subject="crm.Accounts/3",
        choices=[], data={}, since=1, since_at=None, settled=None, settled_by="",
    )  # fmt: skip
