"""P11 for calls: quiet in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.simulate.oracle.view import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.sandbox.world import Call
    from hub.simulate.oracle.view import View

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


def is_write(call: Call) -> bool:
    """Tell whether a call changes a record."""
    if call.system == "salesforce" and call.path.endswith("/composite"):
        return any(f'"method":"{method}"' in call.body for method in ("POST", "PATCH", "DELETE"))
    return call.method != "GET" and not any(each in call.path for each in READS)
