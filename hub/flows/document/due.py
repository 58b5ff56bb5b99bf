"""The day on which a document is due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hub.flows.flow import Step
from hub.flows.money import amount_of
from hub.flows.steps import ABSENT, read


def due_of(day: str, terms_days: object) -> Any:
    """Give the day so many days after another.

    Terms that are no number of days, such as the end of the month, are negative numbers at Books:
    nothing is said then, and Books works the day out of its customer's own terms.
    """
    days = amount_of(terms_days)
    if days is None or days < 0:
        return ABSENT
    begins = read(Step(name="date"), day)
    return (date.fromisoformat(str(begins)) + timedelta(days=int(days))).isoformat()
