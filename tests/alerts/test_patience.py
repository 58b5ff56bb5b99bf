"""Each thing is told once while it stands, and once when it is over, whatever comes in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hub.alerts.patience import AGAIN_SECONDS, OVER, OVER_SECONDS, STANDS, STANDS_SECONDS, Patience
from hub.alerts.standing import Incident
from hub.alerts.told import Address, Told, decided
from hub.alerts.watch import message_of

if TYPE_CHECKING:
    from hub.conclusions import Cased

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DEAD = Incident(about="grant crm", title="crm lets the hub in no more", sentence="hub connect crm")
FULL = Incident(about="inbox", title="The inbox grows", sentence="hub inbox list")


class Watch:
    """Looks at moments of one day, and keeps what was told."""

    def __init__(self) -> None:
        self.patience = Patience()
        self.told: dict[str, Told] = {}
        self.said: list[tuple[str, str]] = []

    def look(self, seconds: float, *found: Incident) -> list[Cased]:
        now = NOON + timedelta(seconds=seconds)
        cases = self.patience.to_tell(found, self.told, now)
        for one in cases:
            data = one.data
            self.told[one.case] = Told(state=one.state, since=len(self.said), at=now, data=data)
            self.said.append((one.case, one.state))
        return cases


def test_what_comes_and_goes_is_not_told() -> None:
    watch = Watch()

    watch.look(0, DEAD)
    watch.look(STANDS_SECONDS - 1)
    watch.look(STANDS_SECONDS, DEAD)

    assert watch.said == []


def test_what_stands_is_told_once_and_its_end_once() -> None:
    watch = Watch()

    for seconds in range(0, 600, 15):
        watch.look(seconds, DEAD)
    for seconds in range(600, 1_200, 15):
        watch.look(seconds)

    assert watch.said == [("grant crm", STANDS), ("grant crm", OVER)]


def test_a_short_gap_is_no_end() -> None:
    watch = Watch()
    watch.look(0, DEAD)
    watch.look(60, DEAD)

    for seconds in range(60, 3_000, 60):
        found = () if seconds % int(OVER_SECONDS) == 0 else (DEAD,)
        watch.look(seconds, *found)

    assert watch.said == [("grant crm", STANDS)]


def test_what_flaps_is_told_once_an_hour_at_most() -> None:
    watch = Watch()

    for seconds in range(0, 7_200, 15):
        found = (DEAD,) if seconds % 800 < 400 else ()
        watch.look(seconds, *found)

    raised = [said for said in watch.said if said[1] == STANDS]
    assert len(raised) <= 7_200 / AGAIN_SECONDS + 1


def test_a_watch_that_begins_anew_tells_nothing_twice() -> None:
    watch = Watch()
    watch.look(0, DEAD)
    watch.look(60, DEAD)

    watch.patience = Patience()
    for seconds in range(90, 400, 15):
        watch.look(seconds, DEAD)

    assert watch.said == [("grant crm", STANDS)]


def test_all_that_is_found_at_once_is_one_message() -> None:
    watch = Watch()
    watch.look(0, DEAD, FULL)
    cases = watch.look(60, DEAD, FULL)

    said = message_of(cases)

    assert said.subject == "crm lets the hub in no more, and 1 more"
    assert "hub connect crm" in said.text
    assert "hub inbox list" in said.text


def test_what_is_told_again_on_the_same_ground_is_the_same_event() -> None:
    watch = Watch()
    watch.look(0, DEAD)
    cases = watch.look(60, DEAD)
    to = Address(connection="slack")

    first = decided(to, message_of(cases), cases, {})
    second = decided(to, message_of(cases), cases, {})
    later = decided(to, message_of(cases), cases, watch.told | {"grant crm": _told(7)})

    assert first.id == second.id != later.id


def _told(since: int) -> Told:
    return Told(state=OVER, since=since, at=NOON, data={})
