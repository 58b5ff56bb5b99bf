"""As of which stamp a record is known, by what stands around its delivery."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from hub.outbound.seen import known_of

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ({"agreed": {"customers": {"name": "Velm"}}, "told": {}}, AT),
        ({"agreed": {}, "told": {"payment_status_to_crm": "586a"}}, None),
        (
            {
                "agreed": {"customers": {"name": "Velm"}},
                "earlier": [{"customers": {"name": "Vel"}}],
                "found": True,
            },
            AT,
        ),
    ],
)
def test_a_record_is_known_as_of_the_last_write_of_a_sync(
    sent: dict[str, object], written: datetime | None
) -> None:
    row = {"said": None, "sent": msgspec.json.encode(sent), "stamp": None, "answered_at": AT}

    assert known_of(row).written == written
