"""What is not known for certain of the vendor, played one way and switchable to the other."""

from __future__ import annotations

from typing import Literal

import msgspec


class BooksQuirks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The defaults are those that are harder on a client."""

    echo_api_writes: bool = True
    """Workflow rules fire for API writes too, so that a client hears of its own."""
    payments_fire_invoice_rules: bool = True
    """Paying, crediting or reopening an invoice counts as an edit of it."""
    overdue_fires_rules: bool = False
    """An invoice that becomes overdue counts as edited; its stamp stays either way."""
    overdue_hides_partially_paid: bool = True
    contact_moves_with_receivables: bool = False
    """Whatever changes what a customer owes also changes his `last_modified_time`."""
    hook_form: Literal["json", "jsonstring"] = "json"
    """`jsonstring` is the old format: a form with the one field JSONString."""
    hook_payment_key: Literal["payment", "customer_payment"] = "payment"

    organization_guessed: bool = False
    """Without organization_id the default organisation is taken; else the call is refused."""
    duplicate_names_allowed: bool = False
    not_found_status: Literal[404, 400] = 404
    payments_on_drafts: bool = True
    taxes_enabled: bool = True
    """Off: a tax on a line is refused with 110817."""

    upsert_writes_key: bool = False
    """The value of X-Unique-Identifier-Value is written; else the body must carry it too."""
    upsert_created_status: Literal[201, 200] = 201
    unique_match_exact_case: bool = True

    modified_filter: Literal["moment", "day", "none"] = "moment"
    """`day` takes the moment for its day, and gives what changed on that alone, as journals do;
    `none` ignores it."""
    modified_filter_everywhere: bool = False
    """`last_modified_time` filters all lists; else invoices alone, and others ignore it."""
    modified_filter_inclusive: bool = False
    list_lag_seconds: int = 0
    """How long a new record stays away from lists and searches."""

    calls_per_minute: int = 100
    calls_per_minute_before_block: int = 1100
    """Beyond so many in a rolling minute, refused ones counted: code 43, for an hour."""
    block_seconds: int = 3600
    calls_per_day: int | None = None
    """Instead of what the organisation's plan allows."""
    calls_in_flight_max: int | None = None
    """Instead of 5 on the free plan and 10 on others."""
    calls_in_flight: int = 0
    """Calls that others seem to have in process all the time."""
