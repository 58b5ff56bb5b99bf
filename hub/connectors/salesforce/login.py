"""Being let in at Salesforce: by a signed assertion, as the client itself, or by a refresh token.

Where the API is comes with every token. It is believed only if it is one of Salesforce's own hosts,
or the address on this machine that the settings give (a sandbox).
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from yarl import URL

from hub.connectors.oauth import ByRefreshToken, Granted, NotGranted, ask, ask_as
from hub.errors import ConfigFault
from hub.settings.address import LOOPBACK

if TYPE_CHECKING:
    from datetime import datetime

    from hub.connectors.oauth import Client, Login
    from hub.settings import Connection, Secret

JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
PRIVATE_KEY = "private_key"
"""What the vault calls the key that assertions are signed with."""

ASSERTED_SECONDS = 180
"""An assertion that is to be good for longer than five minutes is refused."""

SESSION_SECONDS = 86_400.0
"""Nobody says how long a session lives: it is renewed when it turns out to be dead."""

LIVE, TEST = "https://login.salesforce.com", "https://test.salesforce.com"
DOMAINS = (".salesforce.com", ".force.com", ".salesforce.mil")


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """Where tokens are given out: My Domain, the login host of all, or a sandbox here."""

    url: str
    audience: str = LIVE

    @property
    def token_url(self) -> str:
        return f"{self.url}/services/oauth2/token"

    def believed(self, api_domain: str) -> str | None:
        """Give the base URL of the API, or None for an address that is not Salesforce's."""
        said = api_domain.rstrip("/")
        if is_here(self.url):
            return self.url if said in ("", self.url) else None
        return said if is_vendors(said) else None


class ByAssertion:
    """Sign who the hub is with a key of its own; no consent is kept anywhere."""

    grant = PRIVATE_KEY

    def __init__(self, client_id: str, username: str, host: Host) -> None:
        self.desk = host
        self._client_id = client_id
        self._username = username

    async def trade(self, grant: Secret | None, now: datetime) -> Granted | NotGranted:
        assert grant is not None, "without a key nothing is asked"
        claims = {
            "iss": self._client_id,
            "sub": self._username,
            "aud": self.desk.audience,
            "exp": int(now.timestamp()) + ASSERTED_SECONDS,
        }
        assertion = signed(claims, grant)
        return _lasting(await ask(self.desk.token_url, grant_type=JWT, assertion=assertion))


class ByClient:
    """Let the client in by itself; its user is named in the settings of the app there."""

    grant = ""

    def __init__(self, client: Client, host: Host) -> None:
        self.desk = host
        self._client = client

    async def trade(self, grant: Secret | None, now: datetime) -> Granted | NotGranted:  # noqa: ARG002
        return _lasting(
            await ask_as(self._client, self.desk.token_url, grant_type="client_credentials")
        )


class ByToken(ByRefreshToken):
    """Trade a refresh token that somebody's consent gave."""

    async def trade(self, grant: Secret | None, now: datetime) -> Granted | NotGranted:
        return _lasting(await super().trade(grant, now))


def login_of(name: str, connection: Connection, client: Client) -> Login:
    """Give the way of being let in that the settings name."""
    host = host_of(name, connection)
    match connection.login:
        case "client_credentials":
            if host.url in (LIVE, TEST):
                raise ConfigFault(
                    f"connections.{name}: the login client_credentials needs address, the My "
                    "Domain of the org, such as https://acme.my.salesforce.com."
                )
            return ByClient(client, host)
        case "refresh_token":
            return ByToken(client, host)
    if not connection.username:
        raise ConfigFault(
            f"connections.{name}: username is missing; the login jwt needs the user that the hub "
            "is to be there."
        )
    return ByAssertion(client.client_id, connection.username, host)


def host_of(name: str, connection: Connection) -> Host:
    """Give where a connection asks for tokens; refuse an address that nobody vouches for."""
    audience = LIVE if connection.mode == "live" else TEST
    url = (connection.address or audience).rstrip("/")
    if not is_vendors(url) and not is_here(url):
        raise ConfigFault(
            f"connections.{name}: address: expected My Domain, as https://acme.my.salesforce.com, "
            f"or a sandbox on this machine; found {url[:100]}."
        )
    return Host(url=url, audience=audience)


def is_vendors(url: str) -> bool:
    """Tell whether it is `https://host` and no more, with a host of Salesforce's."""
    try:
        parsed = URL(url)
    except ValueError:
        return False
    host = parsed.host or ""
    return host.endswith(DOMAINS) and url.lower() == f"https://{host}"


def is_here(url: str) -> bool:
    try:
        return URL(url).host in LOOPBACK
    except ValueError:
        return False


def signed(claims: dict[str, Any], key: Secret) -> str:
    """Make an assertion, signed with a key in PEM."""
    head = _coded(msgspec.json.encode({"alg": "RS256", "typ": "JWT"}))
    text = f"{head}.{_coded(msgspec.json.encode(claims))}"
    signature = private_key(key).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{_coded(signature)}"


def private_key(key: Secret) -> rsa.RSAPrivateKey:
    """Read a private key; what it says is repeated nowhere."""
    expected = "expected an RSA private key in PEM, without a passphrase"
    try:
        found = load_pem_private_key(key.reveal().encode(), None)
    except (ValueError, TypeError):
        raise ConfigFault(f"The secret of a login by jwt: {expected}; found none.") from None
    if not isinstance(found, rsa.RSAPrivateKey):
        raise ConfigFault(f"The secret of a login by jwt: {expected}; found another sort of key.")
    return found


def _lasting(answer: Granted | NotGranted) -> Granted | NotGranted:
    if isinstance(answer, NotGranted):
        return answer
    scopes = answer.scopes | ({"api"} if "full" in answer.scopes else set())
    return msgspec.structs.replace(answer, seconds=SESSION_SECONDS, scopes=scopes)


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
