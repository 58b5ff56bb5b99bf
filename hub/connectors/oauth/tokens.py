"""Have a live access token at hand, however many tasks and processes want one.

One refresh at a time is made for a connection, by whoever holds its lock in Postgres; all others
take what it brought. How often a token was asked for is kept there too, for vendors cut off who
asks too often. A grant that was found dead is kept as a fact: nobody asks again until
`hub connect`.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from hub.connectors.clock import RealClock
from hub.connectors.oauth.grant import NotGranted
from hub.connectors.oauth.login import REFRESH_TOKEN
from hub.connectors.outcome import Refused, RetryAt
from hub.database import statement
from hub.errors import HubError
from hub.settings import Secret  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.connectors.clock import Clock
    from hub.connectors.oauth.grant import Granted
    from hub.connectors.oauth.login import Login
    from hub.database import Database
    from hub.database.db import Db
    from hub.vault import Vault

ASKED_MAX = 10
ASKED_SECONDS = 600 + 30
"""The vendor counts ten minutes from when a call reached it, which may be a while after it left."""

THROTTLED_SECONDS = 600.0
PASSING_SECONDS = 60.0
RENEW_BEFORE_SECONDS = 300.0
LOOK_EVERY_SECONDS = 30.0
"""How soon a process notices what another one did, as after `hub connect`."""

ACCESS_TOKEN = "access_token"  # noqa: S105 - the name it is kept under

T = TypeVar("T")
_log = logging.getLogger(__name__)


class ConnectionDead(HubError):
    """A connection's grant is no longer honoured; raised once, by whoever found it."""

    def __init__(self, message: str, *, connection: str, reason: str) -> None:
        super().__init__(message)
        self.connection = connection
        self.reason = reason


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What to call with, and where; it is to be renewed before it ends."""

    text: Secret
    base_url: str
    renew_at: datetime
    expires_at: datetime

    def __repr__(self) -> str:
        # The address of a Slack webhook is a secret: of an address only the host is shown.
        return f"<Token for {_host(self.base_url)} until {self.expires_at}>"


class Tokens:
    """The access tokens of one connection, as one process sees them."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        connection: str,
        *,
        login: Login,
        clock: Clock | None = None,
    ) -> None:
        self.connection = connection
        self._database = database
        self._vault = vault
        self._login = login
        self._clock = clock or RealClock()
        self._lock = asyncio.Lock()
        self._known: Token | RetryAt | Refused | None = None
        self._looked = float("-inf")

    def __repr__(self) -> str:
        return f"<Tokens {self.connection}>"

    async def get(self, dead: Secret | None = None) -> Token | RetryAt | Refused:
        """Give a token other than the dead one, or what to do without one.

        Raises ConnectionDead where the grant is found dead; whoever comes later is refused.
        """
        if (known := self._at_hand(dead)) is not None:
            return known
        async with self._lock:
            # Whoever was before us may have brought it.
            if (known := self._at_hand(dead)) is not None:
                return known
            try:
                self._known = await self._with_db(lambda db: self._look(db, dead))
            except ConnectionDead as error:
                self._known = self._dead(error.reason)
                raise
            finally:
                self._looked = self._clock.monotonic()
            return self._known

    async def connect(self, grant: Secret | None) -> None:
        """Begin anew with a grant, for which a token was just asked; some logins need none."""

        async def begin(db: Db) -> None:
            async with db.transaction():
                await self._vault.mend(db, self.connection)
                if grant is not None:
                    await self._vault.keep(db, self.connection, self._login.grant, grant)
                await self._vault.forget(db, self.connection, ACCESS_TOKEN)
                await db.execute(
                    statement("connectors/oauth/begin.sql"), self.connection, self._clock.asked
                )

        async with self._lock:
            await self._with_db(begin)
            self._known = None

    def _at_hand(self, dead: Secret | None) -> Token | RetryAt | Refused | None:
        """Give what is known, if it is still worth anything."""
        known = self._known
        if self._clock.monotonic() - self._looked >= LOOK_EVERY_SECONDS:
            return None
        if isinstance(known, Token):
            return known if self._clock.now() < known.renew_at and known.text != dead else None
        if isinstance(known, RetryAt):
            return known if self._clock.now() < known.at else None
        return known

    async def _with_db(self, work: Callable[[Any], Awaitable[T]]) -> T:
        # Once in half a minute: not worth a database connection of its own.
        session = self._database.session()
        try:
            return await session.once(work)
        finally:
            await session.close()

    async def _look(self, db: Db, dead: Secret | None) -> Token | RetryAt | Refused:
        known = await self._kept(db, dead)
        if known is not None:
            return known
        # Held by the session, not by a transaction: the vendor is called meanwhile. The end of the
        # session lets go of it, whatever happens here.
        await db.execute(statement("connectors/oauth/hold.sql"), self.connection)
        known = await self._kept(db, dead)
        return known if known is not None else await self._renew(db, dead)

    async def _kept(self, db: Db, dead: Secret | None) -> Token | RetryAt | Refused | None:
        """Give what any process left behind: a token that is good, or the news that none is."""
        row = await self._row(db)
        if row is not None and row["dead_why"] is not None:
            return self._dead(row["dead_why"])
        token = await self._token(db, row)
        if token is not None and token.text != dead and row["renew_in"] > 0:
            return token
        return None

    async def _renew(self, db: Db, dead: Secret | None) -> Token | RetryAt | Refused:
        kept = self._login.grant
        held = await self._vault.read(db, self.connection, kept) if kept else None
        if kept and held is None:
            return self._not_connected()
        # Noted before it is asked: whoever dies in between has asked.
        allowed = await db.fetchval(
            statement("connectors/oauth/ask.sql"),
            self.connection, self._clock.asked, ASKED_SECONDS, ASKED_MAX,
        )  # fmt: skip
        if not allowed:
            return await self._meanwhile(db, dead)
        grant = await self._login.trade(held, self._clock.now())
        if isinstance(grant, NotGranted):
            return await self._without(db, dead, grant)
        return await self._keep(db, grant)

    async def _keep(self, db: Db, grant: Granted) -> Token | RetryAt | Refused:
        base_url = self._login.desk.believed(grant.api_domain)
        if base_url is None:
            return await self._died(db, f"it names the API host {_host(grant.api_domain)}")
        renew = max(grant.seconds - RENEW_BEFORE_SECONDS, grant.seconds / 2)
        async with db.transaction():
            await self._vault.keep(db, self.connection, ACCESS_TOKEN, grant.access_token)
            if grant.refresh_token is not None:
                # Where they rotate, the one it was traded for is worth nothing now.
                await self._vault.keep(db, self.connection, REFRESH_TOKEN, grant.refresh_token)
            await db.execute(
                statement("connectors/oauth/keep.sql"),
                self.connection, self._clock.asked, renew, grant.seconds, base_url,
            )  # fmt: skip
        token = await self._token(db, await self._row(db))
        assert token is not None
        return token

    async def _without(
        self, db: Db, dead: Secret | None, refusal: NotGranted
    ) -> Token | RetryAt | Refused:
        if refusal.sort == "dead":
            return await self._died(db, refusal.reason)
        seconds = THROTTLED_SECONDS if refusal.sort == "throttled" else PASSING_SECONDS
        await db.execute(
            statement("connectors/oauth/wait.sql"),
            self.connection, self._clock.asked, seconds, refusal.reason,
        )  # fmt: skip
        _log.warning("%s: no access token (%s)", self.connection, refusal.reason)
        return await self._meanwhile(db, dead)

    async def _meanwhile(self, db: Db, dead: Secret | None) -> Token | RetryAt | Refused:
        """Go on with the token at hand as long as it lasts; without one, say when to come back."""
        row = await self._row(db)
        if row["dead_why"] is not None:
            return self._dead(row["dead_why"])
        token = await self._token(db, row)
        now = self._clock.now()
        if token is not None and token.text != dead:
            soon = now + timedelta(seconds=LOOK_EVERY_SECONDS)
            return msgspec.structs.replace(token, renew_at=min(soon, token.expires_at))
        at = now + timedelta(seconds=max(row["wait_in"], 1.0))
        why = row["wait_why"] or f"{ASKED_MAX} were asked for within ten minutes"
        return RetryAt(
            sentence=f"{self.connection} gets no access token until {at:%H:%M:%S} UTC ({why}). "
            "It goes on by itself.",
            at=at,
        )

    async def _row(self, db: Db) -> Any:
        return await db.fetchrow(
            statement("connectors/oauth/state.sql"),
            self.connection, self._clock.asked, ASKED_SECONDS, ASKED_MAX,
        )  # fmt: skip

    async def _token(self, db: Db, row: Any) -> Token | None:
        if row is None or row["expires_in"] <= 0:
            return None
        text = await self._vault.read(db, self.connection, ACCESS_TOKEN)
        if text is None:
            return None
        now = self._clock.now()
        return Token(
            text=text,
            base_url=row["base_url"],
            renew_at=now + timedelta(seconds=row["renew_in"]),
            expires_at=now + timedelta(seconds=row["expires_in"]),
        )

    async def _died(self, db: Db, reason: str) -> Refused:
        """Keep it as a fact; raise the one alarm, unless somebody was before us."""
        refused = self._dead(reason)
        first = await db.fetchval(
            statement("connectors/oauth/dead.sql"), self.connection, self._clock.asked, reason
        )
        if not first:
            return refused
        _log.error("%s", refused.sentence)
        raise ConnectionDead(refused.sentence, connection=self.connection, reason=reason)

    def _dead(self, reason: str) -> Refused:
        return Refused(
            sentence=f"{self.connection} is no longer let in ({reason}). What is owed to it waits. "
            f"Run `hub connect {self.connection}` to give consent anew.",
            because="authorisation",
            reason="connection_dead",
        )

    def _not_connected(self) -> Refused:
        return Refused(
            sentence=f"{self.connection} has no grant yet. Run `hub connect {self.connection}`.",
            because="authorisation",
            reason="not_connected",
        )


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2][:80] or "of nobody"
