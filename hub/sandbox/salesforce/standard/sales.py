"""Opportunity and Quote, and their lines."""

from __future__ import annotations

from hub.sandbox.salesforce.fields import Field
from hub.sandbox.salesforce.standard.shape import address, entity, link, of, pick

STAGES = (
    ("Prospecting", 10, "Pipeline", False), ("Qualification", 10, "Pipeline", False),
    ("Needs Analysis", 20, "Pipeline", False), ("Value Proposition", 50, "Pipeline", False),
    ("Id. Decision Makers", 60, "Pipeline", False),
    ("Proposal/Price Quote", 75, "BestCase", False),
    ("Negotiation/Review", 90, "Forecast", False), ("Closed Won", 100, "Closed", True),
    ("Closed Lost", 0, "Omitted", True),
)  # fmt: skip
"""By name: probability, what it counts as in a forecast, and whether it is the end."""

QUOTE_STATES = (
    "Draft", "Needs Review", "In Review", "Approved", "Rejected", "Presented", "Accepted", "Denied",
)  # fmt: skip

_LINE = [
    Field(name="Product2Id", type="reference", to=("Product2",), relation="Product2", once=True),
    link("PricebookEntryId", "PricebookEntry", once=True),
    Field(name="Quantity", type="double", required=True),
    Field(name="UnitPrice", type="currency"),
    Field(name="ListPrice", type="currency", read_only=True),
    Field(name="Discount", type="percent"),
    Field(name="Subtotal", type="currency", read_only=True),
    Field(name="ServiceDate", type="date"),
    Field(name="Description", length=255),
    Field(name="SortOrder", type="int"),
]

OPPORTUNITY = entity(
    "Opportunity",
    "006",
    [
        link("AccountId", "Account", children="Opportunities"),
        Field(name="Name", length=120, required=True),
        Field(name="Description", type="textarea", length=32_000),
        pick(
            "StageName",
            *(name for name, *_ in STAGES),
            required=True,
            restricted=True,
            label="Stage",
        ),
        Field(name="Amount", type="currency"),
        Field(name="Probability", type="percent"),
        Field(name="ExpectedRevenue", type="currency", read_only=True),
        Field(name="TotalOpportunityQuantity", type="double"),
        Field(name="CloseDate", type="date", required=True, label="Close Date"),
        pick("Type", "Existing Customer - Upgrade", "Existing Customer - Renewal", "New Customer"),
        Field(name="NextStep"),
        pick("LeadSource", "Web", "Phone Inquiry", "Partner Referral", "Other"),
        *of(
            "boolean", "IsClosed", "IsWon", "HasOpportunityLineItem", read_only=True, default=False
        ),
        pick(
            "ForecastCategory",
            "Omitted",
            "Pipeline",
            "BestCase",
            "Forecast",
            "Closed",
            read_only=True,
        ),
        Field(name="ForecastCategoryName", type="picklist", read_only=True),
        link("Pricebook2Id", "Pricebook2"),
        link("SyncedQuoteId", "Quote", feature="quotes"),
        link("ContactId", "Contact", once=True),
        Field(name="Invoice_Number__c", label="Invoice Number", custom=True),
    ],
    plural="Opportunities",
    marked=True,
    money=True,
)

OPPORTUNITY_LINE = entity(
    "OpportunityLineItem",
    "00k",
    [
        link(
            "OpportunityId",
            "Opportunity",
            children="OpportunityLineItems",
            required=True,
            once=True,
        ),
        *_LINE,
        Field(name="TotalPrice", type="currency"),
        Field(name="ProductCode", read_only=True),
        Field(name="Name", length=376, read_only=True),
    ],
    label="Opportunity Product",
    money=True,
    owned=False,
    undeletes=False,
    parent="OpportunityId",
)

QUOTE = entity(
    "Quote",
    "0Q0",
    [
        Field(name="QuoteNumber", length=30, read_only=True),
        Field(name="Name", required=True),
        link("OpportunityId", "Opportunity", children="Quotes", required=True, once=True),
        link("AccountId", "Account", read_only=True),
        link("ContactId", "Contact"),
        link("Pricebook2Id", "Pricebook2"),
        pick("Status", *QUOTE_STATES),
        Field(name="ExpirationDate", type="date"),
        Field(name="Description", type="textarea", length=32_000),
        *of("currency", "Subtotal", "TotalPrice", "GrandTotal", read_only=True),
        Field(name="Discount", type="percent", read_only=True),
        *of("currency", "Tax", "ShippingHandling"),
        Field(name="LineItemCount", type="int", read_only=True, default=0),
        Field(name="IsSyncing", type="boolean", read_only=True, default=False),
        address("Billing"),
        address("Shipping"),
        address("QuoteTo"),
        Field(name="Email", type="email", length=80),
        Field(name="Phone", type="phone", length=40),
    ],
    marked=True,
    money=True,
    feature="quotes",
)

QUOTE_LINE = entity(
    "QuoteLineItem",
    "0QL",
    [
        Field(name="LineNumber", read_only=True),
        link("QuoteId", "Quote", children="QuoteLineItems", required=True, once=True),
        *_LINE,
        Field(name="TotalPrice", type="currency", read_only=True),
    ],
    name_field="LineNumber",
    money=True,
    owned=False,
    undeletes=False,
    parent="QuoteId",
    feature="quotes",
)

OBJECTS = (OPPORTUNITY, OPPORTUNITY_LINE, QUOTE, QUOTE_LINE)
