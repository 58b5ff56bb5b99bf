"""Lines of opportunities and quotes: what each costs, and what they come to in the record above."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hub.sandbox.salesforce.refusal import Refusal, missing
from hub.sandbox.salesforce.values import rounded

if TYPE_CHECKING:
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.store import Record

Values = dict[str, Any]
HUNDRED = Decimal(100)
ABOVE = {
    "OpportunityLineItem": "OpportunityId",
    "QuoteLineItem": "QuoteId",
    "SBQQ__QuoteLine__c": "SBQQ__Quote__c",
}
"""By objects of lines: the reference to the record that they are lines of."""


def priced(org: Organisation, values: Values, old: Record | None) -> Values:
    """Give a line with its product, its prices and its sum."""
    above = org.find(values.get("OpportunityId") or values.get("QuoteId"))
    if above is None:
        return values
    entry = _entry(org, values, above)
    product = org.find(entry.get("Product2Id"))
    both = values.get("UnitPrice") is not None and values.get("TotalPrice") is not None
    if old is None and both:
        message = "field integrity exception: only one of UnitPrice and TotalPrice may be given"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=())
    values |= {"PricebookEntryId": entry.id, "Product2Id": entry.get("Product2Id")}
    values |= {"ListPrice": entry.get("UnitPrice"), "CurrencyIsoCode": above.get("CurrencyIsoCode")}
    if "ProductCode" in values or "LineNumber" not in values:
        values["ProductCode"] = entry.get("ProductCode")
        name = product.get("Name") if product else ""
        values["Name"] = f"{above.get('Name')} {name}"[:376]
    if old is None and "QuoteId" in values and values.get("QuoteId"):
        values["LineNumber"] = f"{org.counted('QuoteLineItem'):08d}"
    return values | _sums(values, old)


def roll_up(org: Organisation, entity: str, above: Record) -> Values:
    """Give what the lines of a record come to, as the record above them says it."""
    table = org.tables[entity]
    lines = [table.records[one] for one in org.references.of(above.id, entity, ABOVE[entity])]
    if entity == "SBQQ__QuoteLine__c":
        counted = [one for one in lines if not one.get("SBQQ__Optional__c")]
        words = ("Net", "Customer", "List", "Regular")
        return {f"SBQQ__{word}Amount__c": _sum(counted, f"SBQQ__{word}Total__c") for word in words}
    total = _sum(lines, "TotalPrice")
    if entity == "OpportunityLineItem":
        quantity = _sum(lines, "Quantity")
        of_lines = {"Amount": total, "TotalOpportunityQuantity": quantity} if lines else {}
        return of_lines | {"HasOpportunityLineItem": bool(lines)}
    subtotal = _sum(lines, "Subtotal")
    off = rounded((subtotal - total) / subtotal * HUNDRED) if subtotal else Decimal(0)
    further = (above.get("Tax") or 0, above.get("ShippingHandling") or 0)
    return {
        "Subtotal": subtotal,
        "TotalPrice": total,
        "Discount": off,
        "GrandTotal": sum(further, total),
        "LineItemCount": len(lines),
    }


def next_rates(org: Organisation, iso_code: str) -> dict[str, date]:
    """Give, for each rate of a currency, the day on which the next one begins."""
    rates = sorted(
        (one for one in org.tables["DatedConversionRate"] if one.get("IsoCode") == iso_code),
        key=lambda one: one.get("StartDate"),
    )
    ends = [*(one.get("StartDate") for one in rates[1:]), date(9999, 12, 31)]
    return {one.id: end for one, end in zip(rates, ends, strict=True)}


def _entry(org: Organisation, values: Values, above: Record) -> Record:
    """Find the entry that a line is of: it is named, or its product is."""
    entry = org.find(values.get("PricebookEntryId"))
    if entry is None and values.get("Product2Id"):
        table = org.tables["PricebookEntry"]
        found = org.references.of(values["Product2Id"], "PricebookEntry", "Product2Id")
        fits = [table.records[one] for one in found if _fits(table.records[one], above)]
        entry = fits[0] if fits else None
    if entry is None:
        raise missing(["PricebookEntryId"])
    if not _fits(entry, above):
        message = (
            "field integrity exception: PricebookEntryId (pricebook entry is in a different "
            "pricebook or has a different currency)"
        )
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=("PricebookEntryId",))
    return entry


def _fits(entry: Record, above: Record) -> bool:
    book = above.get("Pricebook2Id")
    same = entry.get("CurrencyIsoCode") == above.get("CurrencyIsoCode")
    return same and book in (None, entry.get("Pricebook2Id"))


def _sums(values: Values, old: Record | None) -> Values:
    quantity = values.get("Quantity") or Decimal(0)
    off = 1 - (values.get("Discount") or Decimal(0)) / HUNDRED
    total, unit = values.get("TotalPrice"), values.get("UnitPrice")
    by_total = total is not None and (old is None or total != old.get("TotalPrice"))
    if by_total and unit == (old.get("UnitPrice") if old else None) and quantity and off:
        unit = rounded(Decimal(str(total)) / quantity / off)
    elif unit is None:
        unit = values.get("ListPrice") or Decimal(0)
        total = None
    else:
        total = None
    subtotal = rounded(unit * quantity)
    said = rounded(subtotal * off) if total is None else total
    return {"UnitPrice": unit, "Subtotal": subtotal, "TotalPrice": said}


def _sum(lines: list[Record], name: str) -> Decimal:
    return sum((one.get(name) or Decimal(0) for one in lines), Decimal(0))
