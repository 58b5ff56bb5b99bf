"""Made-up customers and products: what is true of them, before anybody writes it down."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from hub.sandbox.mess import happens, without_accents

if TYPE_CHECKING:
    from random import Random


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A country: how companies, people and numbers look there."""

    country: str
    dial: str
    cities: tuple[str, ...]
    forms: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    streets: tuple[str, ...]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody at a customer."""

    first_name: str
    last_name: str
    email: str
    phone: str
    title: str


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A company, or a person who buys for himself; then `form` is empty and there is one person."""

    name: str
    form: str
    domain: str
    phone: str
    street: str
    city: str
    postcode: str
    country: str
    people: tuple[Person, ...]

    @property
    def full_name(self) -> str:
        return f"{self.name} {self.form}".strip()


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """Something to sell."""

    code: str
    name: str
    price: Decimal
    unit: str


PLACES = (
    Place(
        country="Portugal", dial="+351", cities=("Porto", "Lisboa", "Évora", "Setúbal", "Braga"),
        forms=("Lda", "S.A."), streets=("Rua do Sol", "Rua Nova", "Avenida da Paz"),
        first_names=("Inês", "João", "Sofia", "André", "Conceição", "Tiago"),
        last_names=("Faro", "Gonçalves", "Simões", "Araújo", "Leitão", "Mourão"),
    ),
    Place(
        country="United Kingdom", dial="+44", cities=("Leeds", "Bristol", "York", "Bath", "Hull"),
        forms=("Ltd", "Limited", "plc"), streets=("Mill Lane", "Station Road", "High Street"),
        first_names=("Alice", "Owen", "Harriet", "George", "Siobhán", "Priya"),
        last_names=("Ashworth", "O'Neill", "Barker", "Thwaite", "MacLeod", "Patel"),
    ),
    Place(
        country="Germany", dial="+49", cities=("Köln", "München", "Jena", "Lübeck", "Gießen"),
        forms=("GmbH", "GmbH & Co. KG", "AG"),
        streets=("Gartenstraße", "Am Markt", "Bahnhofstraße"),
        first_names=("Jürgen", "Anneliese", "Björn", "Käthe", "Lukas", "Svenja"),
        last_names=("Müller", "Schäfer", "Vogt", "Weiß", "Krüger", "von Hagen"),
    ),
    Place(
        country="Belgium", dial="+32", cities=("Gent", "Liège", "Brugge", "Namur", "Leuven"),
        forms=("NV", "BV", "SRL"), streets=("Kerkstraat", "Rue Haute", "Molenweg"),
        first_names=("Ada", "Hélène", "Jef", "Maaike", "Noël", "Zoë"),
        last_names=("De Smet", "Lefèvre", "Van den Broeck", "Peeters", "Dubois", "Claes"),
    ),
    Place(
        country="Denmark", dial="+45", cities=("Aarhus", "København", "Odense", "Ribe", "Køge"),
        forms=("ApS", "A/S"), streets=("Havnegade", "Søndergade", "Østergade"),
        first_names=("Søren", "Mette", "Åse", "Jørgen", "Freja", "Mads"),
        last_names=("Kjær", "Sørensen", "Bæk", "Lund", "Østergaard", "Holm"),
    ),
    Place(
        country="U.S.A.", dial="+1", cities=("Portland", "Austin", "Denver", "Albany", "Tucson"),
        forms=("Inc.", "LLC", "Corp."), streets=("Oak Street", "Elm Avenue", "Canyon Road"),
        first_names=("Grace", "Marcus", "Dana", "José", "Renée", "Tyler"),
        last_names=("Whitfield", "Nguyen", "Ramírez", "Carter", "Lindqvist", "Okafor"),
    ),
)  # fmt: skip

