"""Whether what was made says what was said: like with like, to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from hub.flows.document.value import value_of
from hub.flows.money import ZERO, amount_of, minor_unit, shown
from hub.flows.steps import ABSENT, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.flows.document.taken import Taken
    from hub.flows.flow import Check


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Two words that should be the same, and by how much they might have differed."""

    name: str
    said: Decimal | str
    made: Decimal | str | None
    """None: the record does not say it."""
    allowed: Decimal = ZERO
    currency: str = ""

    @property
    def why(self) -> str:
        made = "nothing" if self.made is None else self._shown(self.made)
        within = f", within {self._shown(self.allowed)}" if self.allowed else ""
        return f"{self.name}: expected {self._shown(self.said)}{within}, found {made}"

    def _shown(self, value: Decimal | str) -> str:
        return shown(value, self.currency) if isinstance(value, Decimal) else value


def checked(
    checks: Sequence[Check], names: Mapping[str, Any], lines: Taken | None, made: Mapping[str, Any]
) -> list[Difference]:
    """Give what differs; of what the source says nothing, nothing is compared."""
    at_hand = {**names, "lines": lines.named()} if lines else names
    found = (_difference(one, at_hand, lines, made) for one in checks)
    return [one for one in found if one]


def says_all(checks: Sequence[Check], made: Mapping[str, Any]) -> bool:
    """Tell whether the record says all that is compared, be it nothing."""
    return all(value_at(made, tuple(one.made.split("."))) is not ABSENT for one in checks)


def _difference(
    check: Check, names: Mapping[str, Any], lines: Taken | None, made: Mapping[str, Any]
) -> Difference | None:
    said, there = value_of(check.said, names), value_at(made, tuple(check.made.split(".")))
    if said in (ABSENT, None):
        return None
    there = None if there is ABSENT else there
    if isinstance(said, str):
        text = None if there in (None, "") else str(there)
        return None if text == said else Difference(name=check.name, said=said, made=text)
    return _off(check, amount_of(said) or ZERO, amount_of(there), lines)


def _off(
    check: Check, said: Decimal, made: Decimal | None, lines: Taken | None
) -> Difference | None:
    currency, count = (lines.currency, len(lines.lines)) if lines else ("", 1)
    allowed = ZERO if check.off_by == "0" else minor_unit(currency) * count
    if made is not None and abs(said - made) <= allowed:
        return None
    return Difference(name=check.name, said=said, made=made, allowed=allowed, currency=currency)
