"""A trace sent to a backend that was written by others (MLflow), and read back through its API."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub import observe
from tests.foreign import python_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

MLFLOW = "mlflow==3.17.2"

START_SECONDS_MAX = 120
READ_BACK = """
import json, mlflow, sys
mlflow.set_tracking_uri(sys.argv[1])
traces = mlflow.search_traces(locations=["0"], return_type="list")
print(json.dumps([
    {"trace": s.trace_id, "name": s.name, "span": s.span_id, "parent": s.parent_id,
     "status": s.status.status_code.value,
     "attributes": {k: str(v) for k, v in s.attributes.items()}}
    for trace in traces for s in trace.data.spans
]))
"""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A span as MLflow tells it."""

    trace: str
    name: str
    span: str
    parent: str | None
    status: str
    attributes: dict[str, str]


def test_mlflow_shows_one_trace_with_the_right_parents(
    mlflow: str, start: Callable[..., observe.Telemetry]
) -> None:
    telemetry = start(
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{mlflow}/v1/traces",
        OTEL_EXPORTER_OTLP_HEADERS="x-mlflow-experiment-id=0",
        OTEL_TRACES_SAMPLER="always_on",
    )

    with observe.span("receive", kind="server", connection="crm"):
        stored = observe.traceparent()
    now = time.time_ns()
    observe.event_span("append", stored, now, now + 1_000_000, position=42)
    with pytest.raises(ValueError, match="odd"), observe.span("project", parent=stored):
        raise ValueError("odd")
    telemetry.stop()

    seen = {span.name: span for span in read_back(mlflow)}
    receive, append, project = seen["receive"], seen["append"], seen["project"]
    # MLflow writes its own prefix before the id.
    assert {receive.trace, append.trace, project.trace} == {f"tr-{stored[3:35]}"}
    assert (receive.parent, receive.span) == (None, stored[36:52])
    assert append.parent == project.parent == receive.span
    assert (append.status, project.status) == ("UNSET", "ERROR")
    assert append.attributes["hub.position"] == "42"


@pytest.fixture
def mlflow(tmp_path: Path) -> Iterator[str]:
    """Give the address of an MLflow server that lives as long as the test."""
    python = python_with(MLFLOW)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    store = f"sqlite:///{tmp_path}/mlflow.db"
    command = [str(python), "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--workers", "1", "--backend-store-uri", store],
            cwd=tmp_path,
            env=quiet(),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until_up(port, server, tmp_path / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        # The session that it leads: its workers must not outlive it.
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def quiet() -> dict[str, str]:
    """Give an environment in which MLflow serves, and does nothing beside it."""
    return os.environ | {
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "DO_NOT_TRACK": "true",
    }


def wait_until_up(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        assert server.poll() is None, f"MLflow ended: {log.read_text()[-2000:]}"
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=1)) as http:
                http.request("GET", "/health")
                if http.getresponse().status == HTTPStatus.OK:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"MLflow did not answer within {START_SECONDS_MAX} s: {log.read_text()[-2000:]}")


def read_back(address: str) -> list[Seen]:
    done = subprocess.run(
        [python_with(MLFLOW), "-c", READ_BACK, address],
        capture_output=True,
        text=True,
        check=True,
        env=quiet(),
    )
    return msgspec.convert(json.loads(done.stdout.splitlines()[-1]), list[Seen])
