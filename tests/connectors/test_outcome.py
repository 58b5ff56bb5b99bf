"""An outcome can be kept and read again."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from hub.connectors.outcome import Answer, Done, Outcome, Refused, RetryAt, Unknown


def test_an_outcome_is_read_from_json_as_it_was_written() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    outcomes: list[Outcome] = [
        Done(sentence="made", answer=Answer(status=201, body=b"{}", at=now)),
        Refused(sentence="no", because="data", reason="3062"),
        RetryAt(sentence="later", at=now),
        Unknown(sentence="who knows"),
    ]

    written = msgspec.json.encode(outcomes)

    assert msgspec.json.decode(written, type=list[Outcome]) == outcomes
