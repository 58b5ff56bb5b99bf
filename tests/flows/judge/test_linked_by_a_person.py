"""A person says that two are the same: it comes about, or the inbox says why not and what to do."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from hub.cli.flows_test import LIBRARY as WORLD
from hub.events import Answered, Resolved, event_of, payload
from hub.flows.examples import seen_in
from hub.flows.judge.reasons import ALIKE, LEAVE, PROPOSAL
from hub.flows.load.document import template
from hub.operate.act import act
from hub.operate.answer import answer
from hub.operate.link import Unmade, merge
from hub.stories.check import scene_of
from hub.stories.play import AHEAD, Stage
from tests.flows.judge.test_one_place import waiting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from hub.events import Event
    from hub.flows.known import Item, Key
    from hub.stories.scene import Scene

CRM, DESK, BOOKS = ("crm", "Accounts", "3"), ("desk", "accounts", "3"), ("books", "contacts", "1")
DESK_3 = "desk.accounts/3"
ABOUT_BOTH = [
    '10:00 crm.account 3 Account_Name = "Velm"',
    '10:00 desk.account 3 accountName = "Velm"',
]


def test_a_link_comes_about_though_a_person_had_left_what_was_to_be_made() -> None:
    stage = both_at_once()
    (asked,) = proposals(stage)
    tell(stage, [act(Resolved(item=of_desk(stage), choice="skip"), "ana")])

    say(stage, asked, "link desk.accounts/3")

    assert stage.hub.linked_with(DESK) == (BOOKS, CRM, DESK)
    assert not waiting(stage)
    assert stage.sides.of_kind("books", "contacts") == ["1"]


def test_where_it_cannot_come_about_the_inbox_says_why_and_what_to_do() -> None:
    stage = linked_elsewhere()
    say(stage, proposals(stage)[0], "link desk.accounts/3")

    item = proposals(stage)[0]
    assert item.choices == [LEAVE]
    assert "each is in a link of its own: books.contacts/1 is linked with crm" in item.sentence
    assert "desk.accounts/3 is linked with books.contacts/2" in item.sentence
    assert "no place for both books.contacts/1 and books.contacts/2" in item.sentence
    assert item.sentence.endswith("hub links merge desk.accounts/3 books.contacts/1")


def test_what_a_person_left_so_is_not_asked_in_the_old_words_again() -> None:
    stage = linked_elsewhere()
    say(stage, proposals(stage)[0], "link desk.accounts/3")
    say(stage, proposals(stage)[0], LEAVE)

    see(stage, '11:00 books.contact 1 website = "velm.example"')

    assert [one.subject for one in proposals(stage)] == ["books.contacts/2"]


def test_a_merge_settles_what_was_asked_of_the_two() -> None:
    stage = both_at_once()
    assert len(waiting(stage)) == 2

    merges(stage, DESK, BOOKS)

    assert stage.hub.linked_with(DESK) == (BOOKS, CRM, DESK)
    assert not waiting(stage)


def test_a_merge_leaves_what_is_asked_of_its_members_and_another() -> None:
    stage = both_at_once()
    see(stage, '10:30 salesforce.account 5 Name = "Velm"')
    assert [one.subject for one in proposals(stage)] == ["books.contacts/1", "salesforce.Account/5"]

    merges(stage, DESK, BOOKS)

    assert [one.subject for one in proposals(stage)] == ["salesforce.Account/5"]


def test_p7_after_a_merge_a_word_that_does_not_prevail_is_written_nowhere() -> None:
    stage = both_at_once(', Website = "velm.example"', ', website = "desk.example"')

    merges(stage, DESK, BOOKS)

    sites = [stage.sides.fields(CRM)["Website"], stage.sides.fields(DESK)["website"]]
    assert sites == ["velm.example", "velm.example"]
    written = [one for one in stage.hub.log if one.type == "sending" and one.record is not None]
    assert [(one.connection, payload(one).fields) for one in written] == [
        ("desk", {"website": "velm.example"})
    ]


def test_what_may_be_there_in_another_link_says_how_to_say_that_it_is_the_same() -> None:
    stage = both_at_once()

    item = asked_in(stage)[of_desk(stage)]
    assert item.choices == ["create", "skip"]
    assert item.sentence.endswith(
        f"If they are the same: hub links merge {item.subject} books.contacts/1."
    )


def both_at_once(of_crm: str = "", of_desk: str = "") -> Stage:
    """Have a company be new in CRM and Desk at once: CRM's customer is made, and Desk's is not."""
    said = zip(ABOUT_BOTH, (of_crm, of_desk), strict=True)
    seen = seen_in([f"{line}{more}" for line, more in said], scene().names())
    assert seen[0].at is not None
    stage = Stage(scene(), seen[0].at - AHEAD)
    stage.begin([])
    for one in seen:
        stage.see(one)
    slot = next(id_ for id_, row in stage.hub.owed() if row.flow == "desk_customers")
    refused = Answered(
        delivery=slot, attempt=1, outcome="refused", sentence="It may be there already.",
        because=ALIKE, alike=["1"], linked=True,
    )  # fmt: skip
    stage.hub.tell(event_of(refused, connection="books", kind="contacts", flow="desk_customers"))
    stage.settle()
    return stage


def linked_elsewhere() -> Stage:
    """Have the customer of Desk made after all, so that two links are about one company."""
    stage = both_at_once()
    tell(stage, [act(Resolved(item=of_desk(stage), choice="create"), "ana")])
    return stage


def of_desk(stage: Stage) -> UUID:
    """Give the question about what was to be made for the account in Desk."""
    return next(id_ for id_, one in asked_in(stage).items() if one.reason == ALIKE)


def proposals(stage: Stage) -> list[Item]:
    found = [one for one in waiting(stage) if one.reason == PROPOSAL]
    return sorted(found, key=lambda one: one.subject)


def say(stage: Stage, item: Item, choice: str) -> None:
    """Answer as a person does: who is linked is judged anew."""
    id_ = next(id_ for id_, one in asked_in(stage).items() if one == item)
    tell(stage, answer(id_, choice, "ana", flow=item.flow, subject=item.subject))


def asked_in(stage: Stage) -> dict[UUID, Item]:
    return dict(zip(stage.hub.waiting(), waiting(stage), strict=True))


def merges(stage: Stage, which: Key, into: Key) -> None:
    """Merge two links as `hub links merge` does."""
    link, other = (stage.hub.ask(partial(stage.hub.known.link_of, key)) for key in (which, into))
    assert link is not None
    assert other is not None
    members = stage.hub.ask(partial(stage.hub.known.members, link))
    asked = asked_in(stage)
    unmade = [
        Unmade(id=id_, flow=one.flow, link=link, connection="books", kind="contacts", part="")
        for id_, one in asked.items()
        if one.reason == ALIKE and one.subject == DESK_3
    ]
    tell(stage, merge(link, other, members, scene().flows.values(), "ana", unmade=unmade))


def see(stage: Stage, line: str) -> None:
    for one in seen_in([line], scene().names()):
        stage.see(one)
    stage.settle()


def tell(stage: Stage, events: Iterable[Event]) -> None:
    for event in events:
        stage.hub.tell(event)
    stage.settle()


@cache
def scene() -> Scene:
    names = ("customers", "desk_customers", "salesforce_customers")
    return scene_of({f"{name}.toml": template(name) for name in names}, {}, WORLD)
