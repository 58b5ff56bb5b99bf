"""Which kinds of a connection flows are about."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hub.flows.judge.keys import kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.flows.flow import Flow


def kinds_about(flows: Iterable[Flow], connection: str) -> list[str]:
    """Give the kinds, those first that most flows are about."""
    counted = Counter(
        kind for flow in flows for owner, kind in sorted(kinds_of(flow)) if owner == connection
    )
    return [kind for kind, _ in counted.most_common()]
