"""What finance does in Books with invoices: send, pay, credit, pay back, void, write off."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from hub.sandbox.system import Fields
    from hub.simulate.ground import Ground

CENT = Decimal("0.01")
OPEN = ("sent", "overdue", "partially_paid")


class Finance:
    """They see invoices, payments and credit notes as they are."""

    def __init__(self, ground: Ground, say: Callable[[str], None]) -> None:
        self._ground = ground
        self._say = say

    def ways(self, random: Random) -> Mapping[Callable[[], None], int]:
        """Give what may be done, and how often."""
        return {
            partial(self._send, random): 6,
            partial(self._pay, random): 6,
            partial(self._credit, random): 3,
            partial(self._refund_credit, random): 2,
            partial(self._undo, random): 2,
        }

    def _send(self, random: Random) -> None:
        for invoice in self._invoice(random, "draft"):
            self._act("send", "invoices", invoice)
            self._say(f"sent invoice {invoice['invoice_id']}")

    def _pay(self, random: Random) -> None:
        for invoice in self._invoice(random, *OPEN):
            if amount := part_of(random, invoice["balance"]):
                self._act("pay", "invoices", invoice, {"amount": amount})
                self._say(f"paid {amount} of invoice {invoice['invoice_id']}")

    def _credit(self, random: Random) -> None:
        """Make a credit note, and use it for the invoice that it is about."""
        for invoice in self._invoice(random, *OPEN):
            if amount := part_of(random, invoice["balance"]):
                note = _note(invoice, amount) | {"organization_id": self._ground.organization}
                made = self._ground.books.act("create", "creditnotes", "", note)
                used = {"invoice_id": invoice["invoice_id"], "amount": (amount / 2).quantize(CENT)}
                self._act("apply", "creditnotes", made, used)
                self._say(f"credited {amount}, half of it to invoice {invoice['invoice_id']}")

    def _refund_credit(self, random: Random) -> None:
        rows = [one for one in self._rows("creditnotes") if one["status"] == "open"]
        for note in random.sample(rows, min(1, len(rows))):
            self._act("refund", "creditnotes", note)
            self._say(f"paid {note['balance']} of credit note {note['creditnote_id']} back")

    def _undo(self, random: Random) -> None:
        """Void an invoice, or write it off."""
        for invoice in self._invoice(random, *OPEN):
            act = random.choice(("void", "write_off"))
            self._act(act, "invoices", invoice)
            self._say(f"{act} of invoice {invoice['invoice_id']}")

    def _invoice(self, random: Random, *statuses: str) -> list[Fields]:
        found = [one for one in self._rows("invoices") if one["status"] in statuses]
        return [random.choice(found)] if found else []

    def _rows(self, kind: str) -> list[Fields]:
        return self._ground.rows("books", kind)

    def _act(
        self, act: str, kind: str, record: Fields, details: Mapping[str, Any] | None = None
    ) -> None:
        id_ = str(record[f"{kind.removesuffix('s')}_id"])
        self._ground.books.act(act, kind, id_, dict(details or {}))


def part_of(random: Random, balance: object) -> Decimal:
    """Give all of an amount, or half of it."""
    share = random.choice((Decimal(1), Decimal("0.5")))
    return (Decimal(str(balance)) * share).quantize(CENT)


def _note(invoice: Fields, amount: Decimal) -> Fields:
    return {
        "customer_id": invoice["customer_id"],
        "date": invoice["date"],
        "line_items": [{"name": "Goodwill", "rate": amount, "quantity": 1}],
    }
