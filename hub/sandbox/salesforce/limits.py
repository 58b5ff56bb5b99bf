"""What calls cost: each one counts, in any 24 hours, and every answer says how many there were."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hub.sandbox.salesforce.refusal import over_limit

if TYPE_CHECKING:
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.system import Fields

DAY = timedelta(hours=24)


class Limits:
    """Counts the calls of an org."""

    def __init__(self, org: Organisation) -> None:
        self._org = org
        self._calls: deque[datetime] = deque()

    def reset(self) -> None:
        self._calls.clear()

    def take(self) -> None:
        """Count a call, or refuse it."""
        if self.used >= self._org.quirks.calls_per_day:
            raise over_limit()
        self._calls.append(self._org.world.clock.now())

    @property
    def used(self) -> int:
        begin = self._org.world.clock.now() - DAY
        while self._calls and self._calls[0] <= begin:
            self._calls.popleft()
        return len(self._calls)

    def headers(self) -> dict[str, str]:
        return {"Sforce-Limit-Info": f"api-usage={self.used}/{self._org.quirks.calls_per_day}"}

    def shown(self) -> Fields:
        """Give what /limits says."""
        most = self._org.quirks.calls_per_day
        return {
            "DailyApiRequests": {"Max": most, "Remaining": max(0, most - self.used)},
            "DailyDeliveredPlatformEvents": {"Max": 25_000, "Remaining": 25_000},
            "DataStorageMB": {"Max": 1_024, "Remaining": 1_000},
        }
