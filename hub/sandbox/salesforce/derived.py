"""What the vendor itself writes into a record: names, stages, and what lines come to."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hub.sandbox.salesforce.price import priced
from hub.sandbox.salesforce.refusal import Refusal
from hub.sandbox.salesforce.standard.sales import STAGES
from hub.sandbox.salesforce.values import rounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.store import Record

Values = dict[str, Any]

_STAGES = {name: (chance, forecast, ends) for name, chance, forecast, ends in STAGES}
_FORECASTS = {"BestCase": "Best Case", "Forecast": "Commit"}
HUNDRED = Decimal(100)


def derive(org: Organisation, entity: str, values: Values, old: Record | None) -> Values:
    """Give all that a record holds, what follows from the rest included."""
    act = _ACTS.get(entity)
    return act(org, values, old) if act else values


def _person(_: Organisation, values: Values, __: Record | None) -> Values:
    names = (values.get("FirstName"), values.get("LastName"))
    return values | {"Name": " ".join(filter(None, names))}


def _opportunity(org: Organisation, values: Values, old: Record | None) -> Values:
    stage = str(values.get("StageName"))
    probability, forecast, closed = _STAGES.get(stage, (50, "Pipeline", False))
    moved = old is None or old.get("StageName") != stage
    said = old is None or old.get("Probability") != values.get("Probability")
    if moved and not (said and values.get("Probability") is not None):
        values["Probability"] = Decimal(probability)
    if old is not None and old.get("HasOpportunityLineItem"):
        if values.get("Amount") != old.get("Amount") and org.quirks.amount_of_lines_is_refused:
            message = "Amount: cannot specify Amount for an opportunity with products"
            raise Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=("Amount",))
        values["Amount"] = old.get("Amount")
    expected = rounded((values.get("Amount") or 0) * (values.get("Probability") or 0) / HUNDRED)
    return values | {
        "IsClosed": closed,
        "IsWon": closed and probability == HUNDRED,
        "ForecastCategory": forecast,
        "ForecastCategoryName": _FORECASTS.get(forecast, forecast),
        "ExpectedRevenue": None if values.get("Amount") is None else expected,
    }


def _quote(org: Organisation, values: Values, old: Record | None) -> Values:
    deal = org.find(values.get("OpportunityId"))
    if deal is not None:
        values |= {"AccountId": deal.get("AccountId")}
        values["CurrencyIsoCode"] = deal.get("CurrencyIsoCode")
    if old is None:
        values["QuoteNumber"] = f"{org.counted('Quote'):08d}"
        values |= dict.fromkeys(("Subtotal", "TotalPrice", "Discount"), Decimal(0))
        values["Status"] = values.get("Status") or "Draft"
    further = (values.get("Tax") or 0, values.get("ShippingHandling") or 0)
    return values | {"GrandTotal": sum(further, values["TotalPrice"])}


def _case(org: Organisation, values: Values, old: Record | None) -> Values:
    closed = values.get("Status") == "Closed"
    if old is None:
        values["CaseNumber"] = f"{org.counted('Case') + 1_000:08d}"
    was = old.get("ClosedDate") if old else None
    return values | {"IsClosed": closed, "ClosedDate": (was or org.now()) if closed else None}


def _task(org: Organisation, values: Values, _: Record | None) -> Values:
    about = org.find(values.get("WhatId")) or org.find(values.get("WhoId"))
    account = about.get("AccountId") if about else None
    if about is not None and about.module == "Account":
        account = about.id
    return values | {"IsClosed": values.get("Status") == "Completed", "AccountId": account}


def _entry(org: Organisation, values: Values, old: Record | None) -> Values:
    """Put a product into a price book; the standard one comes first."""
    product = org.find(values.get("Product2Id"))
    book = org.find(values.get("Pricebook2Id"))
    if old is None and product and book:
        alike = [
            one
            for one in _entries(org, product.id)
            if one.get("CurrencyIsoCode") == values.get("CurrencyIsoCode")
        ]
        if any(one.get("Pricebook2Id") == book.id for one in alike):
            message = "This price definition already exists in this price book"
            raise Refusal("DUPLICATE_VALUE", message, fields=())
        standard = [one for one in alike if _is_standard(org, one)]
        if not book.get("IsStandard") and not standard:
            message = "Before creating a custom price, create a standard price."
            raise Refusal("STANDARD_PRICE_NOT_DEFINED", message, fields=())
        if values.get("UseStandardPrice") and standard:
            values["UnitPrice"] = standard[0].get("UnitPrice")
    if product is None:
        return values
    return values | {"Name": product.get("Name"), "ProductCode": product.get("ProductCode")}


def _entries(org: Organisation, product: str) -> list[Record]:
    table = org.tables["PricebookEntry"]
    return [
        table.records[one] for one in org.references.of(product, "PricebookEntry", "Product2Id")
    ]


def _is_standard(org: Organisation, entry: Record) -> bool:
    book = org.find(entry.get("Pricebook2Id"))
    return book is not None and bool(book.get("IsStandard"))


def _cpq_quote(org: Organisation, values: Values, old: Record | None) -> Values:
    if old is None:
        values["Name"] = f"Q-{org.counted('SBQQ__Quote__c'):05d}"
        amounts = ("Net", "Customer", "List", "Regular")
        values |= {f"SBQQ__{word}Amount__c": Decimal(0) for word in amounts}
    return values


def _cpq_line(org: Organisation, values: Values, old: Record | None) -> Values:
    if old is None:
        values["Name"] = f"QL-{org.counted('SBQQ__QuoteLine__c'):07d}"
    product = org.find(values.get("SBQQ__Product__c"))
    quantity = values.get("SBQQ__Quantity__c") or Decimal(1)
    values |= {"SBQQ__Quantity__c": quantity, "SBQQ__EffectiveQuantity__c": quantity}
    price = values.get("SBQQ__ListPrice__c") or Decimal(0)
    off = 1 - (values.get("SBQQ__Discount__c") or Decimal(0)) / HUNDRED
    for word in ("List", "Regular", "Customer", "Partner", "Net"):
        name = f"SBQQ__{word}Price__c"
        follows = price if word in ("List", "Regular") else price * off
        said = values.get(name)
        values[name] = rounded(follows if said is None else said)
        values[f"SBQQ__{word}Total__c"] = rounded(values[name] * quantity)
    return values | {"SBQQ__ProductCode__c": product.get("ProductCode") if product else None}


_ACTS: dict[str, Callable[[Organisation, Values, Record | None], Values]] = {
    "Contact": _person,
    "User": _person,
    "Opportunity": _opportunity,
    "OpportunityLineItem": priced,
    "Quote": _quote,
    "QuoteLineItem": priced,
    "PricebookEntry": _entry,
    "Task": _task,
    "Case": _case,
    "SBQQ__Quote__c": _cpq_quote,
    "SBQQ__QuoteLine__c": _cpq_line,
}
