"""What a person answers follows once, and as long as things are as they were asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from hub.conclusions import Agreed, Asks, Joined, Member, Noted, Owes, Parted
from hub.events import Resolved
from hub.flows.agree import FieldState, Said
from hub.flows.judge.chosen import TOO_LATE
from hub.flows.judge.resolve import resolve
from hub.flows.known import InForce, Item, Owed, Record
from hub.flows.load import load
from hub.flows.load.world import Account, World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.conclusions import Conclusion
    from hub.flows.known import Key

FLOW = """
flow  = "customers"
about = "A company in CRM and a customer in Books are the same."
[sides]
crm   = "crm.Accounts"
books = "books.contacts"
[match]
sure  = ["code"]
maybe = ["name"]
new   = { crm = "ask", books = "ask" }
[fields]
code  = { crm = "Code", books = "code", owner = "crm" }
name  = { crm = "Name", books = "name", owner = "crm", clash = "ask" }
[people]
sides = { crm = "crm.Contacts by Account", books = "books.contactpersons in contact_persons" }
match = { sure = ["email"], new = { crm = "ask", books = "ask" } }
fields.email = { crm = "Email", books = "email", owner = "latest", as = "email" }
[guard]
go_live = "hold"
"""
WORLD = World(connections={"crm": Account(system=""), "books": Account(system="")})
ITEM, LINK, DELIVERY = UUID(int=1), UUID(int=2), UUID(int=3)
AT = 50
A, B = ("crm", "Accounts", "a"), ("books", "contacts", "b")
PERSON, THEIRS = ("crm", "Contacts", "p"), ("books", "contactpersons", "q")


class ByHand:  # It answers as a world does: of what it is asked, some is of no matter here.
    """The world as a test says it is."""

    def __init__(self, item: Item, records: Mapping[Key, dict[str, Any]]) -> None:
        self.at, self.now = AT, datetime.now(UTC)
        self.origin = "operator:eve"
        self.flows: dict[str, InForce] = {}
        self.links: dict[Key, UUID] = {}
        self.agreed: dict[str, FieldState] = {}
        self.delivery: Owed | None = None
        self._item = item
        self._records: dict[Key, Record] = {}
        self.entered(records)

    def entered(self, records: Mapping[Key, dict[str, Any]]) -> None:
        """Have these say something, or something else."""
        for key, fields in records.items():
            self._records[key] = Record(key=key, fields=fields, position=1)

    def record(self, key: Key) -> Record | None:
        return self._records.get(key)

    before = record

    def left_out(self, _: Key) -> Mapping[str, int]:
        return {}

    def find(self, connection: str, kind: str, name: str, value: str) -> frozenset[str]:
        named = name.removeprefix("by ").removeprefix("customers: ")
        return frozenset(
            key[2]
            for key, one in self._records.items()
            if key[:2] == (connection, kind) and one.fields.get(named) == value
        )

    def link_of(self, key: Key) -> UUID | None:
        return self.links.get(key)

    def members(self, link: UUID) -> list[Member]:
        return [
            Member(connection=key[0], kind=key[1], record=key[2])
            for key, own in self.links.items()
            if own == link
        ]

    def agreement(self, link: UUID, flow: str) -> dict[str, FieldState]:  # noqa: ARG002
        return self.agreed if link == LINK else {}

    def item(self, id: UUID) -> Item | None:  # noqa: A002
        return self._item if id == ITEM else None

    def owed_to(self, key: Key) -> None:  # noqa: ARG002
        return None

    def owed(self, id: UUID) -> Owed | None:  # noqa: A002, ARG002
        return self.delivery

    def waiting(self, flow: str) -> Sequence[str]:  # noqa: ARG002
        return ()

    def marked(self, record: Record) -> None:  # noqa: ARG002
        return None

    def case(self, flow: str, case: str) -> None:  # noqa: ARG002
        return None

    def count(self, connection: str, kind: str) -> int:
        raise NotImplementedError

    def table(self, connection: str, kind: str) -> list[Record]:  # noqa: ARG002
        return []

    def delivery_to(self, key: Key) -> UUID:  # noqa: ARG002
        return DELIVERY

    def day(self, connection: str) -> Any:  # noqa: ARG002
        return self.now.date()


def an_item(reason: str, key: Key = A, settled: int | None = AT, **data: Any) -> Item:
    subject = f"{key[0]}.{key[1]}/{key[2]}"
    return Item(
        flow="customers", reason=reason, sentence="", subject=subject, choices=[], data=data,
        since=1, settled=settled,
    )  # fmt: skip


def companies(item: Item) -> ByHand:
    return ByHand(item, {A: {"Name": "Lumen"}, B: {"name": "Lumen Ltd"}})


def answered(known: ByHand, choice: str, **fields: Any) -> list[Conclusion]:
    force = InForce(flow=load(FLOW, "flow.toml", {}, WORLD), mode="on", started=1)
    return resolve(known, force, Resolved(item=ITEM, choice=choice, fields=fields), "operator:eve")


def kinds(found: list[Conclusion]) -> list[type]:
    return [type(each) for each in found]


def test_two_records_are_linked_and_agree() -> None:
    found = answered(companies(an_item("proposal")), "link books.contacts/b")

    assert isinstance(found[0], Joined)
    assert {each.record for each in found[0].members} == {"a", "b"}
    assert found[0].why == "eve said so"
    assert Agreed in kinds(found)


def test_an_answer_that_came_second_or_too_late_changes_nothing() -> None:
    second = companies(an_item("proposal", settled=AT - 1))
    late = companies(an_item("proposal"))
    late.links = {A: LINK}

    assert answered(second, "link books.contacts/b") == []
    assert kinds(answered(late, "link books.contacts/b")) == [Noted]
    assert kinds(answered(late, "create")) == [Noted]


def test_what_is_on_one_side_only_is_made_on_the_other() -> None:
    found = answered(companies(an_item("newcomer")), "create")

    (made,) = [each for each in found if isinstance(each, Owes)]
    assert (made.connection, made.kind, made.record) == ("books", "contacts", "")


def test_a_conflict_ends_in_what_was_taken_under_the_person_s_name() -> None:
    known = companies(an_item("conflict", link=str(LINK), field="name", values={}))
    known.links = {A: LINK, B: LINK}
    words = {"crm.Accounts/a": "old", "books.contacts/b": "old"}
    news = {"crm.Accounts/a": "One", "books.contacts/b": "Other"}
    known.agreed = {
        "name": FieldState(
            value="old",
            asks=True,
            words={who: Said(value=word, position=1) for who, word in words.items()},
            held={who: Said(value=word, position=2) for who, word in news.items()},
        )
    }

    (found,) = answered(known, "take books.contacts/b")

    assert isinstance(found, Agreed)
    state = msgspec.convert(found.state, FieldState)
    assert (state.value, state.by, state.asks) == ("Other", "operator:eve", False)
    assert not state.stands("crm.Accounts/a")


def test_a_record_that_is_gone_leaves_its_link() -> None:
    known = companies(an_item("gone", link=str(LINK), part=""))

    assert kinds(answered(known, "unlink")) == [Parted]
    assert kinds(answered(known, "leave")) == [Noted]


def test_what_a_person_puts_instead_is_agreed() -> None:
    known = companies(an_item("refused: data", key=B))
    known.delivery = Owed(
        id=ITEM, state="parked", connection="books", kind="contacts", record="b", link=LINK
    )

    (found,) = answered(known, "edit", name="Lumen")

    assert isinstance(found, Agreed)
    assert found.state["value"] == "Lumen"
    assert answered(known, "retry") == []


def test_an_answer_from_which_nothing_can_follow_says_so() -> None:
    left_its_link = companies(an_item("refused: data", key=B))
    left_its_link.delivery = Owed(
        id=ITEM, state="parked", connection="books", kind="contacts", record="b"
    )

    for known, choice in (
        (companies(an_item("gone", link=str(LINK))), "create"),
        (companies(an_item("forgotten")), "retry"),
        (left_its_link, "edit"),
    ):
        (found,) = answered(known, choice)
        assert isinstance(found, Noted)
        assert found.why == TOO_LATE


def test_what_is_tried_again_or_left_is_judged_no_further() -> None:
    tried_again = [("refused: data", "retry"), ("alike", "create"), ("restless", "retry")]

    assert all(answered(companies(an_item(reason)), choice) == [] for reason, choice in tried_again)
    for reason in ("proposal", "newcomer", "duplicate", "gone", "refused: data", "fault"):
        for choice in ("leave", "skip"):
            (found,) = answered(companies(an_item(reason)), choice)
            assert isinstance(found, Noted)
            assert found.why == "eve said so"


def people(item: Item) -> ByHand:
    known = ByHand(
        item,
        {
            A: {"Name": "Lumen"},
            B: {
                "name": "Lumen",
                "contact_persons": [{"contact_person_id": "q", "email": "q@x.be"}],
            },
            PERSON: {"Email": "p@x.be", "Account": "a"},
        },
    )
    known.links = {A: LINK, B: LINK}
    return known


def test_people_are_linked_within_their_company_from_either_side() -> None:
    from_crm = people(an_item("proposal", key=PERSON, company="crm.Accounts/a"))
    from_books = people(an_item("proposal", key=THEIRS, company="books.contacts/b"))

    for known, choice in (
        (from_crm, "link books.contactpersons/q"),
        (from_books, "link crm.Contacts/p"),
    ):
        joined, *_ = answered(known, choice)
        assert isinstance(joined, Joined)
        assert {each.record for each in joined.members} == {"p", "q"}


def test_a_person_is_made_within_their_company() -> None:
    known = people(an_item("newcomer", key=PERSON, company="crm.Accounts/a"))
    back = people(an_item("newcomer", key=THEIRS, company="books.contacts/b"))

    (made,) = [each for each in answered(known, "create") if isinstance(each, Owes)]
    (there,) = [each for each in answered(back, "create") if isinstance(each, Owes)]

    assert made.fields == {"contact_id": "b"}
    assert there.fields == {"Account": {"id": "a"}}


def test_p6_who_matched_nobody_when_it_was_asked_and_matches_somebody_now_is_not_made() -> None:
    alike = ByHand(an_item("newcomer"), {A: {"Name": "lumen"}, B: {"name": "lumen"}})
    same = ByHand(
        an_item("newcomer"),
        {A: {"Name": "lumen", "Code": "7"}, B: {"name": "lumen", "code": "7"}},
    )

    (asked,) = answered(alike, "create")
    joined, *others = answered(same, "create")

    assert isinstance(asked, Asks)
    assert asked.choices[0] == "link books.contacts/b"
    assert isinstance(joined, Joined)
    assert {each.record for each in joined.members} == {"a", "b"}
    assert Owes not in kinds(others)


def test_p6_nor_is_a_person_who_is_somebody_of_the_company_by_now() -> None:
    for key, company in ((PERSON, "crm.Accounts/a"), (THEIRS, "books.contacts/b")):
        known = people(an_item("newcomer", key=key, company=company))
        known.entered({PERSON: {"Email": "q@x.be", "Account": "a"}})

        joined, *others = answered(known, "create")

        assert isinstance(joined, Joined)
        assert {each.record for each in joined.members} == {"p", "q"}
        assert Owes not in kinds(others)


def test_a_person_may_still_say_that_one_who_was_named_is_another() -> None:
    known = ByHand(an_item("proposal"), {A: {"Name": "Lumen"}, B: {"name": "Lumen"}})

    assert Owes in kinds(answered(known, "create"))
