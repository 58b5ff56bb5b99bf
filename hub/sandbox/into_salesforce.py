"""Seeding Salesforce: accounts, contacts, opportunities with lines, and quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.deals import LOST, WON, Deal
from hub.sandbox.mess import happens
from hub.sandbox.side import Side

if TYPE_CHECKING:
    from hub.sandbox.customers import Customer, Product
    from hub.sandbox.system import Fields

STAGES = {"Identify Decision Makers": "Id. Decision Makers", LOST: LOST, WON: WON}
"""What this vendor calls a stage otherwise than the others do."""

STANDARD_BOOK = "IsStandard"


class IntoSalesforce(Side):
    """The third system of a customer: who is there is known by the name, and by no id."""

    def products(self, goods: list[Product]) -> None:
        """Put what is sold, with its price in the standard price book, unless it is there."""
        (self._book,) = (str(one["Id"]) for one in self._there["Pricebook2"] if one[STANDARD_BOOK])
        self._entries = {
            str(one["ProductCode"]): str(one["Id"]) for one in self._there["PricebookEntry"]
        }
        for product in goods:
            if product.code not in self._entries:
                self._product(product)

    def customer(self, customer: Customer, deals: list[Deal]) -> list[str]:
        """Put a customer with his people and sales; gives the record that stands for him."""
        account = self.put(
            "Account",
            {
                "Name": customer.full_name,
                "Phone": customer.phone,
                "Website": f"https://www.{customer.domain}",
                **_address("Billing", customer),
            },
        )
        for person in customer.people:
            self.put(
                "Contact",
                {
                    "AccountId": account,
                    "FirstName": person.first_name,
                    "LastName": person.last_name,
                    "Email": person.email if happens(self._random, 0.93) else None,
                    "Phone": person.phone,
                    "Title": person.title or None,
                    **_address("Mailing", customer),
                },
            )
        for number, deal in enumerate(deals, 1):
            self._deal(customer, account, deal, number)
        return [account]

    def _product(self, product: Product) -> None:
        made = self.put(
            "Product2",
            {
                "Name": product.name,
                "ProductCode": product.code,
                "IsActive": True,
                "QuantityUnitOfMeasure": product.unit,
            },
        )
        self._entries[product.code] = self.put(
            "PricebookEntry",
            {
                "Pricebook2Id": self._book,
                "Product2Id": made,
                "UnitPrice": product.price,
                "IsActive": True,
            },
        )

    def _deal(self, customer: Customer, account: str, deal: Deal, number: int) -> None:
        name = f"{customer.name} {deal.lines[0].product.name} {number}"
        made = self.put(
            "Opportunity",
            {
                "Name": name[:120],
                "AccountId": account,
                "StageName": STAGES.get(deal.outcome, deal.outcome),
                "CloseDate": self.day(-deal.days_ago),
                "Pricebook2Id": self._book,
            },
        )
        self._lines("OpportunityLineItem", {"OpportunityId": made}, deal)
        if deal.quoted:
            quote = self.put(
                "Quote",
                {
                    "Name": f"{name} quote",
                    "OpportunityId": made,
                    "Status": "Accepted" if deal.outcome == WON else "Presented",
                    "Pricebook2Id": self._book,
                },
            )
            self._lines("QuoteLineItem", {"QuoteId": quote}, deal)

    def _lines(self, kind: str, above: Fields, deal: Deal) -> None:
        for line in deal.lines:
            self.put(
                kind,
                {
                    **above,
                    "PricebookEntryId": self._entries[line.product.code],
                    "Quantity": line.quantity,
                    "UnitPrice": line.product.price,
                },
            )


def _address(prefix: str, customer: Customer) -> Fields:
    return {
        f"{prefix}Street": customer.street,
        f"{prefix}City": customer.city,
        f"{prefix}PostalCode": customer.postcode,
        f"{prefix}Country": customer.country,
    }
