"""The name of every span. `span` and `event_span` take no other, so this list is complete.

A span of one event stands in that event's own trace; a span of a batch or a page links to the
traces of the events in it.
"""

from __future__ import annotations

from typing import Literal

SpanName = Literal[
    # inbound: one request of a webhook or a push, until it is answered
    "receive",
    # log: one event, from the queue until it is durable
    "append",
    # log: one commit of the appender, with links to its events
    "append batch",
    # log: one partition written to its archive file
    "archive partition",
    # log: the chain proved from one position to another
    "verify",
    # projectors: one event, as one projector folded it
    "project",
    # projectors: one page read, folded and written, with links to its events
    "project page",
    # outbound: one delivery, while it is written or looked at
    "deliver",
    # outbound: several in one call, with links to what led to them
    "deliver batch",
    # connectors: one call to a vendor, one attempt
    "call vendor",
    # replay: the tables of a projector rebuilt from the log and swapped in
    "rebuild",
]

SpanKind = Literal["internal", "server", "client", "producer", "consumer"]
