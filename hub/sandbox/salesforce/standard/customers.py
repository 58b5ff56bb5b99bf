"""Account, Contact and User."""

from __future__ import annotations

from hub.sandbox.salesforce.fields import Field
from hub.sandbox.salesforce.standard.shape import address, entity, link, of, pick

_MASTER = "MasterRecordId"
_KINDS = ("Prospect", "Customer - Direct", "Customer - Channel", "Technology Partner", "Other")

ACCOUNT = entity(
    "Account",
    "001",
    [
        Field(name="Name", label="Account Name", required=True),
        link(_MASTER, "Account", read_only=True),
        pick("Type", *_KINDS),
        link("ParentId", "Account", children="ChildAccounts"),
        address("Billing"),
        address("Shipping"),
        Field(name="Phone", type="phone", length=40),
        Field(name="Fax", type="phone", length=40),
        Field(name="AccountNumber", length=40),
        Field(name="Website", type="url"),
        pick("Industry", "Banking", "Consulting", "Education", "Manufacturing", "Retail", "Other"),
        Field(name="AnnualRevenue", type="currency", scale=0),
        Field(name="NumberOfEmployees", type="int"),
        Field(name="Description", type="textarea", length=32_000),
        Field(name="VAT_Number__c", label="VAT Number", length=40, custom=True),
    ],
    marked=True,
    money=True,
)

CONTACT = entity(
    "Contact",
    "003",
    [
        link(_MASTER, "Contact", read_only=True),
        link("AccountId", "Account", children="Contacts"),
        Field(name="LastName", label="Last Name", length=80, required=True),
        Field(name="FirstName", length=40),
        pick("Salutation", "Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx."),
        Field(name="Name", length=121, read_only=True),
        address("Mailing"),
        Field(name="Phone", type="phone", length=40),
        Field(name="MobilePhone", type="phone", length=40),
        Field(name="Email", type="email", length=80),
        Field(name="Title", length=128),
        Field(name="Department", length=80),
        Field(name="Birthdate", type="date"),
        Field(name="Description", type="textarea", length=32_000),
        Field(name="HasOptedOutOfEmail", type="boolean", default=False),
    ],
    marked=True,
    money=True,
)

USER = entity(
    "User",
    "005",
    [
        Field(name="Username", length=80, required=True, unique=True),
        Field(name="LastName", length=80, required=True),
        Field(name="FirstName", length=40),
        Field(name="Name", length=121, read_only=True),
        Field(name="Email", type="email", length=128, required=True),
        Field(name="Alias", length=8),
        Field(name="IsActive", type="boolean", default=True),
        link("ProfileId", "Profile"),
        link("ManagerId", "User"),
        of("picklist", "TimeZoneSidKey", "LocaleSidKey", "LanguageLocaleKey", length=40),
        of("picklist", "UserType", length=40, read_only=True, default="Standard"),
    ],
    owned=False,
    undeletes=False,
)

OBJECTS = (ACCOUNT, CONTACT, USER)
