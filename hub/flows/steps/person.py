"""A person's name. Written as it was said; matched whichever way round it stands."""

from __future__ import annotations

import re

from hub.flows.steps import text
from hub.flows.steps.answers import Answers

_TITLE = """
mr mrs ms miss mx sir dr prof herr frau hr fr mme mlle m monsieur madame sig sra srta sr ing dipl
mag phd mba
"""
_TITLES = frozenset(_TITLE.split())
_GENERATIONS = frozenset(("jr", "junior", "ii", "iii", "filho", "hijo"))


def words(name: str) -> list[str]:
    """Give the words of a name without titles, in small plain letters."""
    found = re.findall(r"[^\W_]+", text.APOSTROPHES.sub("", text.folded(name)))
    return [word for word in found if word not in _TITLES] or found


def key(name: str, part: str = "") -> str:  # noqa: ARG001
    """Give its words in the order of the alphabet; an initial alone tells nobody apart."""
    found = sorted(words(name))
    return " ".join(found) if any(len(word) > 1 for word in found) else ""


def agree(one: str, other: str) -> bool:
    """Tell whether two names may be of one person: whoever says less says nothing else.

    An initial stands for a name; at least one word must be said by both.
    """
    fewer, more = sorted((words(one), words(other)), key=len)
    if (set(fewer) ^ set(more)) & _GENERATIONS:
        return False
    rest, said_by_both = list(more), 0
    for word in sorted(fewer, key=len, reverse=True):
        meant = next((other for other in rest if _means(word, other)), None)
        if meant is None:
            return False
        rest.remove(meant)
        said_by_both += min(len(word), len(meant)) > 1
    return said_by_both > 0


def _means(word: str, other: str) -> bool:
    if len(word) == 1 or len(other) == 1:
        return word[0] == other[0]
    return text.but_for_a_slip([word], [other])


ANSWERS = Answers(read=text.read, key=key, same=text.same)
