"""The objects and fields of a fresh organisation, and the hub's own mark in those it writes to.

shape.py   how they are put down     customers.py  Account, Contact, User
sales.py   Opportunity, Quote        catalogue.py  Product2, Pricebook2, PricebookEntry
work.py    Task, Case                money.py      CurrencyType, DatedConversionRate, Organization
cpq.py     SBQQ__Quote__c and lines  tooling.py    what setting up asks for
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.salesforce.standard import catalogue, cpq, customers, money, sales, tooling, work

if TYPE_CHECKING:
    from hub.sandbox.salesforce.fields import Object


def standard_objects() -> dict[str, Object]:
    """Give them all, in the order in which they are listed."""
    parts = (customers, sales, catalogue, work, money, cpq, tooling)
    return {one.name: one for part in parts for one in part.OBJECTS}
