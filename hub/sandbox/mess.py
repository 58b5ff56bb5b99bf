"""How the same thing is written down elsewhere: other casing, accents, forms, numbers, gaps."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_LONG_FORMS = {
    "Ltd": "Limited", "Limited": "Ltd.", "Lda": "Lda.", "S.A.": "SA", "plc": "PLC",
    "GmbH": "G.m.b.H.", "Inc.": "Incorporated", "LLC": "L.L.C.", "Corp.": "Corporation",
    "NV": "N.V.", "BV": "B.V.", "A/S": "AS", "ApS": "Aps",
}  # fmt: skip
_NOT_TAKEN_APART = {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ł": "l"}
_COUNTRIES = {
    "United Kingdom": ("UK", "Great Britain", "GB"), "U.S.A.": ("USA", "United States"),
    "Germany": ("Deutschland", "DE"), "Portugal": ("PT",), "Belgium": ("België", "BE"),
    "Denmark": ("Danmark",),
}  # fmt: skip


def name_elsewhere(random: Random, name: str, form: str) -> str:
    """Write a company's name as somebody else did, which is often just the same."""
    ways: tuple[Callable[[str], str], ...] = (
        lambda text: text, lambda text: text, lambda text: text,
        str.upper, str.lower, without_accents,
        lambda text: text.replace(" & ", " and ").replace(" + ", " & "),
        lambda text: text.replace(" ", "  ", 1), lambda text: f"{text} ",
    )  # fmt: skip
    form = random.choice((form, form, _LONG_FORMS.get(form, form), ""))
    return random.choice(ways)(f"{name} {form}".strip())


def person_elsewhere(random: Random, first: str, last: str) -> tuple[str, str]:
    """Write a person's name as somebody else did."""
    match _one(random, {"same": 74, "plain": 12, "initial": 6, "loud": 5, "turned": 3}):
        case "plain":
            return without_accents(first), without_accents(last)
        case "initial":
            return f"{first[:1]}.", last
        case "loud":
            return first.upper(), last.upper()
        case "turned":
            return last, first
    return first, last


def email_elsewhere(random: Random, email: str) -> str:
    """Write an e-mail address as somebody else did; now and then nobody knew it."""
    local, _, domain = email.partition("@")
    match _one(random, {"same": 60, "unknown": 12, "titled": 12, "loud": 8, "of all": 8}):
        case "unknown":
            return ""
        case "titled":
            return f"{local.title()}@{domain}"
        case "loud":
            return email.upper()
        case "of all":
            return f"{random.choice(('accounts', 'billing', 'office'))}@{domain}"
    return email


def phone_elsewhere(random: Random, phone: str) -> str:
    """Write a number as somebody else did: by other groups, without its country, not at all."""
    country, area, rest = phone.split(" ", 2)
    return random.choice(
        (
            phone,
            phone.replace(" ", ""),
            f"00{country[1:]} {area} {rest}",
            f"0{area} {rest[:3]}-{rest[3:]}",
            f"({country}) {area}/{rest}",
            "",
        )
    )


def street_elsewhere(random: Random, street: str) -> str:
    short = street.replace("straße", "str.").replace("Street", "St").replace("Avenue", "Ave")
    return random.choice((street, street, short, without_accents(street), street.upper()))


def country_elsewhere(random: Random, country: str) -> str:
    return random.choice((country, *_COUNTRIES.get(country, ())))


def happens(random: Random, share: float) -> bool:
    """Tell whether something that happens so often happens now."""
    return random.random() < share


def typo(random: Random, text: str) -> str:
    """Turn two neighbouring letters round, as fast fingers do."""
    if len(text) < 4:  # noqa: PLR2004 - nobody mistypes so little
        return text
    at = random.randrange(1, len(text) - 2)
    return f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"


def without_accents(text: str) -> str:
    plain = "".join(_NOT_TAKEN_APART.get(letter, letter) for letter in text)
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _one(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]
