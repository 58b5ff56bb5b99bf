"""A small OTLP/HTTP backend of our own: keeps what it is sent, or misbehaves as a test asks."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Literal

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

if TYPE_CHECKING:
    from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource
    from opentelemetry.proto.trace.v1.trace_pb2 import Span

Manner = Literal["takes", "fails", "hangs"]


class Receiver:
    """Listens on a free port until closed; `let_go` ends a hang."""

    def __init__(self, manner: Manner = "takes") -> None:
        self.manner = manner
        self.requests = 0
        self.headers: list[dict[str, str]] = []
        self.spans: list[Span] = []
        self.metrics: dict[str, Metric] = {}
        self.resources: list[Resource] = []
        self._go = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def span(self, name: str) -> Span:
        [found] = [span for span in self.spans if span.name == name]
        return found

    def let_go(self) -> None:
        self._go.set()

    def close(self) -> None:
        self.let_go()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, path: str, body: bytes) -> int:
        self.requests += 1
        if self.manner == "hangs":
            self._go.wait()
        if self.manner == "fails":
            return 500
        if path == "/v1/traces":
            self._take_spans(body)
        if path == "/v1/metrics":
            self._take_metrics(body)
        return 200

    def _take_spans(self, body: bytes) -> None:
        for of_resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.resources.append(of_resource.resource)
            for of_scope in of_resource.scope_spans:
                self.spans.extend(of_scope.spans)

    def _take_metrics(self, body: bytes) -> None:
        for of_resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            self.resources.append(of_resource.resource)
            for of_scope in of_resource.scope_metrics:
                self.metrics |= {metric.name: metric for metric in of_scope.metrics}

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler's
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.headers.append({k.lower(): v for k, v in self.headers.items()})
                self.send_response(receiver.take(self.path, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler
