"""Why nothing was concluded of an observation: nobody wanted it, or it was so already."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import msgspec

from hub.console.deliveries import deliveries
from hub.console.ending import Ending, of_question
from hub.console.inbox import inbox
from hub.console.taken_up import Cases
from hub.database import statement
from hub.flows.flow import Once, Sync
from hub.flows.judge.cases import MADE
from hub.flows.judge.keys import kinds_of
from hub.flows.judge.slot import slot_of_case

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from hub.console.deliveries import Delivery
    from hub.console.ending import Force
    from hub.database.db import Db
    from hub.flows.known import Key


class Untouched:
    """Looks for why nothing was concluded of one observation of a record."""

    def __init__(
        self, db: Db, key: Key, flows: Mapping[str, Force], about: Mapping[str, Any]
    ) -> None:
        self._db = db
        self._key = key
        self._flows = flows
        self._position: int = about["position"]
        self._origin: str = about["origin"] or ""
        self._is_news = bool(about["first"] or about["changed"] or about["type"] == "gone")

    async def endings(self) -> list[Ending]:
        wants = {
            name: force
            for name, force in self._flows.items()
            if self._key[:2] in kinds_of(force.flow)
        }
        unwanted = self._unwanted(wants)
        return [unwanted] if unwanted else [one async for one in self._as_it_stands(wants)]

    def _unwanted(self, wants: Mapping[str, Force]) -> Ending | None:
        kind = f"{self._key[0]}.{self._key[1]}"
        if not wants:
            return Ending(how="no flow wants it", sentence=self._unheard(kind))
        began = [f for f in wants.values() if f.started is not None and f.started < self._position]
        if not began:
            names = ", ".join(wants)
            sentence = f"{names} had not begun then (hub flows start {next(iter(wants))})"
            return Ending(how="no flow wants it", sentence=sentence)
        stopped = [
            name
            for name, force in wants.items()
            if not force.decides and (force.moded or 0) < self._position
        ]
        if len(stopped) == len(wants):
            name = stopped[0]
            sentence = f"{name}, which is {wants[name].mode} (hub flows start {name})"
            return Ending(how="waiting", sentence=sentence, flow=name)
        return None

    def _unheard(self, kind: str) -> str:
        """Say that no flow goes by what such records say, though one may make them."""
        makers = [
            name
            for name, force in self._flows.items()
            if isinstance(force.flow, Once)
            and (force.flow.make.connection, force.flow.make.kind) == self._key[:2]
        ]
        if not makers:
            return f"no flow in force is about {kind}"
        return f"no flow in force carries on what {kind} say: {', '.join(makers)} makes them"

    async def _as_it_stands(self, wants: Mapping[str, Force]) -> AsyncIterator[Ending]:
        """Tell of a record that was judged by another event than this, or was left alone."""
        row = await self._db.fetchrow(statement("console/stands.sql"), *self._key)
        is_asked = row["item"] is not None
        if is_asked and row["since"] <= self._position:
            yield await self.asked(row["item"])
            return
        if self._origin.startswith("hub:"):
            yield Ending(how="nothing to change", sentence="it is what the hub wrote, come back")
            return
        forces = wants.values() if self._is_news else ()
        made = [one for force in forces if (one := await self._made(force)) is not None]
        for one in made:
            yield one
        others = [name for name in wants if name not in {one.flow for one in made}]
        if others:
            yield Ending(how="nothing to change", sentence=await self._left_alone(others))
        if is_asked:
            asked = await self.asked(row["item"])
            yield msgspec.structs.replace(asked, sentence=f"by now: {asked.sentence}")

    async def asked(self, item: Any) -> Ending:
        found = await inbox(self._db, settled=True, begins=str(item))
        if not found:
            return Ending(how="waiting", sentence="a question that is not in the inbox yet")
        return of_question(found[0])

    async def _made(self, force: Force) -> Ending | None:
        """Say that what a once flow makes of the record was made before this."""
        flow = force.flow
        if not isinstance(flow, Once) or self._key[:2] != (
            flow.source.connection,
            flow.source.kind,
        ):
            return None
        case = await Cases(self._db, self._flows).stands(flow.name, self._key[2])
        if case is None or case.state != MADE or not case.record or case.since > self._position:
            return None
        made = f"{flow.make.connection}.{flow.make.kind}/{case.record}"
        sentence = (
            f"{made} was made for it already, at #{case.since}: {flow.name} does that once, and "
            f"does not change what it made{await self._by_now(flow, case.record)}"
        )
        return Ending(how="nothing to change", sentence=sentence, flow=flow.name)

    async def _by_now(self, flow: Once, record: str) -> str:
        """Say that what was made once was made again, or that it is gone, and what helps then."""
        slot = slot_of_case(flow.id, self._key[2], flow.make)
        found = await deliveries(self._db, state="any", ids=[slot])
        own = found[0] if found else None
        if own is not None and own.state == "done" and own.record not in ("", record):
            return f"; by now it was made again: {own.target}, at #{own.moved}"
        if own is not None and own.waits_for:
            return f"; by now it is to be made again, and waits for {own.waits_for}"
        key = (flow.make.connection, flow.make.kind, record)
        gone = (await self._db.fetchrow(statement("console/stands.sql"), *key))["gone"]
        if not gone:
            return ""
        is_since = "it is" if gone <= self._position else "by now it is"
        said = f"; {is_since} gone, since #{gone}, and is not made a second time by itself"
        return said if own is None else f"{said}. {_again(flow, own)}"

    async def _left_alone(self, names: Sequence[str]) -> str:
        """Say whether the record was in a link then: a sync carries on only what is in one."""
        nothing = f"it says nothing that {', '.join(names)} would carry on"
        syncs = [name for name in names if isinstance(self._flows[name].flow, Sync)]
        if not syncs:
            return nothing
        moved = await self._db.fetch(statement("console/moved.sql"), *self._key)
        before = [one for one in moved if one["position"] <= self._position]
        after = [one for one in moved if one["position"] > self._position]
        if before and before[-1]["act"] == "joined":
            left = moved[-1]["position"] if moved[-1]["act"] == "left" else None
            return f"{nothing}; it left its link later, at #{left}" if left else nothing
        if after:
            return f"it was in no link then; it came into one at #{after[0]['position']}"
        if before:
            return f"it had left its link at #{before[-1]['position']}, and is in none since"
        return (
            f"it is in no link: it takes no part in {', '.join(names)}, or was there before that "
            f"began (hub backfill {syncs[0]} --dry-run)"
        )


def _again(flow: Once, made: Delivery) -> str:
    """Say how a person has made again what is gone."""
    # Whole seconds, cut: so what was written within that second is not left out.
    when = made.moved_at.astimezone(UTC)
    sentence = (
        "To have it made again as it was then, with all else that the flow has written since: "
        f"hub redeliver --flow {flow.name} --since {when:%Y-%m-%dT%H:%M:%S}"
    )
    kinds = ", ".join(dict.fromkeys(f"{one.connection}.{one.kind}" for one in flow.tell))
    return f"{sentence}; what {kinds} says of the one that is gone stays" if kinds else sentence
