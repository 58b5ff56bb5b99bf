"""What a person is asked about a write that was refused: what it was, for whom, and what to do.

It is worked out of what stood in the delivery and in the flow then, so that it is the same whenever
it is worked out anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.conclusions import Asks
from hub.flows.books import IDS
from hub.flows.flow import LinkNeed, Once, Sync
from hub.flows.judge.choice import to_link
from hub.flows.judge.reasons import ALIKE, CREATE, EDIT, REFUSED, RETRY, SKIP
from hub.flows.judge.words import other_side, side_of
from hub.flows.known import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hub.events import Answered
    from hub.flows.flow import Flow, Make
    from hub.flows.known import InForce
    from hub.projectors.sync.delivery_rows import Delivery

    Flows = Mapping[str, InForce]
    Places = Mapping[tuple[str, str, str], str]

MISSING, DATA = "missing", "data"


def question(what: Answered, row: Delivery, whom: str, flows: Flows) -> Asks:
    """Ask what is to become of a write that was refused."""
    if what.because == ALIKE:
        return _whether(what, row, whom)
    asks = _question(what, row, whom, flows)
    return msgspec.structs.replace(asks, choices=[*_links(what, row), *asks.choices])


def whom_of(row: Delivery, flow: Sync | None, places: Places, flows: Flows) -> str:
    """Name the record for which something was to be made: never one of the same system.

    It is of the flow's own other side, so that the flow knows the answer for its own; of a document
    it is what the flow watches.
    """
    if source := _source(row, _flow(row, flows)):
        return source
    side = side_of(flow, row.connection, row.kind) if flow is not None else None
    other = other_side(flow, side) if flow is not None and side is not None else None
    theirs = None if other is None else (other.connection, other.kind)
    subjects = [
        subject_of((slot[0], slot[1], record))
        for slot, record in places.items()
        if (slot[0] != row.connection if theirs is None else slot[:2] == theirs)
    ]
    return min(subjects, default=_kind(row))


def _question(what: Answered, row: Delivery, whom: str, flows: Flows) -> Asks:
    kind = _kind(row)
    made_for = "" if row.record or whom == kind else f"{kind} was to be made for {whom}"
    flow = _flow(row, flows)
    to_do = ""
    if made_for and isinstance(flow, Once):
        named = ", ".join(_named(row, flow, flows))
        made_for += f", with {named}" if named else ""
        to_do = _to_do(what, row, whom)
    return Asks(
        item=what.delivery, flow=row.flow, reason=f"{REFUSED}: {what.because}",
        sentence=f"{f'{made_for}. ' if made_for else ''}{what.sentence}{to_do}",
        subject=f"{kind}/{row.record}" if row.record else whom, choices=[RETRY, EDIT, SKIP],
        data={"reason": what.reason, "link": str(row.link) if row.link else ""},
    )  # fmt: skip


def _to_do(what: Answered, row: Delivery, whom: str) -> str:
    """Say what helps: a document that is tried again is worked out anew, of what is known then.

    What may have arrived all the same stays as it was sent.
    """
    if what.because not in (MISSING, DATA) or row.look:
        return ""
    wrong = "What it names is gone, or was never there: put" if what.because == MISSING else "Put"
    return (
        f" {wrong} that right in {whom}, or where it was refused, and try it again: it is then "
        "worked out anew."
    )


def _named(row: Delivery, flow: Once, flows: Flows) -> Iterator[str]:
    """Name the records that a document names by their ids: `the customer books.contacts/46`."""
    for need in flow.needs:
        by = flows.get(need.of) if isinstance(need, LinkNeed) else None
        if by is None or not isinstance(by.flow, Sync):
            continue
        for side in by.flow.sides:
            record = _id_in(row, flow.make, need.name, side.kind)
            if side.connection == row.connection and record:
                yield f"the {need.name} {subject_of((row.connection, side.kind, record))}"


def _id_in(row: Delivery, made: Make, need: str, kind: str) -> str:
    """Give the id that a field takes from what is needed: `customer.contact_id` of `contacts`."""
    ids = ((need, IDS.get(kind, "id")), (need, "id"))
    fields = [name for name, value in made.fields.items() if tuple(value.path) in ids]
    found = ((row.fields or {}).get(name) for name in fields)
    return next((one for one in found if isinstance(one, str)), "")


def _whether(what: Answered, row: Delivery, whom: str) -> Asks:
    """Ask whether what was to be made is there already."""
    return Asks(
        item=what.delivery, flow=row.flow, reason=ALIKE, subject=whom,
        sentence=f"{_kind(row)} was to be made for {whom}. {what.sentence}{_way(what, row, whom)}",
        choices=[*_links(what, row), CREATE, SKIP],
        data={"reason": what.reason, "link": str(row.link) if row.link else "", ALIKE: what.alike},
    )  # fmt: skip


def _way(what: Answered, row: Delivery, whom: str) -> str:
    """Say what to do where it is the same, and no choice can say so: it is in another link."""
    if not (what.linked and what.alike and row.link):
        return ""
    there = subject_of((row.connection, row.kind, what.alike[0]))
    return f" If they are the same: hub links merge {whom} {there}."


def _links(what: Answered, row: Delivery) -> list[str]:
    """Offer to link those who may be what was to be made, unless each is linked already."""
    there = [subject_of((row.connection, row.kind, each)) for each in what.alike]
    return [to_link(each) for each in there if not what.linked]


def _source(row: Delivery, flow: Flow | None) -> str:
    """Give what a once flow makes a document of."""
    if row.record or row.link is not None or not row.case or not isinstance(flow, Once):
        return ""
    return subject_of(flow.source.key(row.case))


def _flow(row: Delivery, flows: Flows) -> Flow | None:
    force = flows.get(row.flow)
    return None if force is None else force.flow


def _kind(row: Delivery) -> str:
    return f"{row.connection}.{row.kind}"
