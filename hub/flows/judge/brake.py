"""A flow's brake: past `at_most` it goes to hold, and each write waits for a person.

What was done is counted in spans of time, so the last of them counts as a whole: a brake pulls a
little early rather than late. What a person asked for does not count.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from hub.conclusions import Agreed, Braked, Owes
from hub.flows.flow import Once

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hub.conclusions import Conclusion
    from hub.flows.flow import AtMost, Flow
    from hub.flows.known import InForce

SPAN_SECONDS = 600
KEPT_SECONDS = 86_400
COUNT = ""
"""Where the number of writes stands, beside the sums by their currencies."""

Spent: TypeAlias = "Mapping[str, Sequence[tuple[int, str]]]"
"""By currency: the spans in which something was done, and how much."""


def braked(
    force: InForce, conclusions: Sequence[Conclusion], at: int, now: datetime
) -> Braked | None:
    """Tell whether what a flow concludes now is more than it may do."""
    if force.mode != "on":
        return None
    spent = added(force.spent, force.flow, conclusions, at=at, now=now)
    for limit in force.flow.guard.at_most:
        done = _within(spent, limit, now)
        if done > Decimal(limit.amount):
            unit = limit.currency or "writes"
            why = f"It came to {done} {unit}, and at most {limit.text} are allowed."
            return Braked(flow=force.flow.name, why=why)
    return None


def added(
    spent: Spent, flow: Flow, conclusions: Iterable[Conclusion], *, at: int, now: datetime
) -> Spent:
    """Give what a flow has done, with what it concludes from the event at a position."""
    span = int(now.timestamp()) // SPAN_SECONDS
    result = dict(spent)
    for currency, amount in _weights(flow, conclusions, at):
        first = span - KEPT_SECONDS // SPAN_SECONDS
        rows = [row for row in result.get(currency, []) if row[0] > first]
        known = Decimal(rows.pop()[1]) if rows and rows[-1][0] == span else Decimal(0)
        result[currency] = [*rows, (span, str(known + amount))]
    return result


def _weights(flow: Flow, conclusions: Iterable[Conclusion], at: int) -> list[tuple[str, Decimal]]:
    """Count what is made and what is changed; what is told of a document goes with that."""
    found: list[tuple[str, Decimal]] = []
    changed = set()
    for one in conclusions:
        if isinstance(one, Owes) and one.flow == flow.name:
            if one.record and isinstance(flow, Once):
                continue
            found.append((COUNT, Decimal(1)))
            if one.amount:
                found.append((one.currency, Decimal(one.amount)))
        elif isinstance(one, Agreed) and one.flow == flow.name and one.state.get("since") == at:
            changed.add(one.link)
    return [*found, *((COUNT, Decimal(1)) for _ in changed)]


def _within(spent: Spent, limit: AtMost, now: datetime) -> Decimal:
    first = int(now.timestamp() - limit.seconds) // SPAN_SECONDS
    rows = spent.get(limit.currency or COUNT, [])
    return sum((Decimal(amount) for span, amount in rows if span >= first), Decimal(0))
