"""What became of the writes that an observation led to; where it led to none, what held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.conclusions import WITHDRAWN, Agreed
from hub.console.deliveries import deliveries
from hub.console.ending import Ending, of_question, targets_of
from hub.console.inbox import inbox
from hub.database import statement
from hub.events import payload
from hub.flows.agree import FieldState
from hub.flows.flow import Sync
from hub.flows.judge.words import side_of
from hub.flows.known import key_of, subject_of
from hub.log.find import Wanted, latest
from hub.log.read import by_cause, by_positions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

    from hub.conclusions import Owes
    from hub.console.deliveries import Delivery
    from hub.console.ending import Force
    from hub.database.db import Db
    from hub.events import Event, Sending
    from hub.flows.flow import Path
    from hub.flows.known import Key

ANSWERS_MAX = 200
"""So many answers to writes are looked through, the latest first."""

_read = msgspec.json.Decoder(dict[str, FieldState]).decode


class Writes:
    """Looks for what became of the writes that one observation led to."""

    def __init__(self, db: Db, key: Key, flows: Mapping[str, Force], position: int) -> None:
        self._db = db
        self._subject = subject_of(key)
        self._flows = flows
        self._position = position

    async def endings(
        self, agreed: Sequence[Agreed], owed: Sequence[Owes]
    ) -> AsyncIterator[Ending]:
        targets = targets_of(agreed)
        links = {one.link for one in agreed}
        ids = {row["id"] for row in await self._db.fetch(statement("console/of_links.sql"), links)}
        ids |= {one.delivery for one in owed}
        found = await deliveries(self._db, state="any", ids=list(ids)) if ids else []
        own = {one.delivery: self._said(one) for one in owed}
        changed = [one.field for one in agreed if one.state.get("since") == self._position]
        told: set[str] = set()
        for one in sorted(found, key=lambda one: (one.id not in own, one.state == "done")):
            subject = subject_of((one.connection, one.kind, one.record))
            fields = targets.get(subject, []) if one.record else changed
            if one.id in own or (fields and subject not in told):
                told.add(subject)
                all_fields = [*own.get(one.id, ()), *fields]
                yield await self._of_delivery(one, all_fields, [*agreed])
        if agreed and not told:
            for sentence in dict.fromkeys([await self._unwritten(one) for one in agreed]):
                yield Ending(how="nothing to change", sentence=sentence, flow=agreed[0].flow)

    def _said(self, one: Owes) -> list[str]:
        """Name the fields by which a sync makes a record inactive."""
        force = self._flows.get(one.flow)
        is_sync = force is not None and isinstance(force.flow, Sync)
        return list(one.fields or ()) if is_sync and one.record else []

    async def _of_delivery(
        self, one: Delivery, fields: Sequence[str], agreed: Sequence[Agreed]
    ) -> Ending:
        what = self._what(one, fields, agreed)
        answers = await self._answers(one)
        done = next((each for each in answers if payload(each).outcome == "done"), None)
        if done is not None:
            about = [each for each in agreed if each.field in fields]
            return await self._done(one, what, done, about)
        match one.state:
            case "parked":
                found = await inbox(self._db, settled=True, begins=str(one.id))
                return of_question(found[0]) if found else _refused(one, what)
            case "owed" | "sending":
                sentence = f"{what} waits for {one.waits_for}"
                return Ending(how="waiting", sentence=sentence, flow=one.flow)
            case "skipped" if one.because == WITHDRAWN:
                said = one.reason
            case "skipped":
                said = "a person left it unwritten"
            case _:
                said = await self._at_rest(one, fields, agreed, answers)
        return Ending(how="nothing to change", sentence=f"{what}: {said}", flow=one.flow)

    def _what(self, one: Delivery, fields: Sequence[str], agreed: Sequence[Agreed]) -> str:
        """Name what is written; on the record that spoke it is another's word that held."""
        if not fields:
            return one.target
        what = f"{', '.join(fields)} to {one.target}"
        if subject_of((one.connection, one.kind, one.record)) != self._subject:
            return what
        held = [each for each in agreed if each.field in fields and _by(each) != self._subject]
        whose = dict.fromkeys(f"{_by(each)} ({each.why})" for each in held if _by(each))
        return f"{what}, as the word held of {', '.join(whose)}" if whose else what

    async def _answers(self, one: Delivery) -> list[Event]:
        """Give the answers to what was sent after this; one to what was under way is another's."""
        if not one.record:
            return []
        about = Wanted(connection=one.connection, kind=one.kind, record=one.record, type="answered")
        found = await latest(self._db, about, ANSWERS_MAX)
        return [
            each
            for each in found
            if each.position > self._position and (each.cause or 0) >= self._position
        ]

    async def _done(self, one: Delivery, what: str, done: Event, about: Sequence[Agreed]) -> Ending:
        """Tell of what a vendor took, or of what came to rest without being sent."""
        caused = await by_positions(self._db, [done.cause or 0])
        if not caused or caused[0].type != "sending":
            sentence = f"{what}: nothing was sent: {payload(done).sentence}"
            return Ending(how="nothing to change", sentence=sentence, flow=one.flow)
        later = _said_later(payload(caused[0]), about)
        sentence = f"{what}, at #{done.position}"
        if later:
            sentence += f": of {', '.join(later)} it was a later word that went there"
        for name, flow in self._said_instead(one, payload(caused[0]), about):
            sentence += f": of {name} it was another word that went there, on which {flow} agreed"
        return Ending(how="delivered", sentence=sentence, flow=one.flow)

    def _said_instead(
        self, one: Delivery, sent: Sending, about: Sequence[Agreed]
    ) -> Iterator[tuple[str, str]]:
        """Name the fields of which another flow had its say, and that flow."""
        for each in about:
            place = self._place(one, each.flow, each.field)
            if place is None or each.field in sent.agreed.get(each.flow, {}):
                continue
            for flow, values in sent.agreed.items():
                same = (name for name in values if self._place(one, flow, name) == place)
                if any(values[name] != each.state["value"] for name in same):
                    yield each.field, flow

    def _place(self, one: Delivery, flow: str, field: str) -> Path | None:
        """Give where a field of a flow stands in the record that is written."""
        force = self._flows.get(flow)
        if force is None or not isinstance(force.flow, Sync):
            return None
        side = side_of(force.flow, one.connection, one.kind)
        fields = (*force.flow.fields, *(force.flow.people.fields if force.flow.people else ()))
        found = (each for each in fields if each.name == field and side is not None)
        return next((path for each in found if side and (path := each.places.get(side.name))), None)

    async def _at_rest(
        self,
        one: Delivery,
        fields: Sequence[str],
        agreed: Sequence[Agreed],
        answers: Sequence[Event],
    ) -> str:
        """Say why nothing is owed any more, though nothing was written since."""
        if ended := await self._ended(one, answers):
            return f"it was not written: {'; '.join(ended)}"
        about = [each for each in agreed if each.field in fields]
        said = dict.fromkeys([await self._shown(one, each) for each in about])
        if said:
            return "; ".join(said)
        return "nothing was sent, and it is owed no more"

    async def _ended(self, one: Delivery, answers: Sequence[Event]) -> list[str]:
        """Say what the vendor refused, and that the record left its link, or is gone."""
        if not one.record:
            return []
        key = (one.connection, one.kind, one.record)
        refused = [each for each in answers if payload(each).outcome == "refused"]
        ended = [
            f"{payload(each).sentence.rstrip('.')} (#{each.position})" for each in refused[-1:]
        ]
        moved = await self._db.fetch(statement("console/moved.sql"), *key)
        if moved and moved[-1]["act"] == "left" and moved[-1]["position"] > self._position:
            ended.append(f"{one.target} left its link at #{moved[-1]['position']}")
        gone = (await self._db.fetchrow(statement("console/stands.sql"), *key))["gone"]
        return [*ended, f"it is gone since #{gone}"] if gone else ended

    async def _shown(self, one: Delivery, agreed: Agreed) -> str:
        """Say how the record to be written to stands by now to what was agreed."""
        state, _ = await self._holds(one.target, agreed)
        if state is None:
            return f"{agreed.flow} agrees on nothing with it any more"
        if state.asks:
            return "a person is asked (hub inbox list --reason conflict)"
        if one.target in state.held or one.target not in state.words:
            return f"whether it shows it is not known (hub why {one.target}.{agreed.field})"
        if not state.stands(one.target):
            return f"it shows something else (hub why {one.target}.{agreed.field})"
        if state.value != msgspec.convert(agreed.state, FieldState).value:
            return f"another word holds by now, that of {_whose(state)}"
        return "it shows it already"

    async def _unwritten(self, one: Agreed) -> str:
        """Say of a field why nobody was to be told: all show it, unless another's word held."""
        then = msgspec.convert(one.state, FieldState)
        if then.asks or then.held or not all(map(then.stands, then.words)):
            return f"{one.field}: {one.why}"
        now, why = await self._holds(self._subject, one)
        if now is None:
            return f"{one.field}: all sides showed it; by now it is in no link with them"
        if now.value != then.value and now.by != self._subject:
            because = f": {why}" if why else ""
            return f"{one.field}: by now the word holds of {_whose(now)}{because}"
        return "all sides show it"

    async def _holds(self, subject: str, one: Agreed) -> tuple[FieldState | None, str]:
        """Give what a field is by now where a record is linked, and why, where that is found."""
        row = await self._db.fetchrow(statement("console/holds.sql"), *key_of(subject), one.flow)
        state = _read(row["fields"]).get(one.field) if row is not None else None
        if state is None:
            return None, ""
        causes = [each for each in (row["owed"], row["position"]) if each is not None]
        found = [each for cause in causes for each in await by_cause(self._db, cause)]
        whys = [
            each.why
            for event in found
            for each in (payload(event).conclusions if event.type == "decided" else ())
            if isinstance(each, Agreed) and (each.flow, each.field) == (one.flow, one.field)
            if (each.state["value"], each.state["by"]) == (state.value, state.by)
        ]
        return state, whys[0] if whys else ""


def _refused(one: Delivery, what: str) -> Ending:
    return Ending(how="waiting", sentence=f"{what}: {one.reason}", flow=one.flow)


def _said_later(sent: Sending, about: Sequence[Agreed]) -> list[str]:
    """Name the fields of which something else was sent than was agreed then."""
    return [
        each.field
        for each in about
        if (values := sent.agreed.get(each.flow)) is not None
        and each.field in values
        and values[each.field] != each.state["value"]
    ]


def _by(one: Agreed) -> str:
    return str(one.state.get("by", ""))


def _whose(state: FieldState) -> str:
    """Name whose word it is, and when it was said."""
    return f"{state.by or 'nobody'}, said at #{state.since}"
