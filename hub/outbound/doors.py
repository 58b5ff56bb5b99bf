"""What is shut for now: one fault of a connection stops all that it would befall, and is said once.

A share of the budget is shut where a call may not be made yet, or was not answered; a kind where
the connection may not write it; and all of it where nobody lets it in any more. What was shut is
tried by one call before the others follow.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from hub.connectors.outcome import Done, Refused, RetryAt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hub.connectors.clock import Clock
    from hub.connectors.outcome import Outcome

Name: TypeAlias = tuple[str, str]

DEAD = frozenset({"connection_dead", "not_connected", "redirected"})
"""The hub's own words for a connection that is let in nowhere; no record has to do with it."""

OTHERS = frozenset({"authorisation", "quota"})
"""Refusals that are not about what was written, unless others of its kind are taken."""

LOST_SECONDS, LOST_SECONDS_MAX = 1.0, 60.0
NOT_ALLOWED_SECONDS, NOT_ALLOWED_SECONDS_MAX = 60.0, 600.0
WORKS_SECONDS = 600.0
TELL_SECONDS = 30.0
"""A wait that is shorter is every day's business."""

_log = logging.getLogger(__name__)


class _Door(msgspec.Struct):
    until: datetime
    times: int = 1
    trying: bool = False
    told: bool = False


class Doors:
    """Those of one connection, each by what it shuts out: `("share", "contacts")`."""

    def __init__(self, connection: str, clock: Clock) -> None:
        self.dead = ""
        """Why nobody lets the connection in; empty: it is let in, as far as is known."""
        self._connection = connection
        self._clock = clock
        self._doors: dict[Name, _Door] = {}
        self._worked: dict[str, datetime] = {}

    def lets(self, share: str, kind: str) -> bool:
        shut = self._shut_now()
        return not (self.dead or ("share", share) in shut or ("kind", kind) in shut)

    def begin(self, share: str, kind: str) -> None:
        """Note that a call is made: of what was shut, others wait until it is answered."""
        for door in self._through(share, kind):
            door.trying = True

    def heard(self, share: str, kind: str, outcomes: Iterable[Outcome | None]) -> None:
        """Shut and open doors by what came of a call; by nothing, if none was made after all."""
        found = list(outcomes)
        for door in self._through(share, kind):
            door.trying = False
        refused = next((one for one in found if isinstance(one, Refused)), None)
        if any(map(_is_answer, found)):
            self._worked[kind] = self._clock.now()
            self._open(share, kind)
        elif refused is not None and refused.reason in DEAD:
            self._die(refused.sentence)
        elif refused is not None and self.works(kind):
            self._open(share, kind)
        elif refused is not None:
            name = ("kind", kind)
            seconds = min(NOT_ALLOWED_SECONDS * 2 ** self._times(name), NOT_ALLOWED_SECONDS_MAX)
            self._shut(name, refused.sentence, seconds)
        elif found:
            self._wait(("share", share), found)

    def works(self, kind: str) -> bool:
        """Tell whether others of this kind were taken lately: then a refusal is a record's own."""
        at = self._worked.get(kind)
        return at is not None and self._clock.now() - at < timedelta(seconds=WORKS_SECONDS)

    def shut(self, what: str) -> list[str]:
        """Name the shares, or the kinds, that are shut."""
        return [name for each, name in self._shut_now() if each == what]

    def seconds(self, otherwise: float) -> float:
        """Give how long until the first is to be tried."""
        now = self._clock.now()
        waits = [(door.until - now).total_seconds() for door in self._doors.values()]
        return min([otherwise, *(wait for wait in waits if wait > 0)])

    def revive(self) -> None:
        self.dead = ""
        _log.warning("%s is let in again: what is owed to it is carried out.", self._connection)

    def _die(self, sentence: str) -> None:
        if not self.dead:
            _log.error("Deliveries to %s wait: %s", self._connection, sentence)
        self.dead = sentence

    def _wait(self, name: Name, found: Sequence[Outcome | None]) -> None:
        """Leave the vendor alone: as long as it, or the budget, says, and longer each time."""
        now = self._clock.now()
        asked = [(one.at - now).total_seconds() for one in found if isinstance(one, RetryAt)]
        own = min(LOST_SECONDS * 2 ** self._times(name), LOST_SECONDS_MAX)
        sentence = next(one.sentence for one in found if one is not None)
        self._shut(name, sentence, max([own, *asked]))

    def _shut(self, name: Name, sentence: str, seconds: float) -> None:
        told = name in self._doors and self._doors[name].told
        if seconds >= TELL_SECONDS and not told:
            _log.warning("Deliveries to %s (%s %s) wait: %s", self._connection, *name, sentence)
            told = True
        until = self._clock.now() + timedelta(seconds=seconds)
        self._doors[name] = _Door(until=until, times=self._times(name) + 1, told=told)

    def _open(self, share: str, kind: str) -> None:
        for name in (("share", share), ("kind", kind)):
            door = self._doors.pop(name, None)
            if door is not None and door.told:
                _log.warning("Deliveries to %s (%s %s) go on.", self._connection, *name)

    def _through(self, share: str, kind: str) -> list[_Door]:
        names = (("share", share), ("kind", kind))
        return [self._doors[name] for name in names if name in self._doors]

    def _shut_now(self) -> set[Name]:
        now = self._clock.now()
        return {name for name, door in self._doors.items() if door.trying or door.until > now}

    def _times(self, name: Name) -> int:
        return min(self._doors[name].times, 20) if name in self._doors else 0


def _is_answer(outcome: Outcome | None) -> bool:
    """Tell whether the vendor took up what it was asked; None is a record that was read."""
    if isinstance(outcome, Refused):
        return outcome.because not in OTHERS
    return outcome is None or isinstance(outcome, Done)
