"""A company's name: written as it was said; matched without form, case, accents and signs."""

from __future__ import annotations

import re
from functools import lru_cache

from hub.flows.steps import text
from hub.flows.steps.answers import Answers
from hub.flows.steps.forms import Named, without_form

_AND = frozenset({"&", "+", "and", "und", "et", "og", "och", "en", "e", "y", "i"})
_NOBODY = """
test tests demo unknown none na nn tbd tba tbc cash cashcustomer cashsale cashsales walkin
walkincustomer various diverse divers misc miscellaneous private privat customer customers
kunde client cliente guest noname nocompany selfemployed freelance company default example
consumidorfinal onlinecustomer webcustomer retailcustomer laufkunde barverkauf
limited ltd gmbh inc llc sarl
"""
_NO_NAMES = frozenset(_NOBODY.split())
"""Names that people give to nobody in particular."""

_SPA = re.compile(r"\bS\.\s?p\.\s?A\b\.?|\bSpA\b|\bs\.p\.a\b\.?|\bS\.P\.A\b\.?")
_SLASHED = re.compile(r"\b([a-z])/([a-z])\b")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.\s?){1,}[^\W\d_]\b\.?")
_WORD = re.compile(r"[^\W_]+|[&+]")
_DIGRAPHS = re.compile(r"([aou])e|aa")


def key(name: str, part: str = "") -> str:  # noqa: ARG001
    """Give what is left of a name, without spaces; "" if it names nobody in particular."""
    left = "".join(named(name).words)
    return left if len(left) > 1 and left not in _NO_NAMES else ""


def agree(one: str, other: str) -> bool:
    """Tell whether two names may be of one company: not plainly of two.

    A form that both say must be one form: the partner of a `GmbH & Co. KG` is a `GmbH` of its name.
    """
    (words, form), (others, other_form) = named(one), named(other)
    if form and other_form and not form & other_form:
        return False
    return "".join(words) == "".join(others) or text.but_for_a_slip(words, others)


@lru_cache(maxsize=10_000)
def named(name: str) -> Named:
    """Give the words of a name and its legal form; kept, as several keys ask for the same one."""
    # A spa is a place to bathe in; an S.p.A. is a form. Only the dots and the case tell.
    small = text.folded(_SPA.sub(" spa form ", name))
    small = text.APOSTROPHES.sub("", _SLASHED.sub(r"\1\2", small))
    small = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", small)
    words = _without_article(_with_and(_WORD.findall(small)))
    left, form = without_form(tuple(words))
    return Named(tuple(_DIGRAPHS.sub(_one_vowel, word) for word in left), form)


def _with_and(words: list[str]) -> list[str]:
    """Write every `and` as one sign; a single letter is one only between longer words."""
    return [
        "&" if word in _AND and _is_between(words, at) else word for at, word in enumerate(words)
    ]


def _is_between(words: list[str], at: int) -> bool:
    if words[at] in "&+":
        return True
    sides = words[at - 1 : at] + words[at + 1 : at + 2]
    return at > 0 and len(sides) == 2 and all(len(side) > 1 for side in sides)  # noqa: PLR2004


def _without_article(words: list[str]) -> list[str]:
    if len(words) > 1 and words[0] == "the":
        return words[1:]
    return words[:-1] if len(words) > 1 and words[-1] == "the" else words


def _one_vowel(found: re.Match[str]) -> str:
    """Müller is also written Mueller, and Muller: of all three `muller` is left."""
    return found[1] or "a"


ANSWERS = Answers(read=text.read, key=key, same=text.same)
