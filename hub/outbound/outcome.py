"""What came of a delivery, as the log is told: done, refused, to be tried again, or not known."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Literal

import msgspec

from hub.connectors.connector import Seen, Written  # noqa: TC001 - msgspec reads the annotations
from hub.connectors.outcome import Done, Outcome, Refused, RetryAt, Unknown
from hub.events import Answered
from hub.flows.judge.reasons import ADOPTED, BLIND
from hub.outbound.doors import OTHERS
from hub.outbound.retry import ATTEMPTS_MAX, wait_seconds

if TYPE_CHECKING:
    from hub.connectors.connector import Kind
    from hub.outbound.owed import Owed

CHANGED = "changed"
"""Why a record is read again: somebody has changed it since it was seen."""


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a delivery. Without an outcome its record was read, and is judged anew."""

    outcome: Outcome | None
    written: Written | None = None
    seen: list[Seen] = []
    """The record as it was read: one of many fields comes in several rows."""
    adopted: Seen | None = None
    """What was to be made is there: somebody else made it, and it is left as it is."""
    why: str = ""
    alike: list[Seen] = []
    """Who may be what was to be made; `linked`: each is in a link already, and is not offered."""
    linked: bool = False


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try of a delivery; `works`: others of its kind were taken lately."""

    row: Owed
    kind: Kind
    number: int
    now: datetime
    works: bool = False

    def answer(self, came: Came) -> Answered:
        """Say what came of it."""
        outcome = came.outcome
        if came.adopted is not None:
            return self._adopted(came.adopted, came.why)
        if outcome is None:
            sentence = "It was read again; what is owed to it is judged by what it says."
            return self._said("retry_at", sentence)
        if isinstance(outcome, Done):
            return self._done(outcome, came.written)
        if isinstance(outcome, Refused) and outcome.because == CHANGED:
            return self._changed(outcome)
        if isinstance(outcome, Refused):
            refused = self._refused(outcome)
            alike = [one.record for one in came.alike]
            return msgspec.structs.replace(refused, alike=alike, linked=came.linked)
        return self._not_done(outcome)

    def blind(self, sentence: str) -> Answered:
        """Leave it to a person: to try again might do it twice."""
        return self._said(
            "refused",
            f"{sentence} Nothing tells whether {self.kind.name} was made: look there, and say in "
            "the inbox whether it is to be made.",
            because=BLIND,
            reason="answer_lost",
        )

    def lost(self) -> Answered:
        """Say that its answer was never kept: whoever sent it was stopped before."""
        sentence = "The hub was stopped before it kept an answer: it may have been done."
        if self._is_blind:
            return self.blind(sentence)
        return self._said("unknown", sentence)

    def nothing(self, why: str) -> Answered:
        """Say that it came to rest without a write."""
        return self._said("done", why)

    @property
    def _is_blind(self) -> bool:
        return not self.row.record and self.kind.creates == "blind"

    def _done(self, outcome: Done, written: Written | None) -> Answered:
        done = self._said("done", outcome.sentence)
        if written is None:
            return done
        return msgspec.structs.replace(
            done,
            record=written.record or self.row.record,
            was_there=written.was_there,
            at=written.at,
        )

    def _adopted(self, there: Seen, why: str) -> Answered:
        said = self._said("done", f"It was there already: {why}.", because=ADOPTED)
        return msgspec.structs.replace(said, record=there.record, was_there=True)

    def _refused(self, outcome: Refused) -> Answered:
        # Where nothing of its kind is taken it is not at fault: somebody is to mend the connection.
        waits = outcome.because in OTHERS and not self.works
        act = self._again if waits else partial(self._said, "refused")
        said = act(outcome.sentence)
        return msgspec.structs.replace(said, because=outcome.because, reason=outcome.reason)

    def _changed(self, outcome: Refused) -> Answered:
        """Have it read at once, and what is owed to it judged anew: it is no more what was seen."""
        if self.number > 1:
            said = self._not_done(Unknown(sentence=outcome.sentence))
        else:
            said = self._said("unknown", outcome.sentence)
        because = said.because or CHANGED
        return msgspec.structs.replace(said, because=because)

    def _not_done(self, outcome: RetryAt | Unknown) -> Answered:
        if isinstance(outcome, Unknown) and self._is_blind:
            return self.blind(outcome.sentence)
        if self.number >= ATTEMPTS_MAX and self.works:
            given_up = f"gave up after {self.number} attempts"
            sentence = f"The hub {given_up}. {outcome.sentence}"
            return self._said("refused", sentence, because="passing", reason=given_up)
        if isinstance(outcome, RetryAt):
            return self._again(outcome.sentence, at=outcome.at)
        return self._again(outcome.sentence, known=False)

    def _again(self, sentence: str, *, at: datetime | None = None, known: bool = True) -> Answered:
        """Have it tried again; one that was to be looked at is still to be looked at."""
        soon = self.now + timedelta(seconds=wait_seconds(self.row.id, max(self.number, 1)))
        said = self._said("retry_at" if known and not self.row.look else "unknown", sentence)
        return msgspec.structs.replace(said, until=max(soon, at or soon))

    def _said(
        self,
        outcome: Literal["done", "refused", "retry_at", "unknown"],
        sentence: str,
        *,
        because: str = "",
        reason: str = "",
    ) -> Answered:
        return Answered(
            delivery=self.row.id,
            attempt=self.number,
            outcome=outcome,
            sentence=sentence,
            record=self.row.record,
            because=because,
            reason=reason,
        )
