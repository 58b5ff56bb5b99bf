"""All the systems the sandbox plays, on one world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.accounts import Accounts
from hub.sandbox.books import Books
from hub.sandbox.crm import Crm
from hub.sandbox.desk import Desk
from hub.sandbox.notify import sinks
from hub.sandbox.pubsub import PubSub
from hub.sandbox.salesforce import Salesforce

if TYPE_CHECKING:
    from hub.sandbox.system import System
    from hub.sandbox.world import World


def all_systems(world: World) -> list[System]:
    """Make one of each; the accounts come first, for the others ask them who is calling."""
    accounts = Accounts(world)
    zoho: list[System] = [Crm(world, accounts), Books(world, accounts), Desk(world, accounts)]
    salesforce = Salesforce(world)
    pubsub = PubSub(salesforce.org, salesforce.sessions)
    salesforce.streams = pubsub.act
    return [accounts, *zoho, salesforce, pubsub, *sinks(world)]
