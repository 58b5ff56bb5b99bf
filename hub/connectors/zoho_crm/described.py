"""The fields that modules of Zoho CRM have in every account, and those the hub has made there.

The mark is not among them: no flow ever spells it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.field import Plain, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.field import Word, Words

OWN: Mapping[str, Plain] = msgspec.convert(
    named(
        text="Books_Contact_Id Books_Invoice_Id Books_Invoice_Number Books_Payment_Status "
        "Books_Currency",
        money="Books_Balance Books_Last_Payment",
        number="Books_Overdue_Count",
        date="Books_Last_Payment_Date",
        time="Books_As_Of",
    ),
    dict[str, Plain],
)
"""What ready-made flows write to."""

TOLD = ("Accounts", "Contacts", "Deals", "Products", "Quotes")
"""The modules that have these."""

_EVERY = named(
    id="id",
    lookup="Owner Created_By Modified_By",
    time="Created_Time Modified_Time",
    list="Tag",
    flag="Locked__s",
    choice="Record_Status__s",
)
_MONEY = named(choice="Currency", number="Exchange_Rate")


def _address(prefix: str, code: str) -> dict[str, Word]:
    parts = ("Street", "City", "State", code, "Country")
    return named(text=" ".join(f"{prefix}_{part}" for part in parts))


_MODULES: Mapping[str, Mapping[str, Word]] = {
    "Accounts": {
        **named(
            text="Account_Name Account_Number Account_Site Phone Fax Website Ticker_Symbol "
            "Description",
            choice="Industry Account_Type Ownership Rating",
            lookup="Parent_Account",
            money="Annual_Revenue",
            number="Employees SIC_Code",
        ),
        **_address("Billing", "Code"),
        **_address("Shipping", "Code"),
        **_MONEY,
    },
    "Contacts": {
        **named(
            choice="Salutation Lead_Source",
            text="First_Name Last_Name Full_Name Email Secondary_Email Phone Mobile Home_Phone "
            "Other_Phone Asst_Phone Assistant Fax Title Department Skype_ID Twitter Description",
            lookup="Account_Name Vendor_Name Reporting_To",
            flag="Email_Opt_Out",
            date="Date_of_Birth",
        ),
        **_address("Mailing", "Zip"),
        **_address("Other", "Zip"),
        **_MONEY,
    },
    "Deals": {
        **named(
            text="Deal_Name Next_Step Description",
            choice="Stage Pipeline Type Lead_Source Reason_For_Loss__s",
            date="Closing_Date",
            money="Amount Expected_Revenue",
            number="Probability",
            lookup="Account_Name Contact_Name Campaign_Source",
        ),
        **_MONEY,
    },
    "Products": {
        **named(
            text="Product_Name Product_Code Description",
            money="Unit_Price",
            flag="Taxable Product_Active",
            list="Tax",
            number="Qty_in_Stock Qty_in_Demand Qty_Ordered Reorder_Level Commission_Rate",
            choice="Usage_Unit Product_Category Manufacturer",
            lookup="Vendor_Name Handler",
            date="Sales_Start_Date Sales_End_Date Support_Start_Date Support_Expiry_Date",
        ),
        **_MONEY,
    },
    "Quotes": {
        **named(
            text="Subject Quote_Number Team Terms_and_Conditions Description",
            choice="Quote_Stage Carrier",
            date="Valid_Till",
            lookup="Account_Name Contact_Name Deal_Name",
            money="Sub_Total Discount Tax Adjustment Grand_Total",
            list="Quoted_Items",
        ),
        **_address("Billing", "Code"),
        **_address("Shipping", "Code"),
        **_MONEY,
    },
    "Tasks": named(
        text="Subject Description $se_module",
        date="Due_Date",
        choice="Status Priority",
        lookup="Who_Id What_Id",
        record="Remind_At Recurring_Activity",
        time="Closed_Time",
    ),
    "Notes": named(text="Note_Title Note_Content", lookup="Parent_Id"),
}
_TABLES: Mapping[str, Words] = {
    "users": named(
        id="id zuid",
        text="first_name last_name full_name email phone mobile locale language time_zone "
        "date_format time_format country decimal_separator number_separator",
        lookup="profile role created_by Modified_By",
        choice="status type__s",
        flag="confirm microsoft sandboxDeveloper",
        time="created_time Modified_Time",
    ),
    "currencies": {
        **named(
            id="id",
            text="name iso_code symbol",
            number="exchange_rate",
            flag="is_base is_active prefix_symbol",
            time="created_time modified_time",
            lookup="created_by modified_by",
        ),
        "format": named(
            text="decimal_separator thousand_separator numeral_system", number="decimal_places"
        ),
    },
    "taxes": named(id="id", text="name display_label", number="value sequence_number"),
}

FIELDS: Mapping[str, Words] = {
    **{
        name: {**_EVERY, **fields, **(OWN if name in TOLD else {})}
        for name, fields in _MODULES.items()
    },
    **_TABLES,
}

_SET_BY_ITSELF = "id Created_By Modified_By Created_Time Modified_Time Locked__s Record_Status__s"
READ_ONLY: Mapping[str, frozenset[str]] = {
    name: frozenset(f"{_SET_BY_ITSELF} {more}".split())
    for name, more in {
        **dict.fromkeys(_MODULES, ""),
        "Contacts": "Full_Name",
        "Deals": "Expected_Revenue",
        "Quotes": "Sub_Total Tax Grand_Total",
        "Tasks": "Closed_Time",
    }.items()
}
"""What the CRM sets by itself, and nobody else."""
