"""Every error the hub raises on purpose, filed by what happens next.

HubError
├── ConfigFault          fix the configuration, then start again              exit 2
├── DatabaseFault        the database cannot be used
│   ├── DatabaseAway     wait: it is tried again until it answers             exit 3
│   └── DatabaseRefused  fix the database or what points at it                exit 3
├── EventRefused         this input is never taken as it is; mend and resend  HTTP 4xx
├── LogFull              try again after `retry_after_seconds`                HTTP 503
├── LogBroken            the log is not what was written: stop, look          exit 4
├── NotApplicable        a projector cannot apply this event: it is parked
├── LeaseLost            another process holds this work: step back
└── Refused              what was asked of a command cannot be done           exit 1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class HubError(Exception):
    """What went wrong, in a sentence that says what to do; `exit_code` is for commands."""

    exit_code = 1


class ConfigFault(HubError):
    """The configuration cannot be used as it stands; `faults` has each apart, for programs."""

    exit_code = 2

    def __init__(self, message: str, *, faults: Sequence[Mapping[str, object]] = ()) -> None:
        super().__init__(message)
        self.faults = list(faults)


class DatabaseFault(HubError):
    """The database cannot be used."""

    exit_code = 3


class DatabaseAway(DatabaseFault):
    """The database does not answer now; the same act may succeed later."""


class DatabaseRefused(DatabaseFault):
    """The database answers, but not with what the hub needs; waiting will not help."""


class EventRefused(HubError):
    """An event that can never be kept as it was handed in."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class LogFull(HubError):
    """More events are waiting than may wait; none of this call's was taken."""

    def __init__(self, message: str, *, retry_after_seconds: int = 1) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class LogBroken(HubError):
    """The log does not hold what was appended to it."""

    exit_code = 4

    def __init__(self, message: str, *, position: int) -> None:
        super().__init__(message)
        self.position = position


class NotApplicable(HubError):
    """This event cannot be applied; its record waits until a person has looked."""


class LeaseLost(HubError):
    """Another process has taken this work over; nothing of this page was kept."""


class Refused(HubError):
    """A command was asked for something that is not there or not allowed."""


def as_one(several: ExceptionGroup[Exception]) -> Exception:
    """Give what ended several tasks: by itself where that is one, and otherwise all of it.

    A database that is away ends every task that asks it: that is one fault, however many tell it.
    """
    found = list(_each(several))
    if len(found) == 1 or all(isinstance(one, DatabaseAway) for one in found):
        return found[0]
    return several


def _each(several: ExceptionGroup[Exception]) -> Iterator[Exception]:
    for one in several.exceptions:
        if isinstance(one, ExceptionGroup):
            yield from _each(one)
        else:
            yield one
