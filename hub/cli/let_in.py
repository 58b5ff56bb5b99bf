"""Come by what lets the hub in, in the way that was asked for and that the vendor has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.secrets import asked
from hub.connectors import consent
from hub.connectors.build import login_of
from hub.connectors.oauth import Client
from hub.connectors.site import ground_of
from hub.connectors.zoho import Consent, exchange_code
from hub.settings import Secret  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from hub.connectors.consent import Given
    from hub.settings import Connection


class How(msgspec.Struct, frozen=True, kw_only=True):
    """By which way the grant comes; with none of these, by a browser on this machine."""

    code: Secret | None = None
    refresh_token: Secret | None = None
    paste: bool = False
    port: int = consent.PORT


async def let_in(name: str, connection: Connection, how: How) -> Given:
    """Come by what lets the hub in: by a person's consent, or by what is at hand."""
    if connection.system != "salesforce":
        return consent.given_by(await _consent(name, connection, how))
    if how.code is not None or how.paste:
        raise click.UsageError(
            "Salesforce lets the hub in as the settings say: login = jwt or client_credentials by "
            "what hub.toml names, refresh_token by --refresh-token-file."
        )
    if connection.login == "refresh_token" and how.refresh_token is None:
        raise click.UsageError("Expected --refresh-token-file, as hub.toml says this login.")
    held = {"jwt": connection.secret, "refresh_token": how.refresh_token}
    return await consent.traded(login_of(name, connection), held.get(connection.login))


async def _consent(name: str, connection: Connection, how: How) -> Consent:
    """Come by a grant in the way that was asked for."""
    assert connection.client_id is not None, "checked before"
    assert connection.secret is not None, "a connection without a secret is refused when read"
    client = Client(client_id=connection.client_id, client_secret=connection.secret)
    asking = consent.asking(connection, client, ground_of(connection).scopes, port=how.port)
    if how.refresh_token is not None:
        return await consent.renewed(asking.accounts, client, how.refresh_token)
    if how.code is not None:
        granted = await exchange_code(asking.accounts, client, how.code.reveal())
        return Consent(accounts=asking.accounts, granted=granted)

    def show(url: str) -> None:
        # Under --json too somebody must open it; stdout is for the result.
        click.echo(
            f"To let the hub in as {name}, open this page, and log in as the user that the hub "
            f"is to be:\n\n  {url}\n",
            err=True,
        )

    if how.paste:
        show(asking.url)
        return await asking.take(consent.pasted(asked("address on which the browser ended")))
    return await consent.consented(asking, show)
