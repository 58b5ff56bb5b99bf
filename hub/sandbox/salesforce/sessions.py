"""Who is logged in: sessions, each of a user, and the queries that are being read in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.sandbox.salesforce.fresh import ORG_ID
from hub.sandbox.salesforce.refusal import dead_session, no_session
from hub.sandbox.system import Fields  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.system import Request


class Session(msgspec.Struct, kw_only=True):
    """One login; it lives on as long as it is used."""

    token: str
    user: str
    used: datetime
    readings: dict[str, list[Fields]] = msgspec.field(default_factory=dict)
    """The rows of queries that are read on with, by the locator that a page gave."""


class Sessions:
    """Every session there is."""

    def __init__(self, org: Organisation) -> None:
        self._org = org
        self._by_token: dict[str, Session] = {}
        self.refresh_tokens: dict[str, str] = {}
        """By refresh token: whose it is."""

    def open(self, user: str) -> Session:
        """Log a user in."""
        world = self._org.world
        token = f"{ORG_ID[:15]}!AQ{world.random.randbytes(40).hex()}"
        session = Session(token=token, user=user, used=world.clock.now())
        self._by_token[token] = session
        return session

    def of(self, request: Request) -> Session:
        """Give the session of a call, or refuse it."""
        word, _, token = request.headers.get("authorization", "").partition(" ")
        if word.lower() not in ("bearer", "oauth") or not token.strip():
            raise no_session()
        session = self._by_token.get(token.strip())
        now = self._org.world.clock.now()
        life = timedelta(seconds=self._org.quirks.session_seconds)
        if session is None or session.used + life <= now:
            raise dead_session()
        session.used = now
        return session

    def is_alive(self, token: str) -> bool:
        """Tell whether a session lives, without making use of it."""
        session = self._by_token.get(token)
        life = timedelta(seconds=self._org.quirks.session_seconds)
        return session is not None and self._org.world.clock.now() < session.used + life

    def end(self, token: str = "") -> list[str]:
        """End one session, or all of them; give those that were alive."""
        ended = [one for one in self._by_token if token in ("", one)]
        for one in ended:
            del self._by_token[one]
        return ended

    def state(self) -> list[Fields]:
        return [
            {"id": one.token, "user": one.user, "used": one.used.isoformat()}
            for one in self._by_token.values()
        ]
