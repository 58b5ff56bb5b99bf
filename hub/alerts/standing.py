"""What is wrong now, as the tables say; each thing keeps one name for as long as it lasts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from hub.database import statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.budget import Budget, Standing
    from hub.database.db import Db

RUNS_OUT = timedelta(hours=2)
DAY_SECONDS = 86_400.0

_WORDS: Mapping[str, tuple[str, str]] = {
    "grant": (
        "{name} lets the hub in no more",
        "Its grant is dead ({detail}): nothing goes in or out. Consent anew: hub connect {name}",
    ),
    "silent": (
        "{name} has fallen silent",
        "Nothing was heard in time of {detail}. Look what keeps it: hub doctor {name}",
    ),
    "channel": (
        "{name} tells of changes no more",
        "Changes of {detail} come in late, by polling. Mend what tells of them: hub setup {name}",
    ),
    "inbox": ("The inbox grows", "{count} things wait for a person. Look: hub inbox list"),
    "parked": (
        "Events are parked",
        "{count} could not be applied; their records wait behind them. Look: hub log parked",
    ),
    "lag": ("The projector {name} is behind", "By {count} seconds. Look: hub status"),
}
"""What is said of each thing that the tables tell: a title, and a sentence with what to do."""


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """Something that needs a person; the sentence names the one thing to do."""

    about: str
    title: str
    sentence: str


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much is too much."""

    inbox_max: int
    lag_seconds_max: float


async def standing(db: Db, limits: Limits) -> list[Incident]:
    """Look at grants, roads, inbox, parked events and lag."""
    rows = await db.fetch(
        statement("alerts/standing.sql"), limits.inbox_max, limits.lag_seconds_max
    )
    return [_incident(row) for row in rows]


async def budgets_standing(budgets: Mapping[str, Budget], now: datetime) -> list[Incident]:
    """Look whether what a vendor allows in a day is about to be spent."""
    return [
        _runs_out(name, window)
        for name, budget in budgets.items()
        if any(window.seconds >= DAY_SECONDS for window in budget.windows)
        for window in await budget.standing()
        if _is_of_a_day(budget, window) and _is_soon(window, now)
    ]


def _incident(row: Any) -> Incident:
    title, sentence = (words.format(**dict(row)) for words in _WORDS[row["what"]])
    return Incident(about=f"{row['what']} {row['name']}".strip(), title=title, sentence=sentence)


def _is_of_a_day(budget: Budget, standing: Standing) -> bool:
    return any(w.name == standing.name and w.seconds >= DAY_SECONDS for w in budget.windows)


def _is_soon(standing: Standing, now: datetime) -> bool:
    return standing.runs_out_at is not None and standing.runs_out_at - now < RUNS_OUT


def _runs_out(name: str, window: Standing) -> Incident:
    return Incident(
        about=f"budget {name} {window.name}",
        title=f"The budget of {name} runs out",
        sentence=f"{window.left} of {window.ceiling} are left of what a {window.name} allows. See "
        f"what spends it: hub doctor {name}",
    )
