"""What comes of each choice that the inbox offers, in a sentence: nobody is to try it to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.flows.judge.choice import choice_of
from hub.flows.judge.reasons import (
    ALIKE,
    CONFLICT,
    CREATE,
    DUPLICATE,
    EDIT,
    FAULT,
    GONE,
    LEAVE,
    LINK,
    NEWCOMER,
    PROPOSAL,
    REFUSED,
    RESTLESS,
    RETRY,
    SKIP,
    TAKE,
    UNLINK,
)

if TYPE_CHECKING:
    from hub.console.inbox import Question

_SAME = "the two are the same: each is told what holds by the owners of the fields"
_IS_THAT = "it is {whom}: that one is linked, and none is made"

_MEANS = {
    (PROPOSAL, LINK): _SAME,
    (PROPOSAL, CREATE): "it is another: one is made for it on the other side",
    (NEWCOMER, LINK): _SAME,
    (NEWCOMER, CREATE): "one is made for it on the other side",
    (DUPLICATE, TAKE): "{whom} has that place from now on, and {holder} leaves the link",
    (DUPLICATE, CREATE): "it is another: it begins a link, and one is made on the other side",
    (CONFLICT, TAKE): "all sides are to show what {whom} says",
    (GONE, LINK): "{whom} goes on as {subject}, with those whom that was linked with",
    (GONE, UNLINK): "{subject} leaves its link; nothing is written to those who stay",
    (ALIKE, LINK): _IS_THAT,
    (ALIKE, CREATE): "it is another: it is made as it was to be",
    (REFUSED, LINK): _IS_THAT,
    (REFUSED, RETRY): "it is tried again, with what is agreed by then",
    (REFUSED, EDIT): "it is tried again in your words, and all sides are to show them",
    (RESTLESS, RETRY): "it is written once more",
    (FAULT, RETRY): "it is judged again",
}
_OF_ANY_REASON = {
    RETRY: "it is looked at again, as things are by then",
    LEAVE: "nothing is done, and it is not asked again in these words",
    SKIP: "it is not written; each side stays as it is",
    "open": "one is opened for it",
}
_STAYS = "; {stays} has its place, and who else claims that is kept as its duplicate"


def meaning_of(one: Question, choice: str) -> str:
    """Say what comes of a choice; nothing, where it says that itself."""
    said = choice_of(choice)
    reason, _, _ = one.reason.partition(":")
    text = _MEANS.get((reason, said.word)) or _OF_ANY_REASON.get(said.word, "")
    return f"{text}{_STAYS if said.stays else ''}".format(
        subject=one.subject,
        whom=said.whom,
        stays=" and ".join(said.stays),
        holder=one.data.get("holder", "who has it now"),
    )
