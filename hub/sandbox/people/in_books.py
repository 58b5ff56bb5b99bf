"""In the books: accountants, who invoice and are paid."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hub.sandbox.side import id_of

if TYPE_CHECKING:
    from hub.sandbox.people.hands import Act, Done, Hands
    from hub.sandbox.system import Fields


class InBooks:
    system = "books"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def ways(self) -> tuple[tuple[Act, int], ...]:
        """Give what people do, and how often."""
        return (
            (self._new_contact, 2),
            (self._edit_books_contact, 6),
            (self._new_invoice, 4),
            (self._send_invoice, 6),
            (self._pay_invoice, 10),
        )

    def _new_contact(self) -> Done:
        customer = self._hands.somebody()
        person = customer.people[0]
        return self._hands.create(
            "books",
            "contacts",
            {
                "contact_name": customer.full_name,
                "company_name": customer.full_name if customer.form else "",
                "contact_type": "customer",
                "contact_persons": [
                    {
                        "first_name": person.first_name,
                        "last_name": person.last_name,
                        "email": person.email,
                        "is_primary_contact": True,
                    }
                ],
            },
        )

    def _edit_books_contact(self) -> Done:
        customer = self._hands.somebody()
        fields: tuple[Fields, ...] = (
            {"website": customer.domain},
            {"notes": f"Asked for {customer.people[0].first_name} in future."},
            {"payment_terms": self._hands.random.choice((0, 15, 30, 45))},
        )
        return self._hands.edit("books", "contacts", self._hands.random.choice(fields))

    def _new_invoice(self) -> Done:
        contact = self._hands.pick("books", "contacts", _is_customer)
        item = self._hands.pick("books", "items")
        quantity = self._hands.random.randrange(1, 20)
        return self._hands.create(
            "books",
            "invoices",
            {
                "customer_id": id_of("contacts", contact),
                "date": self._hands.day(0),
                "line_items": [{"item_id": id_of("items", item), "quantity": quantity}],
            },
        )

    def _send_invoice(self) -> Done:
        invoice = self._hands.pick("books", "invoices", lambda one: one.get("status") == "draft")
        return self._hands.act("books", "send", "invoices", invoice)

    def _pay_invoice(self) -> Done:
        invoice = self._hands.pick("books", "invoices", _is_owed)
        balance = Decimal(str(invoice["balance"]))
        part = self._hands.random.choice((1, 1, 1, 2))
        amount = (balance / part).quantize(Decimal("0.01"))
        return self._hands.act("books", "pay", "invoices", invoice, {"amount": amount})


def _is_customer(contact: Fields) -> bool:
    return contact.get("contact_type") == "customer" and contact.get("status") != "inactive"


def _is_owed(invoice: Fields) -> bool:
    owed = invoice.get("status") in ("sent", "overdue", "partially_paid", "unpaid", "viewed")
    return owed and Decimal(str(invoice.get("balance") or 0)) > 0
