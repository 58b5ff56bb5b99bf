"""Have the records of the kinds that flows are about be found by what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.events import payload
from hub.flows.books import CURRENCIES
from hub.flows.flow import Sync
from hub.flows.judge.keys import entries_of, kinds_of, names_of, same_entries
from hub.flows.judge.words import has_currency_ids, side_of
from hub.flows.known import NotAtHand
from hub.projectors.sync.at_hand import see
from hub.projectors.sync.owing import syncs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from hub.events import Event
    from hub.flows.flow import Flow
    from hub.flows.known import Key
    from hub.projectors.sync.at_hand import Ask
    from hub.projectors.sync.decisions import Decisions
    from hub.projectors.sync.keys import Keys
    from hub.projectors.sync.records import Records
    from hub.projectors.sync.world import World

KINDS = "kinds"


class Finding:
    """Keeps the keys true as records change, and as flows come."""

    def __init__(self, records: Records, keys: Keys, decisions: Decisions, world: World) -> None:
        self._records = records
        self._keys = keys
        self._decisions = decisions
        self._world = world
        self._installed: tuple[Flow, ...] = ()
        self._abouts: dict[tuple[str, str], tuple[list[Flow], frozenset[str]]] = {}
        self.gone_through: set[tuple[str, str]] = set()
        """The kinds of which all records are at hand."""

    def is_found(self, key: Key) -> bool:
        """Tell whether any flow is about such records, so that they are found by keys."""
        return bool(self._about(key[0], key[1])[0])

    def index(self, key: Key, *, anew: bool = False) -> None:
        """Have a record found by what it says now."""
        flows, names = self._about(key[0], key[1])
        if not flows:
            return
        record, before = self._world.record(key), self._world.before(key)
        if record is None:
            return
        if anew or before is None or not same_entries(names, before, record):
            self._keys.put(key, entries_of(self._world, flows, record))

    def asks(self, key: Key) -> Iterator[Ask]:
        """Ask for all that it takes to have a record found by what it will say."""
        yield self._keys, key
        yield from self._currencies(syncs(self._world.flows), {key[:2]})

    def touch_kinds(self, event: Event) -> None:
        """See that all records are at hand that a flow is about which is installed now."""
        flow = self._decisions.flow_of(payload(event))
        kinds = kinds_of(flow)
        if missing := kinds - self.gone_through:
            raise NotAtHand(KINDS, *missing)
        own = [each for each in (flow, flow.people) if each] if isinstance(flow, Sync) else []
        see(self._currencies([*own, *syncs(self._world.flows)], kinds))

    def _currencies(
        self, flows: Iterable[Sync], kinds: AbstractSet[tuple[str, str]]
    ) -> Iterator[Ask]:
        """Ask for the tables by which records of these kinds say their currency."""
        for flow in flows:
            for kind in kinds:
                side = side_of(flow, *kind)
                if side is not None and has_currency_ids(flow, side):
                    yield self._world.tables, (side.connection, CURRENCIES)

    def index_all(self, event: Event) -> None:
        """Have the records found that were there before the flow was."""
        self._world.flows = self._decisions.in_force()
        kinds = kinds_of(self._decisions.flow_of(payload(event)))
        for key in self._records.keys_of(kinds):
            self.index(key, anew=True)

    def _about(self, connection: str, kind: str) -> tuple[list[Flow], frozenset[str]]:
        """Give the flows that are about a kind, and the fields by which they find its records."""
        self._decisions.in_force()
        if self._decisions.installed is not self._installed:
            self._installed, self._abouts = self._decisions.installed, {}
        known = self._abouts.get((connection, kind))
        if known is None:
            flows = [flow for flow in self._installed if (connection, kind) in kinds_of(flow)]
            known = flows, names_of(flows, connection, kind)
            self._abouts[connection, kind] = known
        return known
