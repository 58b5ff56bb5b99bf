"""Seeding Desk: accounts, contacts and tickets, as a support team leaves them.

Chance is drawn from a source of its own: what the other sides are filled with stays what it is.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from hub.sandbox import mess
from hub.sandbox.mess import happens
from hub.sandbox.side import Side

if TYPE_CHECKING:
    from datetime import date

    from hub.sandbox.customers import Customer
    from hub.sandbox.system import Fields, System

KNOWN = 0.75
"""The share of the customers that have ever asked something."""

BILLABLE = 0.3
_SUBJECTS = (
    "Cannot log in", "Invoice question", "Terminal does not start", "Please add a seat",
    "Export is empty", "Double charge", "Training for new staff", "Printer setup on site",
)  # fmt: skip
_STATUSES = ("Open", "Open", "On Hold", "Resolved", "Closed", "Closed", "Closed")
_TAGS = ("refund", "credit", "vip", "onboarding")


class IntoDesk(Side):
    def __init__(self, system: System, seed: int, today: date) -> None:
        super().__init__(system, Random(f"desk {seed}"), today)  # noqa: S311 - a played world
        self._departments = [one["id"] for one in self._there["departments"]]
        self._agents = self._there["agents"][1:]

    def has(self) -> bool:
        """Tell whether the next customer ever asked something."""
        return happens(self._random, KNOWN)

    def customer(self, customer: Customer) -> list[str]:
        """Put a customer with people and tickets; gives the records that stand for them."""
        account = self._account(customer) if customer.form else None
        people = [
            self._contact(customer, account, number) for number in range(len(customer.people))
        ]
        for _ in range(self._random.choice((0, 1, 1, 2, 4))):
            self._ticket(account, self._random.choice(people))
        return [account] if account else people[:1]

    def _account(self, customer: Customer) -> str:
        random = self._random
        name = customer.full_name
        if happens(random, 0.1):
            name = mess.typo(random, name)
        return self.put(
            "accounts",
            {
                "accountName": name,
                "phone": customer.phone,
                "website": f"www.{customer.domain}",
                "street": customer.street,
                "city": customer.city,
                "code": customer.postcode,
                "country": customer.country,
            },
        )

    def _contact(self, customer: Customer, account: str | None, number: int) -> str:
        person = customer.people[number]
        random = self._random
        return self.put(
            "contacts",
            {
                "firstName": person.first_name,
                "lastName": person.last_name,
                "email": person.email if happens(random, 0.95) else None,
                "phone": person.phone if happens(random, 0.7) else None,
                "title": person.title or None,
                "accountId": account,
                "street": customer.street,
                "city": customer.city,
                "zip": customer.postcode,
                "country": customer.country,
            },
        )

    def _ticket(self, account: str | None, contact: str) -> None:
        random = self._random
        department = random.choice(self._departments)
        agents = [one for one in self._agents if department in one["associatedDepartmentIds"]]
        billable = happens(random, BILLABLE)
        fields: Fields = {
            "subject": random.choice(_SUBJECTS),
            "departmentId": department,
            "contactId": contact,
            "accountId": account,
            "status": random.choice(_STATUSES),
            "priority": random.choice(("Low", "Medium", "High", None)),
            "assigneeId": random.choice([one["id"] for one in agents]),
            "channel": random.choice(("Email", "Phone", "Web")),
            "tags": [random.choice(_TAGS)] if happens(random, 0.25) else [],
            "cf": {
                "cf_billable": "Yes" if billable else "No",
                "cf_billed_hours": str(Decimal(random.randrange(1, 17)) / 2) if billable else None,
                "cf_hourly_rate": "80" if billable else None,
            },
        }
        self.put("tickets", fields)
