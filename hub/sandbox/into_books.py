"""Seeding the books: the same customers as accountants write them, what they owe and have paid."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hub.sandbox import mess
from hub.sandbox.deals import WON, Deal, Line
from hub.sandbox.mess import happens
from hub.sandbox.side import Side, id_of

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from hub.sandbox.customers import Customer, Product
    from hub.sandbox.system import Fields, System

CURRENCY = "EUR"
"""What is sold in: that of the CRM."""

POSTCODES = 0.75
"""How often a postcode is known."""

WEBSITES = (8, 1, 1)
"""How often a website is written as in the CRM, otherwise, and not at all."""


class IntoBooks(Side):
    def __init__(self, system: System, random: Random, today: date) -> None:
        super().__init__(system, random, today)
        contacts = self._there.get("contacts", ())
        currencies = self._there.get("currencies", ())
        self._currency = next(
            (one["currency_id"] for one in currencies if one["currency_code"] == CURRENCY), ""
        )
        self._names = {_key(one["contact_name"]) for one in contacts}

    def products(self, goods: list[Product]) -> None:
        """Put what is sold, unless it is there."""
        there = {one["name"]: one for one in self._there.get("items", ())}
        for product in goods:
            if product.name in there:
                self._known[product.code] = id_of("items", there[product.name])
            else:
                self._item(product)

    def customer(self, customer: Customer, deals: list[Deal], *, alike: bool) -> list[str]:
        """Put a customer with what was invoiced and paid; gives the record that stands for him.

        `alike`: the other side says the same of him.
        """
        contact = self._contact(self._alike(customer) if alike else self._elsewhere(customer))
        for deal in deals:
            if deal.outcome == WON and happens(self._random, 0.8):
                self._invoice(contact, deal)
            elif deal.quoted and happens(self._random, 0.3):
                self._estimate(contact, deal)
        return [contact]

    def tie(self, records: dict[str, list[str]]) -> None:
        """Note on a contact who stands for it in the CRM."""
        (account,), (contact,) = records["crm"], records["books"]
        self.system.edit("contacts", contact, {"zcrm_account_id": account})

    def _item(self, product: Product) -> None:
        if happens(self._random, 0.1):  # not everything that is offered is kept in the books
            return
        code = self._random.choice((product.code, product.code, product.code.lower()))
        self._known[product.code] = self.put(
            "items",
            {
                "name": product.name,
                "rate": product.price,
                "sku": code,
                "unit": product.unit,
            },
        )

    def _contact(self, said: Fields) -> str:
        company, city = said["company_name"], said["billing_address"]["city"]
        return self.put(
            "contacts",
            {
                "contact_name": self._free(said.pop("name"), city),
                "company_name": company,
                "contact_type": "customer",
                "customer_sub_type": "business" if company else "individual",
                "currency_id": self._currency,
                "payment_terms": self._random.choice((0, 15, 30)),
                **said,
            },
        )

    def _alike(self, customer: Customer) -> Fields:
        """Give what the CRM says of a customer."""
        return {
            "name": customer.full_name,
            "company_name": customer.full_name,
            "website": f"https://www.{customer.domain}",
            "billing_address": {
                "address": customer.street,
                "city": customer.city,
                "zip": customer.postcode,
                "country": customer.country,
            },
            "contact_persons": [
                {
                    "first_name": person.first_name,
                    "last_name": person.last_name,
                    "email": person.email,
                    "phone": person.phone,
                    "is_primary_contact": number == 0,
                }
                for number, person in enumerate(customer.people)
            ],
        }

    def _elsewhere(self, customer: Customer) -> Fields:
        """Give what somebody else wrote down of a customer."""
        random = self._random
        name = mess.name_elsewhere(random, customer.name, customer.form)
        websites = (f"https://www.{customer.domain}", customer.domain, "")
        return {
            "name": name,
            "company_name": name.strip() if customer.form else "",
            "website": random.choices(websites, WEBSITES)[0] if customer.form else "",
            "billing_address": {
                "address": mess.street_elsewhere(random, customer.street),
                "city": customer.city if happens(random, 0.9) else "",
                "zip": customer.postcode if happens(random, POSTCODES) else "",
                "country": mess.country_elsewhere(random, customer.country),
                "phone": mess.phone_elsewhere(random, customer.phone),
            },
            "contact_persons": self._persons(customer),
        }

    def _persons(self, customer: Customer) -> list[Fields]:
        known = customer.people if happens(self._random, 0.7) else customer.people[:1]
        if happens(self._random, 0.05):
            return []
        return [
            {
                "first_name": first,
                "last_name": last,
                "email": mess.email_elsewhere(self._random, person.email),
                "phone": mess.phone_elsewhere(self._random, person.phone),
                "is_primary_contact": number == 0,
            }
            for number, person in enumerate(known)
            for first, last in (
                mess.person_elsewhere(self._random, person.first_name, person.last_name),
            )
        ]

    def _free(self, name: str, city: str) -> str:
        """Give a name nobody has yet, for two customers of one name are not taken."""
        free, number = name, 1
        while (key := _key(free)) in self._names:
            free = f"{name.strip()} ({city})" if number == 1 else f"{name.strip()} {number}"
            number += 1
        self._names.add(key)
        return free

    def _invoice(self, contact: str, deal: Deal) -> None:
        draft = happens(self._random, 0.1)
        terms = self._random.choice((0, 15, 30))
        invoice = self.put(
            "invoices",
            {
                "customer_id": contact,
                "date": self.day(-deal.days_ago),
                "due_date": self.day(terms - deal.days_ago),
                "payment_terms": terms,
                "reference_number": f"PO {self._random.randrange(1000, 9999)}",
                "line_items": self._lines(deal),
                "status": "draft" if draft else "sent",
            },
        )
        part = self._random.choice((Decimal(1), Decimal(1), Decimal("0.5"), Decimal()))
        if part and not draft:
            self._payment(contact, invoice, deal, part)

    def _payment(self, contact: str, invoice: str, deal: Deal, part: Decimal) -> None:
        amount = (deal.amount * part).quantize(Decimal("0.01"))
        days = min(deal.days_ago, self._random.randrange(1, 40))
        self.put(
            "customerpayments",
            {
                "customer_id": contact,
                "payment_mode": self._random.choice(("banktransfer", "creditcard", "cash")),
                "amount": amount,
                "date": self.day(days - deal.days_ago),
                "invoices": [{"invoice_id": invoice, "amount_applied": amount}],
            },
        )

    def _estimate(self, contact: str, deal: Deal) -> None:
        self.put(
            "estimates",
            {
                "customer_id": contact,
                "date": self.day(-deal.days_ago),
                "line_items": self._lines(deal),
                "status": "sent",
            },
        )

    def _lines(self, deal: Deal) -> list[Fields]:
        return [self._line(line) for line in deal.lines]

    def _line(self, line: Line) -> Fields:
        fields: Fields = {"rate": line.product.price, "quantity": line.quantity}
        item = self._known.get(line.product.code)
        return {"item_id": item, **fields} if item else {"name": line.product.name, **fields}


def _key(name: str) -> str:
    return name.strip().casefold()
