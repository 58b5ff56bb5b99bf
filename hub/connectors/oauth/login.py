"""How one vendor lets the hub in: what is traded for an access token, and where.

Most trade a refresh token that somebody's consent gave. Whatever it is, the vault holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hub.connectors.oauth.grant import ask

if TYPE_CHECKING:
    from datetime import datetime

    from hub.connectors.oauth.grant import Client, Granted, NotGranted
    from hub.settings import Secret

REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the name it is kept under


class Desk(Protocol):
    """Where a vendor gives out tokens, and which addresses of its API are believed."""

    @property
    def token_url(self) -> str: ...

    def believed(self, api_domain: str) -> str | None:
        """Give the base URL to call, or None where a token must not be sent."""


class Login(Protocol):
    """One way of being let in."""

    @property
    def desk(self) -> Desk: ...

    @property
    def grant(self) -> str:
        """What the vault calls that which is traded; empty where the settings alone suffice."""

    async def trade(self, grant: Secret | None, now: datetime) -> Granted | NotGranted:
        """Ask once for an access token."""


class ByRefreshToken:
    """Trade a refresh token."""

    grant = REFRESH_TOKEN

    def __init__(self, client: Client, desk: Desk) -> None:
        self.desk = desk
        self._client = client

    async def trade(self, grant: Secret | None, now: datetime) -> Granted | NotGranted:  # noqa: ARG002
        assert grant is not None, "without a refresh token nothing is asked"
        return await ask(
            self.desk.token_url,
            grant_type=REFRESH_TOKEN,
            refresh_token=grant.reveal(),
            client_id=self._client.client_id,
            client_secret=self._client.client_secret.reveal(),
        )
