"""What all of Zoho's systems share: its data centres, whose hosts are Zoho's, and giving consent.

An account lives in one data centre. Which one is said by the redirect that ends the consent, and
the address of its API by every token answer. Both come from outside, so neither is believed unless
it is one of Zoho's own hosts, or the one address that the settings give (a sandbox).
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Literal

import msgspec
from yarl import URL

from hub.connectors.oauth import Client, Granted, NotGranted, ask
from hub.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.settings import Connection

SCHEME = "Zoho-oauthtoken"
"""What stands before the token in the Authorization header."""


class DataCentre(msgspec.Struct, frozen=True, kw_only=True):
    """One of Zoho's data centres. Neither host tells the other: Canada's differ in their stem."""

    name: str
    accounts: str
    api: str


DATA_CENTRES: dict[str, DataCentre] = {
    name: DataCentre(name=name, accounts=f"accounts.{accounts}", api=api)
    for name, accounts, api in (
        ("us", "zoho.com", "zohoapis.com"),
        ("eu", "zoho.eu", "zohoapis.eu"),
        ("in", "zoho.in", "zohoapis.in"),
        ("au", "zoho.com.au", "zohoapis.com.au"),
        ("jp", "zoho.jp", "zohoapis.jp"),
        ("ca", "zohocloud.ca", "zohoapis.ca"),
        ("cn", "zoho.com.cn", "zohoapis.com.cn"),
        ("sa", "zoho.sa", "zohoapis.sa"),
        ("sg", "zoho.sg", "zohoapis.sg"),
        ("ae", "zoho.ae", "zohoapis.ae"),
        ("uk", "zoho.uk", "zohoapis.uk"),
    )
}

_API_HOSTS = frozenset(
    f"{kind}.{centre.api}"
    for centre in DATA_CENTRES.values()
    for kind in ("www", "sandbox", "developer")
)
_ACCOUNTS_HOSTS = frozenset(centre.accounts for centre in DATA_CENTRES.values())


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """Zoho's accounts system in one data centre; with a `base_url`, one that is played there."""

    data_centre: str = "us"
    base_url: str | None = None
    host: Literal["www", "desk"] = "www"
    """Which host of the data centre has the API: Desk's is its own, and no answer names it."""

    @property
    def url(self) -> str:
        if self.base_url is not None:
            return self.base_url.rstrip("/")
        return f"https://{DATA_CENTRES[self.data_centre].accounts}"

    @property
    def token_url(self) -> str:
        return f"{self.url}/oauth/v2/token"

    def believed(self, api_domain: str) -> str | None:
        """Give the base URL of the API, or None for an address that is not Zoho's.

        Where an answer names none, it is the one that belongs to the data centre.
        """
        if self.base_url is None and self.host == "desk":
            return desk_url(self.data_centre)
        if self.base_url is not None:
            same = not api_domain or _origin(api_domain) == _origin(self.base_url)
            return self.url if same else None
        if not api_domain:
            return f"https://www.{DATA_CENTRES[self.data_centre].api}"
        return _origin(api_domain) if _is_one_of(api_domain, _API_HOSTS) else None

    def named(self, accounts_server: str) -> Accounts:
        """Give the accounts system that a redirect names, if it is Zoho's own or the one given."""
        if not accounts_server:
            return self
        if self.base_url is not None and _origin(accounts_server) == _origin(self.base_url):
            return self
        if self.base_url is None and _is_one_of(accounts_server, _ACCOUNTS_HOSTS):
            host = URL(accounts_server).host
            name = next(n for n, centre in DATA_CENTRES.items() if centre.accounts == host)
            return Accounts(data_centre=name, host=self.host)
        raise Refused(
            f"The redirect names the accounts host {accounts_server[:80]!r}; expected one of "
            f"Zoho's own ({', '.join(sorted(_ACCOUNTS_HOSTS))}). Nothing was sent there. "
            "Start again with `hub connect`, and open only the address it prints."
        )

    def authorise_url(
        self, client_id: str, scopes: Iterable[str], redirect_url: str, state: str
    ) -> str:
        """Give the page on which a person gives consent; it leads back to `redirect_url`."""
        query = {
            "response_type": "code",
            "client_id": client_id,
            "scope": ",".join(sorted(scopes)),
            "redirect_uri": redirect_url,
            # Without these two no refresh token is given.
            "access_type": "offline",
            "prompt": "consent",
            "state": state,
        }
        return str(URL(f"{self.url}/oauth/v2/auth").with_query(query))


