"""A flow's brake: past `at_most` it goes to hold, and each write waits for a person.

So it does where one field is emptied on many records at once, or is missing where they had it: more
likely somebody may not see it any more, or an import went wrong, than that all of it was meant.

What was done is counted in spans of time, so the last of them counts as a whole: a brake pulls a
little early rather than late. What a person asked for does not count.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from hub.conclusions import Agreed, Braked, Cased, Owes, Withdrawn
from hub.flows.flow import AtMost, Once, Sync
from hub.flows.judge.vanished import VANISHED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hub.conclusions import Conclusion
    from hub.flows.flow import Flow
    from hub.flows.known import InForce, Known

SPAN_SECONDS = 600
KEPT_SECONDS = 86_400
INACTIVE = "records made inactive"
INACTIVE_AT_MOST = AtMost(text="20 per hour", amount="20", currency=INACTIVE, seconds=3_600)
"""For every sync: where more vanish at once, something else is more likely wrong."""

EMPTIED = "emptied"
COUNT = ""
"""Where the number of writes stands, beside the sums by their currencies."""

UNSAID = "unsaid"
"""Where sums stand of which nobody said in what currency: they count against every limit."""

Spent: TypeAlias = "Mapping[str, Sequence[tuple[int, str]]]"
"""By currency, or by what was emptied or done: the spans in which that was, and how much."""


def braked(known: Known, force: InForce, conclusions: Sequence[Conclusion]) -> Braked | None:
    """Tell whether what a flow concludes now is more than it may do."""
    at, now = known.at, known.now
    if force.mode != "on":
        return None
    spent = {**force.spent, **added(force.spent, force.flow, conclusions, at=at, now=now)}
    for limit in (INACTIVE_AT_MOST, *force.flow.guard.at_most):
        done = _within(spent, limit, now)
        if done > Decimal(limit.amount):
            unit = limit.currency or "writes"
            why = f"It came to {done} {unit}, and at most {limit.text} are allowed."
            return Braked(flow=force.flow.name, why=why)
    for emptied, _ in _lost(force.flow, conclusions):
        if why := _too_many(known, force.flow, emptied, _sum(spent, emptied, now)):
            return Braked(flow=force.flow.name, why=why)
    return None


def _too_many(known: Known, flow: Flow, emptied: str, records: Decimal) -> str:
    """Say why so many records are too many; empty: they are not."""
    if records <= flow.guard.emptied_records:
        return ""  # most times: nobody need count how many there are
    lost, place, field = emptied.split(" ", 2)
    connection, _, kind = place.partition(".")
    share = Decimal(flow.guard.emptied_percent) * known.count(connection, kind) / 100
    if records <= share:
        return ""
    happened = "was emptied on" if lost == EMPTIED else "is missing in"
    return (
        f"{field} {happened} {records} records of {place} at once. Nothing of that is carried "
        "on from here: see whether the field was hidden from the hub's user, or an import went "
        f"wrong, and have it put back there. If it is meant: hub flows start {flow.name}."
    )


def added(
    spent: Spent, flow: Flow, conclusions: Sequence[Conclusion], *, at: int, now: datetime
) -> dict[str, list[tuple[int, str]]]:
    """Give what a flow has done, with what it concludes from the event at a position.

    Only of what it concludes something: all else stays as it was.
    """
    span = int(now.timestamp()) // SPAN_SECONDS
    first = span - KEPT_SECONDS // SPAN_SECONDS
    result: dict[str, list[tuple[int, str]]] = {}
    for currency, amount in _weights(flow, conclusions, at):
        known_rows = result.get(currency) or spent.get(currency, ())
        rows = [row for row in known_rows if row[0] > first]
        known = Decimal(rows.pop()[1]) if rows and rows[-1][0] == span else Decimal(0)
        result[currency] = [*rows, (span, str(known + amount))]
    return result


def _weights(flow: Flow, conclusions: Sequence[Conclusion], at: int) -> list[tuple[str, Decimal]]:
    """Count what is made and what is changed; what is told of a document goes with that."""
    found: list[tuple[str, Decimal]] = []
    changed = set()
    again = {one.delivery for one in conclusions if isinstance(one, Withdrawn)}
    for one in conclusions:
        if isinstance(one, Owes) and one.flow == flow.name:
            if one.delivery in again or (one.record and isinstance(flow, Once)):
                continue  # counted when it was owed first, or told of what was counted
            found.append((COUNT, Decimal(1)))
            if one.record and isinstance(flow, Sync):
                found.append((INACTIVE, Decimal(1)))
            if one.amount:
                found.append((one.currency or UNSAID, Decimal(one.amount)))
        elif isinstance(one, Agreed) and one.flow == flow.name and one.state.get("since") == at:
            changed.add(one.link)
    counted = ((COUNT, Decimal(1)) for _ in changed)
    return [*found, *counted, *_lost(flow, conclusions)]


def _lost(flow: Flow, conclusions: Sequence[Conclusion]) -> list[tuple[str, Decimal]]:
    """Count the fields that a record said until now, and that it says no more."""
    found = []
    for one in conclusions:
        if isinstance(one, Agreed) and one.flow == flow.name:
            found += [(EMPTIED, subject, one.field) for subject in one.emptied]
        elif isinstance(one, Cased) and one.flow == flow.name and one.state == VANISHED:
            field = str(one.data["field"])
            found.append((VANISHED, one.case.removesuffix(f".{field}"), field))
    return [
        (f"{lost} {subject.partition('/')[0]} {field}", Decimal(1))
        for lost, subject, field in found
    ]


def _within(spent: Spent, limit: AtMost, now: datetime) -> Decimal:
    done = _sum(spent, limit.currency or COUNT, now, limit.seconds)
    is_money = bool(limit.currency) and limit is not INACTIVE_AT_MOST
    return done + (_sum(spent, UNSAID, now, limit.seconds) if is_money else Decimal(0))


def _sum(spent: Spent, name: str, now: datetime, seconds: float = SPAN_SECONDS) -> Decimal:
    first = int(now.timestamp() - seconds) // SPAN_SECONDS
    rows = spent.get(name, [])
    return sum((Decimal(amount) for span, amount in rows if span >= first), Decimal(0))
