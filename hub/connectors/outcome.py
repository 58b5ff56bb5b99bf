"""What came of a call to a vendor: four answers to the question what to do next.

Done     it is so                       RetryAt  nothing was done: the same call again, at a moment
Refused  the same call never succeeds   Unknown  it may have been done: look before calling again
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal
from typing import Any, Literal

import msgspec

Because = Literal["authorisation", "quota", "data", "missing", "passing", "alike", "changed"]
"""What a refusal is about, which says who can mend it.

authorisation  the connection may not do this: consent, scope, role, a dead grant
quota          a limit that waiting does not lift: more than a plan, a record or a field can hold
data           what was sent is not acceptable
missing        the record, or one that it refers to, is not there
passing        the record is in a state that ends: locked, awaiting approval, in a closed period
alike          what was to be made may be there already, made by somebody else
changed        the record is another than the one that was seen: it is read, and judged, again
"""

_JSON = msgspec.json.Decoder(float_hook=Decimal)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a vendor said, as it came; header names are in lower case."""

    status: int
    headers: dict[str, str] = {}
    body: bytes = b""
    at: datetime
    """When the last byte of it was there."""

    def said(self) -> Any:
        """Give the JSON of it, None for an empty body; no number in it is a float."""
        return _JSON.decode(self.body) if self.body else None


class Done(msgspec.Struct, frozen=True, kw_only=True, tag="done"):
    """It is so, and this is what the vendor said."""

    sentence: str
    answer: Answer


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """The same call will be refused again; nothing was done."""

    sentence: str
    because: Because
    reason: str
    """The vendor's own code, or the hub's word where the hub refused."""


class RetryAt(msgspec.Struct, frozen=True, kw_only=True, tag="retry_at"):
    """Nothing was done; the same call may succeed at this moment."""

    sentence: str
    at: datetime


class Unknown(msgspec.Struct, frozen=True, kw_only=True, tag="unknown"):
    """It left and no answer that says anything came: it may have been done."""

    sentence: str


Outcome = Done | Refused | RetryAt | Unknown
