"""P9 and P11 for calls: within the limits of the vendors, and quiet in the end."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hub.simulate.oracle.view import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.sandbox.world import Call
    from hub.simulate.oracle.view import View

MINUTE = timedelta(minutes=1)
READS = (
    "/oauth/",
    "/oauth2/",
    "/tooling/",
    "/webhooks",
    "/coql",
    "/bulk/",
    "/actions/watch",
    "/settings/",
    "/composite",
)


def quiet(view: View, since: int) -> Iterator[Broken]:
    """No write came after the call `since`."""
    writes = [call for call in view.ground.world.calls_since(since) if is_write(call)]
    for call in writes[:3]:
        yield Broken(
            promise="P11",
            sentence=f"{len(writes)} writes after all was quiet, such as {call.method} "
            f"{call.path} at {call.at}: {call.body[:300]}",
        )


def within_limits(view: View) -> Iterator[Broken]:
    """By the count of the vendor that has a limit per minute."""
    most = view.ground.books.quirks.calls_per_minute
    window: deque[datetime] = deque()
    for call in view.ground.world.calls_since(0):
        if call.system != "books":
            continue
        at = datetime.fromisoformat(call.at)
        window.append(at)
        while at - window[0] >= MINUTE:
            window.popleft()
        if len(window) > most:
            yield Broken(promise="P9", sentence=f"{len(window)} calls in a minute until {at}")
            return


def is_write(call: Call) -> bool:
    """Tell whether a call changes a record."""
    if call.system == "salesforce" and call.path.endswith("/composite"):
        return any(f'"method":"{method}"' in call.body for method in ("POST", "PATCH", "DELETE"))
    return call.method != "GET" and not any(each in call.path for each in READS)
