"""From the settings of a connection that takes messages to what sends them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from yarl import URL

from hub.connectors.notify.mail import Mail
from hub.connectors.notify.notifier import Notifier
from hub.connectors.notify.slack import Slack
from hub.connectors.notify.smtp import Server
from hub.connectors.notify.webhook import Webhook
from hub.connectors.oauth import Token
from hub.connectors.outcome import Refused
from hub.errors import ConfigFault
from hub.settings import Secret
from hub.settings.address import LOOPBACK, check_address
from hub.settings.faults import Unfit

if TYPE_CHECKING:
    from hub.connectors.notify.notifier import Sender
    from hub.connectors.outcome import RetryAt
    from hub.settings import Connection

SYSTEMS = frozenset({"slack", "email", "webhook"})
SLACK_URL = "https://slack.com"
_SLACK = frozenset({"slack.com", "slack-gov.com"})
_SLACK_HOOKS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
_FOR_GOOD = datetime(9999, 1, 1, tzinfo=UTC)


class Fixed:
    """A token that the settings give: there is no other where it is dead."""

    def __init__(self, base_url: str, text: Secret) -> None:
        self._token = Token(text=text, base_url=base_url, renew_at=_FOR_GOOD, expires_at=_FOR_GOOD)

    async def get(self, dead: Secret | None = None) -> Token | RetryAt | Refused:
        if dead is None:
            return self._token
        sentence = "The secret of the connection is refused. Give it a new one."
        return Refused(sentence=sentence, because="authorisation", reason="secret")


def notifier_of(name: str, connection: Connection) -> Notifier:
    """Give the connector of such a connection."""
    return Notifier(_sender(name, connection))


def fixed_of(name: str, connection: Connection) -> Fixed:
    """Give where it is called, and what is shown there."""
    nothing = Secret("")
    match connection.system:
        case "slack" if _is_hook(connection):
            return Fixed(_hook(name, connection), nothing)
        case "slack":
            return Fixed(_slack(name, connection), _secret(connection))
        case "webhook":
            return Fixed(_address(name, connection), nothing)
    return Fixed("", nothing)


def _sender(name: str, connection: Connection) -> Sender:
    to = tuple(connection.to)
    match connection.system:
        case "slack":
            by_token = not _is_hook(connection)
            (_slack if by_token else _hook)(name, connection)
            return Slack(to=to, by_token=by_token)
        case "webhook":
            _address(name, connection)
            per_minute = connection.messages_per_minute
            return Webhook(_secret(connection), per_minute=per_minute, to=to)
    sender = connection.sender
    if not sender:
        raise _missing(name, "sender", "the address that its mails come from")
    per_minute = connection.messages_per_minute
    return Mail(_server(name, connection), sender=sender, to=to, per_minute=per_minute)


def _server(name: str, connection: Connection) -> Server:
    host, colon, port = (connection.server or "").rpartition(":")
    host = host.removeprefix("[").removesuffix("]")  # as an address of IPv6 is written
    if not (host and colon and port.isdecimal()):
        raise _missing(name, "server", "a host and a port, such as smtp.example.com:587")
    if connection.tls == "none" and host not in LOOPBACK:
        raise ConfigFault(
            f"connections.{name}: expected tls to be starttls or implicit for {host}, found none: "
            "without it login and messages can be read on the way."
        )
    return Server(
        host=host,
        port=int(port),
        tls=connection.tls,
        login=connection.username or "",
        password=_secret(connection),
    )


def _is_hook(connection: Connection) -> bool:
    return _secret(connection).reveal().startswith(("https://", "http://"))


def _hook(name: str, connection: Connection) -> str:
    """Give a webhook's address, if it is Slack's own, or at the one address that is given."""
    text = _secret(connection).reveal().strip()
    url = URL(text)
    if connection.address is not None:
        believed = url.origin() == URL(connection.address).origin()
    else:
        believed = url.scheme == "https" and url.host in _SLACK_HOOKS
    if not believed:
        raise ConfigFault(
            f"connections.{name}: expected its secret to be a bot's token or an address at "
            f"https://hooks.slack.com, found an address at {url.host}."
        )
    return text


def _slack(name: str, connection: Connection) -> str:
    """Give where a bot's token is sent: to Slack, or to one that is played."""
    if connection.address is None:
        return SLACK_URL
    url = URL(connection.address)
    is_slacks = url.scheme == "https" and url.host in _SLACK
    if is_slacks or url.host in LOOPBACK or connection.mode == "test":
        return connection.address
    raise ConfigFault(
        f"connections.{name}.address: expected {SLACK_URL}, to which a bot's token goes, or a "
        f'sandbox on this machine or with mode = "test"; found {url.scheme}://{url.host}.'
    )


def _address(name: str, connection: Connection) -> str:
    if not connection.address:
        raise _missing(name, "address", "where messages are posted to, with https")
    try:
        check_address(connection.address, connection.mode)
    except Unfit as unfit:
        raise ConfigFault(f"connections.{name}.address: {unfit}.") from unfit
    return connection.address


def _secret(connection: Connection) -> Secret:
    assert connection.secret is not None, "a connection without a secret is refused when read"
    return connection.secret


def _missing(name: str, field: str, what: str) -> ConfigFault:
    return ConfigFault(f"connections.{name}: {field} is missing; expected {what}.")