def desk_url(data_centre: str) -> str:
    """Give where Desk is in a data centre: beside its accounts."""
    host = DATA_CENTRES[data_centre].accounts.removeprefix("accounts.")
    return f"https://desk.{host}"


def accounts_of(connection: Connection) -> Accounts:
    """Give the accounts system that a connection of the settings has."""
    return Accounts(
        data_centre=connection.data_centre,
        base_url=connection.address,
        host="desk" if connection.system == "zoho_desk" else "www",
    )


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """What a consent came to: where the account lives, and what was granted."""

    accounts: Accounts
    granted: Granted


async def exchange(
    accounts: Accounts,
    client: Client,
    redirected: Mapping[str, str],
    *,
    state: str,
    redirect_url: str,
) -> Consent:
    """Trade the code of a redirect (its query) for a grant, at the host that the redirect names."""
    if not hmac.compare_digest(redirected.get("state", "").encode(), state.encode()):
        raise Refused(
            "This answer does not belong to the consent that was asked for (its state is another). "
            "Start again with `hub connect`."
        )
    if "code" not in redirected:
        reason = redirected.get("error", "no reason given")[:80]
        raise Refused(f"Zoho gave no consent ({reason}). Start again with `hub connect`.")
    there = accounts.named(redirected.get("accounts-server", ""))
    code, form = redirected["code"], {"redirect_uri": redirect_url}
    return Consent(accounts=there, granted=await exchange_code(there, client, code, **form))


async def exchange_code(accounts: Accounts, client: Client, code: str, **form: str) -> Granted:
    """Trade a code for a grant; one of a self client needs no redirect."""
    answer = await ask(
        accounts.token_url,
        grant_type="authorization_code",
        code=code,
        client_id=client.client_id,
        client_secret=client.client_secret.reveal(),
        **form,
    )
    if isinstance(answer, NotGranted):
        raise Refused(
            f"{accounts.url} gave no token ({answer.reason}). A code may be used once, within two "
            "minutes, at the data centre it is of: start again with `hub connect`."
        )
    if answer.refresh_token is None:
        raise Refused(
            f"{accounts.url} gave a token that cannot be renewed; expected a refresh token. "
            "Remove the hub under Connected Apps there, and start again with `hub connect`."
        )
    if accounts.believed(answer.api_domain) is None:
        raise Refused(
            f"{accounts.url} names the API {answer.api_domain[:80]!r}, which is not Zoho's; "
            "nothing was sent there. Check the base URL in the settings."
        )
    return answer


def missing_scopes(wanted: Iterable[str], granted: frozenset[str]) -> list[str]:
    """Name the scopes that a grant lacks; one that ends in ALL covers each of its kind."""
    return sorted(scope for scope in wanted if not _covers(granted, scope))


def _covers(granted: frozenset[str], scope: str) -> bool:
    if scope in granted:
        return True
    steps = scope.split(".")
    if f"{steps[0]}.fullaccess.all".casefold() in {one.casefold() for one in granted}:
        return True
    return any(".".join([*steps[:count], "ALL"]) in granted for count in range(1, len(steps)))


def _is_one_of(url: str, hosts: frozenset[str]) -> bool:
    """Whether it is `https://host` and no more, with one of these hosts."""
    return any(url.removesuffix("/") == f"https://{host}" for host in hosts)


def _origin(url: str) -> str:
    return url.rstrip("/")
