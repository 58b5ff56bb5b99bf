"""Judge a world when all is quiet: by each promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.simulate.oracle import calls, companies, invoices, limits, order, persons

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from hub.simulate.oracle.view import Broken, View


def judge(
    view: View, flows: AbstractSet[str], ready_made: AbstractSet[str], quiet_since: int
) -> list[Broken]:
    """Tell what is broken; no write may have come after the call `quiet_since`.

    Of `flows`, those that are as they came, `ready_made`, are known to take what a source says.
    """
    broken = [*companies.judged(view), *persons.judged(view), *order.in_order(view)]
    broken += [*invoices.judged(view, flows), *invoices.to_the_cent(view, ready_made)]
    if "desk" in view.ground.sides:
        broken += invoices.numbered(view)
    if "payment_status_to_crm" in flows:
        broken += invoices.told(view)
    return [*broken, *calls.quiet(view, quiet_since), *limits.within_limits(view)]
