"""P6, P7 and P11 for companies: made once, and all sides show what a person said last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.simulate import companies
from hub.simulate.companies import HUB_MAKES, OWNERS, SIDES
from hub.simulate.oracle.view import Broken, may_stand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.sandbox.system import Fields
    from hub.simulate.oracle.view import View


def judged(view: View) -> Iterator[Broken]:
    """Tell what is broken."""
    yield from _made_once(view)
    for company, rows in view.of_all().items():
        if any(len(each) != 1 for each in rows.values()):
            counts = ", ".join(f"{len(each)} in {side}" for side, each in rows.items())
            yield _broken("P11", company, f"is not once on each side: {counts}")
            continue
        for field in OWNERS:
            yield from _field(view, company, field, {side: each[0] for side, each in rows.items()})


def _made_once(view: View) -> Iterator[Broken]:
    """Of each company at most one record was made that no person entered; in some sides, none."""
    for side in view.ground.sides:
        _, id_field = SIDES[side]
        for company, rows in view.by_company(side).items():
            made = [one for one in rows if (side, str(one[id_field])) not in view.people.made]
            if len(made) > (side in HUB_MAKES):
                yield _broken("P6", company, f"was made {len(made)} times in {side}")


def _field(view: View, company: str, field: str, rows: dict[str, Fields]) -> Iterator[Broken]:
    words = {side: companies.word(side, row, field) for side, row in rows.items()}
    if len(set(words.values())) > 1:
        yield _broken("P11", company, f"{field} is not the same: {words}")
        return
    (shown,) = set(words.values())
    edits = view.edits(company, field)
    may = may_stand(edits, OWNERS[field]) if edits else set()
    if view.people.is_settling(company, edits):
        # Before two are known to be one, neither is told of the other: one says what it said.
        may |= {one.value for one in edits} | {_as_entered(company, field)}
    if edits and shown not in may:
        yield _broken("P7", company, f"{field} shows {shown!r}, not one of {sorted(may)}")


def _broken(promise: str, company: str, what: str) -> Broken:
    return Broken(promise=promise, sentence=f"{company} {what}", company=company)


def _as_entered(company: str, field: str) -> str:
    return companies.word("desk", companies.newcomer("desk", company), field)
