"""The questions that the rest of the hub asks of a step, by its name in the closed list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.flows.steps import (
    address,
    company,
    country,
    currency,
    email,
    flag,
    moment,
    number,
    person,
    phone,
    table,
    tax_number,
    text,
)
from hub.flows.steps.answers import Asked, Manner, NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.flow import Path, Step
    from hub.flows.steps.answers import Answers, Canonical

STEPS: Mapping[str, Answers] = {
    "text": text.ANSWERS,
    "name": person.ANSWERS,
    "company": company.ANSWERS,
    "email": email.ANSWERS,
    "phone": phone.ANSWERS,
    "money": number.MONEY,
    "number": number.ANSWERS,
    "date": moment.DATE,
    "time": moment.TIME,
    "flag": flag.ANSWERS,
    "address": address.ANSWERS,
    "country": country.ANSWERS,
    "currency": currency.ANSWERS,
    "tax number": tax_number.ANSWERS,
    "table": table.ANSWERS,
}

PLAIN = Manner()


def read(step: Step, value: Any, manner: Manner = PLAIN) -> Canonical:
    """Give what a side says, in one form for all sides; raise NotUnderstood if it cannot be read.

    A float is refused whatever the step: it may have lost a digit before it came here.
    """
    if isinstance(value, float):
        raise NotUnderstood("a number that was never a float", value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return STEPS[step.name].read(value, Asked(step=step, manner=manner))


def write(step: Step, value: Canonical, path: Path = (), manner: Manner = PLAIN) -> Any:
    """Give what is to be sent so that a field says it; `put_at` puts it in its place."""
    asked = Asked(step=step, path=path, manner=manner)
    if value is None:
        return STEPS[step.name].clear(asked)
    written = STEPS[step.name].write(value, asked)
    return _cut(written, step.cut) if isinstance(written, str) else written


def same(step: Step, one: Canonical, other: Canonical) -> bool:
    """Tell whether two sides mean the same, or one is what a vendor made of the other.

    Where the step cuts, what is beyond the cut is on neither side's mind.
    """
    if one is None or other is None:
        return one is other
    if isinstance(one, str) and isinstance(other, str):
        one, other = _cut(one, step.cut), _cut(other, step.cut)
    return one == other or STEPS[step.name].same(one, other)


def key(step: Step, value: Canonical, part: str = "") -> str:
    """Give the text by which records are compared, or "" if this value tells nobody apart."""
    return "" if value is None else STEPS[step.name].key(value, part)


def apart(step: Step, value: Canonical) -> str:
    """Give what makes two of equal keys where both say it and it differs: a country, mostly."""
    return "" if value is None else STEPS[step.name].apart(value)


def _cut(text: str, length_max: int | None) -> str:
    return text if length_max is None else text[:length_max].rstrip()
