"""An address that takes webhooks: it keeps what came, and says whether its signature holds."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import msgspec

from hub.sandbox.notify.taken import Taken
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.system import Request
    from hub.sandbox.world import World

SECRET = "sandbox"  # noqa: S105 - documented
AGE_SECONDS_MAX = 300


class SinkQuirks(msgspec.Struct, frozen=True, kw_only=True):
    """What can be switched."""

    status: int = 200
    """What is answered to a message whose signature holds."""


class Sink(Taken):
    """Somebody's own service."""

    name = "sink"
    prefixes = ("/sink",)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.quirks = SinkQuirks()

    def answer(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(status=405)
        if not self._is_signed(request):
            return Answer(status=401, body={"error": "The signature does not hold."})
        status = self.quirks.status
        if status < 300:  # noqa: PLR2004
            self.take(
                delivery=request.headers.get("x-hub-delivery", ""),
                said=msgspec.json.decode(request.body),
            )
        return Answer(status=status, body={"taken": status < 300})  # noqa: PLR2004

    def fault(self, fault: str) -> Answer:
        match fault:
            case "rate_limited":
                return Answer(status=429, headers={"Retry-After": "2"})
            case "token_expired":
                return Answer(status=401)
            case "http_503":
                return Answer(status=503)
        return Answer(status=500)

    def _is_signed(self, request: Request) -> bool:
        at = request.headers.get("x-hub-timestamp", "")
        said = at.encode() + b"\n" + request.body
        expected = "sha256=" + hmac.new(SECRET.encode(), said, hashlib.sha256).hexdigest()
        given = request.headers.get("x-hub-signature", "")
        if not hmac.compare_digest(given.encode(), expected.encode()) or not at.isdecimal():
            return False
        return abs(self.world.clock.now().timestamp() - int(at)) <= AGE_SECONDS_MAX
