"""A tax by its name and percent, looked up in the table of the side it is written to.

There is no default: a tax that is not found, or found twice, is a person's to settle. That a line
bears no tax is said by an empty id, for a line that says nothing takes what its item has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal  # noqa: TC003 - msgspec reads the annotations
from typing import Any, TypeAlias

import msgspec

from hub.flows.money import amount_of

Record: TypeAlias = Mapping[str, Any]

NO_TAX = ""
NONE = frozenset({"", "none", "no tax"})


class Miss(msgspec.Struct, frozen=True, kw_only=True):
    """No tax, or not one alone; the sentence is for a person."""

    sentence: str


class Tax(msgspec.Struct, frozen=True, kw_only=True):
    """A tax as a line names it; its percent is not always said."""

    name: str
    percent: Decimal | None = None


def tax_for(said: object, table: Sequence[Record], called: Mapping[str, str]) -> str | Miss:
    """Find the one id that stands for all taxes of a line; `called` translates their names."""
    taxes = [
        Tax(name=called.get(one.name, one.name), percent=one.percent) for one in taxes_of(said)
    ]
    match taxes:
        case []:
            return NO_TAX
        case [one]:
            return tax_of(table, one.name, one.percent)
        case _:
            return _group_of(table, taxes)


def tax_of(table: Sequence[Record], name: str, percent: Decimal | None) -> str | Miss:
    """Find a tax by its name, and by its percent where that is known."""
    wanted = Tax(name=name, percent=percent)
    found = [one for one in table if _is_used(one) and _is(one, wanted)]
    if len(found) == 1:
        return str(found[0]["tax_id"])
    there = ", ".join(sorted(map(_shown_record, filter(_is_used, table)))) or "none at all"
    count = f"{len(found)} of them" if found else "none"
    return Miss(
        sentence=f"Expected one tax {_shown(wanted)}, found {count}; there are: {there}. "
        "Make it there, or give its name there in the flow's table of taxes."
    )


def taxes_of(said: object) -> list[Tax]:
    """Read the taxes of a line: names, or what CRM says of each."""
    if isinstance(said, str):
        said = [said]
    if not isinstance(said, Iterable):
        return []
    return [tax for tax in map(_tax, said) if tax.name.casefold() not in NONE]


def _tax(said: object) -> Tax:
    if not isinstance(said, Mapping):
        return Tax(name=str(said).strip())
    return Tax(name=str(said.get("name", "")).strip(), percent=amount_of(said.get("percentage")))


def _group_of(table: Sequence[Record], taxes: Sequence[Tax]) -> str | Miss:
    """Find the group that is made of just these taxes."""
    found = [
        one
        for one in table
        if len(one.get("taxes") or ()) == len(taxes)
        and all(any(_is(member, tax) for member in one["taxes"]) for tax in taxes)
    ]
    if len(found) == 1:
        return str(found[0]["tax_id"])
    together = " and ".join(map(_shown, taxes))
    return Miss(
        sentence=f"Expected one group of the taxes {together}, found {len(found) or 'none'}."
    )


def _is(record: Record, tax: Tax) -> bool:
    percent = amount_of(record.get("tax_percentage"))
    named = str(record.get("tax_name", "")).strip().casefold() == tax.name.casefold()
    return named and tax.percent in (None, percent)


def _is_used(record: Record) -> bool:
    return str(record.get("status") or "active").casefold() == "active"


def _shown(tax: Tax) -> str:
    return f"“{tax.name}”" + (f" at {tax.percent} %" if tax.percent is not None else "")


def _shown_record(record: Record) -> str:
    return f"{record.get('tax_name')} {record.get('tax_percentage')} %"
