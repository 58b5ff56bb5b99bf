"""In Desk: agents, who take up tickets and close them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.sandbox.people.hands import Act, Done, Hands


class InDesk:
    system = "desk"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def ways(self) -> tuple[tuple[Act, int], ...]:
        """Give what people do, and how often."""
        return (
            (self._new_ticket, 4),
            (self._edit_desk_account, 3),
            (self._close_ticket, 4),
        )

    def _new_ticket(self) -> Done:
        contact = self._hands.pick("desk", "contacts")
        department = self._hands.pick("desk", "departments")
        hours = Decimal(self._hands.random.randrange(9)) / 2
        billed = {"cf_billed_hours": str(hours), "cf_hourly_rate": "80"} if hours else {}
        fields = {
            "contactId": contact["id"],
            "departmentId": department["id"],
            "cf": {"cf_billable": "Yes" if hours else "No", **billed},
        }
        subject = f"Question of {contact['lastName']}"
        return self._hands.create(
            "desk", "tickets", {**fields, "subject": subject, "priority": "Medium"}
        )

    def _edit_desk_account(self) -> Done:
        return self._hands.edit("desk", "accounts", {"website": self._hands.somebody().domain})

    def _close_ticket(self) -> Done:
        ticket = self._hands.pick("desk", "tickets", lambda one: one["statusType"] != "Closed")
        return self._hands.act(
            "desk", self._hands.random.choice(("close", "resolve")), "tickets", ticket
        )
