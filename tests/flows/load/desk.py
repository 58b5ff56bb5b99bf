"""A desk to read flows at: two accounts of which a little is known, and flows to begin from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hub.errors import ConfigFault
from hub.flows.flow import Sync
from hub.flows.load import Account, World, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.flow import Flow

CRM = Account(
    system="zoho_crm",
    marks=frozenset({"Hub_Id"}),
    choices={("Deals", "Stage"): ("Open", "Closed Won", "Closed Lost")},
    read_only={"Accounts": frozenset({"Full_Name"}), "Tasks": frozenset({"Closed_On"})},
    kinds={
        "Accounts": {
            "id": "id",
            "Account_Name": "text",
            "Phone": "text",
            "Full_Name": "text",
            "Hub_Id": "text",
            "Active": "flag",
            "Balance": "money",
            "Tags": "list",
            **dict.fromkeys(("Billing_Street", "Billing_City", "Billing_Code"), "text"),
        },
        "Contacts": {"id": "id", "Email": "text", "Last_Name": "text", "Account_Name": "lookup"},
        "Deals": {
            "id": "id",
            "Deal_Name": "text",
            "Stage": "choice",
            "Amount": "money",
            "Currency": "choice",
            "Probability": "number",
            "Account_Name": "lookup",
            "Lines": "list",
            "Invoice": "text",
        },
        "Quotes": {
            "id": "id",
            "Deal_Name": "lookup",
            "Quote_Stage": "choice",
            "Rows": "list",
            "Grand_Total": "money",
        },
        "Tasks": {"id": "id", "Subject": "text", "Status": "choice", "Closed_On": "date"},
    },
)
BOOKS = Account(
    system="zoho_books",
    marks=frozenset({"cf_hub_id"}),
    read_only={"invoices": frozenset({"balance", "total"})},
    kinds={
        "contacts": {
            "contact_id": "id",
            "company_name": "text",
            "contact_type": "choice",
            "currency_code": "text",
            "zcrm_account_id": "id",
            "phone": "text",
            "status": "choice",
            "contact_persons": "list",
            "billing_address": {"city": "text", "zip": "text"},
            "custom_field_hash": "record",
        },
        "contactpersons": {"contact_person_id": "id", "email": "text", "last_name": "text"},
        "invoices": {
            "invoice_id": "id",
            "invoice_number": "text",
            "customer_id": "id",
            "status": "choice",
            "date": "date",
            "due_date": "date",
            "total": "money",
            "adjustment": "money",
            "balance": "money",
            "is_inclusive_tax": "flag",
            "line_items": "list",
            "reference_number": "text",
        },
    },
)
WORLD = World(connections={"crm": CRM, "books": BOOKS})

CUSTOMERS = """\
flow  = "customers"
about = "Companies are the same on both sides."

[sides]
crm   = "crm.Accounts"
books = { kind = "books.contacts", only = 'it.contact_type == "customer"' }

[match]
sure  = ["crm.id = books.zcrm_account_id", "name + address.code"]
maybe = ["phone"]

[fields]
name    = { crm = "Account_Name", books = "company_name",    owner = "crm", as = "company" }
address = { crm = "Billing_*",    books = "billing_address", owner = "books", as = "address" }
phone   = { crm = "Phone",        books = "phone",           owner = "latest", as = "phone" }
"""

INVOICE = """\
flow  = "invoice"
about = "A deal that is won gives one invoice."

[ask]
won   = { text = "Which stages mean won?", from = "crm.Deals.Stage", default = ["Closed Won"] }
lines = { text = "Where do lines come from?", default = ["quote", "amount"] }

[when]
deal    = "crm.Deals"
becomes = 'deal.Stage in ask.won'
stays   = "10m"

[needs]
customer = { link = "deal.Account_Name", of = "customers", part = "deal.Currency", else = "create" }
[needs.lines]
net = "deal.Amount"
[[needs.lines.first_of]]
called = "quote"
in     = "crm.Quotes by Deal_Name"
such   = 'it.Quote_Stage == "Confirmed"'
each   = "Rows"
fields = { name = "row.Product.name", quantity = "row.Quantity", rate = "row.Price" }
whole  = { total = "it.Grand_Total" }
[[needs.lines.first_of]]
called = "amount"
fields = { name = "deal.Deal_Name", quantity = { is = 1 }, rate = "deal.Amount" }

[make."books.invoices"]
customer_id      = "customer.contact_id"
date             = "today"
is_inclusive_tax = false
reference_number = { from = "deal.Deal_Name", cut = 100 }
adjustment       = "lines.adjustment"
[make."books.invoices".each.line_items]
name   = "line.name"
rate   = "line.rate"
tax_id = { from = "line.taxes", as = "tax", table = { VAT = "MwSt" } }

[agree]
total = { said = "lines.total", made = "total", off_by = "1 minor unit per line" }

[tell."crm.Deals"]
to      = "deal.id"
Invoice = "made.invoice_number"

[guard]
at_most = ["25 per hour", "100000 EUR per day"]
"""

STATUS = """\
flow  = "status"
about = "What a customer owes stands on the account."

[while]
invoice = "books.invoices"
is      = 'invoice.status != "draft"'
clock   = "each morning in books"

[needs]
customer = { link = "invoice.customer_id", of = "customers" }

[keep."crm.Accounts"]
to      = "customer.id"
Balance = { figure = "outstanding", of = "customer" }
"""


TASK = """\
flow  = "task"
about = "While an invoice is overdue, a task is open for it."

[ask]
days = { text = "How many days late?", default = 7 }
done = { text = "Which status is done?", default = "Completed" }

[while]
invoice = "books.invoices"
is      = 'standing.days_overdue >= ask.days'
clock   = "each morning in books"
already = "skip"

[open."crm.Tasks"]
Status = { is = "Not Started" }

[keep]
Subject = { text = "{invoice.invoice_number}: {standing.outstanding}", cut = 50 }
unless  = 'made.Status in ask.done'

[close]
Status = "ask.done[0]"
"""


def around() -> World:
    """Give the world in which the customers are in agreement already."""
    customers = load(CUSTOMERS, "customers.toml", {}, WORLD)
    return World(connections=WORLD.connections, flows={"customers": customers})


def read(text: str, answers: Mapping[str, object] | None = None) -> Flow:
    return load(text, "f.toml", answers or {}, around())


def read_sync(text: str) -> Sync:
    flow = read(text)
    assert isinstance(flow, Sync)
    return flow


def refused(
    text: str, answers: Mapping[str, object] | None = None, world: World | None = None
) -> list[str]:
    """Give the faults of a flow, each as it is told."""
    with pytest.raises(ConfigFault) as caught:
        load(text, "f.toml", answers or {}, world or around())
    return str(caught.value).splitlines()


def changed(text: str, old: str, new: str) -> str:
    """Give a flow in which one thing is said otherwise."""
    assert text.count(old) == 1, f"{old} stands there {text.count(old)} times"
    return text.replace(old, new)


def line_of(text: str, part: str) -> int:
    found = re.search(re.escape(part), text)
    assert found
    return text.count("\n", 0, found.start()) + 1
