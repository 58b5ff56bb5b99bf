"""As of which stamp a record is known: what is written to it was decided on that."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

_read_said = msgspec.json.Decoder(dict[str, tuple[datetime, int]]).decode


class _Sent(msgspec.Struct, frozen=True, kw_only=True):
    agreed: dict[str, msgspec.Raw] = {}


_read_sent = msgspec.json.Decoder(_Sent).decode


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """When a record was last heard of, and which fields were last heard of before that."""

    stamp: datetime | None = None
    said: dict[str, datetime] = {}
    written: datetime | None = None
    """The stamp of the hub's own last write, which was made to what was seen before it."""

    def of(self, fields: Iterable[str]) -> datetime | None:
        """Give the stamp up to which all is known of these fields."""
        words = [self.said[name] for name in fields if name in self.said]
        heard = min(words, default=self.stamp)
        return max(filter(None, (heard, self.written)), default=None)


def known_of(row: Any) -> Known:
    """Read it from what stands around a delivery."""
    said = {} if row["said"] is None else _read_said(row["said"])
    # Of what flows only tell, others went along in the call, and no condition was made.
    sent = _Sent() if row["sent"] is None else _read_sent(row["sent"])
    return Known(
        stamp=row["stamp"],
        said={name: stamp for name, (stamp, _) in said.items()},
        written=row["answered_at"] if sent.agreed else None,
    )
