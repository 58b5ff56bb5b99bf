"""People at all vendors, who do what people do, at random and at moments of their own choice."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from hub.errors import Refused
from hub.simulate import companies
from hub.simulate.companies import OWNERS, SIDES
from hub.simulate.finance import Finance
from hub.simulate.ground import CURRENCY, TWO
from hub.simulate.persons import Persons
from hub.simulate.quotes import lines_of, net_of, offer
from hub.simulate.sales import Sales
from hub.simulate.support import Support

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hub.sandbox.system import Fields
    from hub.simulate.ground import Ground
    from hub.simulate.story import Edit, Story

WON, OPEN = "Closed Won", "Qualification"
CURRENCIES = {"crm": "Currency", "salesforce": "CurrencyIsoCode"}
KNOWN = 0.6
"""The share of the companies of old that a further side knows."""

QUOTED = 0.5
"""The share of the deals for which there is a quote."""

SETTLES = timedelta(minutes=10)
"""So long after somebody was entered on a further side, nobody changes the name."""


class People:
    """They remember what they made themselves; all else they look up as it is."""

    def __init__(self, ground: Ground, random: Random, story: Story) -> None:
        self._ground = ground
        self._chance = random
        self._random = random
        self._story = story
        self._finance = Finance(ground, self._say)
        self.persons = Persons(ground, story)
        self.sales, self.support = Sales(ground, self._say), Support(ground, self._say)
        self._entered_too: dict[str, datetime] = {}
        """When a company that was known was entered on one more side: there it bears one name."""
        self._soon: list[Callable[[], None]] = []
        """What follows within a second, so that its stamp may be the same."""
        self._next = 1
        self._deals_count = 0
        self.history: set[str] = set()
        """The names of deals that were won before the hub came, and were left so."""
        self._old: set[str] = set()
        """All that were won before: reopened and won again between two looks, they look alike."""
        self.won: set[str] = set()
        """The names of deals that were won for the first time since."""
        self.made: set[tuple[str, str]] = set()
        """The records that people entered: (side, id)."""
        self.merged: set[str] = set()
        """Companies merged or deleted on a side: what becomes of them, a person says."""

    def enter_past(self, count: int) -> None:
        """Enter what was there before the hub came: customers of both sides or one, and deals."""
        for _ in range(count):
            where = self._random.choice((("crm", "books"), ("crm", "books"), ("crm",), ("books",)))
            company = self._name()
            for side in (*where, *self._further_sides()):
                made = self._put(side, SIDES[side][0], self._newcomer(side, company))
                if side == "crm":
                    self._old_deals(made)
                elif side == "salesforce":
                    self.sales.enter_past(self._random, made)
                elif side == "desk":
                    self.support.enter_past(self._random, made)

    async def work(self, seconds: float, acts_per_minute: float) -> None:
        """Do one thing after the other for so long."""
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while (wait := self._chance.expovariate(acts_per_minute / 60)) < until - clock():
            await asyncio.sleep(wait)
            self.act()
            while self._soon:
                await asyncio.sleep(self._chance.random())
                self._soon.pop()()

    def act(self) -> None:
        """Do one thing, if it can be done."""
        # Each has chance of its own: what one finds there must not change what the others do.
        self._random = Random(self._chance.getrandbits(64))  # noqa: S311
        (way,) = self._random.choices(*zip(*self._ways().items(), strict=True))
        try:
            way()
        except Refused as refused:
            self._say(f"could not: {refused}")

    def change(self, company: str, side: str, field: str, random: Random) -> None:
        """Have somebody change a field now, whatever else they do."""
        value = companies.new_value(random, company, field)
        self._change(company, side, field, value)

    def is_settling(self, company: str, edits: Sequence[Edit]) -> bool:
        """Tell whether the last edits came soon after it was entered on a further side."""
        entered = self._entered_too.get(company)
        return entered is not None and any(one.at - entered < SETTLES for one in edits[-1:])

    def _ways(self) -> dict[Callable[[], None], int]:
        return {
            self._enter: 3,
            self._edit: 10,
            self._edit_same_field_at_once: 3,
            self._edit_other_fields_at_once: 4,
            self._edit_parts_of_an_address: 2,
            self._edit_twice: 3,
            self._say_the_same: 1,
            self._delete: 1,
            self._merge: 1,
            self._enter_deal: 3,
            self._win: 4,
            self._win_in_a_hurry: 2,
            self._reopen: 1,
            **self._finance.ways(self._random),
            **self.persons.ways(self._random),
            **(self._ways_of_four() if self._ground.sides != TWO else {}),
        }

    def _ways_of_four(self) -> dict[Callable[[], None], int]:
        return {
            self._enter_at_once: 2,
            self._enter_too: 2,
            **self.sales.ways(self._random),
            **self.support.ways(self._random),
        }

    def _enter(self) -> None:
        company = self._name()
        side = self._random.choice(("crm", *self._ground.sides))
        self._create(side, SIDES[side][0], self._newcomer(side, company))
        self._say(f"{company}: entered in {side}")

    def _edit(self) -> None:
        self._change(self._company(), self._side(), self._field())

    def _edit_same_field_at_once(self) -> None:
        company, field = self._company(), self._field()
        for side in self._several():
            self._change(company, side, field)

    def _edit_other_fields_at_once(self) -> None:
        company = self._company()
        fields = self._random.sample(list(OWNERS), len(self._ground.sides))
        for side, field in zip(self._ground.sides, fields, strict=True):
            self._change(company, side, field)

    def _edit_parts_of_an_address(self) -> None:
        """Change the street on one side, and the city on the other."""
        company = self._company()
        sides = self._random.sample(self._ground.sides, 2)
        for side, field in zip(sides, ("street", "city"), strict=True):
            self._change(company, side, field)

    def _edit_twice(self) -> None:
        """Change it, and at once back to what it was."""
        company, side, field = self._company(), self._side(), self._field()
        before = [companies.word(side, one, field) for one in self._records(side, company)]
        since = len(self._story.edits)
        self._change(company, side, field)
        for value in filter(None, before[:1]):
            self._change(company, side, field, value)
            self._story.undone(since)

    def _say_the_same(self) -> None:
        company, field = self._company(), self._field()
        value = companies.new_value(self._random, company, field)
        for side in self._ground.sides:
            self._change(company, side, field, value)

    def _enter_at_once(self) -> None:
        """Enter the same company on several sides in the same second."""
        company, sides = self._name(), self._several()
        for side in sides:
            self._create(side, SIDES[side][0], self._newcomer(side, company))
        self._entered_too[company] = self._ground.world.clock.now()
        self._say(f"{company}: entered in {' and '.join(sides)}")

    def _enter_too(self) -> None:
        """Enter a company that is known, on a side where it is not; its name was never changed."""
        company, side = self._company(), self._random.choice(self._ground.sides[len(TWO) :])
        renamed = any((one.company, one.field) == (company, "name") for one in self._story.edits)
        if renamed or company in self.merged or self._records(side, company):
            return
        self._create(side, SIDES[side][0], self._newcomer(side, company))
        self._entered_too[company] = self._ground.world.clock.now()
        self._say(f"{company}: entered in {side}, too")

    def _delete(self) -> None:
        company, side = self._company(), self._side()
        for record in self._records(side, company)[:1]:
            kind, id_field = SIDES[side]
            self.merged.add(company)
            self._ground.systems[side].act("delete", kind, str(record[id_field]), {})
            self._say(f"{company}: deleted {side}.{kind}/{record[id_field]}")

    def _merge(self) -> None:
        """Merge one company into another, where that can be done."""
        sides = [side for side in self._ground.sides if side != "books"]
        side = self._random.choice(sides) if len(sides) > 1 else sides[0]
        kind, id_field = SIDES[side]
        accounts = self._ground.rows(side, kind)
        if len(accounts) > 1:
            loser, winner = self._random.sample(accounts, 2)
            self.merged |= {companies.company_of(loser), companies.company_of(winner)}
            ids = str(loser[id_field]), str(winner[id_field])
            if side == "desk":  # it is said to the one that stays
                self._ground.systems[side].act("merge", kind, ids[1], {"ids": [ids[0]]})
            else:
                self._ground.systems[side].act("merge", kind, ids[0], {"into": ids[1]})
            into = companies.company_of(winner)
            self._say(f"{companies.company_of(loser)}: merged into {into} in {side}")

    def _enter_deal(self) -> None:
        accounts = self._ground.rows("crm", "Accounts")
        if accounts:
            account = self._random.choice(accounts)
            lines = lines_of(self._ground, self._random) if self._random.random() < QUOTED else []
            amount = {"Amount": net_of(lines)} if lines else {}
            made = self._create("crm", "Deals", self._deal(account, OPEN) | amount)
            if lines:
                offer(self._ground, self._random, made, lines)
            self._say(f"{companies.company_of(account)}: deal {made['id']} of {made['Amount']}")

    def _win(self) -> None:
        for deal in self._deals(_is_open):
            self._win_one(deal)

    def _win_in_a_hurry(self) -> None:
        """Note something on a deal, and win it right after."""
        for deal in self._deals(_is_open):
            self._ground.crm.edit("Deals", deal["id"], {"Next_Step": "Send the invoice"})
            self._soon.append(partial(self._win_one, deal))

    def _win_one(self, deal: Fields) -> None:
        self._ground.crm.act("close", "Deals", deal["id"], {})
        if deal["Deal_Name"] not in self._old:
            self.won.add(deal["Deal_Name"])
        self._say(f"won {deal['Deal_Name']} ({deal['id']})")

    def _reopen(self) -> None:
        for deal in self._deals(lambda stage: stage == WON):
            self._ground.crm.edit("Deals", deal["id"], {"Stage": OPEN})
            self.history.discard(deal["Deal_Name"])
            self._say(f"reopened {deal['Deal_Name']} ({deal['id']})")

    def _change(self, company: str, side: str, field: str, value: str | None = None) -> None:
        """Change a field of a company that is there on a side once."""
        value = value or companies.new_value(self._random, company, field)
        if field == "name" and self._is_settling(company):
            return
        kind, id_field = SIDES[side]
        for record in self._records(side, company)[:1]:
            over = companies.word(side, record, field)
            written = companies.fields(side, field, value)
            self._ground.systems[side].edit(kind, str(record[id_field]), written)
            self._story.edited(company, side, field, value, over)
            self._say(f"{company}: {field} in {side} is {value!r} ({record[id_field]})")

    def _old_deals(self, account: Fields) -> None:
        for stage in (WON, OPEN):
            if self._random.random() < 0.5:  # noqa: PLR2004
                deal = self._put("crm", "Deals", self._deal(account, stage))
                if stage == WON:
                    self.history.add(deal["Deal_Name"])
                    self._old.add(deal["Deal_Name"])

    def _deal(self, account: Fields, stage: str) -> Fields:
        self._deals_count += 1
        return {
            "Deal_Name": f"Deal {self._deals_count}",
            "Stage": stage,
            "Amount": Decimal(self._random.randrange(100, 100_000)) / 100,
            "Closing_Date": self._ground.world.clock.now().date().isoformat(),
            "Account_Name": {"id": account["id"]},
        }

    def _deals(self, fits: Callable[[str], bool]) -> list[Fields]:
        found = [one for one in self._ground.rows("crm", "Deals") if fits(str(one["Stage"]))]
        return [self._random.choice(found)] if found else []

    def _records(self, side: str, company: str) -> list[Fields]:
        rows = self._ground.rows(side, SIDES[side][0])
        return [one for one in rows if companies.company_of(one) == company]

    def _newcomer(self, side: str, company: str) -> Fields:
        """Give what is entered; all vendors keep it in one currency, whatever is usual there."""
        fields = companies.newcomer(side, company)
        if side == "desk":
            return fields
        if side != "books":
            return fields | {CURRENCIES[side]: CURRENCY}
        rows = self._ground.rows("books", "currencies")
        (currency,) = (one for one in rows if one["currency_code"] == CURRENCY)
        whose = {"organization_id": self._ground.organization}
        return fields | {"currency_id": currency["currency_id"]} | whose

    def _company(self) -> str:
        return f"K{self._random.randrange(1, self._next):03d}"

    def _name(self) -> str:
        self._next += 1
        return f"K{self._next - 1:03d}"

    def _side(self) -> str:
        return self._random.choice(self._ground.sides)

    def _several(self) -> Sequence[str]:
        """Give two sides or more; where there are two, both."""
        sides = self._ground.sides
        if sides == TWO:
            return sides
        return self._random.sample(sides, self._random.randrange(2, len(sides) + 1))

    def _further_sides(self) -> Sequence[str]:
        """Give on which sides a company of old is known besides."""
        return [one for one in self._ground.sides[len(TWO) :] if self._random.random() < KNOWN]

    def _is_settling(self, company: str) -> bool:
        entered = self._entered_too.get(company)
        return entered is not None and self._ground.world.clock.now() - entered < SETTLES

    def _field(self) -> str:
        return self._random.choice(list(OWNERS))

    def _create(self, side: str, kind: str, fields: Fields) -> Fields:
        return self._remember(
            side, kind, self._ground.systems[side].act("create", kind, "", fields)
        )

    def _put(self, side: str, kind: str, fields: Fields) -> Fields:
        return self._remember(side, kind, self._ground.systems[side].put(kind, fields))

    def _remember(self, side: str, kind: str, made: Fields) -> Fields:
        id_field = SIDES[side][1] if kind == SIDES[side][0] else "id"
        self.made.add((side, str(made[id_field])))
        return made

    def _say(self, what: str) -> None:
        self._story.tell("people", what)


def _is_open(stage: str) -> bool:
    return not stage.startswith("Closed")
