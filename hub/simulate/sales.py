"""What sales does in Salesforce with opportunities: open, price, win, lose, reopen, delete."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from hub.simulate.companies import company_of
from hub.simulate.ground import CURRENCY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from hub.sandbox.system import Fields, System
    from hub.simulate.ground import Ground

OPEN, WON = "Qualification", "Closed Won"
_PRODUCTS = ("Survey", "Setup", "Training")
_DISCOUNTS = (None, None, Decimal(5), Decimal(10))


class Sales:
    """They see opportunities as they are, and remember which they won."""

    def __init__(self, ground: Ground, say: Callable[[str], None]) -> None:
        self._ground = ground
        self._say = say
        self._count = 0
        self.history: set[str] = set()
        """The names of opportunities that were won before the hub came, and were left so."""
        self._old: set[str] = set()
        self.won: set[str] = set()
        """The names of those that were won for the first time since, and were not deleted."""
        self._ever_won: set[str] = set()
        self.repriced: set[str] = set()
        """The names of those that were priced anew after they had been won."""

    def enter_past(self, random: Random, account: Fields) -> None:
        for stage in (WON, OPEN):
            if random.random() < 0.5:  # noqa: PLR2004
                made = self._org.put("Opportunity", self._new(random, account, stage))
                if stage == WON:
                    self.history.add(made["Name"])
                    self._old.add(made["Name"])

    def ways(self, random: Random) -> Mapping[Callable[[], None], int]:
        """Give what may be done, and how often."""
        return {
            partial(self._open, random): 3,
            partial(self._price, random): 2,
            partial(self._win, random): 4,
            partial(self._lose, random): 1,
            partial(self._reopen, random): 1,
            partial(self._delete, random): 1,
        }

    def _open(self, random: Random) -> None:
        accounts = self._ground.rows("salesforce", "Account")
        if accounts:
            account = random.choice(accounts)
            made = self._org.act("create", "Opportunity", "", self._new(random, account, OPEN))
            for _ in range(random.randrange(0, 3)):
                self._line(random, made)
            self._say(f"{company_of(account)}: {made['Name']} ({made['Id']})")

    def _price(self, random: Random) -> None:
        """Add a line to one, or change a line that it has."""
        for one in self._one(random, won=False):
            lines = self._ground.rows("salesforce", "OpportunityLineItem")
            mine = [line for line in lines if line["OpportunityId"] == one["Id"]]
            if mine:
                line = random.choice(mine)
                quantity = {"Quantity": random.randrange(1, 9)}
                self._org.edit("OpportunityLineItem", line["Id"], quantity)
            else:
                self._line(random, one)
            if one["Name"] in self._ever_won:
                self.repriced.add(one["Name"])
            self._say(f"priced {one['Name']} anew ({one['Id']})")

    def _win(self, random: Random) -> None:
        for one in self._one(random, won=False):
            self._org.act("close", "Opportunity", one["Id"], {})
            self._ever_won.add(one["Name"])
            if one["Name"] not in self._old:
                self.won.add(one["Name"])
            self._say(f"won {one['Name']} ({one['Id']})")

    def _lose(self, random: Random) -> None:
        for one in self._one(random, won=False):
            self._org.act("lose", "Opportunity", one["Id"], {})
            self._say(f"lost {one['Name']} ({one['Id']})")

    def _reopen(self, random: Random) -> None:
        for one in self._one(random, won=True):
            self._org.edit("Opportunity", one["Id"], {"StageName": OPEN})
            self.history.discard(one["Name"])
            self._say(f"reopened {one['Name']} ({one['Id']})")

    def _delete(self, random: Random) -> None:
        """Delete one, and mostly take it back out of the bin."""
        for one in self._one(random, won=random.random() < 0.5):  # noqa: PLR2004
            self._org.act("delete", "Opportunity", one["Id"], {})
            self.won.discard(one["Name"])
            back = random.random() < 0.7  # noqa: PLR2004
            if back:
                self._org.act("undelete", "Opportunity", one["Id"], {})
            self._say(f"deleted {one['Name']} ({one['Id']}){', and took it back' if back else ''}")

    def _line(self, random: Random, opportunity: Fields) -> None:
        entry = random.choice(self._entries())
        line = {"OpportunityId": opportunity["Id"], "PricebookEntryId": entry["Id"]}
        line |= {"Quantity": random.randrange(1, 6), "UnitPrice": _price(random)}
        if (off := random.choice(_DISCOUNTS)) is not None:
            line["Discount"] = off
        self._org.act("create", "OpportunityLineItem", "", line)

    def _entries(self) -> list[Fields]:
        """Give what is sold, with its price; it is made when it is first asked for."""
        entries = self._ground.rows("salesforce", "PricebookEntry")
        if not entries:
            for name in _PRODUCTS:
                made = self._org.put("Product2", {"Name": name, "IsActive": True})
                priced = {"Product2Id": made["Id"], "UnitPrice": Decimal(100), "IsActive": True}
                priced |= {"Pricebook2Id": self._book(), "CurrencyIsoCode": CURRENCY}
                self._org.put("PricebookEntry", priced)
            entries = self._ground.rows("salesforce", "PricebookEntry")
        return entries

    def _book(self) -> str:
        books = self._ground.rows("salesforce", "Pricebook2")
        return next(str(one["Id"]) for one in books if one["IsStandard"])

    def _new(self, random: Random, account: Fields, stage: str) -> Fields:
        self._count += 1
        return {
            "Name": f"Opportunity {self._count}",
            "AccountId": account["Id"],
            "StageName": stage,
            "Amount": _price(random),
            "CurrencyIsoCode": CURRENCY,
            "Pricebook2Id": self._book(),
            "CloseDate": self._ground.world.clock.now().date().isoformat(),
        }

    def _one(self, random: Random, *, won: bool) -> list[Fields]:
        rows = self._ground.rows("salesforce", "Opportunity")
        found = [one for one in rows if one["IsWon"] is won and (won or not one["IsClosed"])]
        return [random.choice(found)] if found else []

    @property
    def _org(self) -> System:
        return self._ground.systems["salesforce"]


def _price(random: Random) -> Decimal:
    return Decimal(random.randrange(100, 100_000)) / 100
