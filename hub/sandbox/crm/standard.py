"""The modules and fields that an organisation has from the start, and the hub's own beside them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.crm.fields import Field, Module

if TYPE_CHECKING:
    from collections.abc import Iterator

ID_PREFIX = "5550001"
"""What is there from the start has ids of its own, the same in every world."""

STAGES = (
    ("Qualification", 10, "Open"), ("Needs Analysis", 20, "Open"),
    ("Value Proposition", 40, "Open"), ("Identify Decision Makers", 60, "Open"),
    ("Proposal/Price Quote", 75, "Open"), ("Negotiation/Review", 90, "Open"),
    ("Closed Won", 100, "Closed Won"), ("Closed Lost", 0, "Closed Lost"),
    ("Closed Lost to Competition", 0, "Closed Lost"),
)  # fmt: skip
"""The pipeline: name, probability, what it counts as in a forecast."""

QUOTE_STAGES = (
    "Draft", "Negotiation", "Delivered", "On Hold", "Confirmed", "Closed Won", "Closed Lost",
)  # fmt: skip
TASK_STATES = ("Not Started", "Deferred", "In Progress", "Completed", "Waiting for Input")
PRIORITIES = ("Highest", "High", "Normal", "Low", "Lowest")
SOURCES = ("Advertisement", "Cold Call", "Employee Referral", "Partner", "Trade Show", "Web")
INDUSTRIES = ("Consulting", "Education", "Manufacturing", "Retail", "Technology", "Other")


def standard_modules() -> dict[str, Module]:
    """Make them all anew: people add fields to them."""
    ids = (f"{ID_PREFIX}{number:012d}" for number in itertools.count(2001))
    specs = (
        _accounts(), _contacts(), _deals(), _products(), _price_books(), _quotes(),
        _sales_orders(), _invoices(), _tasks(), _notes(), _rows("Quoted_Items"),
        _rows("Ordered_Items"), _rows("Invoiced_Items"),
    )  # fmt: skip
    return {spec["name"]: _module(spec, ids) for spec in specs}


def _module(spec: dict[str, Any], ids: Iterator[str]) -> Module:
    own = next(ids)
    system = () if spec.get("rows") else _system_fields(spec["name"])
    fields = [msgspec.structs.replace(one, id=next(ids)) for one in (*spec["fields"], *system)]
    known = {key: spec[key] for key in Module.__struct_fields__ if key in spec}
    return Module(**known | {"id": own, "fields": {field.api_name: field for field in fields}})


def _text(name: str, length: int = 255, **more: Any) -> Field:
    return Field(api_name=name, length=length, **more)


def _of(kind: Any, *names: str, **more: Any) -> list[Field]:
    return [Field(api_name=name, type=kind, **more) for name in names]


def _pick(name: str, choices: tuple[str, ...], **more: Any) -> Field:
    return Field(api_name=name, type="picklist", choices=choices, length=120, **more)


def _link(name: str, target: str, **more: Any) -> Field:
    return Field(api_name=name, type="lookup", target=target, **more)


def _address(prefix: str, *, code: str) -> list[Field]:
    parts = (("Street", 250), ("City", 100), ("State", 100), (code, 30), ("Country", 100))
    return [_text(f"{prefix}_{part}", length) for part, length in parts]


def _money() -> list[Field]:
    return [
        Field(api_name="Currency", type="picklist", length=3),
        Field(api_name="Exchange_Rate", type="double", decimals=9),
    ]


def _description() -> Field:
    return Field(api_name="Description", type="textarea", length=32_000)


def _hub_id() -> Field:
    return _text("Hub_Id", 100, label="Hub Id", unique=True, external="org", custom=True)


def _system_fields(module: str) -> list[Field]:
    tag = Field(api_name="Tag", type="jsonarray")
    stamps = _of("datetime", "Created_Time", "Modified_Time", read_only=True)
    who = _of("ownerlookup", "Created_By", "Modified_By", target="Users", read_only=True)
    owner = Field(api_name="Owner", type="ownerlookup", target="Users")
    hub: list[Field] = []
    if module in ("Accounts", "Contacts", "Deals", "Products", "Quotes"):
        hub = [_hub_id(), *_from_books()]
    elif module == "Tasks":
        hub = [_hub_id()]
    return [owner, tag, *stamps, *who, *hub]


def _from_books() -> list[Field]:
    """Give the fields in which ready-made flows say what Books knows."""
    names = (
        "Books_Contact_Id", "Books_Invoice_Id", "Books_Invoice_Number", "Books_Payment_Status",
        "Books_Currency",
    )  # fmt: skip
    return [
        *(_text(name, custom=True) for name in names),
        *_of("currency", "Books_Balance", "Books_Last_Payment", custom=True),
        *_of("date", "Books_Last_Payment_Date", custom=True),
        *_of("double", "Books_Overdue_Count", custom=True),
        *_of("datetime", "Books_As_Of", custom=True),
    ]


def _accounts() -> dict[str, Any]:
    return {
        "name": "Accounts",
        "singular": "Account",
        "name_field": "Account_Name",
        "duplicate_fields": ("Account_Name",),
        "related": {
            "Contacts": ("Contacts", "Account_Name"),
            "Deals": ("Deals", "Account_Name"),
            "Quotes": ("Quotes", "Account_Name"),
            "Sales_Orders": ("Sales_Orders", "Account_Name"),
            "Invoices": ("Invoices", "Account_Name"),
            "Tasks": ("Tasks", "What_Id"),
            "Notes": ("Notes", "Parent_Id"),
        },
        "fields": (
            _text("Account_Name", 200, mandatory=True),
            _text("Account_Number", 40),
            *_of("phone", "Phone", "Fax", length=30),
            Field(api_name="Website", type="website", length=450),
            _pick("Industry", INDUSTRIES),
            _pick("Account_Type", ("Customer", "Partner", "Prospect", "Supplier", "Other")),
            *_address("Billing", code="Code"),
            *_address("Shipping", code="Code"),
            _link("Parent_Account", "Accounts"),
            *_of("currency", "Annual_Revenue"),
            *_of("integer", "Employees", length=9),
            *_money(),
            _description(),
        ),
    }


def _contacts() -> dict[str, Any]:
    return {
        "name": "Contacts",
        "singular": "Contact",
        "name_field": "Full_Name",
        "duplicate_fields": ("Email",),
        "related": {
            "Deals": ("Deals", "Contact_Name"),
            "Quotes": ("Quotes", "Contact_Name"),
            "Invoices": ("Invoices", "Contact_Name"),
            "Tasks": ("Tasks", "Who_Id"),
            "Notes": ("Notes", "Parent_Id"),
        },
        "fields": (
            _pick("Salutation", ("Mr.", "Mrs.", "Ms.", "Dr.", "Prof.")),
            _text("First_Name", 40),
            _text("Last_Name", 80, mandatory=True),
            _text("Full_Name", 120, read_only=True),
            *_of("email", "Email", "Secondary_Email", length=100),
            *_of("phone", "Phone", "Mobile", "Home_Phone", "Fax", length=50),
            _link("Account_Name", "Accounts"),
            _text("Title", 100),
            _text("Department", 50),
            *_address("Mailing", code="Zip"),
            *_address("Other", code="Zip"),
            _pick("Lead_Source", SOURCES),
            *_of("boolean", "Email_Opt_Out"),
            _link("Reporting_To", "Contacts"),
            *_of("date", "Date_of_Birth"),
            *_money(),
            _description(),
        ),
    }


def _deals() -> dict[str, Any]:
    return {
        "name": "Deals",
        "singular": "Deal",
        "name_field": "Deal_Name",
        "duplicate_fields": ("Deal_Name",),
        "related": {
            "Products": ("Products", ""),
            "Quotes": ("Quotes", "Deal_Name"),
            "Sales_Orders": ("Sales_Orders", "Deal_Name"),
            "Tasks": ("Tasks", "What_Id"),
            "Notes": ("Notes", "Parent_Id"),
        },
        "fields": (
            _text("Deal_Name", 120, mandatory=True),
            _pick("Stage", tuple(name for name, _, _ in STAGES), mandatory=True),
            _pick("Pipeline", ("Standard (Standard)",)),
            *_of("date", "Closing_Date"),
            *_of("currency", "Amount"),
            _link("Account_Name", "Accounts"),
            _link("Contact_Name", "Contacts"),
            *_of("integer", "Probability", length=3),
            *_of("currency", "Expected_Revenue", read_only=True),
            _pick("Reason_For_Loss__s", ("Price", "Competition", "No budget", "Other")),
            _pick("Type", ("New Business", "Existing Business")),
            _text("Next_Step", 100),
            _pick("Lead_Source", SOURCES),
            *_money(),
            _description(),
        ),
    }


def _products() -> dict[str, Any]:
    return {
        "name": "Products",
        "singular": "Product",
        "name_field": "Product_Name",
        "duplicate_fields": ("Product_Name",),
        "related": {
            "Deals": ("Deals", ""),
            "Price_Books": ("Price_Books", ""),
            "Notes": ("Notes", "Parent_Id"),
        },
        "fields": (
            _text("Product_Name", 200, mandatory=True),
            _text("Product_Code", 40),
            *_of("currency", "Unit_Price"),
            *_of("boolean", "Taxable", "Product_Active"),
            Field(api_name="Tax", type="multiselectpicklist"),
            *_of("double", "Qty_in_Stock", decimals=4),
            _pick("Usage_Unit", ("Box", "Each", "Hours", "Kg", "Pieces")),
            _pick("Product_Category", ("Hardware", "Software", "Services")),
            *_money(),
            _description(),
        ),
    }


def _price_books() -> dict[str, Any]:
    return {
        "name": "Price_Books",
        "singular": "Price Book",
        "name_field": "Price_Book_Name",
        "duplicate_fields": ("Price_Book_Name",),
        "related": {"Products": ("Products", "")},
        "fields": (
            _text("Price_Book_Name", 120, mandatory=True),
            *_of("boolean", "Active"),
            _pick("Pricing_Model", ("Flat", "Differential")),
            Field(api_name="Pricing_Details", type="jsonarray"),
            *_money(),
            _description(),
        ),
    }


def _document(name: str, singular: str, lines: str, *own: Field) -> dict[str, Any]:
    return {
        "name": name,
        "singular": singular,
        "name_field": "Subject",
        "duplicate_fields": ("Subject",),
        "lines": lines,
        "related": {"Tasks": ("Tasks", "What_Id"), "Notes": ("Notes", "Parent_Id")},
        "fields": (
            _text("Subject", 300, mandatory=True),
            *own,
            _link("Account_Name", "Accounts"),
            _link("Contact_Name", "Contacts"),
            _link("Deal_Name", "Deals"),
            *_of("currency", "Sub_Total", "Tax", "Grand_Total", read_only=True),
            *_of("currency", "Discount", "Adjustment"),
            Field(api_name="Terms_and_Conditions", type="textarea", length=32_000),
            *_address("Billing", code="Code"),
            *_address("Shipping", code="Code"),
            *_money(),
            _description(),
            Field(api_name=lines, type="subform", target=lines),
        ),
    }


def _quotes() -> dict[str, Any]:
    return _document(
        "Quotes", "Quote", "Quoted_Items",
        Field(api_name="Quote_Number", type="autonumber", read_only=True),
        _pick("Quote_Stage", QUOTE_STAGES),
        Field(api_name="Valid_Till", type="date"),
    )  # fmt: skip


def _sales_orders() -> dict[str, Any]:
    return _document(
        "Sales_Orders", "Sales Order", "Ordered_Items",
        Field(api_name="SO_Number", type="autonumber", read_only=True),
        _link("Quote_Name", "Quotes"),
        _pick("Status", ("Created", "Approved", "Delivered", "Cancelled")),
        *_of("date", "Due_Date"),
    )  # fmt: skip


def _invoices() -> dict[str, Any]:
    return _document(
        "Invoices", "Invoice", "Invoiced_Items",
        Field(api_name="Invoice_Number", type="autonumber", read_only=True),
        _link("Sales_Order", "Sales_Orders"),
        _pick("Status", ("Created", "Approved", "Delivered", "Cancelled")),
        *_of("date", "Invoice_Date", "Due_Date"),
    )  # fmt: skip


def _rows(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "singular": name.replace("_", " "),
        "name_field": "id",
        "watchable": False,
        "rows": True,
        "fields": (
            _link("Product_Name", "Products", mandatory=True),
            *_of("double", "Quantity", decimals=4),
            *_of("currency", "List_Price", "Unit_Price", "Discount"),
            *_of("currency", "Total", "Total_After_Discount", "Tax", "Net_Total", read_only=True),
            Field(api_name="Line_Tax", type="jsonarray"),
            Field(api_name="Description", type="textarea", length=2_000),
            _link("Price_Book_Name", "Price_Books"),
            Field(api_name="Sequence_Number", type="integer"),
        ),
    }


def _tasks() -> dict[str, Any]:
    return {
        "name": "Tasks",
        "singular": "Task",
        "name_field": "Subject",
        "fields": (
            _text("Subject", 255, mandatory=True),
            *_of("date", "Due_Date"),
            _pick("Status", TASK_STATES),
            _pick("Priority", PRIORITIES),
            _link("Who_Id", "Contacts"),
            _link("What_Id", "se_module"),
            *_of("jsonobject", "Remind_At", "Recurring_Activity"),
            *_of("datetime", "Closed_Time", read_only=True),
            _description(),
        ),
    }


def _notes() -> dict[str, Any]:
    return {
        "name": "Notes",
        "singular": "Note",
        "name_field": "Note_Title",
        "watchable": False,
        "fields": (
            _text("Note_Title", 120),
            Field(api_name="Note_Content", type="textarea", length=32_000),
            _link("Parent_Id", "se_module", mandatory=True),
        ),
    }
