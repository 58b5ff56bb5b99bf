"""Two records held against each other: in which keys they agree, and what speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.flows.match.keys import TELL_TOO_LITTLE
from hub.flows.steps import company, person

if TYPE_CHECKING:
    from hub.flows.flow import Key, Match
    from hub.flows.match.keys import Card, KeyValue


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A record that meets another in some key, and what speaks against their being the same."""

    record: str
    sure: tuple[str, ...]
    maybe: tuple[str, ...]
    against: tuple[str, ...]
    names: tuple[str, str]
    names_agree: bool


def compare(match: Match, record: str, mine: Card, theirs: Card) -> Hit | None:
    """Compare a record with another, `record`, that may be the same; None: it has nothing of it."""
    met = _met(mine, theirs)
    sure = tuple(text for text, links in met.items() if links)
    maybe = tuple(text for text, links in met.items() if not links)
    agree = _names_agree(mine, theirs)
    against = tuple(
        key.text
        for key in match.sure
        if _identifies(key) and key.text not in met and _both_say(key, mine, theirs)
    )
    if not sure and (not maybe or (against and not agree)):
        return None
    return Hit(
        record=record,
        sure=sure,
        maybe=maybe,
        against=against,
        names=(mine.name, theirs.name),
        names_agree=agree,
    )


def _met(mine: Card, theirs: Card) -> dict[str, bool]:
    """Give the keys in which both have one value, and whether one such is sure on both sides."""
    met: dict[str, bool] = {}
    for one in mine.keys:
        for other in theirs.keys:
            if (one.text, one.value) == (other.text, other.value) and not _are_apart(one, other):
                met[one.text] = met.get(one.text, False) or (one.sure and other.sure)
    return met


def _are_apart(one: KeyValue, other: KeyValue) -> bool:
    marks = zip(one.apart, other.apart, strict=True)
    return any(mark and others and mark != others for mark, others in marks)


def _identifies(key: Key) -> bool:
    """Tell whether a thing has one such value: a tax number, an id, but not a mailbox."""
    return len(key.parts) == 1 and key.parts[0].step.name not in TELL_TOO_LITTLE | {"email"}


def _both_say(key: Key, *cards: Card) -> bool:
    return all(any(one.text == key.text for one in card.keys) for card in cards)


def _names_agree(mine: Card, theirs: Card) -> bool:
    """Tell whether the names may be of one; a name that is not known agrees with all."""
    if not mine.name or not theirs.name:
        return True
    agree = person.agree if mine.is_person else company.agree
    return agree(mine.name, theirs.name)