_FIRST = (
    "Amber", "Birch", "Cobalt", "Delta", "Ember", "Fjord", "Granit", "Harbour", "Iris", "Juniper",
    "Kestrel", "Lumen", "Maré", "Nordic", "Olivar", "Pinnacle", "Quarz", "Rivière", "Solène",
    "Tundra", "Ultra", "Vértice", "Willow", "Xenia", "Yarrow", "Zephyr",
)  # fmt: skip
_SECOND = (
    "Bakery", "Bikes", "Brewing", "Catering", "Clinic", "Design", "Electric", "Farms", "Foods",
    "Freight", "Glass", "Hotels", "Interiors", "Labs", "Logistics", "Media", "Optics", "Paper",
    "Print", "Robotics", "Söhne", "Studio", "Systems", "Textil", "Tools", "Travel",
)  # fmt: skip
_TITLES = ("Owner", "Office Manager", "CFO", "Head of Purchasing", "Accountant", "CEO", "")
_MAIL_FOR_ALL = ("mailbox.example", "post.example", "freemail.example")

_PRODUCTS = (
    ("SET", "Setup", "day", 500, 900), ("SUP", "Support", "month", 40, 200),
    ("TRN", "Training", "day", 300, 700), ("LIC", "Licence", "seat", 9, 80),
    ("HW", "Terminal", "pcs", 120, 650), ("CON", "Consulting", "hrs", 80, 180),
)  # fmt: skip
_GRADES = ("Basic", "Plus", "Pro", "Max", "Café Edition", "2000")


def customers(random: Random, count: int) -> list[Customer]:
    """Make up so many customers; some share a domain, and some have nearly the same name."""
    made: list[Customer] = []
    for _ in range(count):
        if made and happens(random, 0.03):
            made.append(_sister(random, random.choice(made)))
        elif happens(random, 0.1):
            made.append(_person(random, random.choice(PLACES)))
        else:
            made.append(_company(random, random.choice(PLACES)))
    return made


def products(random: Random) -> list[Product]:
    """Make up what all of them are sold."""
    return [
        Product(
            code=f"{code}-{number}",
            name=f"{name} {grade}",
            price=Decimal(random.randrange(low * 100, high * 100, 5)) / 100,
            unit=unit,
        )
        for code, name, unit, low, high in _PRODUCTS
        for number, grade in enumerate(_GRADES, 1)
    ]


def _company(random: Random, place: Place) -> Customer:
    name = f"{random.choice(_FIRST)} {random.choice(_SECOND)}"
    if happens(random, 0.4):
        name = f"{random.choice(place.last_names)} {random.choice(('&', 'and', '+'))} {name}"
    domain = f"{_letters(name)}.example"
    return _at(random, place, name, random.choice(place.forms), domain)


def _sister(random: Random, other: Customer) -> Customer:
    """Make another company of the same group: other books, the same mail domain."""
    place = random.choice(PLACES)
    return _at(random, place, other.name, random.choice(place.forms), other.domain)


def _person(random: Random, place: Place) -> Customer:
    domain = random.choice(_MAIL_FOR_ALL)
    person = _somebody(random, place, domain)
    place_of = _at(random, place, f"{person.first_name} {person.last_name}", "", domain)
    return msgspec.structs.replace(place_of, people=(person,), phone=person.phone)


def _at(random: Random, place: Place, name: str, form: str, domain: str) -> Customer:
    return Customer(
        name=name,
        form=form,
        domain=domain,
        phone=_phone(random, place),
        street=f"{random.choice(place.streets)} {random.randrange(1, 240)}",
        city=random.choice(place.cities),
        postcode=str(random.randrange(1000, 99999)),
        country=place.country,
        people=tuple(_somebody(random, place, domain) for _ in range(random.choice((1, 1, 2, 3)))),
    )


def _somebody(random: Random, place: Place, domain: str) -> Person:
    first, last = random.choice(place.first_names), random.choice(place.last_names)
    shared = domain in _MAIL_FOR_ALL
    local = f"{_letters(first)}.{_letters(last)}{random.randrange(10, 99) if shared else ''}"
    return Person(
        first_name=first,
        last_name=last,
        email=f"{local}@{domain}",
        phone=_phone(random, place),
        title=random.choice(_TITLES),
    )


def _phone(random: Random, place: Place) -> str:
    return f"{place.dial} {random.randrange(20, 99)} {random.randrange(1_000_000, 9_999_999)}"


def _letters(text: str) -> str:
    return "".join(letter for letter in without_accents(text).lower() if letter.isalnum())
