"""Currencies and their rates, and the organisation itself."""

from __future__ import annotations

from hub.sandbox.salesforce.fields import Field
from hub.sandbox.salesforce.standard.shape import entity, texts

CURRENCY = entity(
    "CurrencyType",
    "01L",
    [
        Field(name="IsoCode", length=3, required=True, unique=True),
        Field(name="ConversionRate", type="double", scale=6, required=True),
        Field(name="DecimalPlaces", type="int", required=True),
        Field(name="IsActive", type="boolean", default=False),
        Field(name="IsCorporate", type="boolean", read_only=True, default=False),
    ],
    name_field="IsoCode",
    owned=False,
    undeletes=False,
    feature="multi_currency",
)

RATE = entity(
    "DatedConversionRate",
    "04w",
    [
        Field(name="IsoCode", length=3, required=True, once=True),
        Field(name="ConversionRate", type="double", scale=6, required=True),
        Field(name="StartDate", type="date", required=True),
        Field(name="NextStartDate", type="date", read_only=True),
    ],
    name_field="IsoCode",
    owned=False,
    undeletes=False,
    feature="dated_rates",
)

ORGANIZATION = entity(
    "Organization",
    "00D",
    [
        Field(name="Name", required=True),
        *texts(
            "Country", "TimeZoneSidKey", "LanguageLocaleKey", "OrganizationType", "InstanceName"
        ),
        Field(name="IsSandbox", type="boolean", read_only=True, default=False),
    ],
    owned=False,
    undeletes=False,
)

OBJECTS = (CURRENCY, RATE, ORGANIZATION)
