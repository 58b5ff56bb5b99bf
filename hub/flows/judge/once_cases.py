"""The cases of one once flow: how each stands, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.conclusions import Asks, Cased, Wants
from hub.flows.judge import cases
from hub.flows.judge.ask import item_of
from hub.flows.judge.cases import OnceCase, OnceData, as_kept, once_case
from hub.flows.judge.reasons import ADOPTED, LEAVE, RETRY
from hub.flows.known import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.conclusions import Conclusion
    from hub.flows.flow import Once
    from hub.flows.known import Key, Known

NOTHING = OnceData()


class OnceCases:
    """They are named by the ids of their sources."""

    def __init__(self, known: Known, flow: Once) -> None:
        self._known = known
        self._flow = flow

    def of(self, case_key: str) -> OnceCase | None:
        return once_case(self._known.case(self._flow.name, case_key))

    def cased(self, case_key: str, state: str, why: str, data: OnceData = NOTHING) -> Cased:
        kept = as_kept(data)
        return Cased(flow=self._flow.name, case=case_key, state=state, data=kept, why=why)

    def adopted(self, subject: str, why: str, case_key: str) -> Cased:
        """Keep under the name of what was adopted for what it counts."""
        data = {"case": case_key}
        return Cased(flow=self._flow.name, case=subject, state=ADOPTED, data=data, why=why)

    def ended(self, case_key: str, why: str) -> Cased:
        return self.cased(case_key, cases.ENDED, why)

    def asks(self, case_key: str, reason: str, sentence: str, choices: list[str]) -> Asks:
        subject = subject_of(self._flow.source.key(case_key))
        return Asks(
            item=item_of(self._flow, "case", case_key),
            flow=self._flow.name,
            reason=reason,
            sentence=f"{subject}: {sentence}",
            subject=subject,
            choices=choices,
            data={"case": case_key},
        )

    def wanted(self, key: Key) -> Wants:
        connection, kind, record = key
        return Wants(
            connection=connection, kind=kind, record=record, why=f"{self._flow.name} needs it"
        )

    def stuck(self, case_key: str, why: str) -> Iterator[Conclusion]:
        yield self.cased(case_key, cases.STUCK, why)
        yield self.asks(case_key, cases.STUCK, why, [RETRY, LEAVE])
