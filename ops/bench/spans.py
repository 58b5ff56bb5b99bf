"""Take in spans as an OTLP backend does, and tell from them where the time of changes went."""

from __future__ import annotations

import statistics
from collections import defaultdict
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from opentelemetry.proto.trace.v1.trace_pb2 import Span

STEPS = ("append", "fold", "take", "vendor")
"""Until it is durable; until its turn to be folded has come; until the call is made, what is to be
said being worked out and announced; the call."""


class Spans:
    """What was handed over."""

    def __init__(self) -> None:
        self.url = ""
        self._bodies: list[bytes] = []

    async def take(self, request: web.Request) -> web.Response:
        self._bodies.append(await request.read())
        return web.Response()

    def milliseconds(self) -> dict[str, float]:
        """Give the median of each step, over the changes of which all is known."""
        traces: dict[bytes, dict[str, Span]] = defaultdict(dict)
        for span in self._spans():
            name = span.name
            if name == "project" and _said(span, "projector") != "sync":
                continue
            first = traces[span.trace_id].setdefault(name, span)
            if span.start_time_unix_nano < first.start_time_unix_nano:
                traces[span.trace_id][name] = span
        found = [steps for trace in traces.values() if (steps := _steps(trace))]
        if not found:
            return {"traces": 0}
        medians = {
            f"{name}_ms": statistics.median(each[number] for each in found) / 1e6
            for number, name in enumerate(STEPS)
        }
        return {"traces": len(found), **medians}

    def _spans(self) -> list[Span]:
        return [
            span
            for body in self._bodies
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@asynccontextmanager
async def spans() -> AsyncIterator[Spans]:
    """Listen for the length of a bench."""
    taken = Spans()
    app = web.Application(client_max_size=64 * 2**20)
    app.add_routes([web.post("/v1/traces", taken.take)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taken.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1/traces"
    try:
        yield taken
    finally:
        await runner.cleanup()


def _steps(trace: dict[str, Span]) -> list[int]:
    if not {"receive", "append", "project", "deliver"} <= trace.keys():
        return []
    ends = [
        trace["receive"].start_time_unix_nano,
        trace["append"].end_time_unix_nano,
        trace["project"].start_time_unix_nano,
        trace["deliver"].start_time_unix_nano,
        trace["deliver"].end_time_unix_nano,
    ]
    return [after - before for before, after in pairwise(ends)]


def _said(span: Span, name: str) -> str:
    return next((one.value.string_value for one in span.attributes if one.key.endswith(name)), "")
