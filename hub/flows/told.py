"""Tell one telling from another: what was written back, and what was told since."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

_encode = msgspec.json.Encoder(order="sorted", decimal_format="number").encode


def digest_of(fields: Mapping[str, Any]) -> str:
    return sha256(_encode(fields)).hexdigest()[:16]
