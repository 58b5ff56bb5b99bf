"""The display twins, `total_formatted` and the like: for eyes only."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from hub.sandbox.books.amounts import shown

if TYPE_CHECKING:
    from hub.sandbox.system import Fields

DATES = ("date", "due_date", "expiry_date", "last_payment_date", "accepted_date", "declined_date")
STAMPS = ("created_time", "last_modified_time", "updated_time")
NOT_MONEY = ("exchange_rate", "rate", "price_precision")


def formatted(record: Fields, symbol: str, places: int) -> Fields:
    """Give a twin for every amount, date and stamp."""
    twins: Fields = {}
    for name, value in record.items():
        if isinstance(value, Decimal) and name not in NOT_MONEY:
            twins[f"{name}_formatted"] = shown(value, symbol, places)
        elif name in DATES and value:
            twins[f"{name}_formatted"] = _day(value)
        elif name in STAMPS and value:
            twins[f"{name}_formatted"] = _moment(value)
    return twins


# The same days and moments stand on many records, and reading them is slow.
@lru_cache(maxsize=4096)
def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d %b %Y}"


@lru_cache(maxsize=4096)
def _moment(text: str) -> str:
    return f"{datetime.strptime(text, '%Y-%m-%dT%H:%M:%S%z'):%d %b %Y %I:%M %p}"
