"""What is sold, and for how much: products, price books, and the entries of products in these."""

from __future__ import annotations

from hub.sandbox.salesforce.fields import Field
from hub.sandbox.salesforce.standard.shape import entity, link

PRODUCT = entity(
    "Product2",
    "01t",
    [
        Field(name="Name", label="Product Name", required=True),
        Field(name="ProductCode"),
        Field(name="Description", length=4_000),
        Field(name="IsActive", type="boolean", default=False),
        Field(name="Family", type="picklist"),
        Field(name="QuantityUnitOfMeasure", type="picklist"),
        Field(name="StockKeepingUnit", length=180),
    ],
    label="Product",
    plural="Products",
    marked=True,
    money=True,
    owned=False,
)

PRICE_BOOK = entity(
    "Pricebook2",
    "01s",
    [
        Field(name="Name", required=True),
        Field(name="IsActive", type="boolean", default=False),
        Field(name="IsStandard", type="boolean", read_only=True, default=False),
        Field(name="Description"),
    ],
    label="Price Book",
    owned=False,
)

ENTRY = entity(
    "PricebookEntry",
    "01u",
    [
        Field(name="Name", read_only=True),
        link("Pricebook2Id", "Pricebook2", children="PricebookEntries", required=True, once=True),
        link("Product2Id", "Product2", children="PricebookEntries", required=True, once=True),
        Field(name="UnitPrice", type="currency"),
        Field(name="IsActive", type="boolean", default=False),
        Field(name="UseStandardPrice", type="boolean", default=False),
        Field(name="ProductCode", read_only=True),
    ],
    label="Price Book Entry",
    plural="PricebookEntries",
    money=True,
    owned=False,
    undeletes=False,
)

OBJECTS = (PRODUCT, PRICE_BOOK, ENTRY)
