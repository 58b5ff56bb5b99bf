"""What a person can choose, as it is spelled in the inbox and in the log.

Most choices are one word. Some name somebody: `link crm.Accounts/4`, `take crm`; and of two who
claim one place some say who stays there: `link crm.Accounts/4, books.contacts/2 stays`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.flows.judge.reasons import LINK, TAKE

if TYPE_CHECKING:
    from collections.abc import Iterable

_STAYS, _AND = " stays", " and "


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A choice, read; as text it is what was read."""

    word: str
    whom: str = ""
    """The record or the side that it names."""
    stays: tuple[str, ...] = ()
    """Those of one side of a merge who are the ones; who has their place is their duplicate."""

    def __str__(self) -> str:
        stays = f", {_AND.join(self.stays)}{_STAYS}" if self.stays else ""
        return f"{self.word} {self.whom}{stays}" if self.whom else self.word


def choice_of(text: str) -> Choice:
    """Read what is offered, or was chosen."""
    word, _, whom = text.partition(" ")
    if word not in (LINK, TAKE):
        return Choice(word=text)
    if not whom.endswith(_STAYS):
        return Choice(word=word, whom=whom)
    whom, _, stays = whom.removesuffix(_STAYS).partition(", ")
    return Choice(word=word, whom=whom, stays=tuple(stays.split(_AND)))


def to_link(subject: str) -> str:
    """Offer to link with a record."""
    return str(Choice(word=LINK, whom=subject))


def to_take(whom: str) -> str:
    """Offer to have it as one says."""
    return str(Choice(word=TAKE, whom=whom))


def links_in(choices: Iterable[str]) -> list[str]:
    """Give the choices that link."""
    return [one for one in choices if choice_of(one).word == LINK]


def linked_in(choices: Iterable[str]) -> list[str]:
    """Give the records with which choices link."""
    return [choice_of(one).whom for one in links_in(choices)]
