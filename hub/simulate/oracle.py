"""Whether the promises were kept, judged from outside: by what the vendors have and were called.

Where a thing may rightly wait for a person, the hub is asked one question: what is in the inbox.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.simulate import companies
from hub.simulate.companies import OWNERS, SIDES
from hub.simulate.people import WON

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hub.sandbox.system import Fields
    from hub.sandbox.world import Call
    from hub.simulate.ground import Ground
    from hub.simulate.people import People
    from hub.simulate.story import Edit, Story

CONTEND = timedelta(minutes=10)
"""Two edits of one field, on two sides, that are no further apart were made at once: with faults on
the way, the hub may not have carried the first when the second came."""

MINUTE = timedelta(minutes=1)


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """A promise that was not kept."""

    promise: str
    sentence: str
    company: str = ""

    def __str__(self) -> str:
        return f"{self.promise}: {self.sentence}"


class Oracle:
    """Looks at what is there when all is quiet."""

    def __init__(self, ground: Ground, people: People, story: Story, inbox: set[str]) -> None:
        self._ground = ground
        self._people = people
        self._story = story
        self._inbox = inbox
        """The records that wait for a person."""
        self.invoices = False
        """Whether a flow is in force that invoices deals."""

    def judge(self, quiet_since: int) -> list[Broken]:
        """Tell what is broken; no write may have come after the call `quiet_since`."""
        return [
            *self._made_once(),
            *self._invoiced(),
            *self._agreed(),
            *self._quiet(quiet_since),
            *self._within_limits(),
        ]

    def _made_once(self) -> Iterator[Broken]:
        """P6: of each company at most one record was made that no person entered."""
        for side in SIDES:
            for company, rows in self._by_company(side).items():
                made = [one for one in rows if not self._is_entered(side, one)]
                if len(made) > 1:
                    yield self._broken("P6", company, f"was made {len(made)} times in {side}")

    def _invoiced(self) -> Iterator[Broken]:
        """P6 and P17: no deal is invoiced twice, and none that is history."""
        rows = self._ground.rows("books", "invoices")
        made = Counter(str(row["reference_number"]) for row in rows)
        for name, count in made.items():
            if count > 1:
                yield Broken(promise="P6", sentence=f"{name} was invoiced {count} times")
            if name in self._people.history:
                yield Broken(promise="P17", sentence=f"{name} is history, and was invoiced")
        if self.invoices:
            yield from self._forgotten(made)

    def _forgotten(self, made: Mapping[str, int]) -> Iterator[Broken]:
        """P10: a deal that was won and is known to be is invoiced, or a person is asked."""
        companies_of = {
            row["id"]: companies.company_of(row) for row in self._ground.rows("crm", "Accounts")
        }
        for deal in self._ground.rows("crm", "Deals"):
            name, account = str(deal["Deal_Name"]), deal["Account_Name"] or {}
            if name not in self._people.won or deal["Stage"] != WON or made.get(name):
                continue
            is_settled_by_hand = companies_of.get(account.get("id"), "") in {
                "",
                *self._people.merged,
            }
            if not is_settled_by_hand and f"crm.Deals/{deal['id']}" not in self._inbox:
                what = "is won, and neither invoiced nor in the inbox"
                yield Broken(promise="P10", sentence=f"{name} ({deal['id']}) {what}")

    def _agreed(self) -> Iterator[Broken]:
        """P11 and P7: both sides show the same, and that is what a person said last."""
        sides = {side: self._by_company(side) for side in SIDES}
        for company in sorted({name for each in sides.values() for name in each}):
            rows = {side: each.get(company, []) for side, each in sides.items()}
            if company in self._people.merged or self._waits(rows):
                continue
            if any(len(each) != 1 for each in rows.values()):
                counts = ", ".join(f"{len(each)} in {side}" for side, each in rows.items())
                yield self._broken("P11", company, f"is not on both sides: {counts}")
                continue
            for field in OWNERS:
                yield from self._field(company, field, {s: each[0] for s, each in rows.items()})

    def _field(self, company: str, field: str, rows: dict[str, Fields]) -> Iterator[Broken]:
        words = {side: companies.word(side, row, field) for side, row in rows.items()}
        if len(set(words.values())) > 1:
            yield self._broken("P11", company, f"{field} is not the same: {words}")
            return
        (shown,) = set(words.values())
        edits = [one for one in self._story.edits if (one.company, one.field) == (company, field)]
        if edits and shown not in (may := _may_stand(edits)):
            yield self._broken("P7", company, f"{field} shows {shown!r}, not one of {sorted(may)}")

    def _quiet(self, since: int) -> Iterator[Broken]:
        writes = [call for call in self._ground.world.calls_since(since) if is_write(call)]
        for call in writes[:3]:
            yield Broken(
                promise="P11",
                sentence=f"{len(writes)} writes after all was quiet, such as {call.method} "
                f"{call.path} at {call.at}: {call.body[:300]}",
            )

    def _within_limits(self) -> Iterator[Broken]:
        """P9: by the count of the vendor that has a limit per minute."""
        most = self._ground.books.quirks.calls_per_minute
        window: deque[datetime] = deque()
        for call in self._ground.world.calls_since(0):
            if call.system != "books":
                continue
            at = datetime.fromisoformat(call.at)
            window.append(at)
            while at - window[0] >= MINUTE:
                window.popleft()
            if len(window) > most:
                yield Broken(promise="P9", sentence=f"{len(window)} calls in a minute until {at}")
                return

    def _by_company(self, side: str) -> dict[str, list[Fields]]:
        found: dict[str, list[Fields]] = defaultdict(list)
        for row in self._ground.rows(side, SIDES[side][0]):
            if company := companies.company_of(row):
                found[company].append(row)
        return found

    def _waits(self, rows: dict[str, list[Fields]]) -> bool:
        return any(
            f"{side}.{SIDES[side][0]}/{row[SIDES[side][1]]}" in self._inbox
            for side, each in rows.items()
            for row in each
        )

    def _is_entered(self, side: str, row: Fields) -> bool:
        return (side, str(row[SIDES[side][1]])) in self._people.made

    def _broken(self, promise: str, company: str, what: str) -> Broken:
        return Broken(promise=promise, sentence=f"{company} {what}", company=company)


def is_write(call: Call) -> bool:
    """Tell whether a call changes a record."""
    reads = ("/oauth/", "/coql", "/bulk/", "/actions/watch", "/settings/", "/composite")
    return call.method != "GET" and not any(each in call.path for each in reads)


def _may_stand(edits: Sequence[Edit]) -> set[str]:
    """Give the values that may stand in the end: the last one, and what was said at the same time
    on the other side by whoever owns the field.
    """
    last = edits[-1]
    rivals = [one for one in edits if one.side != last.side and last.at - one.at <= CONTEND]
    return {last.value, *(one.value for one in rivals[-1:])}
