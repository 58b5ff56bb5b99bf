"""What an org tells of its records as they change, for the few objects that it does so of.

A record with line items is read when something happens to it: of its lines nothing is told.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

import msgspec

from hub.errors import ConfigFault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from hub.connectors.connector import Told
    from hub.connectors.http import Vendor
    from hub.connectors.pubsub.stream import Topics
    from hub.connectors.salesforce.kinds import SalesforceKind

STREAMS_MAX = 5
"""Of so many objects an org tells that has bought no more."""

POLL_SECONDS = 900.0
"""What is told is polled, too, for nobody promises that all is; but more seldom."""


async def changes(
    topics: Topics, vendor: Vendor, kind: SalesforceKind, cursor: str
) -> AsyncGenerator[Told, None]:
    """Tell what happens to the records of a kind."""
    async with aclosing(topics.stream(vendor, topic_of(kind.name), cursor)) as batches:
        async for told in batches:
            yield _without_words(told) if kind.lines else told


def streaming(
    kinds: Mapping[str, SalesforceKind], streamed: Sequence[str]
) -> dict[str, SalesforceKind]:
    """Give the kinds, of which those that are told of are polled more seldom."""
    for name in streamed:
        if name not in kinds or kinds[name].within:
            known = ", ".join(one.name for one in kinds.values() if not one.within)
            raise ConfigFault(f"change_events: expected some of {known}; found {name!r}.")
    return {
        name: msgspec.structs.replace(kind, notifies=True, poll_seconds=POLL_SECONDS)
        if name in streamed
        else kind
        for name, kind in kinds.items()
    }


def topic_of(name: str) -> str:
    """Name the topic of an object: a custom one, Foo__c, has its events in Foo__ChangeEvent."""
    return f"/data/{name.removesuffix('c') if name.endswith('__c') else name}ChangeEvent"


def _without_words(told: Told) -> Told:
    heard = [msgspec.structs.replace(one, seen=None) for one in told.heard]
    return msgspec.structs.replace(told, heard=heard)
