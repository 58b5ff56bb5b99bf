"""The ID map: a record in at most one link, one record per slot, and every dispute kept open."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hub.conclusions import Member
from hub.errors import NotApplicable
from hub.events import Linked, Merged, Split, Unlinked, event_of
from hub.projectors.sync.links import Links
from tests.projectors.histories import LINKS, NUMBERED_LATER, key_of, links, member, members

if TYPE_CHECKING:
    from hub.projectors.sync.links import Key

Case = tuple[UUID, Member, UUID, str]

ONE, TWO, THREE = LINKS


def test_records_that_are_linked_share_a_link() -> None:
    fold = folded(Linked(link=ONE, members=[member("1"), member("7", connection="books")]))

    assert places(fold) == {
        ("crm", "contacts", "1"): (ONE, ""),
        ("books", "contacts", "7"): (ONE, ""),
    }


def test_parts_tell_records_of_one_kind_in_one_link_apart() -> None:
    fold = folded(Linked(link=ONE, members=[member("1", "eur"), member("2", "usd")]))

    assert places(fold) == {
        ("crm", "contacts", "1"): (ONE, "eur"),
        ("crm", "contacts", "2"): (ONE, "usd"),
    }


def test_a_record_that_is_in_another_link_stays_there_and_is_a_case() -> None:
    fold = folded(Linked(link=ONE, members=[member("1")]), Linked(link=TWO, members=[member("1")]))

    assert places(fold) == {("crm", "contacts", "1"): (ONE, "")}
    assert cases(fold) == {(TWO, member("1"), ONE, "1")}


def test_a_slot_that_is_taken_stays_so_and_is_a_case() -> None:
    fold = folded(Linked(link=ONE, members=[member("1"), member("2")]))

    assert places(fold) == {("crm", "contacts", "1"): (ONE, "")}
    assert cases(fold) == {(ONE, member("2"), ONE, "1")}


def test_the_same_claim_made_again_stays_one_case() -> None:
    claim = Linked(link=ONE, members=[member("1"), member("2")])

    fold = folded(claim, claim)

    assert [each.position for each in fold._duplicates] == [1]


@pytest.mark.parametrize("settled_by", ["1", "2"])
def test_a_case_is_closed_when_either_record_moves(settled_by: str) -> None:
    fold = folded(
        Linked(link=ONE, members=[member("1"), member("2")]),
        Linked(link=TWO, members=[member("2")]),
        Unlinked(link=ONE, members=[member(settled_by)]),
    )

    assert cases(fold) == set()


def test_a_merge_moves_everything() -> None:
    fold = folded(
        Linked(link=ONE, members=[member("1")]),
        Linked(link=TWO, members=[member("7", connection="books")]),
        Merged(link=TWO, into=ONE),
    )

    assert {link for link, _ in places(fold).values()} == {ONE}


def test_a_merge_that_meets_a_taken_slot_moves_nothing_and_is_a_case() -> None:
    fold = folded(
        Linked(link=ONE, members=[member("1")]),
        Linked(link=TWO, members=[member("2"), member("7", connection="books")]),
        Merged(link=TWO, into=ONE),
    )

    assert places(fold)["crm", "contacts", "2"] == (TWO, "")
    assert places(fold)["books", "contacts", "7"] == (TWO, "")
    assert cases(fold) == {(ONE, member("2"), ONE, "1")}


def test_a_split_takes_out_only_those_it_names_and_finds() -> None:
    fold = folded(
        Linked(link=ONE, members=[member("1"), member("7", connection="books")]),
        Split(link=ONE, new=TWO, members=[member("7", connection="books"), member("99")]),
    )

    assert places(fold) == {
        ("crm", "contacts", "1"): (ONE, ""),
        ("books", "contacts", "7"): (TWO, ""),
    }


@pytest.mark.parametrize(
    "claim",
    [Split(link=ONE, new=ONE, members=[member("1")]), Merged(link=ONE, into=ONE)],
)
def test_a_link_that_goes_into_itself_changes_nothing(claim: Split | Merged) -> None:
    fold = folded(Linked(link=ONE, members=[member("1")]), claim)

    assert places(fold) == {("crm", "contacts", "1"): (ONE, "")}
    assert cases(fold) == set()


@pytest.mark.parametrize(
    "bad",
    [
        [member("")],
        [member("nul\0")],
        [member("long" * 200)],
        [member("1", connection="")],
        [member("1"), member("1", "eur")],
    ],
)
def test_a_member_that_no_table_could_hold_is_refused(bad: list[Member]) -> None:
    with pytest.raises(NotApplicable):
        folded(Linked(link=ONE, members=bad))


class LinksStories(RuleBasedStateMachine):
    """Any story of links, next to a dict that tells the same."""

    def __init__(self) -> None:
        super().__init__()
        self.fold = Links()
        self.places: dict[Key, tuple[UUID, str]] = {}
        self.cases: set[Case] = set()
        self.position = 0

    @rule(link=links, wanted=st.lists(members, max_size=3, unique_by=key_of))
    def link(self, link: UUID, wanted: list[Member]) -> None:
        self.take(Linked(link=link, members=wanted))
        for each in wanted:
            here = self.places.get(key_of(each))
            if here is not None and here[0] != link:
                self.cases.add((link, each, here[0], each.record))
            elif self.holder(link, each) not in (None, each.record):
                self.cases.add((link, each, link, self.holder(link, each) or ""))
            elif here != (link, each.part):
                self.put(key_of(each), link, each.part)

    @rule(link=links, leaving=st.lists(members, max_size=2, unique_by=key_of))
    def unlink(self, link: UUID, leaving: list[Member]) -> None:
        self.take(Unlinked(link=link, members=leaving))
        for each in leaving:
            if self.places.get(key_of(each), (None,))[0] == link:
                del self.places[key_of(each)]
                self.settle(key_of(each))

    @rule(link=links, into=links)
    def merge(self, link: UUID, into: UUID) -> None:
        self.take(Merged(link=link, into=into))
        self.move(link, into, list(self.places))

    @rule(link=links, new=links, leaving=st.lists(members, max_size=2, unique_by=key_of))
    def split(self, link: UUID, new: UUID, leaving: list[Member]) -> None:
        self.take(Split(link=link, new=new, members=leaving))
        self.move(link, new, [key_of(each) for each in leaving])

    @invariant()
    def places_and_cases_are_those_of_the_model(self) -> None:
        assert places(self.fold) == self.places
        assert cases(self.fold) == self.cases

    @invariant()
    def a_slot_has_one_record(self) -> None:
        slots = [(link, *key[:2], part) for key, (link, part) in places(self.fold).items()]
        assert len(slots) == len(set(slots))

    @invariant()
    def history_told_again_gives_the_same_places(self) -> None:
        told: dict[Key, tuple[UUID, str]] = {}
        for _, _, link, act, connection, kind, record, part, _ in sorted(
            self.fold._history, key=lambda line: line[:2]
        ):
            key = (connection, kind, record)
            if act == "joined":
                assert key not in told
                told[key] = (link, part)
            elif act == "left":
                assert told.pop(key) == (link, part)
        assert told == places(self.fold)

    @invariant()
    def what_is_to_be_written_is_what_is_known(self) -> None:
        # Nothing is read between, so all that is open was opened here.
        assert self.fold._opened == self.fold._duplicates
        assert not self.fold._closed

    def take(self, claim: msgspec.Struct) -> None:
        self.position += 1
        apply(self.fold, claim, self.position)

    def move(self, link: UUID, into: UUID, wanted: list[Key]) -> None:
        going = [key for key in wanted if self.places.get(key, (None,))[0] == link]
        if link == into:
            return
        found = {
            (into, each, into, self.holder(into, each) or "")
            for each in (
                Member(connection=c, kind=k, record=r, part=self.places[c, k, r][1])
                for c, k, r in going
            )
            if self.holder(into, each)
        }
        self.cases |= found
        for key in going if not found else ():
            self.put(key, into, self.places[key][1])

    def put(self, key: Key, link: UUID, part: str) -> None:
        self.places[key] = (link, part)
        self.settle(key)

    def settle(self, key: Key) -> None:
        self.cases = {
            case
            for case in self.cases
            if key not in (key_of(case[1]), (*key_of(case[1])[:2], case[3]))
        }

    def holder(self, link: UUID, wanted: Member) -> str | None:
        for (connection, kind, record), place in self.places.items():
            if (connection, kind) == key_of(wanted)[:2] and place == (link, wanted.part):
                return record
        return None


LinksStories.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestLinksStories = LinksStories.TestCase


def folded(*claims: msgspec.Struct) -> Links:
    fold = Links()
    for position, claim in enumerate(claims, 1):
        apply(fold, claim, position)
    return fold


def apply(fold: Links, claim: msgspec.Struct, position: int) -> None:
    event = event_of(claim, id=NUMBERED_LATER)
    fold.apply(msgspec.structs.replace(event, position=position), position)


def places(fold: Links) -> dict[Key, tuple[UUID, str]]:
    return {key: (place.link, place.part) for key, place in fold._places.items()}


def cases(fold: Links) -> set[Case]:
    return {
        (
            each.link,
            Member(connection=each.connection, kind=each.kind, record=each.record, part=each.part),
            each.other_link,
            each.other_record,
        )
        for each in fold._duplicates
    }
