"""Which streams are followed: of the kinds that settings name, else of those flows are about."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from hub.connectors.salesforce import Salesforce
from hub.connectors.streamed import streamed_of
from hub.flows.about import kinds_about
from hub.flows.load.document import template, templates
from hub.flows.load.installed import load_installed, resolved
from tests.inbound.ground import SOON
from tests.inbound.played_hub import until
from tests.inbound.streamed_hub import streamed
from tests.sandbox.pubsub.org import an_org

if TYPE_CHECKING:
    from hub.settings import Settings


def test_of_salesforce_those_are_followed_that_flows_are_about_five_at_most() -> None:
    flows = [load_installed(resolved(template(name), name), {}) for name in templates()]
    org = Salesforce("hub", streamed=None)

    about = kinds_about(flows, "salesforce")

    assert set(streamed_of(org, org.kinds, about)) == {"Account", "Contact", "Opportunity"}
    assert len(streamed_of(org, org.kinds, list(org.kinds))) == 5


def test_what_the_settings_name_is_followed_whatever_flows_are_about() -> None:
    for named in ([], ["Case"]):
        org = Salesforce("hub", streamed=named)

        assert streamed_of(org, org.kinds, ["Account"]) == named


def test_lines_are_never_followed_for_nothing_is_told_of_them() -> None:
    org = Salesforce("hub", streamed=None)

    assert streamed_of(org, org.kinds, ["OpportunityLineItem", "Account"]) == ["Account"]


async def test_a_stream_begins_with_its_flow_and_ends_with_it_and_is_not_taken_for_silent(
    place: Settings,
) -> None:
    about: list[str] = []

    async def told(*_: object) -> list[str]:
        return about

    async with an_org() as org:
        one = org.make(Name="Lumen", Phone="1")
        with patch("hub.app.Hub._about", told), patch("hub.inbound.streams.LOOK_SECONDS", SOON):
            async with streamed(place, org, chosen=None) as hub:
                about.append("Account")
                await hub.listens()
                org.edit(one, Phone="2")
                await hub.knows(**{one: {"Phone": "2"}})

                about.clear()

                async def nothing_is_expected() -> bool:
                    rows = await hub.rows(
                        "select overdue_at from roads where road = 'stream' and kind = 'Account'"
                    )
                    return [row["overdue_at"] for row in rows] == [None]

                await until(nothing_is_expected, lambda: "the stream is still expected")

                about.append("Account")
                org.edit(one, Phone="3")
                await hub.knows(**{one: {"Phone": "3"}})
