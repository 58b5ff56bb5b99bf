"""The memory of one org: its objects and records, who is at work, and what is being changed."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from hub.sandbox.salesforce.changes import Touched, Transaction, changes_of
from hub.sandbox.salesforce.fields import SORTS
from hub.sandbox.salesforce.fresh import fill
from hub.sandbox.salesforce.ids import made_id
from hub.sandbox.salesforce.quirks import Quirks
from hub.sandbox.salesforce.refusal import locked_row, not_found
from hub.sandbox.salesforce.standard import standard_objects
from hub.sandbox.store import References, Removed, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.sandbox.salesforce.changes import Caller
    from hub.sandbox.salesforce.fields import Field, Object
    from hub.sandbox.salesforce.rules import Rule
    from hub.sandbox.store import Record
    from hub.sandbox.world import World

FIRST_COMMIT = 11_820_034_567_890


class Organisation:
    """All that the played Salesforce knows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.quirks = Quirks()
        self.changes: list[Callable[[Transaction], None]] = []
        """Each is told of every transaction, once it is committed, in the order of commits."""
        self.reset()

    def reset(self) -> None:
        """Be a fresh org; who listens goes on listening."""
        self._numbers = itertools.count(1)
        self._commits = itertools.count(FIRST_COMMIT)
        self._touched: dict[str, Touched] | None = None
        self._undo: list[Callable[[], None]] = []
        self._objects: dict[str, Object] = standard_objects()
        self._homes = {one.prefix: name for name, one in self._objects.items()}
        self.tables = {name: Table(SORTS, "SystemModstamp") for name in self._objects}
        self.references = References()
        self.locks: dict[str, datetime] = {}
        self.rules: list[Rule] = []
        self.counters: dict[str, int] = {}
        fill(self)

    def now(self) -> datetime:
        """Give the moment as stamps have it: in whole seconds."""
        return self.world.clock.now().astimezone(UTC).replace(microsecond=0)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.quirks.time_zone)

    def has(self, feature: str) -> bool:
        """Tell whether this org has what a field or an object belongs to."""
        return not feature or getattr(self.quirks, feature) is True

    @property
    def objects(self) -> dict[str, Object]:
        """Give the objects that this org has."""
        return {name: one for name, one in self._objects.items() if self.has(one.feature)}

    def object(self, said: str) -> Object:
        """Give an object by its name in any letter case; refuse what is none."""
        found = self._objects.get(said) or next(
            (one for one in self._objects.values() if one.name.lower() == said.lower()), None
        )
        if found is None or not self.has(found.feature):
            raise not_found()
        return found

    def object_there(self, name: str) -> Object:
        """Give an object by its exact name, whether it is switched on or not."""
        return self._objects[name]

    def add_object(self, one: Object) -> None:
        """Take in an object, or another shape of one."""
        self._objects[one.name] = one
        self._homes[one.prefix] = one.name
        self.tables.setdefault(one.name, Table(SORTS, "SystemModstamp"))

    def field(self, entity: Object, said: str) -> Field | None:
        """Give a field that an object has in this org."""
        found = entity.field(said)
        return found if found is not None and self.has(found.feature) else None

    def fields(self, entity: Object) -> list[Field]:
        return [one for one in entity.fields.values() if self.has(one.feature)]

    def new_id(self, prefix: str) -> str:
        return made_id(prefix, next(self._numbers) + 15_000)

    def counted(self, name: str) -> int:
        """Give the next number of a series, as quotes and cases bear."""
        self.counters[name] = self.counters.get(name, 0) + 1
        return self.counters[name]

    def home(self, record_id: str) -> str:
        """Name the object that an id is of, by how it begins; empty for none of this org."""
        return self._homes.get(record_id[:3], "")

    def find(self, record_id: str | None) -> Record | None:
        """Give a record of whichever object."""
        table = self.tables.get(self.home(record_id or ""))
        return table.get(record_id or "") if table is not None else None

    def removed(self, record_id: str) -> Removed | None:
        """Give what is left of a deleted record that has not been purged."""
        table = self.tables.get(self.home(record_id))
        gone = table.removed.get(record_id) if table is not None else None
        return gone if gone is not None and not gone.permanent else None

    def takes_word(self, field: Field, word: str) -> bool:
        """Tell whether a picklist that is closed has a word; any other takes them all."""
        if field.name == "CurrencyIsoCode":
            return any(
                one.get("IsoCode") == word and one.get("IsActive")
                for one in self.tables["CurrencyType"]
            )
        return not field.restricted or word in field.choices

    def check_lock(self, *record_ids: str | None) -> None:
        """Refuse a write of rows that another transaction holds."""
        for record_id in filter(None, record_ids):
            until = self.locks.get(record_id)
            if until is not None and until > self.world.clock.now():
                raise locked_row(record_id, self.quirks.lock_status)

    @contextmanager
    def transaction(self, caller: Caller) -> Iterator[None]:
        """Change records within; what fails leaves all as it was. One within another joins it."""
        mark, joins = len(self._undo), self._touched is not None
        before = dict(self._touched or {})
        if not joins:
            self._touched = {}
        try:
            yield
        except BaseException:
            while len(self._undo) > mark:
                self._undo.pop()()
            self._touched = before if joins else None
            raise
        if not joins:
            self._commit(caller)

    def save(self, record: Record, *, undeleted: bool = False) -> None:
        """Keep a record's new state; outside a transaction nobody is told."""
        table, old = self.tables[record.module], self.find(record.id)
        self._note(record.module, record.id, old, record, undeleted=undeleted)
        self._may_undo(lambda: self._put_back(record, old))
        table.save(record)
        self.references.move(self._links(record.module), old, record)

    def remove(self, record: Record, gone: Removed) -> None:
        """Take a record away; `gone` is what is left of it."""
        table = self.tables[record.module]
        self._note(record.module, record.id, record, None)
        table.remove(record)
        table.removed[record.id] = gone
        self.references.move(self._links(record.module), record, None)
        self._may_undo(lambda: self._bring_back(record))

    def take_out(self, record_id: str) -> Removed | None:
        """Take a deleted record out of the recycle bin, to be saved again."""
        bin_ = self.tables[self.home(record_id)].removed
        gone = bin_.pop(record_id, None)
        if gone is not None:
            self._may_undo(lambda: bin_.__setitem__(record_id, gone))
        return gone

    def _commit(self, caller: Caller) -> None:
        touched, self._touched = self._touched or {}, None
        self._undo.clear()
        changes = changes_of(touched)
        if not changes or not self.changes:
            return
        done = Transaction(
            key=str(UUID(bytes=self.world.random.randbytes(16), version=4)),
            number=next(self._commits),
            at=self.world.clock.now(),
            caller=caller,
            changes=changes,
        )
        for tell in self.changes:
            tell(done)

    def _note(
        self,
        entity: str,
        record_id: str,
        before: Record | None,
        after: Record | None,
        *,
        undeleted: bool = False,
    ) -> None:
        if self._touched is None:
            return
        known = self._touched.get(record_id)
        first = before if known is None else known.before
        self._touched[record_id] = Touched(
            entity=entity,
            before=first,
            after=after,
            undeleted=undeleted or (known is not None and known.undeleted),
        )

    def _may_undo(self, undo: Callable[[], None]) -> None:
        if self._touched is not None:
            self._undo.append(undo)

    def _put_back(self, record: Record, old: Record | None) -> None:
        table, links = self.tables[record.module], self._links(record.module)
        self.references.move(links, table.get(record.id), old)
        if old is None:
            table.remove(record)
        else:
            table.save(old)

    def _bring_back(self, record: Record) -> None:
        table = self.tables[record.module]
        del table.removed[record.id]
        table.save(record)
        self.references.move(self._links(record.module), None, record)

    def _links(self, name: str) -> list[str]:
        fields = self._objects[name].fields.values()
        stamps = ("CreatedById", "LastModifiedById", "OwnerId")
        return [one.name for one in fields if one.type == "reference" and one.name not in stamps]
