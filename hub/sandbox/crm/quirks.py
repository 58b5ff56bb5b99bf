"""What of this vendor nobody has confirmed, or differs from account to account: switches of it."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

Edition = Literal["free", "standard", "professional", "enterprise", "ultimate"]


class Quirks(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How this organisation behaves where the vendor's own pages are silent or undecided."""

    time_zone: str = "Europe/Lisbon"
    """Every time is told in the zone of the organisation."""

    multi_currency: bool = True
    """Off: records have neither Currency nor Exchange_Rate, and there is no list of currencies."""

    edition: Edition = "enterprise"
    users_paid: int = 5
    """Together they make the credits of 24 hours."""

    credits_per_day: int | None = None
    """Takes the place of what edition and users would give."""

    calls_at_once: int | None = None
    """Takes the place of the edition's number of calls at a time."""

    heavy_calls_at_once: int = 10
    """How many calls at a time may be searches, queries, sorted lists or larger writes."""

    search_lag_seconds: float = 30.0
    """How long a write takes to be found by search."""

    bulk_step_seconds: float = 5.0
    """How long a bulk read stays in each of its states."""

    missing_record_status: Literal[204, 400, 404] = 204
    """What a single GET says of an id that is not there; all three have been declared."""

    narrow_scope_status: Literal[401, 403] = 401
    """What is said of a token whose scopes do not reach so far; both have been declared."""

    duplicate_told: Literal["both", "id", "record", "neither"] = "both"
    """How DUPLICATE_DATA names the other record: by `id`, by `duplicate_record`, or not at all."""

    echo_api_writes: bool = True
    """Whether what was written through the API is notified like what people do."""

    trigger_silences_watch: bool = False
    """Whether a write with an empty `trigger` goes without notifications."""

    related_touch: bool = True
    """Whether a note or a task moves the Modified_Time of the record that it hangs on."""

    condition_header: str = "If-Unmodified-Since"
    """The header by which a record is changed only if nobody has since; empty: there is none."""

    stage_in_blueprint: bool = False
    """Whether a deal's Stage moves only by the blueprint's transitions."""

    coql_needs_nesting: bool = True
    """Whether three conditions in one pair of parentheses are a syntax error."""

    coql_columns_max: int = 50
    watch_token_length_max: int = 50
    """Both are told differently in different places."""

    approval_state: bool = True
    """Whether the answer to a write tells `$approval_state`."""

    def __post_init__(self) -> None:
        """Refuse a zone that there is not, for every answer tells times in it."""
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            wanted = "expected the name of a time zone, such as Europe/Lisbon"
            raise ValueError(f"time_zone: {wanted}; found {self.time_zone!r}.") from None
