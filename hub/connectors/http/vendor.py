"""The one way out of a connection.

`Vendor.call` makes exactly one attempt; the only thing it does twice is a call whose access token
turned out to be dead.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Protocol, Self

from hub.connectors.http.call import STOP_SECONDS_MAX, Verdict
from hub.connectors.http.exchange import exchange, open_session, url_of
from hub.connectors.http.meaning import Meaning
from hub.connectors.oauth import Token
from hub.connectors.outcome import Refused, Unknown
from hub.errors import DatabaseAway
from hub.observe import span

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    import aiohttp

    from hub.connectors.budget import Budget, Share
    from hub.connectors.http.call import Call, Judge
    from hub.connectors.http.exchange import Lost
    from hub.connectors.outcome import Answer, Outcome, RetryAt
    from hub.settings import Secret


class TokenSource(Protocol):
    """Gives access tokens."""

    async def get(self, dead: Secret | None = None) -> Token | RetryAt | Refused:
        """Give a token other than the dead one, or what to do without."""


class Vendor:
    """One connection's way out. Use it as a context: it holds open what it calls over, and at its
    end gives account of what was drawn from the budget and not spent.
    """

    def __init__(
        self,
        connection: str,
        *,
        tokens: TokenSource,
        budget: Budget,
        judge: Judge,
        scheme: str = "Bearer",
        wait_seconds_max: float = 5.0,
    ) -> None:
        self.connection = connection
        self.budget = budget
        self._tokens = tokens
        self._judge = judge
        self._scheme = scheme
        self._wait_seconds_max = wait_seconds_max
        self._open = AsyncExitStack()
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"<Vendor {self.connection}>"

    async def __aenter__(self) -> Self:
        self._open.push_async_callback(self.budget.close)
        self._session = await self._open.enter_async_context(open_session())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        stack: TracebackType | None,
    ) -> None:
        await self._open.aclose()

    async def call(self, call: Call) -> Outcome:
        """Call once, and say what came of it. ConnectionDead is raised where the grant is found
        dead, by the one call that finds it.
        """
        about = {"http.request.method": call.method, "url.path": call.path, "hub.verb": call.verb}
        with span("call vendor", kind="client", connection=self.connection, **about) as spent:
            outcome = await self._with_a_live_token(call)
            spent.set(outcome=type(outcome).__name__)
            if isinstance(outcome, Refused | Unknown):
                spent.fail(outcome.sentence)
            return outcome

    async def token(self, dead: Secret | None = None) -> Token | RetryAt | Refused:
        """Give what to call with where no HTTP is spoken; ConnectionDead is raised as by `call`."""
        return await self._tokens.get(dead)

    async def within_limits(self, share: Share, act: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Do once, inside the limits, what is no call over HTTP, and say what came of it."""
        with span("call vendor", kind="client", connection=self.connection) as spent:
            wait = self._wait_seconds_max
            async with self.budget.place(wait_seconds_max=wait) as none_free:
                refused = none_free or await self.budget.spend(1, share, wait_seconds_max=wait)
                outcome = await act() if refused is None else refused
            spent.set(outcome=type(outcome).__name__)
            if isinstance(outcome, Refused | Unknown):
                spent.fail(outcome.sentence)
            return outcome

    async def _with_a_live_token(self, call: Call) -> Outcome:
        token = await self._tokens.get()
        if not isinstance(token, Token):
            return token
        verdict = await self._within_limits(call, token)
        if not verdict.token_dead:
            return verdict.outcome
        token = await self._tokens.get(dead=token.text)
        if not isinstance(token, Token):
            return token
        return (await self._within_limits(call, token)).outcome

    async def _within_limits(self, call: Call, token: Token) -> Verdict:
        wait = self._wait_seconds_max
        async with self.budget.place(call.marks, wait_seconds_max=wait) as none_free:
            if none_free is not None:
                return Verdict(outcome=none_free)
            refused = await self.budget.spend(call.cost, call.share, wait_seconds_max=wait)
            if refused is not None:
                return Verdict(outcome=refused)
            begun = self.budget.clock.monotonic()
            answer = await self._attempt(call, token)
            meaning = Meaning(connection=self.connection, call=call, at=self.budget.clock.now())
            verdict = meaning.of(answer, self._judge)
            await self._obey(verdict, self.budget.clock.monotonic() - begun)
            return verdict

    async def _attempt(self, call: Call, token: Token) -> Answer | Lost:
        assert self._session is not None, "a Vendor is used within `async with`"
        url, text = url_of(token.base_url, call), token.text.reveal()
        authorization = {"Authorization": f"{self._scheme} {text}"} if text else {}
        return await exchange(self._session, call, url, authorization, self.budget.clock)

    async def _obey(self, verdict: Verdict, sent_ago: float) -> None:
        """Keep what the vendor said of its limits, for every process.

        What came of the call is worth more: a database that is away now does not take it along.
        """
        with suppress(DatabaseAway):
            for window, left in verdict.left.items():
                known = {} if left.seconds is None else {"seconds": left.seconds}
                await self.budget.heard(window, left.cost, sent_ago=sent_ago, **known)
        if verdict.stop_seconds > 0:
            with suppress(DatabaseAway):
                seconds = min(verdict.stop_seconds, STOP_SECONDS_MAX)
                await self.budget.stop(seconds, verdict.stop_why)
