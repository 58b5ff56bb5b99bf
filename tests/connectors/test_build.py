"""What the settings of a connection say that its system does not know is refused by its name."""

from __future__ import annotations

from typing import Any

import pytest

from hub.connectors.build import check, connector_of
from hub.connectors.notify.made import notifier_of
from hub.errors import ConfigFault
from hub.settings import Connection, Secret

MAIL: dict[str, Any] = {"system": "email", "secret": Secret("s"), "sender": "hub@example.com"}


def salesforce(**said: Any) -> Connection:
    return Connection(system="salesforce", client_id="3MVG9", secret=Secret("s"), **said)


def refused(connection: Connection) -> str:
    with pytest.raises(ConfigFault) as caught:
        connector_of("one", connection)
    return str(caught.value)


def test_a_plan_that_a_vendor_does_not_have_is_refused_with_those_that_it_has() -> None:
    books = Connection(system="zoho_books", plan="express", client_id="1", organization="7")

    assert refused(books) == (
        "connections.one.plan: expected one of the plans of zoho_books (free, standard, "
        "professional, premium, enterprise, ultimate), found express."
    )
    assert "of zoho_desk (free, express" in refused(Connection(system="zoho_desk", plan="premium"))


def test_of_a_change_event_that_is_none_the_connection_is_named() -> None:
    said = refused(salesforce(change_events=["Acount"]))

    assert said.startswith("connections.one.change_events: expected some of Account")


@pytest.mark.parametrize(
    "address",
    ["grpcs://example.com:7443", "grpcs://salesforce.com.example.com:7443", "grpc://a.b:1"],
)
def test_the_token_goes_to_no_stream_of_anybody_else(address: str) -> None:
    said = refused(salesforce(stream_address=address, mode="test"))

    assert said.startswith("connections.one.stream_address: expected grpcs:// and a host of Sal")
    assert address in said


@pytest.mark.parametrize(
    "address",
    ["grpcs://api.pubsub.salesforce.com:7443", "grpc://127.0.0.1:8901", "grpc://[::1]:8901"],
)
def test_a_stream_of_salesforce_or_of_this_machine_is_believed(address: str) -> None:
    check("one", salesforce(stream_address=address))


@pytest.mark.parametrize("server", ["[::1]:25", "127.0.0.1:25", "localhost:25"])
def test_a_mail_server_on_this_machine_needs_no_tls(server: str) -> None:
    notifier_of("mail", Connection(server=server, tls="none", **MAIL))


def test_a_mail_server_elsewhere_needs_it() -> None:
    with pytest.raises(ConfigFault, match="without it login and messages can be read"):
        notifier_of("mail", Connection(server="[2001:db8::1]:25", tls="none", **MAIL))
