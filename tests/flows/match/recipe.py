"""Pairs of customers as two vendors have them, by a seeded recipe: the same twice, or near ones."""

from __future__ import annotations

import unicodedata
from random import Random
from typing import TYPE_CHECKING

import msgspec

from tests.flows.match.customers import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FORMS = {
    "GB": (("Ltd", "Limited", "LTD", "Ltd."), ("plc", "PLC", "p.l.c."), ("LLP", "L.L.P.")),
    "DE": (("GmbH", "G.m.b.H.", "gmbh"), ("GmbH & Co. KG", "GmbH & Co KG"), ("AG", "A.G.")),
    "FR": (("SARL", "S.A.R.L.", "Sàrl"), ("SAS", "S.A.S."), ("SA", "S.A.")),
    "NL": (("B.V.", "BV", "bv"), ("VOF", "v.o.f.")),
    "PT": (("Lda", "Lda.", "Limitada"), ("S.A.", "SA")),
    "DK": (("ApS", "Aps", "APS"), ("A/S", "AS")),
    "US": (("Inc.", "Inc", "Incorporated"), ("LLC", "L.L.C."), ("Corp.", "Corporation")),
}
COUNTRIES = {
    "GB": ("United Kingdom", "UK", "Great Britain", ""), "DE": ("Germany", "Deutschland", "DE", ""),
    "FR": ("France", "FR", ""), "NL": ("Netherlands", "Nederland", "The Netherlands", ""),
    "PT": ("Portugal", "PT", ""), "DK": ("Denmark", "Danmark", ""),
    "US": ("United States", "USA", "U.S.A.", ""),
}  # fmt: skip
DIALS = {"GB": 44, "DE": 49, "FR": 33, "NL": 31, "PT": 351, "DK": 45, "US": 1}
SURNAMES = (
    "Ashdown", "Bellamy", "Böhmer", "Castilho", "Delacroix", "Ellerby", "Fährmann", "Guimarães",
    "Hartley", "Jansen", "Kjeldsen", "Lefort", "Møller", "Nogueira", "O'Malley", "Prévost",
    "Quinlan", "Rasmussen", "Schröder", "Teixeira", "Underhill", "Vermeulen", "Wagner", "Yates",
)  # fmt: skip
FANCIES = (
    "Alder", "Beacon", "Cedar", "Driftwood", "Elmwood", "Falcon", "Granite", "Heron", "Indigo",
    "Jasper", "Kingfisher", "Lantern", "Marigold", "Northgate", "Orchard", "Pebble", "Quarry",
    "Redwood", "Saffron", "Thistle", "Umber", "Vantage", "Wren", "Yellowstone",
)  # fmt: skip
TRADES = (
    "Accounting", "Bakery", "Carpentry", "Dental", "Engineering", "Florists", "Garage", "Haulage",
    "Imports", "Joinery", "Kitchens", "Lighting", "Machinery", "Nursery", "Optics", "Packaging",
    "Roofing", "Security", "Tiling", "Upholstery", "Veterinary", "Windows",
)  # fmt: skip
TOWNS = ("Leeds", "York", "Hull", "Bath", "Jena", "Lyon", "Porto", "Breda", "Odense", "Austin")
ONE_NAME = "the other form, next door"
"""Where a house has two of one name, people say the form: it is what they are told apart by."""
MORE = ("Holding", "Group", "Properties", "Foundation", "Management", "International")


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    case: str
    is_same: bool
    one: Said
    other: Said


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """What is true of a customer, before anybody writes it down."""

    words: str
    forms: tuple[str, ...]
    home: str
    code: str
    tax: str
    email: str
    phone: str


def pairs(seed: int, *, same: int, near: int) -> Iterator[Pair]:
    """Make so many pairs of the same, and so many of two that are near each other."""
    random = Random(seed)
    for _ in range(same):
        yield _same(random, _customer(random))
    for _ in range(near):
        yield _near(random, _customer(random))


def _same(random: Random, customer: Customer) -> Pair:
    crm, books = _written(random, customer, gaps=0.1), _written(random, customer, gaps=0.25)
    linked_by_the_vendor = random.random() < 0.15
    books = msgspec.structs.replace(books, cross="1" if linked_by_the_vendor else "")
    return Pair(case="the same, written twice", is_same=True, one=crm, other=books)


def _near(random: Random, customer: Customer) -> Pair:
    case, near = random.choice(list(NEAR.items()))
    other = near(random, customer, _customer(random))
    one, two = _written(random, customer, gaps=0.1), _written(random, other, gaps=0.25)
    if case == ONE_NAME:
        one = msgspec.structs.replace(one, name=f"{customer.words} {customer.forms[0]}")
        two = msgspec.structs.replace(two, name=f"{other.words} {other.forms[0]}")
    return Pair(case=case, is_same=False, one=one, other=two)


def _customer(random: Random) -> Customer:
    home = random.choice(list(FORMS))
    surname, fancy, trade = map(random.choice, (SURNAMES, FANCIES, TRADES))
    words = random.choice(
        (f"{surname} {trade}", f"{fancy} {trade}", f"{surname} & {random.choice(SURNAMES)}",
         f"{fancy} {trade} {random.randrange(1, 99)}", f"The {fancy} {trade}")
    )  # fmt: skip
    return Customer(
        words=words,
        forms=random.choice(FORMS[home]),
        home=home,
        code=_code(random, home),
        tax=f"{random.randrange(200_000_000, 980_000_000)}",
        email=f"{_plain(surname).lower()}{random.randrange(99)}@{_plain(fancy).lower()}.example",
        phone=f"{random.randrange(20, 99)} {random.randrange(2_000_000, 9_999_999)}",
    )


