"""What of this vendor nobody has confirmed, or differs from org to org: switches of it."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec


class Quirks(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How this org behaves where the vendor's own pages are silent, or orgs differ."""

    time_zone: str = "Europe/Lisbon"
    """Of the organisation and its users; days in queries are counted in it."""

    multi_currency: bool = True
    """Off: no CurrencyIsoCode on any record, and no CurrencyType."""

    dated_rates: bool = True
    """Whether there are rates with a first day, DatedConversionRate."""

    quotes: bool = True
    """Off: Quote and its lines are no objects of this org."""

    cpq: bool = True
    """Off: the objects of SBQQ__ are not installed."""

    state_picklists: bool = False
    """On: addresses have StateCode and CountryCode, and take only words that they know."""

    calls_per_day: int = 100_000
    """In any 24 hours."""

    session_seconds: float = 7_200.0
    """A session lives so long after it was used last."""

    rotates_refresh_tokens: bool = False
    """On: each exchange gives a new refresh token, and ends the one before."""

    expiry_is_checked: bool = True
    """Off: an assertion is taken whenever it was to end, for a sandbox whose clock was moved on."""

    page_rows_max: int = 2_000
    """The most rows of a page of a query, whatever is asked for."""

    lines_per_page: int = 200
    """How many child rows a record brings along before there is a next page of them."""

    lock_status: Literal[400, 500] = 400
    """With which status a locked row is refused; both were seen."""

    duplicates_key: Literal["duplicateResut", "duplicateResult"] = "duplicateResut"
    """How the answer of a duplicate rule spells its own key; both were seen."""

    duplicate_rule: Literal["off", "alert", "block"] = "off"
    """What the rule of this org for accounts of the same name and contacts of one e-mail does."""

    people_commit_seconds: float = 0.0
    """How long what a person changes takes until others see it; its stamp is of the beginning."""

    delete_log_days: int = 15
    """How far back the list of what was deleted goes."""

    replication_days: int = 30
    """How far back it may be asked what changed and what was deleted; more, for a sandbox whose
    clock was moved on."""

    assigns_cases: bool = True
    """Whether a rule of the org says whose a new case is, unless a call asks that none runs."""

    amount_of_lines_is_refused: bool = False
    """On: a write of Amount on an opportunity with lines is refused; off, it changes nothing."""

    def __post_init__(self) -> None:
        """Refuse a zone that there is not, for days are counted in it."""
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            wanted = "expected the name of a time zone, such as Europe/Lisbon"
            raise ValueError(f"time_zone: {wanted}; found {self.time_zone!r}.") from None
