"""In Salesforce: salespeople of another team, and their opportunities."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.sandbox.people.hands import Act, Done, Hands


class InSalesforce:
    system = "salesforce"

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def ways(self) -> tuple[tuple[Act, int], ...]:
        """Give what people do, and how often."""
        return (
            (self._edit_salesforce_account, 3),
            (self._move_opportunity, 4),
            (self._win_opportunity, 2),
        )

    def _edit_salesforce_account(self) -> Done:
        return self._hands.edit("salesforce", "Account", {"Website": self._hands.somebody().domain})

    def _move_opportunity(self) -> Done:
        found = self._hands.pick("salesforce", "Opportunity", lambda one: not one["IsClosed"])
        stage = self._hands.random.choice(
            ("Qualification", "Value Proposition", "Negotiation/Review")
        )
        return self._hands.change("salesforce", "Opportunity", found, {"StageName": stage})

    def _win_opportunity(self) -> Done:
        found = self._hands.pick("salesforce", "Opportunity", lambda one: not one["IsClosed"])
        return self._hands.act("salesforce", "close", "Opportunity", found)
