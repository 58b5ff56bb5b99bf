"""Come by a grant: ask a person for consent in a browser, or take what they have at hand.

Whatever way it came, it is tried before it is kept: a grant of the wrong login changes nothing.
"""

from __future__ import annotations

import asyncio
import errno
import html
import secrets
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web
from yarl import URL

from hub.connectors.oauth import Client, Granted, NotGranted, Token, ask
from hub.connectors.outcome import Refused as CallRefused
from hub.connectors.zoho import Accounts, Consent, accounts_of, exchange
from hub.errors import Refused
from hub.settings import Secret  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping

    from hub.connectors.oauth import Login
    from hub.settings import Connection

HOST = "localhost"
PORT = 8765
PATH = "/connected"
WAIT_SECONDS_MAX = 300.0

_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>hub connect</title>'
    '<body style="font:16px/1.5 system-ui;max-width:32rem;margin:4rem auto;padding:0 1rem">'
    "<h1>{title}</h1><p>{text}</p>"
)


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A consent that is asked for: where, and what tells its answer from any other."""

    accounts: Accounts
    client: Client
    scopes: frozenset[str]
    port: int = PORT
    state: str

    @property
    def redirect_url(self) -> str:
        """The address to register with the vendor, to the letter."""
        return f"http://{HOST}:{self.port}{PATH}"

    @property
    def url(self) -> str:
        """The page to open."""
        return self.accounts.authorise_url(
            self.client.client_id, self.scopes, self.redirect_url, self.state
        )

    async def take(self, redirected: Mapping[str, str]) -> Consent:
        """Trade what came back for a grant."""
        return await exchange(
            self.accounts,
            self.client,
            redirected,
            state=self.state,
            redirect_url=self.redirect_url,
        )


def asking(
    connection: Connection, client: Client, scopes: Iterable[str], *, port: int = PORT
) -> Asking:
    """Begin to ask, with a state that nobody can guess."""
    return Asking(
        accounts=accounts_of(connection),
        client=client,
        scopes=frozenset(scopes),
        port=port,
        state=secrets.token_urlsafe(24),
    )


async def consented(
    asked: Asking, show: Callable[[str], None], *, seconds_max: float = WAIT_SECONDS_MAX
) -> Consent:
    """Show a person the page, and wait on this machine for what it leads back with."""
    async with _redirected(asked) as answer:
        show(asked.url)
        try:
            async with asyncio.timeout(seconds_max):
                redirected = await answer
        except TimeoutError as error:
            raise Refused(
                f"Nobody gave consent within {seconds_max / 60:g} minutes. Run it again; if the "
                f"page says that the redirect is wrong, register {asked.redirect_url} with the "
                "client, to the letter."
            ) from error
        return await asked.take(redirected)


def pasted(address: str) -> dict[str, str]:
    """Read the address on which a browser ended elsewhere."""
    try:
        query = dict(URL(address.strip()).query)
    except ValueError:
        query = {}
    if not query:
        raise Refused(
            "Expected the whole address of the page on which the browser ended, with all that "
            "stands behind its question mark; found another text. Start again with `hub connect`."
        )
    return query


async def renewed(accounts: Accounts, client: Client, refresh_token: Secret) -> Consent:
    """Try a refresh token that is at hand; it goes on to be the grant."""
    answer = await ask(
        accounts.token_url,
        grant_type="refresh_token",
        refresh_token=refresh_token.reveal(),
        client_id=client.client_id,
        client_secret=client.client_secret.reveal(),
    )
    if isinstance(answer, NotGranted):
        raise Refused(
            f"{accounts.url} gave no token for this refresh token ({answer.reason}). Expected one "
            "of this client (client_id and secret in hub.toml), in this data centre "
            f"({accounts.data_centre}), that nobody has revoked."
        )
    if accounts.believed(answer.api_domain) is None:
        raise Refused(
            f"{accounts.url} names the API {answer.api_domain[:80]!r}, which is not Zoho's; "
            "nothing was sent there. Check the address in the settings."
        )
    granted = msgspec.structs.replace(answer, refresh_token=refresh_token)
    return Consent(accounts=accounts, granted=granted)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What lets the hub in, tried and not kept yet: a live token, and what the vault is to hold."""

    granted: Granted
    base_url: str
    grant: Secret | None
    """None where the settings alone let it in."""
    data_centre: str = ""
    """Where the account turned out to live; empty where a vendor has no such thing."""


def given_by(consent: Consent) -> Given:
    """Say what a consent has given."""
    base_url = consent.accounts.believed(consent.granted.api_domain)
    assert base_url is not None, "an API that is not believed is refused before"
    assert consent.granted.refresh_token is not None, "a grant without one is refused before"
    return Given(
        granted=consent.granted,
        base_url=base_url,
        grant=consent.granted.refresh_token,
        data_centre=consent.accounts.data_centre,
    )


async def traded(login: Login, grant: Secret | None) -> Given:
    """Try a login that needs nobody's consent now."""
    answer = await login.trade(grant, datetime.now(UTC))
    if isinstance(answer, NotGranted):
        raise Refused(
            f"{login.desk.token_url} gave no token ({answer.reason}). Look at client_id, the "
            "secret and the user that are named in hub.toml, and at whether the app there lets "
            'this user in; at a test org say mode = "test".'
        )
    base_url = login.desk.believed(answer.api_domain)
    if base_url is None:
        raise Refused(
            f"{login.desk.token_url} names the API {answer.api_domain[:80]!r}, which is not the "
            "vendor's; nothing was sent there. Check the address in the settings."
        )
    kept = answer.refresh_token or grant
    return Given(granted=answer, base_url=base_url, grant=kept)


class Fresh:
    """The access token that came with a grant, for seeing whether it is the right one."""

    def __init__(self, given: Given) -> None:
        end = datetime.now(UTC) + timedelta(seconds=given.granted.seconds)
        self._token = Token(
            text=given.granted.access_token, base_url=given.base_url, renew_at=end, expires_at=end
        )

    async def get(self, dead: Secret | None = None) -> Token | CallRefused:
        if dead is None:
            return self._token
        return CallRefused(
            sentence="The vendor does not take the access token that it has just given.",
            because="authorisation",
            reason="token_dead",
        )


@asynccontextmanager
async def _redirected(asked: Asking) -> AsyncIterator[asyncio.Future[dict[str, str]]]:
    """Listen for the redirect; whatever else is asked of this port changes nothing."""
    answer: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()

    async def take(request: web.Request) -> web.Response:
        if not secrets.compare_digest(
            request.query.get("state", "").encode(), asked.state.encode()
        ):
            text = "It does not belong to the consent that was asked for. Open the address again."
            return _page("This is not the answer", text, status=400)
        if not answer.done():
            answer.set_result(dict(request.query))
        return _page("Thank you", "You may close this page; the terminal says how it went.")

    app = web.Application()
    app.add_routes([web.get(PATH, take)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await _start(runner, asked.port)
        yield answer
    finally:
        await runner.cleanup()


async def _start(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as error:
        is_taken = error.errno == errno.EADDRINUSE
        taken = "is taken by another program" if is_taken else "cannot be had"
        raise Refused(
            f"Port {port} of {HOST}, to which the consent leads back, {taken}. Choose another with "
            "--port, and register its address with the client too; or use --paste."
        ) from error


def _page(title: str, text: str, *, status: int = 200) -> web.Response:
    body = _PAGE.format(title=html.escape(title), text=html.escape(text))
    return web.Response(status=status, text=body, content_type="text/html")
