"""What support does in Desk with tickets: open, resolve, close, reopen, tag, merge, delete."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from hub.simulate.companies import company_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from hub.sandbox.system import Fields, System
    from hub.simulate.ground import Ground

CLOSED = "Closed"
"""What the type of a ticket's status is when it is done, whatever the status is called."""

_TAGS = ("refund", "vip", "onboarding")


class Support:
    """They see tickets as they are, and remember which they closed."""

    def __init__(self, ground: Ground, say: Callable[[str], None]) -> None:
        self._ground = ground
        self._say = say
        self.history: set[str] = set()
        """What would stand on the invoices of tickets that were closed before the hub came."""
        self._old: set[str] = set()
        self.done: set[str] = set()
        """The same of those that were closed for the first time since, and not deleted."""
        self._ever_done: set[str] = set()
        self.repriced: set[str] = set()
        """The same of those of which other hours were said after they had been closed."""

    def enter_past(self, random: Random, account: Fields) -> None:
        for status in (CLOSED, "Open"):
            if random.random() < 0.5:  # noqa: PLR2004
                made = self._desk.put("tickets", self._new(random, account) | {"status": status})
                if status == CLOSED:
                    self.history.add(invoiced_as(made))
                    self._old.add(invoiced_as(made))

    def ways(self, random: Random) -> Mapping[Callable[[], None], int]:
        """Give what may be done, and how often."""
        return {
            partial(self._open, random): 3,
            partial(self._finish, random): 4,
            partial(self._reopen, random): 1,
            partial(self._bill, random): 1,
            partial(self._tag, random): 1,
            partial(self._delete, random): 1,
            partial(self._merge, random): 1,
        }

    def _open(self, random: Random) -> None:
        accounts = self._ground.rows("desk", "accounts")
        if accounts:
            account = random.choice(accounts)
            made = self._desk.act("create", "tickets", "", self._new(random, account))
            self._say(f"{company_of(account)}: ticket {made['ticketNumber']} ({made['id']})")

    def _finish(self, random: Random) -> None:
        for one in self._one(random, closed=False):
            act = random.choice(("resolve", "close"))
            self._desk.act(act, "tickets", one["id"], {})
            self._ever_done.add(invoiced_as(one))
            if is_billable(one) and invoiced_as(one) not in self._old:
                self.done.add(invoiced_as(one))
            self._say(f"{act} of ticket {one['ticketNumber']} ({one['id']})")

    def _reopen(self, random: Random) -> None:
        for one in self._one(random, closed=True):
            self._desk.act("reopen", "tickets", one["id"], {})
            self.history.discard(invoiced_as(one))
            self._say(f"reopened ticket {one['ticketNumber']} ({one['id']})")

    def _bill(self, random: Random) -> None:
        """Say other hours of one that is not done."""
        for one in self._one(random, closed=False):
            self._desk.edit("tickets", one["id"], {"cf": {"cf_billed_hours": _hours(random)}})
            if invoiced_as(one) in self._ever_done:
                self.repriced.add(invoiced_as(one))
            self._say(f"other hours of ticket {one['ticketNumber']} ({one['id']})")

    def _tag(self, random: Random) -> None:
        for one in self._one(random, closed=random.random() < 0.5):  # noqa: PLR2004
            self._desk.act("tag", "tickets", one["id"], {"tags": [random.choice(_TAGS)]})

    def _delete(self, random: Random) -> None:
        """Put one into the bin, and mostly take it back out."""
        for one in self._one(random, closed=random.random() < 0.5):  # noqa: PLR2004
            self._desk.act("delete", "tickets", one["id"], {})
            self.done.discard(invoiced_as(one))
            back = random.random() < 0.7  # noqa: PLR2004
            if back:
                self._desk.act("restore", "tickets", one["id"], {})
            named = f"ticket {one['ticketNumber']} ({one['id']})"
            self._say(f"deleted {named}{', and took it back' if back else ''}")

    def _merge(self, random: Random) -> None:
        rows = self._ground.rows("desk", "tickets")
        if len(rows) > 1:
            loser, winner = random.sample(rows, 2)
            self._desk.act("merge", "tickets", winner["id"], {"ids": [loser["id"]]})
            into = f"{winner['ticketNumber']} ({winner['id']})"
            self._say(f"merged ticket {loser['ticketNumber']} ({loser['id']}) into {into}")

    def _new(self, random: Random, account: Fields) -> Fields:
        billable = random.random() < 0.8  # noqa: PLR2004
        return {
            "subject": random.choice(("Scanner", "Printer", "Login")),
            "departmentId": self._ground.rows("desk", "departments")[0]["id"],
            "accountId": account["id"],
            "contactId": self._who_asks(),
            "status": "Open",
            "cf": {
                "cf_billable": "Yes" if billable else "No",
                "cf_billed_hours": _hours(random),
                "cf_hourly_rate": "80",
            },
        }

    def _who_asks(self) -> str:
        """Give somebody who belongs to no company, so that nobody takes it for a customer."""
        known = [one for one in self._ground.rows("desk", "contacts") if not one["accountId"]]
        found = known[0] if known else self._desk.put("contacts", {"lastName": "Asker"})
        return str(found["id"])

    def _one(self, random: Random, *, closed: bool) -> list[Fields]:
        rows = self._ground.rows("desk", "tickets")
        found = [one for one in rows if (one["statusType"] == CLOSED) is closed]
        return [random.choice(found)] if found else []

    @property
    def _desk(self) -> System:
        return self._ground.systems["desk"]


def invoiced_as(ticket: Fields) -> str:
    """Give what stands on the invoice of a ticket."""
    return f"Ticket {ticket['ticketNumber']}"


def is_billable(ticket: Fields) -> bool:
    return bool(ticket["cf"]["cf_billable"] == "Yes")


def _hours(random: Random) -> str:
    return str(Decimal(random.randrange(1, 17)) / 2)
