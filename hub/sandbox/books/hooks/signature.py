"""The signature of a webhook, as the vendor makes it.

Nothing in it tells when it was made, so whoever repeats a delivery is not found out by it.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER = "X-Zoho-Webhook-Signature"


def signed(
    secret: str,
    query: Iterable[tuple[str, str]],
    body: bytes,
    form: Iterable[tuple[str, str]] = (),
) -> str:
    """Sign a delivery; a body that is a form is signed by its pairs and not by its bytes."""
    return hmac.new(secret.encode(), _text(query, form) + body, hashlib.sha256).hexdigest()


def _text(query: Iterable[tuple[str, str]], form: Iterable[tuple[str, str]]) -> bytes:
    """Run the pairs together, sorted by their keys, with nothing in between."""
    pairs = sorted([*query, *form], key=lambda pair: pair[0])
    return "".join(key + value for key, value in pairs).encode()
