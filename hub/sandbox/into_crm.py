"""Seeding the CRM: accounts, contacts, deals and quotes, as salespeople leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox import mess
from hub.sandbox.deals import WON, Deal
from hub.sandbox.mess import happens
from hub.sandbox.side import Side, id_of

if TYPE_CHECKING:
    from hub.sandbox.customers import Customer, Product
    from hub.sandbox.system import Fields

ACCEPTED = 0.6
"""The share of the quotes of open deals."""


class IntoCrm(Side):
    def products(self, goods: list[Product]) -> None:
        """Put what is sold, unless it is there."""
        there = {one.get("Product_Code"): one for one in self._there.get("Products", ())}
        for product in goods:
            if product.code in there:
                self._known[product.code] = id_of("Products", there[product.code])
            else:
                self._product(product)

    def customer(self, customer: Customer, deals: list[Deal], *, alike: bool) -> list[str]:
        """Put a customer with his people and sales; gives the records that stand for him.

        `alike`: the other side says the same of him.
        """
        if not customer.form:
            contact = self._contact(customer, None, 0, alike=alike)
            self._deals(customer, deals, None, contact)
            return [contact]
        account = self._account(customer, customer.full_name)
        people = range(len(customer.people))
        contacts = [self._contact(customer, account, n, alike=alike) for n in people]
        self._deals(customer, deals, account, contacts[0])
        if not alike and happens(self._random, 0.07):  # somebody did not find it and made it again
            again = mess.typo(self._random, customer.full_name)
            return [account, self._account(customer, again)]
        return [account]

    def tie(self, records: dict[str, list[str]]) -> None:
        """Note on an account who stands for it in the books."""
        (account,), (contact,) = records["crm"], records["books"]
        self.system.edit("Accounts", account, {"Books_Contact_Id": contact})

    def _product(self, product: Product) -> None:
        self._known[product.code] = self.put(
            "Products",
            {
                "Product_Name": product.name,
                "Product_Code": product.code,
                "Unit_Price": product.price,
                "Product_Active": True,
                "Usage_Unit": product.unit,
            },
        )

    def _account(self, customer: Customer, name: str) -> str:
        return self.put(
            "Accounts",
            {
                "Account_Name": name,
                "Phone": customer.phone,
                "Website": f"https://www.{customer.domain}",
                "Billing_Street": customer.street,
                "Billing_City": customer.city,
                "Billing_Code": customer.postcode,
                "Billing_Country": customer.country,
            },
        )

    def _contact(self, customer: Customer, account: str | None, number: int, *, alike: bool) -> str:
        person = customer.people[number]
        random = self._random
        return self.put(
            "Contacts",
            {
                "First_Name": person.first_name,
                "Last_Name": person.last_name,
                "Email": person.email if alike or happens(random, 0.93) else None,
                "Phone": person.phone if alike or happens(random, 0.8) else None,
                "Title": person.title or None,
                "Account_Name": {"id": account} if account else None,
                "Mailing_Street": customer.street,
                "Mailing_City": customer.city,
                "Mailing_Zip": customer.postcode,
                "Mailing_Country": customer.country,
            },
        )

    def _deals(
        self, customer: Customer, deals: list[Deal], account: str | None, contact: str
    ) -> None:
        for number, deal in enumerate(deals, 1):
            whose: Fields = {
                "Account_Name": {"id": account} if account else None,
                "Contact_Name": {"id": contact},
            }
            fields: Fields = {
                "Deal_Name": f"{customer.name} {deal.lines[0].product.name} {number}",
                "Stage": deal.outcome,
                "Amount": deal.amount,
                "Closing_Date": self.day(-deal.days_ago),
                **whose,
            }
            made = self.put("Deals", fields)
            if deal.quoted:
                self._quote(fields["Deal_Name"], deal, made, whose)

    def _quote(self, name: str, deal: Deal, made: str, whose: Fields) -> None:
        """Put the quote of a deal: the customer often says yes to it before the deal is won."""
        accepted = deal.outcome == WON or happens(self._random, ACCEPTED)
        self.put(
            "Quotes",
            {
                "Subject": f"{name} quote",
                "Quote_Stage": "Confirmed" if accepted else "Delivered",
                "Deal_Name": {"id": made},
                "Valid_Till": self.day(30 - deal.days_ago),
                "Quoted_Items": [
                    {
                        "Product_Name": {"id": self._known[line.product.code]},
                        "Quantity": line.quantity,
                        "List_Price": line.product.price,
                    }
                    for line in deal.lines
                ],
                **whose,
            },
        )
