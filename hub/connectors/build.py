"""From the settings of a connection to its connector and its way out."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from hub.connectors.budget import Budget
from hub.connectors.http import Vendor
from hub.connectors.notify.made import SYSTEMS, fixed_of, notifier_of
from hub.connectors.oauth import ByRefreshToken, Client, Tokens
from hub.connectors.pubsub.stream import Topics
from hub.connectors.salesforce import Salesforce
from hub.connectors.salesforce import kinds as salesforce_kinds
from hub.connectors.salesforce.changes import streaming
from hub.connectors.salesforce.login import DOMAINS
from hub.connectors.salesforce.login import login_of as salesforce_login
from hub.connectors.zoho import accounts_of, desk_url
from hub.connectors.zoho_books import ZohoBooks
from hub.connectors.zoho_books import kinds as books_kinds
from hub.connectors.zoho_crm import ZohoCrm
from hub.connectors.zoho_crm import kinds as crm_kinds
from hub.connectors.zoho_desk import ZohoDesk
from hub.connectors.zoho_desk import kinds as desk_kinds
from hub.errors import ConfigFault
from hub.settings.address import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.connector import Connector
    from hub.connectors.http import TokenSource
    from hub.connectors.oauth import Login
    from hub.database import Database
    from hub.settings import Connection
    from hub.vault import Vault


EMPTY: Mapping[str, Literal[""]] = {"zoho_books": ""}
"""What clears a field, by system, where that is not null."""

WAIT_SECONDS_MAX = 5.0
"""How long a call may wait for its turn; beyond that, whoever makes it is told when to come."""


PLANS: Mapping[str, Mapping[str, object]] = {
    "zoho_crm": crm_kinds.PLANS,
    "zoho_books": books_kinds.PLANS,
    "zoho_desk": desk_kinds.PLANS,
    "salesforce": salesforce_kinds.PLANS,
}
"""What can be paid for at each vendor; another word would count as the least of them."""


def connector_of(name: str, connection: Connection) -> Connector | None:
    """Give the connector of a connection; None for one that has no vendor behind it."""
    check(name, connection)
    match connection.system:
        case "zoho_crm":
            return ZohoCrm(connection.plan, connection.condition_header)
        case "zoho_books":
            organization = _must_have(name, connection, "organization")
            return ZohoBooks(organization, connection.plan)
        case "zoho_desk":
            return ZohoDesk(
                _must_have(name, connection, "organization"),
                connection.plan,
                base_url=connection.address or desk_url(connection.data_centre),
                source=connection.source_id or "",
                open_seconds=connection.open_tickets_seconds,
                tags=connection.tags,
                history_rows=connection.history_rows,
                departments=connection.departments,
            )
        case "salesforce":
            client_id = _must_have(name, connection, "client_id")
            return Salesforce(
                called(client_id),
                plan=connection.plan,
                custom=connection.objects,
                version=connection.api_version,
                topics=_topics(connection),
                streamed=connection.change_events,
            )
        case "slack" | "email" | "webhook":
            return notifier_of(name, connection)
        case "push":
            return None


def check(name: str, connection: Connection) -> None:
    """Refuse what the system of a connection does not know, or nobody vouches for."""
    plans = PLANS.get(connection.system)
    if plans is not None and connection.plan not in plans:
        raise ConfigFault(
            f"connections.{name}.plan: expected one of the plans of {connection.system} "
            f"({', '.join(plans)}), found {connection.plan}."
        )
    if connection.system != "salesforce":
        return
    if not _is_believed(connection.stream_address):
        raise ConfigFault(
            f"connections.{name}.stream_address: expected grpcs:// and a host of Salesforce, or a "
            "sandbox on this machine, for it is shown the token; found "
            f"{connection.stream_address}."
        )
    try:
        kinds = salesforce_kinds.kinds_of(connection.objects, connection.api_version)
        streaming(kinds, connection.change_events or ())
    except ConfigFault as fault:
        raise ConfigFault(f"connections.{name}.{fault}") from fault


def _is_believed(stream_address: str) -> bool:
    place = urlsplit(stream_address)
    host = place.hostname or ""
    return host in LOOPBACK or (place.scheme == "grpcs" and host.endswith(DOMAINS))


def source_of(name: str, connection: Connection, database: Database, vault: Vault) -> TokenSource:
    """Give where a connection has its tokens from."""
    if connection.system in SYSTEMS:
        return fixed_of(name, connection)
    return tokens_of(name, connection, database, vault)


def _topics(connection: Connection) -> Topics:
    silence = connection.stream_silence_seconds_max
    return Topics(connection.stream_address, silence_seconds_max=silence)


def tokens_of(name: str, connection: Connection, database: Database, vault: Vault) -> Tokens:
    """Give the tokens of a connection that is let in at its vendor."""
    return Tokens(database, vault, name, login=login_of(name, connection))


def login_of(name: str, connection: Connection) -> Login:
    """Give the way in which a connection is let in at its vendor."""
    client_id = _must_have(name, connection, "client_id")
    assert connection.secret is not None, "a connection without a secret is refused when read"
    client = Client(client_id=client_id, client_secret=connection.secret)
    if connection.system == "salesforce":
        return salesforce_login(name, connection, client)
    return ByRefreshToken(client, accounts_of(connection))


def vendor_of(
    name: str,
    connector: Connector,
    tokens: TokenSource,
    database: Database,
    *,
    wait_seconds_max: float = WAIT_SECONDS_MAX,
) -> Vendor:
    """Give the one way out of a connection."""
    budget = Budget(database, name, connector.windows, connector.at_once)
    return Vendor(
        name,
        tokens=tokens,
        budget=budget,
        judge=connector.judge,
        scheme=connector.scheme,
        wait_seconds_max=wait_seconds_max,
    )


def called(client_id: str) -> str:
    """Name the hub to a vendor that notes who writes: each installation has a client of its own."""
    return f"hub-{sha256(client_id.encode()).hexdigest()[:12]}"


def _must_have(name: str, connection: Connection, field: str) -> str:
    value = getattr(connection, field)
    if not value:
        raise ConfigFault(
            f"connections.{name}: {field} is missing; a connection of the system "
            f"{connection.system} needs it."
        )
    return str(value)
