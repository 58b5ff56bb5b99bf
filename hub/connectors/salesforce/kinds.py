"""The facts of Salesforce: its objects, their lines, its sizes, and what its editions allow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.connector import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VERSION = "67.0"
STAMP = "SystemModstamp"
MARK = "Hub_Id__c"
ROWS_MAX = 2_000
IDS_MAX = 200
WRITES_MAX = 200
FOUND_MAX = 200
OVERLAP = timedelta(minutes=10)
"""How far before the last change a poll begins: a stamp is older than the commit that shows it."""

LOG_OF_DELETED = timedelta(days=14)
"""A day less than how far back the vendor tells what was deleted."""

SELDOM_SECONDS = 3_600.0
SCAN_SECONDS = 7 * 86_400.0
"""What was purged, or went while nobody asked for long, is found by looking through all."""

PLANS: Mapping[str, int] = {
    "free": 15_000,
    "standard": 15_000,
    "professional": 100_000,
    "premium": 100_000,
    "enterprise": 100_000,
    "ultimate": 100_000,
}
"""Calls in 24 hours, without those that come with each licence; `free` is a developer's org."""


class SalesforceKind(Kind, frozen=True, kw_only=True):
    lines: tuple[str, str, str] | None = None
    """Of a kind with line items: what a query calls them, their object, and the way back."""
    is_optional: bool = False
    """Not every org has it; where it is not, there is nothing to read."""


def kinds_of(custom: Iterable[str] = (), version: str = VERSION) -> dict[str, SalesforceKind]:
    """Give what is read and written, with the custom objects that the settings name."""
    further = (_written(name) for name in custom)
    base = f"/services/data/v{version}/sobjects"
    return {
        one.name: msgspec.structs.replace(one, path=f"{base}/{one.name}")
        for one in (*_STANDARD, *further)
    }


def base_of(kind: Kind) -> str:
    """Give the path of the API that a kind is read by, up to its version."""
    return kind.path.partition("/sobjects/")[0]


def _kind(name: str, **facts: Any) -> SalesforceKind:
    return SalesforceKind(
        name=name,
        path="",
        id="Id",
        stamps=(STAMP,),
        fetches=IDS_MAX,
        searched_by=("*",),
        **{"scan_seconds": SCAN_SECONDS, **facts},
    )


def _written(name: str, **facts: Any) -> SalesforceKind:
    return _kind(name, mark=MARK, writes=WRITES_MAX, conditional=True, **facts)


def _lines_of(name: str, within: str, **facts: Any) -> SalesforceKind:
    return _kind(name, within=within, scan_seconds=0, **facts)


_STANDARD = (
    _written("Account"),
    _written("Contact"),
    _written("Opportunity", lines=("OpportunityLineItems", "OpportunityLineItem", "OpportunityId")),
    _lines_of("OpportunityLineItem", "Opportunity"),
    _written("Quote", lines=("QuoteLineItems", "QuoteLineItem", "QuoteId"), is_optional=True),
    _lines_of("QuoteLineItem", "Quote"),
    _written(
        "SBQQ__Quote__c",
        lines=("SBQQ__LineItems__r", "SBQQ__QuoteLine__c", "SBQQ__Quote__c"),
        is_optional=True,
    ),
    _lines_of("SBQQ__QuoteLine__c", "SBQQ__Quote__c"),
    _written("Product2", poll_seconds=SELDOM_SECONDS),
    _kind("Pricebook2", poll_seconds=SELDOM_SECONDS),
    _kind("PricebookEntry", poll_seconds=SELDOM_SECONDS),
    _written("Task"),
    _written("Case"),
    _kind("User", poll_seconds=SELDOM_SECONDS),
    _kind("CurrencyType", poll_seconds=SELDOM_SECONDS, is_optional=True),
    _kind("DatedConversionRate", poll_seconds=SELDOM_SECONDS, is_optional=True),
)
