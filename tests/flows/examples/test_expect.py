"""The lines of `expect` are held against what happened."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from hub.flows.examples import Happened, Names, NotAStory, missed

if TYPE_CHECKING:
    from hub.flows.examples.happened import What

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
NAMES = Names(kinds=frozenset({("crm", "Accounts"), ("books", "contacts"), ("books", "invoices")}))


def happened(what: What, key: str = "", sentence: str = "", **fields: Any) -> Happened:
    connection, _, rest = key.partition(".")
    kind, _, record = rest.partition(" ")
    return Happened(
        at=AT, what=what, key=(connection, kind, record) if key else None, fields=fields,
        sent=fields, keys=(("crm", "Accounts", "3"), ("books", "contacts", "9")),
        sentence=sentence,
    )  # fmt: skip


MADE = happened(
    "made", "books.invoices 1", total=Decimal("100.00"), lines=[{"rate": 5, "name": "x"}]
)
WROTE = happened("wrote", "crm.Accounts 3", Website="y", Phone="1")
ASKED = happened("asked", sentence="crm.Accounts/3 is gone; what now?")
WHY = happened("why", sentence="it was so no longer")


@pytest.mark.parametrize(
    "line",
    [
        "books.invoices is made",
        "invoices is made once with total = 100",
        'books.invoices is made with lines = [{"rate": 5}]',
        "books.contacts is not made",
        'account 3 gets Website = "y"',
        "account 4 gets nothing",
        "account 3 is linked with books.contact 9",
        "asked: is gone",
        "because: no longer",
    ],
)
def test_what_happened_comes_true(line: str) -> None:
    assert missed([line], [MADE, WROTE, ASKED, WHY], NAMES) == []


@pytest.mark.parametrize(
    "line",
    [
        "books.invoices is made with total = 99",
        'books.invoices is made with lines = [{"rate": 5}, {"rate": 6}]',
        "books.invoices is not made",
        'account 3 gets Website = "z"',
        "account 3 gets nothing",
        "account 3 is linked with books.contact 8",
        "asked: how",
        "nothing is asked",
        "nothing",
        "nothing, because: no longer",
        "nothing else",
    ],
)
def test_what_did_not_happen_is_missed(line: str) -> None:
    assert missed([line], [MADE, WROTE, ASKED, WHY], NAMES) == [line]


def test_made_once_is_missed_if_there_is_a_second_one_of_whatever_it_says() -> None:
    second = happened("made", "books.invoices 2", total=7)

    assert missed(["books.invoices is made once with total = 7"], [MADE, second], NAMES)


def test_nothing_else_is_than_the_lines_above_it_speak_of() -> None:
    lines = ["books.invoices is made", 'account 3 gets Phone = "1"', "nothing else"]

    assert missed(lines, [MADE, WROTE, ASKED, WHY], NAMES) == []
    assert missed(lines[1:], [MADE, WROTE], NAMES) == ["nothing else"]


def test_nothing_but_a_reason() -> None:
    assert missed(["nothing, because: no longer"], [WHY], NAMES) == []


@pytest.mark.parametrize("line", ["all is well", "deal 3 gets nothing", "account 3 gets Phone"])
def test_a_line_that_cannot_be_read_is_no_expectation(line: str) -> None:
    with pytest.raises(NotAStory, match=f"{line}: expected"):
        missed([line], [WHY], NAMES)
