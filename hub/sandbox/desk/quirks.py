"""What of this vendor nobody has confirmed, or differs from account to account: switches of it."""

from __future__ import annotations

from typing import Literal

import msgspec

Edition = Literal["Free", "Express", "Standard", "Professional", "Enterprise"]


class DeskQuirks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The defaults are those that are harder on a client."""

    time_zone: str = "Europe/Lisbon"
    edition: Edition = "Enterprise"
    users_paid: int = 4
    credits_per_day: int | None = None
    """Takes the place of what edition and users would give."""
    calls_at_once: int | None = None
    """Takes the place of the edition's number of calls at a time."""

    search_lag_seconds: float = 60.0
    """How long what was written takes to reach the index that is searched."""
    search_from_max: int = 999
    """How far into what is found one may go; older pages say 4999."""

    echo_api_writes: bool = True
    """What was written through the API is told like what people do."""
    reject_ignore_source: bool = False
    """A webhook with ignoreSourceId is refused, as was seen of a well-formed one."""
    heed_source: bool = True
    """The header sourceId keeps a webhook with the same ignoreSourceId from being told."""
    prev_state: Literal["whole", "changed"] = "whole"
    """What prevState holds: the record as it was, or the fields that changed."""
    event_time: Literal["milliseconds", "iso"] = "milliseconds"
    jwt_time: Literal["seconds", "milliseconds"] = "seconds"
    jwt_seconds: int = 300
    """How long the proof of a delivery is good."""

    history_order: Literal["newest", "oldest"] = "oldest"
    """Which row of a ticket's history comes first."""

    tags_touch: bool = False
    """Whether a tag moves the ticket's modifiedTime, and is told as its update."""
    comments_touch: bool = False
    """The same of a comment and a thread."""
    flags_touch: bool = False
    """The same of isOverDue and isEscalated, which the clock turns."""
    escalate_after_seconds: float = 3_600.0
    """How long after its due date a ticket that is still open is escalated."""
    escalation_stamps: str = ""
    """A cf_ field of the ticket that the escalation sets to "breached"; empty: none."""
    restore_told: bool = False
    """Whether a ticket that comes back from the bin is told as its update."""

    trashed_shown: bool = False
    """Whether what is in the bin is still given by its id, with isTrashed."""
    emails_unique: bool = False
    """Whether a second contact with the same e-mail is refused."""
    unknown_keys: Literal["refused", "dropped"] = "refused"
    """What becomes of a key in a body that the schema does not have."""
    agent_in_department: bool = True
    """Whether an agent of another department is refused."""
    blueprint: bool = False
    """Whether the status of a ticket is moved by a blueprint alone."""
    organisation_needed: bool = True
    """Whether a call that names no organisation is refused."""
