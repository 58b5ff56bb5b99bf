"""The quotes of Salesforce CPQ, a package with objects of its own."""

from __future__ import annotations

from hub.sandbox.salesforce.fields import Field
from hub.sandbox.salesforce.standard.shape import entity, link, of, pick, texts

_PRICES = ("List", "Regular", "Customer", "Partner", "Net")

QUOTE = entity(
    "SBQQ__Quote__c",
    "a0q",
    [
        Field(name="Name", length=80, read_only=True, label="Quote Number"),
        link("SBQQ__Opportunity2__c", "Opportunity", children="SBQQ__Quotes2__r", custom=True),
        link("SBQQ__Account__c", "Account", children="SBQQ__Quotes__r", custom=True),
        link("SBQQ__PrimaryContact__c", "Contact", custom=True),
        pick(
            "SBQQ__Status__c",
            "Draft",
            "In Review",
            "Approved",
            "Denied",
            "Presented",
            "Accepted",
            "Rejected",
            custom=True,
            default="Draft",
        ),
        Field(name="SBQQ__Primary__c", type="boolean", custom=True, default=False),
        *of("date", "SBQQ__StartDate__c", "SBQQ__ExpirationDate__c", custom=True),
        Field(name="SBQQ__SubscriptionTerm__c", type="double", custom=True),
        pick("SBQQ__PaymentTerms__c", "Due on Receipt", "Net 15", "Net 30", "Net 45", custom=True),
        *of(
            "currency",
            *(f"SBQQ__{word}Amount__c" for word in ("Net", "Customer", "List", "Regular")),
            read_only=True,
            custom=True,
        ),
        *texts(
            "SBQQ__BillingName__c",
            "SBQQ__BillingStreet__c",
            "SBQQ__BillingCity__c",
            "SBQQ__BillingPostalCode__c",
            "SBQQ__BillingCountry__c",
            custom=True,
        ),
    ],
    label="Quote",
    marked=True,
    money=True,
    custom=True,
    feature="cpq",
)

LINE = entity(
    "SBQQ__QuoteLine__c",
    "a0l",
    [
        Field(name="Name", length=80, read_only=True, label="Line Name"),
        link(
            "SBQQ__Quote__c",
            "SBQQ__Quote__c",
            children="SBQQ__LineItems__r",
            required=True,
            once=True,
            custom=True,
        ),
        link("SBQQ__Product__c", "Product2", custom=True),
        Field(name="SBQQ__ProductCode__c", read_only=True, custom=True),
        Field(name="SBQQ__Number__c", type="double", custom=True),
        *of("double", "SBQQ__Quantity__c", "SBQQ__EffectiveQuantity__c", custom=True),
        *of("currency", *(f"SBQQ__{word}Price__c" for word in _PRICES), custom=True),
        *of(
            "currency", *(f"SBQQ__{word}Total__c" for word in _PRICES), read_only=True, custom=True
        ),
        Field(name="SBQQ__Discount__c", type="percent", custom=True),
        *of("boolean", "SBQQ__Optional__c", "SBQQ__Bundle__c", custom=True, default=False),
        link("SBQQ__RequiredBy__c", "SBQQ__QuoteLine__c", custom=True),
        pick("SBQQ__SubscriptionType__c", "Renewable", "One-time", "Evergreen", custom=True),
        Field(name="SBQQ__Description__c", type="textarea", length=32_000, custom=True),
    ],
    label="Quote Line",
    money=True,
    custom=True,
    owned=False,
    parent="SBQQ__Quote__c",
    feature="cpq",
)

OBJECTS = (QUOTE, LINE)
