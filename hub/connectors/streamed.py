"""Of which kinds a vendor is to tell over a stream, where it does so of a few alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.connectors.connector import Kind, Streaming


def streamed_of(connector: Streaming, kinds: Mapping[str, Kind], about: Sequence[str]) -> list[str]:
    """Give those that the settings name, else the first that flows are about."""
    if connector.streamed is not None:
        return list(connector.streamed)
    known = [name for name in about if name in kinds and not kinds[name].within]
    return known[: connector.streams_max]
