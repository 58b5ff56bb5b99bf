"""The messages are what the .proto says, and the .proto says what the vendor publishes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hub.connectors.pubsub import pubsub_pb2 as wire

PLACE = Path("hub/connectors/pubsub")
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", ["pubsub_pb2.py", "pubsub_pb2.pyi"])
def test_what_stands_beside_the_proto_is_made_from_it(name: str, tmp_path: Path) -> None:
    made = [f"--{out}_out={tmp_path}" for out in ("python", "pyi")]

    subprocess.run(
        [sys.executable, "-m", "grpc_tools.protoc", "--proto_path=.", *made,
         f"{PLACE}/pubsub.proto"],
        cwd=ROOT, check=True,
    )  # fmt: skip

    assert (tmp_path / PLACE / name).read_text() == (ROOT / PLACE / name).read_text()


def test_a_request_is_on_the_wire_as_the_vendor_numbers_it() -> None:
    request = wire.FetchRequest(
        topic_name="/data/AccountChangeEvent",
        replay_preset=wire.CUSTOM,
        replay_id=b"\0\x01",
        num_requested=100,
    )

    assert request.SerializeToString() == (
        b"\x0a\x18/data/AccountChangeEvent\x10\x02\x1a\x02\0\x01\x20\x64"
    )


def test_the_service_has_the_vendors_name_and_six_calls() -> None:
    service = wire.DESCRIPTOR.services_by_name["PubSub"]

    assert service.full_name == "eventbus.v1.PubSub"
    assert [one.name for one in service.methods] == [
        "Subscribe", "GetSchema", "GetTopic", "Publish", "PublishStream", "ManagedSubscribe",
    ]  # fmt: skip
