"""How one delivery moves: by what is announced as sent, and by what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.conclusions import WITHDRAWN
from hub.flows.judge.reasons import ADOPTED
from hub.flows.told import digest_of

if TYPE_CHECKING:
    from hub.events import Answered, Event, Sending
    from hub.projectors.sync.delivery_rows import Delivery


def sent(row: Delivery, what: Sending) -> Delivery:
    said: dict[str, Any] = {"agreed": what.agreed, "told": what.told}
    if what.narrowed:
        said["narrowed"] = what.narrowed
    if not row.record and row.sent:
        before = [*row.sent.get("earlier", ()), row.sent.get("agreed", {})]
        if earlier := [each for each in before if each != what.agreed]:
            said["earlier"] = earlier
    return msgspec.structs.replace(row, state="sending", attempt=what.attempt, sent=said)


def answered(row: Delivery, what: Answered) -> Delivery:
    said = {"because": what.because, "reason": what.sentence}
    if what.outcome == "done":
        told = {
            flow: fields
            for flow, fields in row.told.items()
            if digest_of(fields) != row.sent.get("told", {}).get(flow)
        }
        return msgspec.structs.replace(
            row, state="done", record=what.record or row.record, told=told, look=False,
            sent=made_by(row, what), not_before=None, answered_at=what.at, because="", reason="",
        )  # fmt: skip
    if what.outcome == "refused":
        # What was unknown before stays to be looked at, when it is tried again.
        return msgspec.structs.replace(row, state="parked", **said)
    unknown = what.outcome == "unknown"
    return msgspec.structs.replace(row, state="owed", look=unknown, not_before=what.until, **said)


def made_by(row: Delivery, what: Answered) -> dict[str, Any]:
    """Give what was sent to a record, now that it is written.

    One that was found was made by an earlier attempt, of which no answer came; nothing tells by
    which of them, so all are kept that differ.
    """
    sent = {name: said for name, said in row.sent.items() if name != "earlier"}
    if not is_found(row, what):
        return sent
    attempts = [*row.sent.get("earlier", ()), sent.get("agreed", {})]
    return {**sent, "agreed": attempts[0], "earlier": attempts[1:], "found": True}


def is_found(row: Delivery, what: Answered) -> bool:
    """Tell whether what was to be made again was looked for, found, and left as it was.

    What bears no mark is found by what it says: the hub has made it where an answer is missing.
    """
    is_again = row.look or (what.attempt > 1 and what.because != ADOPTED)
    return not row.record and is_again and what.was_there


def is_withdrawn(row: Delivery) -> bool:
    return row.state == "skipped" and row.because == WITHDRAWN


def is_unwanted(row: Delivery, what: Answered, event: Event) -> bool:
    """Tell whether what was to be made is wanted no more, and nothing of it was sent."""
    is_unsent = what.outcome in ("refused", "retry_at") and event.record is None
    return is_unsent and (is_withdrawn(row) or (row.state == "done" and bool(row.record)))
