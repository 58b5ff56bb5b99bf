"""In the CRM: salespeople, who find customers and win or lose deals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hub.sandbox.deals import CLOSED, OPEN_STAGES

if TYPE_CHECKING:
    from hub.sandbox.people.hands import Act, Done, Hands
    from hub.sandbox.system import Fields


class InCrm:
    system = "crm"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def ways(self) -> tuple[tuple[Act, int], ...]:
        """Give what people do, and how often."""
        return (
            (self._new_account, 3),
            (self._new_deal, 6),
            (self._edit_account, 8),
            (self._edit_contact, 8),
            (self._move_deal, 14),
            (self._win_deal, 6),
            (self._lose_deal, 2),
        )

    def _new_account(self) -> Done:
        customer = self._hands.somebody()
        done = self._hands.create(
            "crm", "Accounts", {"Account_Name": customer.full_name, "Phone": customer.phone}
        )
        person = customer.people[0]
        self._hands.create(
            "crm",
            "Contacts",
            {
                "First_Name": person.first_name,
                "Last_Name": person.last_name,
                "Email": person.email,
                "Account_Name": {"id": done.record},
            },
        )
        return done

    def _new_deal(self) -> Done:
        account = self._hands.pick("crm", "Accounts")
        product = self._hands.pick("crm", "Products")
        quantity = self._hands.random.randrange(1, 20)
        return self._hands.create(
            "crm",
            "Deals",
            {
                "Deal_Name": f"{account['Account_Name']} {product['Product_Name']}",
                "Stage": OPEN_STAGES[0],
                "Amount": Decimal(str(product.get("Unit_Price") or 100)) * quantity,
                "Closing_Date": self._hands.day(self._hands.random.randrange(10, 90)),
                "Account_Name": {"id": account["id"]},
            },
        )

    def _edit_account(self) -> Done:
        customer = self._hands.somebody()
        fields: tuple[Fields, ...] = (
            {"Phone": customer.phone},
            {"Billing_Street": customer.street, "Billing_City": customer.city},
            {"Website": f"https://{customer.domain}"},
        )
        return self._hands.edit("crm", "Accounts", self._hands.random.choice(fields))

    def _edit_contact(self) -> Done:
        person = self._hands.somebody().people[0]
        fields: tuple[Fields, ...] = (
            {"Phone": person.phone},
            {"Email": person.email},
            {"Title": person.title or "Owner"},
        )
        return self._hands.edit("crm", "Contacts", self._hands.random.choice(fields))

    def _move_deal(self) -> Done:
        deal = self._hands.pick("crm", "Deals", _is_open)
        stages = [stage for stage in OPEN_STAGES if stage != deal["Stage"]]
        return self._hands.change(
            "crm", "Deals", deal, {"Stage": self._hands.random.choice(stages)}
        )

    def _win_deal(self) -> Done:
        return self._hands.act("crm", "close", "Deals", self._hands.pick("crm", "Deals", _is_open))

    def _lose_deal(self) -> Done:
        return self._hands.act("crm", "lose", "Deals", self._hands.pick("crm", "Deals", _is_open))


def _is_open(deal: Fields) -> bool:
    return deal.get("Stage") not in CLOSED
