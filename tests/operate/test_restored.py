"""After a restore: what is looked through for the hub's marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from hub.connectors.build import connector_of
from hub.operate.restored import kinds_made
from hub.settings import Connection, Secret
from tests.flows.judge.told import scene_for

if TYPE_CHECKING:
    from hub.connectors.connector import Connector
    from hub.operate.restored import Place


class Account:
    """A connection to the CRM."""

    name = "crm"

    def __init__(self) -> None:
        settings = Connection(system="zoho_crm", client_id="1", secret=Secret("s"))
        self.connector = cast("Connector", connector_of(self.name, settings))


@pytest.mark.parametrize(
    ("flow", "kinds"),
    [
        ("customers", ["Accounts", "Contacts"]),
        ("overdue_invoice_task", ["Tasks"]),
        ("payment_status_to_crm", []),
    ],
)
def test_every_kind_is_read_of_which_a_flow_makes_records(flow: str, kinds: list[str]) -> None:
    place = cast("Place", Account())

    found = kinds_made([scene_for(flow).flows[flow]], place)

    assert sorted(kind.name for kind in found) == kinds
