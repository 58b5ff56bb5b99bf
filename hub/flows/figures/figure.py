"""The closed list of figures: each a sum or a fact over the documents that it is about."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from hub.errors import HubError
from hub.flows.figures.documents import amount, currency_of, payment_unused, total
from hub.flows.figures.standing import Standing, in_one_word, standings
from hub.flows.money import amount_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from hub.flows.figures.documents import Documents, Record

Worth: TypeAlias = Decimal | int | str | None

CURRENCY, AS_OF = "currency", "as of"
"""What stands beside figures: what they are in, and when they were worked out."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure, in its currency if it is money; `value` is None where there is nothing to tell."""

    name: str
    value: Worth
    currency: str = ""
    as_of: datetime


class SeveralCurrencies(HubError):
    """A sum was asked for over amounts that cannot be added up."""


def figure(
    name: str, documents: Documents, *, today: date, as_of: datetime, currency: str = ""
) -> Figure:
    """Work a figure out: of one currency, where it is said which, else of all documents."""
    if currency:
        documents = documents.in_currency(currency)
    elif name in _SUMS or name == CURRENCY:
        currency = _only_currency(name, documents)
    elif name == "last payment amount" and (last := _last_payment(documents)):
        currency = currency_of(last)
    is_money = FIGURES[name] == "money"
    if name == CURRENCY:
        value: Worth = currency or None
    elif name == AS_OF:
        value = as_of.isoformat(timespec="seconds")
    else:
        value = _WORKED_OUT[name](documents, today)
    return Figure(name=name, value=value, currency=currency if is_money else "", as_of=as_of)


def _outstanding(documents: Documents, today: date) -> Decimal:
    return total(one.balance for one in _issued(documents, today))


def _overdue_amount(documents: Documents, today: date) -> Decimal:
    return total(one.balance for one in standings(documents, today) if one.status == "Overdue")


def _invoiced(documents: Documents, today: date) -> Decimal:
    return total(one.total for one in _issued(documents, today))


def _balance(documents: Documents, today: date) -> Decimal:
    """Add up what is open, drafts with it: what an invoice says under this name."""
    return total(one.balance for one in standings(documents, today))


def _credits_open(documents: Documents, _: date) -> Decimal:
    """Add up what the customer may still use: of open credit notes, and of what he overpaid."""
    notes = (one for one in documents.creditnotes if one.get("status") == "open")
    return total(amount(one, "balance") for one in notes) + total(
        map(payment_unused, documents.paid)
    )


def _overdue_count(documents: Documents, today: date) -> int:
    return sum(one.status == "Overdue" for one in standings(documents, today))


def _payment_status(documents: Documents, today: date) -> str | None:
    return in_one_word(standings(documents, today))


def _last_payment_date(documents: Documents, _: date) -> str | None:
    last = _last_payment(documents)
    return str(last["date"]) if last else None


def _last_payment_amount(documents: Documents, _: date) -> Decimal | None:
    last = _last_payment(documents)
    return amount_of(last.get("amount")) if last else None


_SUMS: Mapping[str, Callable[[Documents, date], Decimal]] = {
    "outstanding": _outstanding,
    "overdue amount": _overdue_amount,
    "invoiced": _invoiced,
    "balance": _balance,
    "credits open": _credits_open,
}
_WORKED_OUT: Mapping[str, Callable[[Documents, date], Worth]] = {
    **_SUMS,
    "overdue count": _overdue_count,
    "payment status": _payment_status,
    "last payment date": _last_payment_date,
    "last payment amount": _last_payment_amount,
}
FIGURES: Mapping[str, str] = {
    **dict.fromkeys(_SUMS, "money"),
    "overdue count": "number",
    "payment status": "text",
    "last payment date": "date",
    "last payment amount": "money",
    CURRENCY: "text",
    AS_OF: "time",
}
"""The closed list, and what each figure is; of what all figures of money are, and since when."""

IN_ONE_CURRENCY = frozenset(
    {name for name, what in FIGURES.items() if what == "money"} | {CURRENCY, "last payment date"}
)
"""Those that stand beside one another in a record, and so are of one currency, if it has one."""


def _issued(documents: Documents, today: date) -> list[Standing]:
    return [one for one in standings(documents, today) if one.status not in ("Draft", "Void")]


def _last_payment(documents: Documents) -> Record | None:
    dated = [one for one in documents.paid if one.get("date")]
    return max(dated, key=_age, default=None)


def _age(payment: Record) -> tuple[str, int, str]:
    """Order payments by day; within a day by their ids, which grow."""
    record = str(payment.get("payment_id", ""))
    return str(payment["date"]), len(record), record


def _only_currency(name: str, documents: Documents) -> str:
    found = documents.currencies
    if len(found) > 1:
        raise SeveralCurrencies(
            f"{name}: expected one currency, found {', '.join(found)}: say which one is wanted."
        )
    return found[0] if found else ""
