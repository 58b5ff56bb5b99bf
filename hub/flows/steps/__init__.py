"""Typed readings of fields: the closed list that a flow's `as` may name. Pure, on plain values.

answers.py   the questions that each step answers, and the manner of a side
ask.py      the questions, asked of a step by its name    place.py   the way to a field and back
text.py     any words      person.py  somebody's name      email.py  phone.py  flag.py  currency.py
company.py  a name with a legal form (forms.py)            table.py  a side's word for the other's
number.py   money, numbers                                 moment.py dates, times
address.py  postcode.py    country.py (countries.py)       tax_number.py

A value that was read is canonical: text, a truth value, a dict of texts, or None for empty. Numbers
are decimal texts, so that nothing is lost on the way through JSON.
"""

from hub.flows.steps.answers import Canonical, Manner, NotUnderstood
from hub.flows.steps.ask import STEPS, apart, key, read, same, write
from hub.flows.steps.place import ABSENT, Absent, put_at, value_at

__all__ = [
    "ABSENT",
    "STEPS",
    "Absent",
    "Canonical",
    "Manner",
    "NotUnderstood",
    "apart",
    "key",
    "put_at",
    "read",
    "same",
    "value_at",
    "write",
]
