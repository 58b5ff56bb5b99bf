"""The fields that objects of Salesforce have in every org, by what they hold.

The mark is not among them: no flow ever spells it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.field import Plain, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.field import Words

OWN: Mapping[str, Plain] = msgspec.convert(
    named(text="Books_Contact_Id__c Books_Invoice_Id__c Books_Invoice_Number__c"),
    dict[str, Plain],
)
"""What ready-made flows write to."""

TOLD = frozenset({"Account", "Opportunity"})

_EVERY = named(
    id="Id CreatedById LastModifiedById",
    flag="IsDeleted",
    time="CreatedDate LastModifiedDate SystemModstamp",
)
_OWNED = named(id="OwnerId")


def _address(*prefixes: str) -> Words:
    parts = ("Street", "City", "State", "PostalCode", "Country")
    return named(text=" ".join(f"{prefix}{part}" for prefix in prefixes for part in parts))


_LINE = named(
    id="PricebookEntryId Product2Id",
    number="Quantity Discount SortOrder",
    money="UnitPrice ListPrice Subtotal TotalPrice",
    date="ServiceDate",
    text="Description",
)
_CPQ_PRICES = " ".join(
    f"SBQQ__{word}{what}__c"
    for word in ("List", "Regular", "Customer", "Partner", "Net")
    for what in ("Price", "Total")
)

_OBJECTS: Mapping[str, Words] = {
    "Account": {
        **_OWNED,
        **_address("Billing", "Shipping"),
        **named(
            id="MasterRecordId ParentId",
            text="Name Phone Fax AccountNumber Website Description",
            choice="Type Industry",
            money="AnnualRevenue",
            number="NumberOfEmployees",
        ),
    },
    "Contact": {
        **_OWNED,
        **_address("Mailing"),
        **named(
            id="MasterRecordId AccountId",
            text="LastName FirstName Name Phone MobilePhone Email Title Department Description",
            choice="Salutation",
            date="Birthdate",
            flag="HasOptedOutOfEmail",
        ),
    },
    "Opportunity": {
        **_OWNED,
        **named(
            id="AccountId Pricebook2Id ContactId SyncedQuoteId",
            text="Name Description NextStep",
            choice="StageName Type LeadSource ForecastCategory ForecastCategoryName",
            money="Amount ExpectedRevenue",
            number="Probability TotalOpportunityQuantity",
            date="CloseDate",
            flag="IsClosed IsWon HasOpportunityLineItem",
            list="OpportunityLineItems",
        ),
    },
    "OpportunityLineItem": {**_LINE, **named(id="OpportunityId", text="ProductCode Name")},
    "Quote": {
        **_OWNED,
        **_address("Billing", "Shipping", "QuoteTo"),
        **named(
            id="OpportunityId AccountId ContactId Pricebook2Id",
            text="QuoteNumber Name Description Email Phone",
            choice="Status",
            money="Subtotal TotalPrice GrandTotal Tax ShippingHandling",
            number="Discount LineItemCount",
            date="ExpirationDate",
            flag="IsSyncing",
            list="QuoteLineItems",
        ),
    },
    "QuoteLineItem": {**_LINE, **named(id="QuoteId", text="LineNumber")},
    "SBQQ__Quote__c": {
        **_OWNED,
        **named(
            id="SBQQ__Opportunity2__c SBQQ__Account__c SBQQ__PrimaryContact__c",
            text="Name SBQQ__BillingName__c SBQQ__BillingStreet__c SBQQ__BillingCity__c "
            "SBQQ__BillingPostalCode__c SBQQ__BillingCountry__c",
            choice="SBQQ__Status__c SBQQ__PaymentTerms__c",
            money="SBQQ__NetAmount__c SBQQ__CustomerAmount__c SBQQ__ListAmount__c "
            "SBQQ__RegularAmount__c",
            number="SBQQ__SubscriptionTerm__c",
            date="SBQQ__StartDate__c SBQQ__ExpirationDate__c",
            flag="SBQQ__Primary__c",
            list="SBQQ__LineItems__r",
        ),
    },
    "SBQQ__QuoteLine__c": named(
        id="SBQQ__Quote__c SBQQ__Product__c SBQQ__RequiredBy__c",
        text="Name SBQQ__ProductCode__c SBQQ__Description__c",
        choice="SBQQ__SubscriptionType__c",
        money=_CPQ_PRICES,
        number="SBQQ__Number__c SBQQ__Quantity__c SBQQ__EffectiveQuantity__c SBQQ__Discount__c",
        flag="SBQQ__Optional__c SBQQ__Bundle__c",
    ),
    "Product2": named(
        text="Name ProductCode Description StockKeepingUnit",
        choice="Family QuantityUnitOfMeasure",
        flag="IsActive",
    ),
    "Pricebook2": named(text="Name Description", flag="IsActive IsStandard"),
    "PricebookEntry": named(
        id="Pricebook2Id Product2Id",
        text="Name ProductCode",
        money="UnitPrice",
        flag="IsActive UseStandardPrice",
    ),
    "Task": {
        **_OWNED,
        **named(
            id="WhoId WhatId AccountId",
            text="Subject Description",
            choice="Status Priority",
            date="ActivityDate",
            flag="IsClosed",
        ),
    },
    "Case": {
        **_OWNED,
        **named(
            id="MasterRecordId ContactId AccountId",
            text="CaseNumber Subject Description",
            choice="Status Priority Origin Type Reason",
            flag="IsClosed",
            time="ClosedDate",
        ),
    },
    "User": named(
        id="ProfileId ManagerId",
        text="Username LastName FirstName Name Email Alias",
        choice="TimeZoneSidKey LocaleSidKey LanguageLocaleKey UserType",
        flag="IsActive",
    ),
    "CurrencyType": named(
        text="IsoCode", number="ConversionRate DecimalPlaces", flag="IsActive IsCorporate"
    ),
    "DatedConversionRate": named(
        text="IsoCode", number="ConversionRate", date="StartDate NextStartDate"
    ),
}

_WITHOUT_CURRENCY = frozenset({"Pricebook2", "User", "CurrencyType", "DatedConversionRate"})
_CURRENCY = named(choice="CurrencyIsoCode")
"""There only where an org has several currencies; elsewhere all is in its one."""

FIELDS: Mapping[str, Words] = {
    name: {
        **_EVERY,
        **({} if name in _WITHOUT_CURRENCY else _CURRENCY),
        **fields,
        **(OWN if name in TOLD else {}),
    }
    for name, fields in _OBJECTS.items()
}
