"""A flow's needs, make and checks, made by hand as the file of won deals says them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from hub.flows.document import NoLines, Taken, lines_of
from hub.flows.expression import compile as compiled
from hub.flows.flow import Check, Lines, LinesNeed, Make, Step, Value

ACCEPTED = "accepted quote"
AMOUNT = "amount as one line"
ASK: dict[str, Any] = {
    "accepted": ("Confirmed",),
    "lines": (ACCEPTED, AMOUNT),
    "tax": ("none",),
}


def path(text: str, **step: Any) -> Value:
    return Value(text=text, path=tuple(text.split(".")), step=Step(**step))


def word(value: str | bool | int) -> Value:  # noqa: FBT001 - a literal of a flow's file
    return Value(text=str(value), word=value)


QUOTES = Lines(
    called=ACCEPTED,
    kind="Quotes",
    by="Deal_Name",
    such=compiled(
        "it.Quote_Stage in ask.accepted",
        {"it": {"Quote_Stage": "text"}, "ask": {"accepted": "texts"}},
        wanted="condition",
    ),
    each="Quoted_Items",
    fields={
        "name": path("row.Product_Name.name"),
        "description": path("row.Description"),
        "quantity": path("row.Quantity"),
        "rate": path("row.List_Price"),
        "discount": path("row.Discount"),
        "taxes": path("row.Line_Tax"),
        "tax": path("row.Tax"),
    },
    whole={
        "currency": path("it.Currency"),
        "discount": path("it.Discount"),
        "adjustment": path("it.Adjustment"),
        "tax": path("it.Tax"),
        "taxes": path("it.$line_tax"),
        "total": path("it.Grand_Total"),
    },
)
WHOLE_AMOUNT = Lines(
    called=AMOUNT,
    fields={
        "name": path("deal.Deal_Name"),
        "quantity": word(1),
        "rate": path("deal.Amount"),
        "taxes": path("ask.tax"),
    },
)
NEED = LinesNeed(
    name="lines",
    first_of=(QUOTES, WHOLE_AMOUNT),
    net=path("deal.Amount"),
    currency=path("deal.Currency"),
)
INVOICE = Make(
    connection="books",
    kind="invoices",
    fields={
        "customer_id": path("customer.contact_id"),
        "currency_id": path("customer.currency_id"),
        "date": path("today"),
        "due_date": path("customer.payment_terms", name="due"),
        "reference_number": path("deal.Deal_Name", cut=100),
        "is_inclusive_tax": word(False),  # noqa: FBT003 - a literal of a flow's file
        "discount_type": word("item_level"),
        "adjustment": path("lines.adjustment"),
    },
    each={
        "line_items": {
            "name": path("line.name", cut=100),
            "description": path("line.description", cut=2000),
            "quantity": path("line.quantity"),
            "rate": path("line.rate"),
            "discount": path("line.discount"),
            "tax_id": path("line.taxes", name="tax"),
        }
    },
)
WITHIN: Final = "1 minor unit per line"
CHECKS = (
    Check(name="net", said=path("lines.net"), made="sub_total"),
    Check(name="tax", said=path("lines.tax"), made="tax_total", off_by=WITHIN),
    Check(name="total", said=path("lines.total"), made="total", off_by=WITHIN),
    Check(name="currency", said=path("deal.Currency"), made="currency_code"),
)
TAXES = [
    {"tax_id": "t23", "tax_name": "VAT", "tax_percentage": 23, "status": "Active"},
    {"tax_id": "t6", "tax_name": "VAT", "tax_percentage": Decimal("6.0"), "status": "Active"},
    {"tax_id": "old", "tax_name": "Levy", "tax_percentage": 1, "status": "Inactive"},
]


def deal(amount: str | None = "100", **fields: Any) -> dict[str, Any]:
    said = Decimal(amount) if amount is not None else None
    return {"id": "7", "Deal_Name": "Faro rollout", "Amount": said, "Currency": "EUR", **fields}


def row(rate: str, quantity: str = "1", **fields: Any) -> dict[str, Any]:
    return {
        "Product_Name": {"id": "9", "name": "Survey"},
        "Quantity": Decimal(quantity),
        "List_Price": Decimal(rate),
        "Discount": None,
        "Line_Tax": [],
        "Tax": Decimal(0),
        "Description": None,
        **fields,
    }


def quote(*rows: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": "71",
        "Quote_Stage": "Confirmed",
        "Currency": "EUR",
        "Quoted_Items": list(rows),
        **fields,
    }


def vat(percent: str, name: str = "VAT") -> list[dict[str, Any]]:
    return [{"name": name, "percentage": Decimal(percent)}]


def named(source: dict[str, Any]) -> dict[str, Any]:
    return {
        "deal": source,
        "ask": ASK,
        "today": "2026-03-02",
        "customer": {"contact_id": "12", "currency_id": "3", "payment_terms": 30},
        "taxes": TAXES,
    }


def lines(
    source: dict[str, Any],
    *quotes: dict[str, Any],
    need: LinesNeed = NEED,
    ask: dict[str, Any] = ASK,
) -> Taken | NoLines:
    return lines_of(need, source, {"deal": source, "ask": ask}, lambda _: quotes)


def taken(source: dict[str, Any], *quotes: dict[str, Any]) -> Taken:
    found = lines(source, *quotes)
    assert isinstance(found, Taken), found
    return found


def refused(source: dict[str, Any], *quotes: dict[str, Any]) -> str:
    found = lines(source, *quotes)
    assert isinstance(found, NoLines), found
    return found.why
