"""A company and its won deal, and what is to be found of them at the vendors: each thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.e2e.at_work import FlowsAtWork

FLOWS = ("customers", "invoice_from_won_deal")
CREATED = 201


AT_ONCE = 'when.stays = "0s"\nguard.at_most = ["1000 per hour"]'


async def flows_in_force(work: FlowsAtWork) -> None:
    await work.install(*FLOWS, above={"invoice_from_won_deal": AT_ONCE})
    await work.first_sync()


class Story:
    """One of many that are alike, and are told apart by their number."""

    def __init__(self, work: FlowsAtWork, number: int) -> None:
        self._work = work
        self._number = number
        self.name = f"{NAMES[number % len(NAMES)]}{number // len(NAMES) or ''} Works"
        self.account = ""
        self.deal = ""

    def begin(self) -> None:
        """Enter the company and its deal, and win it, all at once."""
        crm = self._work.crm
        company = {
            "Account_Name": self.name, "Billing_Code": f"{1010 + self._number}",
            "Website": f"https://{self._number}.example", "Currency": "EUR",
        }  # fmt: skip
        self.account = crm.act("create", "Accounts", "", company)["id"]
        deal = {
            "Deal_Name": f"{self.name} setup", "Stage": "Proposal/Price Quote",
            "Account_Name": {"id": self.account}, "Currency": "EUR", "Amount": 100 + self._number,
            "Closing_Date": "2026-12-01",
        }  # fmt: skip
        self.deal = str(crm.act("create", "Deals", "", deal)["id"])
        crm.edit("Deals", self.deal, {"Stage": "Closed Won"})

    async def is_told_once(self, of: object) -> None:
        """Wait until the vendors have it, and see that they have it once and were asked once."""
        work = self._work
        await work.until(lambda: self._deal()["Books_Invoice_Number"], f"{of}: no invoice is named")
        await work.at_rest()
        (customer,) = work.contacts(company_name=self.name)
        (invoice,) = self._invoices(customer["contact_id"])
        assert invoice["invoice_number"] == self._deal()["Books_Invoice_Number"], of
        assert str(invoice["total"]) == str(100 + self._number), of
        assert customer["website"] == f"https://{self._number}.example", of
        assert customer["billing_address"]["zip"] == f"{1010 + self._number}", of
        assert self._made("/books/v3/contacts", self.name) == 1, of
        assert self._made("/books/v3/invoices", f"{self.name} setup") == 1, of
        since = len(work.ground.calls())
        await work.hub.no_notices()
        assert work.writes(since) == [], of

    def _made(self, path: str, word: str) -> int:
        calls = [call for call in self._work.ground.calls() if call.path == path]
        return sum(call.status == CREATED and f'"{word}"' in call.body for call in calls)

    def _deal(self) -> dict[str, Any]:
        return next(one for one in self._work.crm.state()["Deals"] if one["id"] == self.deal)

    def _invoices(self, customer: str) -> list[dict[str, Any]]:
        found = self._work.ground.there("books", "invoices", "invoice_id").values()
        return [one for one in found if one["customer_id"] == customer]


NAMES = (
    "Anker", "Birke", "Cobalt", "Dorn", "Elster", "Farn", "Ginster", "Hasel", "Iltis", "Jaspis",
    "Krokus", "Linde", "Mohn", "Nelke", "Otter", "Pappel", "Quarz", "Reiher", "Salbei", "Tanne",
)  # fmt: skip