def _code(random: Random, home: str) -> str:
    digits = random.randrange(10_000, 99_999)
    letters = "".join(random.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
    ways = {
        "GB": f"{letters}{digits % 30 + 1} {digits % 9 + 1}{letters}",
        "NL": f"{digits // 10} {letters}",
        "PT": f"{digits // 10}-{digits % 900 + 100}",
        "DK": f"{digits // 10}",
    }
    return ways.get(home, str(digits))


def _written(random: Random, customer: Customer, *, gaps: float) -> Said:
    """Write down what somebody knew of a customer, in the way that came to mind."""
    known: Callable[[str], str] = lambda text: "" if random.random() < gaps else text  # noqa: E731
    return Said(
        name=_name(random, customer),
        code=known(_code_written(random, customer)),
        country=random.choice(COUNTRIES[customer.home]),
        tax=known(_tax_written(random, customer)) if random.random() < 0.6 else "",
        email=known(random.choice((customer.email, customer.email.upper(), _tagged(customer)))),
        phone=known(_phone_written(random, customer)),
    )


def _name(random: Random, customer: Customer) -> str:
    name = f"{customer.words} {random.choice((*customer.forms, ''))}".strip()
    ways: tuple[Callable[[str], str], ...] = (
        str, str, str, str.upper, str.lower, _plain, lambda text: text.replace(" ", "  ", 1),
        lambda text: text.replace("&", "and"), lambda text: text.removeprefix("The "),
    )  # fmt: skip
    name = random.choice(ways)(name)
    return _slip(random, name) if random.random() < 0.04 else name


def _slip(random: Random, name: str) -> str:
    """Mistype one letter of the first word: turned round, left out, or doubled."""
    at = random.randrange(1, max(2, len(name.split(maxsplit=1)[0]) - 1))
    return random.choice(
        (f"{name[:at]}{name[at + 1]}{name[at]}{name[at + 2 :]}", name[:at] + name[at + 1 :],
         name[:at] + name[at] + name[at:])
    )  # fmt: skip


def _code_written(random: Random, customer: Customer) -> str:
    code = customer.code
    fronted = f"{customer.home[0]}-{code}" if customer.home in ("DE", "FR") else code.lower()
    return random.choice((code, code, code.replace(" ", ""), fronted))


def _tax_written(random: Random, customer: Customer) -> str:
    tax, home = customer.tax, "" if customer.home == "US" else customer.home
    return random.choice((f"{home}{tax}", f"{home} {tax[:3]} {tax[3:6]} {tax[6:]}", tax))


def _phone_written(random: Random, customer: Customer) -> str:
    dial, plain = DIALS[customer.home], customer.phone.replace(" ", "")
    return random.choice(
        (
            f"+{dial} {customer.phone}",
            f"00{dial}{plain}",
            f"0{customer.phone}",
            f"+{dial} (0){plain}",
        )
    )


def _tagged(customer: Customer) -> str:
    return customer.email.replace("@", "+books@")


def _plain(text: str) -> str:
    small = text.replace("ø", "o").replace("Ø", "O").replace("'", "")
    apart = unicodedata.normalize("NFKD", small)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _but(customer: Customer, words: str, other: Customer, *kept: str) -> Customer:
    """Give another customer that has a name near this one's, and shares so much with it."""
    shared = {name: getattr(customer, name) for name in ("home", "forms", *kept)}
    code = {} if "code" in kept or other.home == customer.home else {"code": other.code}
    return msgspec.structs.replace(other, words=words, **(shared | code))


def _next_number(words: str) -> str:
    first, _, last = words.rpartition(" ")
    return f"{first} {int(last) + 1}" if last.isdecimal() else f"{words} 2"


NEAR: dict[str, Callable[[Random, Customer, Customer], Customer]] = {
    "nothing shared": lambda _, __, other: other,
    "another of its group, next door": lambda random, one, other: _but(
        one, f"{one.words} {random.choice(MORE)}", other, "code", "phone"
    ),
    "another of its tax group": lambda random, one, other: _but(
        one, f"{one.words} {random.choice(MORE)}", other, "code", "tax"
    ),
    "a branch": lambda random, one, other: _but(
        one, f"{one.words} {random.choice(TOWNS)}", other, "email"
    ),
    "a branch under its tax number": lambda random, one, other: _but(
        one, f"{one.words} {random.choice(TOWNS)}", other, "tax"
    ),
    "the next number": lambda _, one, other: _but(one, _next_number(one.words), other, "code"),
    "the next number under its tax number": lambda _, one, other: _but(
        one, _next_number(one.words), other, "code", "tax"
    ),
    "the same name elsewhere": lambda _, one, other: _but(one, one.words, other),
    "the same name and mail elsewhere": lambda _, one, other: _but(one, one.words, other, "email"),
    "the same bookkeeper": lambda _, one, other: _but(
        one, other.words, other, "email", "phone", "code"
    ),
    "another trade, one house": lambda random, one, other: _but(
        one,
        f"{one.words.split(maxsplit=1)[0]} {random.choice(TRADES)} Works",
        other,
        "code",
        "phone",
    ),
    ONE_NAME: lambda _, one, other: msgspec.structs.replace(
        _but(one, one.words, other, "code"), forms=_other_forms(one)
    ),
}


def _other_forms(customer: Customer) -> tuple[str, ...]:
    return next(forms for forms in FORMS[customer.home] if forms != customer.forms)
