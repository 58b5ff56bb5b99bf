"""What of all that is wrong is to be told now: once when it stands, once when it is over.

What comes and goes within a minute is not told; nor is one thing told again within an hour, however
often it comes and goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.alerts.told import case_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hub.alerts.standing import Incident
    from hub.alerts.told import Told
    from hub.conclusions import Cased

STANDS, OVER = "stands", "over"

STANDS_SECONDS = 60.0
"""How long something is to be wrong before it is told."""

OVER_SECONDS = 300.0
"""How long it is to be well again before that is."""

AGAIN_SECONDS = 3_600.0


class Patience:
    """Since when what is wrong is so, and what was told is not."""

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}

    def to_tell(
        self, found: Iterable[Incident], told: Mapping[str, Told], now: datetime
    ) -> list[Cased]:
        """Give what is to be told now, by what was told until now."""
        wrong = {one.about: one for one in found}
        standing = {about for about, one in told.items() if one.state == STANDS}
        news = {*(wrong.keys() - standing), *(standing - wrong.keys())}
        self._since = {about: self._since.get(about, now) for about in news}
        return [
            self._raised(wrong[about], now)
            if about in wrong
            else self._over(told[about], about, now)
            for about in sorted(news)
            if self._is_time(about, told.get(about), now, stands=about in wrong)
        ]

    def _is_time(self, about: str, told: Told | None, now: datetime, *, stands: bool) -> bool:
        so_long = (now - self._since[about]).total_seconds()
        if not stands:
            return so_long >= OVER_SECONDS
        is_again = told is not None and (now - told.at).total_seconds() < AGAIN_SECONDS
        return so_long >= STANDS_SECONDS and not is_again

    def _raised(self, one: Incident, now: datetime) -> Cased:
        return case_of(one.about, STANDS, one.sentence, now, title=one.title)

    def _over(self, told: Told, about: str, now: datetime) -> Cased:
        title = str(told.data["title"])
        return case_of(about, OVER, "It is over.", now, title=title)
