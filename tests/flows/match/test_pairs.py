"""How well the keys of the customers flow tell customers apart: thousands of pairs, most by a
seeded recipe, and the hard ones by hand. The figures hold for these pairs, which have far more near
misses than any company's books; they are here so that no change makes them worse unseen.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import msgspec

from hub.flows.match import Link, Nobody, Propose, Verdict
from tests.flows.match.customers import Said, judged
from tests.flows.match.recipe import Pair, pairs

BY_HAND = Path(__file__).parent / "pairs.csv"

KNOWN_TO_BE_WRONG = {
    "father and son, and nothing else known",
    "partner and partnership, where no form is said",
}
"""Two of one name at one postcode of whom nothing else is said: no key tells them apart."""


class Judged(msgspec.Struct, frozen=True):
    pair: Pair
    verdict: Verdict


def test_at_least_999_in_1000_automatic_links_are_right() -> None:
    links = [one for one in judgements() if isinstance(one.verdict, Link)]
    wrong = {one.pair.case for one in links if not one.pair.is_same}

    assert len(links) > 2000
    assert wrong == KNOWN_TO_BE_WRONG
    assert len(wrong) / len(links) <= 0.001


def test_three_in_four_of_the_same_are_linked_without_a_person() -> None:
    same = [one.verdict for one in judgements() if one.pair.is_same]

    assert 0.73 <= share(Link, same) <= 0.77


def test_of_the_same_nearly_all_others_are_proposed() -> None:
    same = [one.verdict for one in judgements() if one.pair.is_same]

    assert 0.22 <= share(Propose, same) <= 0.26
    assert share(Nobody, same) <= 0.01


def test_by_hand_the_same_are_linked_unless_too_little_is_known() -> None:
    same = [one for one in judgements() if one.pair.is_same and one.pair.case in by_hand()]

    assert {one.pair.case: type(one.verdict) for one in same if not is_link(one)} == {
        "only the name, elsewhere nothing known": Propose,
        "only a tagged mail": Propose,
        "only gmail with dots": Propose,
        "only the phone, once without its country": Propose,
        "renamed, cross id": Propose,
        "renamed, tax number": Propose,
        "form was changed": Propose,
        "typing slip in the name, same postcode": Nobody,
        "trading name": Nobody,
        "town behind the name": Nobody,
        "acronym": Nobody,
        "number as a word": Nobody,
        "nothing but the name of somebody": Nobody,
    }


def test_there_are_enough_pairs_of_both_sorts() -> None:
    assert sum(one.pair.is_same for one in judgements()) > 2800
    assert sum(not one.pair.is_same for one in judgements()) > 1200
    assert len(by_hand()) > 140


@cache
def judgements() -> list[Judged]:
    return [
        Judged(pair, judged(pair.one, pair.other))
        for pair in (*by_hand().values(), *pairs(seed=54, same=2800, near=1200))
    ]


@cache
def by_hand() -> dict[str, Pair]:
    with BY_HAND.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";", strict=True))
    found = {row["case"]: of_row(row) for row in rows}
    assert len(found) == len(rows), "a case is named twice"
    return found


def of_row(row: dict[str, str]) -> Pair:
    known = ("code", "country", "tax", "email", "phone")
    return Pair(
        case=row["case"],
        is_same={"yes": True, "no": False}[row["same"]],
        one=Said(name=row["one"], **{name: row[name] for name in known}),
        other=Said(
            name=row["other"],
            cross={"this": "1", "other": "2", "": ""}[row["cross"]],
            **{name: row[f"other_{name}"] for name in known},
        ),
    )


def share(kind: type[Verdict], verdicts: list[Verdict]) -> float:
    return sum(isinstance(one, kind) for one in verdicts) / len(verdicts)


def is_link(one: Judged) -> bool:
    return isinstance(one.verdict, Link)
