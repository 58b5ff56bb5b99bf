"""P11: whatever people edit, and however what is heard and written is late, lost, twice or changed,
all sides come to show the agreed value or their rendering of it, and the hub is quiet.

On the way no person's word that was heard is dropped but by the owner's line (P7), and nothing is
written that is known to be shown.
"""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.flows.agree.link import fields, sync
from tests.flows.agree.vendors import RENDERINGS, Play, Vendor

MEMBERS = ("crm", "books", "books2")
members = st.sampled_from(MEMBERS)


class Sides(RuleBasedStateMachine):
    play: Play

    @initialize(
        field=fields,
        count=st.integers(2, 3),
        renderings=st.lists(st.sampled_from(list(RENDERINGS)), min_size=3, max_size=3),
        start=st.lists(st.sampled_from(["Acme", "acme", "Apex", None]), min_size=3, max_size=3),
    )
    def begin(
        self, field: dict[str, str], count: int, renderings: list[str], start: list[str | None]
    ) -> None:
        vendors = {
            member: Vendor(render=RENDERINGS[rendering], value=value)
            for member, rendering, value in zip(MEMBERS[:count], renderings, start, strict=False)
        }
        self.play = Play(sync(**field), vendors)

    @rule(member=members, clear=st.sampled_from([False, False, False, True]))
    def somebody_edits(self, member: str, clear: bool) -> None:  # noqa: FBT001
        if member in self.play.vendors:
            self.play.edit(member, clear=clear)

    @rule(seconds=st.integers(1, 3))
    def time_passes(self, seconds: int) -> None:
        self.play.second += seconds

    @rule(member=members, all_said=st.booleans())
    def a_record_is_read(self, member: str, all_said: bool) -> None:  # noqa: FBT001
        if vendor := self.play.vendors.get(member):
            self.play.hear(member, vendor.value, vendor.second, all_said=all_said)

    @rule(member=members, back=st.integers(1, 4), all_said=st.booleans())
    def a_notice_comes_late_or_again(self, member: str, back: int, all_said: bool) -> None:  # noqa: FBT001
        if vendor := self.play.vendors.get(member):
            value, second = vendor.told[-min(back, len(vendor.told))]
            self.play.hear(member, value, second, all_said=all_said)

    @rule(member=members)
    def what_is_owed_is_sent(self, member: str) -> None:
        vendor = self.play.vendors.get(member)
        if vendor is not None and vendor.flight is None and self.play.link.owed(member):
            # A vendor's own clock has moved on since it last did what we asked.
            self.play.second += 1
            self.play.send(member)

    @rule(member=members)
    def it_arrives(self, member: str) -> None:
        vendor = self.play.vendors.get(member)
        if vendor is not None and vendor.flight is not None and not vendor.flight[1]:
            self.play.arrive(member)

    @rule(member=members)
    def its_answer_comes(self, member: str) -> None:
        vendor = self.play.vendors.get(member)
        if vendor is not None and vendor.flight is not None and vendor.flight[1]:
            self.play.answer(member)

    @rule(member=members)
    def its_answer_is_lost(self, member: str) -> None:
        vendor = self.play.vendors.get(member)
        if vendor is not None and vendor.flight is not None:
            self.play.lose(member)

    @precondition(lambda self: self.play.link.state.asks)
    @rule(number=st.integers(0, 3))
    def a_person_answers(self, number: int) -> None:
        self.play.settle(number)

    def teardown(self) -> None:
        if hasattr(self, "play"):
            self.play.comes_to_rest()


ORDINARY = settings(max_examples=100, stateful_step_count=25, deadline=None, derandomize=True)
LONG = settings(ORDINARY, max_examples=4_000, stateful_step_count=40, derandomize=False)


def test_p11_all_sides_come_to_rest() -> None:
    run_state_machine_as_test(Sides, settings=ORDINARY)


@pytest.mark.slow
def test_p11_all_sides_come_to_rest_for_long() -> None:
    run_state_machine_as_test(Sides, settings=LONG)
