"""When records link by themselves, when a person is asked, and in which words."""

from __future__ import annotations

from hub.flows.flow import Field, Key, Match
from hub.flows.match import Link, Nobody, Propose, card, compare, keys_of, verdict
from tests.flows.match.customers import (
    CUSTOMERS,
    MATCH,
    PHONE,
    Said,
    in_books,
    in_crm,
    judged,
    part,
    sync,
)

FERRY = Said(name="Ferry Foods Ltd", code="LS1 1AA", tax="GB 294 7731 08")


def test_a_sure_key_with_one_hit_links() -> None:
    found = judged(FERRY, Said(name="Quay Bikes"), Said(name="FERRY FOODS", tax="294773108"))

    assert found == Link(record="books.contacts/2", why="same tax number")


def test_a_sure_key_with_another_name_proposes_and_says_both() -> None:
    found = judged(FERRY, Said(name="Quay Bikes Ltd", tax="294773108"))

    assert found == Propose(
        records=("books.contacts/1",),
        why="same tax number, but one is called “Ferry Foods Ltd” and the other “Quay Bikes Ltd”",
    )


def test_several_sure_hits_propose_all_of_them() -> None:
    found = judged(FERRY, Said(name="Ferry Foods", tax="294773108"), FERRY)

    assert found == Propose(
        records=("books.contacts/1", "books.contacts/2"),
        why="2 records fit: books.contacts/1 (same tax number), "
        "books.contacts/2 (same tax number and name + address.code)",
    )


def test_of_two_with_one_name_and_postcode_the_one_with_the_tax_number_links() -> None:
    sister = Said(name="Ferry Foods Ltd", code="LS1 1AA", tax="GB731902455")

    assert judged(FERRY, sister, FERRY) == Link(
        record="books.contacts/2", why="same tax number and name + address.code"
    )


def test_two_of_one_name_whose_form_is_not_said_propose() -> None:
    found = judged(
        Said(name="Brandt Stahl", code="45127"),
        Said(name="Brandt Stahl GmbH", code="45127"),
        Said(name="Brandt Stahl GmbH & Co. KG", code="45127"),
    )

    assert isinstance(found, Propose)


def test_a_cross_id_that_points_elsewhere_speaks_against_a_link() -> None:
    found = judged(FERRY, Said(name="Ferry Foods", code="LS1 1AA", cross="2"))

    assert isinstance(found, Propose)
    assert found.why == "same name + address.code, but another crm.id = books.zcrm_account_id"


def test_a_maybe_key_only_proposes() -> None:
    found = judged(FERRY, Said(name="Ferry Foods"))

    assert found == Propose(records=("books.contacts/1",), why="same name, which alone is no proof")


def test_a_bookkeepers_telephone_proposes_nobody_whose_tax_number_and_name_are_others() -> None:
    one = Said(name="Ferry Foods", tax="GB294773108", phone="0113 496 0123")
    other = Said(name="Quay Bikes", tax="GB731902455", phone="0113 496 0123")

    assert judged(one, other) == Nobody()


def test_no_key_in_common_is_nobody() -> None:
    assert judged(FERRY, Said(name="Quay Bikes")) == Nobody()


def test_a_name_or_a_telephone_never_links_even_where_a_flow_says_that_it_is_sure() -> None:
    match = Match(sure=(Key(text="phone", parts=(PHONE,)),))
    flow = sync(match)
    one = Said(name="Ferry Foods", phone="0113 496 0123")

    hit = compare(match, "1", card(flow, "crm", in_crm(one)), card(flow, "books", in_books(one)))

    assert hit is not None
    assert isinstance(verdict([hit]), Propose)


PEOPLE = sync(
    Match(sure=(Key(text="email", parts=(part("email", crm=("Email",), books=("email",)),)),)),
    Field(name="first", places={"crm": ("First_Name",), "books": ("first_name",)}, owner="crm",
          step=part("name").step),
    Field(name="last", places={"crm": ("Last_Name",), "books": ("last_name",)}, owner="crm",
          step=part("name").step),
)  # fmt: skip


def of_people(first: str, last: str, email: str, first_there: str, last_there: str) -> object:
    crm = {"First_Name": first, "Last_Name": last, "Email": email}
    books = {"first_name": first_there, "last_name": last_there, "email": email.upper()}
    hit = compare(PEOPLE.match, "1", card(PEOPLE, "crm", crm), card(PEOPLE, "books", books))
    return verdict([hit] if hit else [])


def test_people_link_by_a_mailbox_of_their_own() -> None:
    assert of_people("Inês", "Faro", "ines@ferry.example", "Ines", "FARO") == Link(
        record="1", why="same email"
    )


def test_people_turned_round_and_shortened_link_too() -> None:
    assert isinstance(of_people("Owen", "Barker", "ob@ferry.example", "Barker", "O."), Link)


def test_people_of_one_shared_mailbox_never_link_by_it() -> None:
    assert isinstance(of_people("Owen", "Barker", "info@ferry.example", "Owen", "Barker"), Propose)


def test_two_people_who_share_a_familys_mailbox_are_proposed() -> None:
    found = of_people("Owen", "Barker", "barkers@gmail.com", "Alice", "Barker")

    assert isinstance(found, Propose)
    assert "“Owen Barker” and the other “Alice Barker”" in found.why


def test_a_key_needs_all_its_parts() -> None:
    record = in_crm(Said(name="Ferry Foods Ltd", phone="0113 496 0123"))

    assert keys_of(MATCH, "crm", record) == [
        ("crm.id = books.zcrm_account_id", "1"),
        ("name", "ferryfoods"),
        ("phone", "134960123"),
    ]


def test_every_person_of_a_company_gives_a_key() -> None:
    record = in_crm(FERRY) | {
        "people": [{"Email": "A+x@f.example"}, {"Email": None}, {"Email": "b"}]
    }

    assert [value for text, value in keys_of(MATCH, "crm", record) if text == "people.email"] == [
        "a@f.example"
    ]


def test_a_side_without_a_name_is_of_no_other_name() -> None:
    assert card(CUSTOMERS, "books", in_books(Said(name=""))).name == ""
    assert isinstance(judged(FERRY, Said(name="", tax="294773108")), Link)
