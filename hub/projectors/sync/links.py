"""Fold links: which records are the same real thing.

A record is in at most one link, and a link has at most one record per slot: connection, kind and
part. Whatever would break that changes nothing and is kept as a duplicate, for a person to settle;
it is closed by the next change of either record's place.

History is kept at the position where the projector stood when it happened: an event that was parked
and tried again later comes after those that were applied meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from hub.conclusions import Member
from hub.database import statement
from hub.events import Linked, Merged, Split, Unlinked
from hub.flows.known import NotAtHand
from hub.projectors.sync.at_hand import Part
from hub.projectors.sync.links_said import key_of, mentioned, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from hub.database.db import Db, Reads, Writes
    from hub.events import Event

    Key: TypeAlias = tuple[str, str, str]
    Slot: TypeAlias = tuple[str, str, str]

PLACES, LINKS = "places", "links"
ROWS_MAX = 50_000


class Place(NamedTuple):
    """Where a record is: its link, the part it plays there, the event that put it there."""

    link: UUID
    part: str
    since: int


class Duplicate(NamedTuple):
    """A claim that found its place taken: by `other_record`, or the record itself elsewhere."""

    position: int
    link: UUID
    connection: str
    kind: str
    record: str
    part: str
    other_link: UUID
    other_record: str


class Links:
    """The places, slots and open duplicates that are at hand.

    This projector is the only writer of these tables, so what is at hand stays true.
    """

    _places: dict[Key, Place]
    _slots: defaultdict[UUID, dict[Slot, str]]
    _members: dict[UUID, Sequence[Member]]
    """Of links that were asked for, what `_slots` has of them: most do not change for long."""
    _duplicates: set[Duplicate]
    _moved: set[Key]
    _history: list[tuple[Any, ...]]
    _opened: set[Duplicate]
    _closed: set[Duplicate]
    _looked: set[Key]
    """Records whose place is at hand, also where that is none."""
    _whole: set[UUID]
    """Links of which all members are at hand."""
    _at: int
    _step: int
    _position: int

    def __init__(self) -> None:
        self._forget()
        self.places = Part(PLACES, lambda key: key in self._looked or key in self._places)
        self.links = Part(LINKS, lambda link: link in self._whole)

    def place(self, key: Key) -> Place | None:
        return self._places.get(key)

    def at_hand(self, key: Key) -> Place | None:
        """Give where a record is, None if in no link; NotAtHand if nobody looked yet."""
        if key not in self._looked and key not in self._places:
            raise NotAtHand(PLACES, key)
        return self._places.get(key)

    def members_of(self, keys: Iterable[Key]) -> set[Key]:
        """Give who is in the links of some records, as far as these are at hand."""
        links = {place.link for key in keys if (place := self._places.get(key)) is not None}
        return {
            (connection, kind, record)
            for link in links
            for (connection, kind, _), record in self._slots[link].items()
        }

    def members(self, link: UUID) -> Sequence[Member]:
        """Give who is in a link, in order; NotAtHand if nobody looked yet."""
        known = self._members.get(link)
        if known is None:
            slots = self.slots_of(link)
            known = self._members[link] = [_member(slot, slots[slot]) for slot in sorted(slots)]
        return known

    def slots_of(self, link: UUID) -> Mapping[Slot, str]:
        """Give who is in a link; NotAtHand if nobody looked yet."""
        if link not in self._whole:
            raise NotAtHand(LINKS, link)
        return self._slots[link]

    async def load(self, db: Db, events: Sequence[Event]) -> None:
        await self.fetch(db, *mentioned(events))

    async def fetch(self, db: Reads, links: Iterable[UUID], records: Iterable[Key]) -> None:
        """Bring links to hand, those of some records too, each with all its members."""
        new_links = {link for link in links if link not in self._whole}
        new_records = {key for key in records if key not in self._looked}
        if not new_links and not new_records:
            return
        brought = set(new_records)
        columns = list(zip(*new_records, strict=True)) or [(), (), ()]
        found = await db.fetch(statement("projectors/sync/links.sql"), list(new_links), *columns)
        for row in found:
            # What is at hand already may have moved since it was written.
            if row[3] not in self._whole and (row[0], row[1], row[2]) not in self._looked:
                self._put((row[0], row[1], row[2]), Place(row[3], row[4], row[5]))
                brought.add((row[0], row[1], row[2]))
        self._whole |= new_links | {row[3] for row in found}
        self._looked |= brought
        columns = list(zip(*brought, strict=True))
        for row in await db.fetch(
            statement("projectors/sync/duplicates.sql"), *(columns or [(), (), ()])
        ):
            if (duplicate := Duplicate(*row)) not in self._closed:
                self._duplicates.add(duplicate)

    def join(self, member: Member, link: UUID, event: Event, at: int) -> None:
        """Put a record into a link, as a decision or an answer has it."""
        self._turn_to(event, at)
        self._join(member, link)

    def part(self, member: Member, link: UUID, event: Event, at: int) -> None:
        """Take a record out of a link, as a decision has it."""
        self._turn_to(event, at)
        if self._link_of(member) == link:
            self._leave(key_of(member), None)

    def apply(self, event: Event, at: int) -> None:
        what = read(event)
        self._turn_to(event, at)
        match what:
            case Linked():
                for member in what.members:
                    self._join(member, what.link)
            case Unlinked():
                for member in what.members:
                    if self._link_of(member) == what.link:
                        self._leave(key_of(member), None)
            case Merged():
                self._merge(what)
            case Split():
                self._split(what)

    def _turn_to(self, event: Event, at: int) -> None:
        if at != self._at:
            self._at, self._step = at, 0  # else several were let go at one moment
        self._position = event.position

    async def write(self, db: Writes) -> None:
        if self._moved:
            await self._write_places(db)
        await _insert(db, "keep_link_history", self._history)
        await _insert(db, "drop_duplicates", sorted(_primary(each) for each in self._closed))
        await _insert(db, "keep_duplicates", sorted(self._opened))
        self._moved, self._history, self._opened, self._closed = set(), [], set(), set()

    def trim(self) -> None:
        if len(self._looked) > ROWS_MAX:
            assert not self._moved, "links are let go of only after they were written"
            self._forget()

    def _join(self, member: Member, link: UUID) -> None:
        key, place = key_of(member), self._places.get(key_of(member))
        if place is not None and place.link != link:
            self._clash(member, link, place.link, member.record)
        elif (holder := self._slots[link].get(_slot(member))) not in (None, member.record):
            self._clash(member, link, link, str(holder))
        elif place is None or place.part != member.part:
            if place is not None:
                self._leave(key, link)
            self._enter(key, link, member.part, None)

    def _merge(self, merged: Merged) -> None:
        """Move all of a link, or nothing where a slot of the other is taken."""
        going, staying = self._slots[merged.link], self._slots[merged.into]
        if merged.link == merged.into or not going:
            return
        clashes = [slot for slot in sorted(going) if slot in staying]
        for slot in clashes:
            self._clash(_member(slot, going[slot]), merged.into, merged.into, staying[slot])
        if not clashes:
            self._move(merged.link, merged.into, sorted(going))

    def _split(self, split: Split) -> None:
        going, staying = self._slots[split.link], self._slots[split.new]
        if split.link == split.new:
            return
        wanted = {key_of(member) for member in split.members}
        slots = [slot for slot, record in sorted(going.items()) if (*slot[:2], record) in wanted]
        clashes = [slot for slot in slots if slot in staying]
        for slot in clashes:
            self._clash(_member(slot, going[slot]), split.new, split.new, staying[slot])
        if not clashes:
            self._move(split.link, split.new, slots)

    def _move(self, link: UUID, into: UUID, slots: Iterable[Slot]) -> None:
        for slot in list(slots):
            key = (slot[0], slot[1], self._slots[link][slot])
            self._leave(key, into)
            self._enter(key, into, slot[2], link)

    def _enter(self, key: Key, link: UUID, part: str, came_from: UUID | None) -> None:
        self._put(key, Place(link, part, self._position))
        self._note(link, "joined", key, part, came_from)
        self._changed(key)

    def _leave(self, key: Key, goes_to: UUID | None) -> None:
        place = self._places.pop(key)
        del self._slots[place.link][key[0], key[1], place.part]
        self._members.pop(place.link, None)
        self._note(place.link, "left", key, place.part, goes_to)
        self._changed(key)

    def _clash(self, member: Member, link: UUID, other_link: UUID, other_record: str) -> None:
        key = key_of(member)
        duplicate = Duplicate(self._position, link, *key, member.part, other_link, other_record)
        # The same claim, made again, stays one case for the person who settles it.
        if any(each[1:] == duplicate[1:] for each in self._duplicates):
            return
        self._note(link, "clashed", key, member.part, other_link)
        self._duplicates.add(duplicate)
        self._opened.add(duplicate)

    def _changed(self, key: Key) -> None:
        """Note that a record has moved, which settles what was in dispute about it."""
        self._moved.add(key)
        self._looked.add(key)
        for each in [each for each in self._duplicates if key in _parties(each)]:
            self._duplicates.remove(each)
            if each in self._opened:
                self._opened.remove(each)
            else:
                self._closed.add(each)

    def _note(self, link: UUID, act: str, key: Key, part: str, other: UUID | None) -> None:
        self._history.append((self._at, self._step, link, act, *key, part, other))
        self._step += 1

    def _link_of(self, member: Member) -> UUID | None:
        place = self._places.get(key_of(member))
        return None if place is None else place.link

    def _put(self, key: Key, place: Place) -> None:
        self._places[key] = place
        self._slots[place.link][key[0], key[1], place.part] = key[2]
        self._members.pop(place.link, None)

    async def _write_places(self, db: Writes) -> None:
        # All that moved goes out before anything comes in: two records may have changed places.
        await _insert(db, "drop_links", sorted(self._moved))
        here = [(*key, *self._places[key]) for key in sorted(self._moved) if key in self._places]
        await _insert(db, "keep_links", here)

    def _forget(self) -> None:
        self._places, self._slots, self._duplicates = {}, defaultdict(dict), set()
        self._members = {}
        self._moved, self._history, self._opened, self._closed = set(), [], set(), set()
        self._position = self._at = self._step = 0
        self._looked, self._whole = set(), set()


async def _insert(db: Writes, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        await db.execute(statement(f"projectors/sync/{name}.sql"), *zip(*rows, strict=True))


def _parties(duplicate: Duplicate) -> tuple[Key, Key]:
    _, _, connection, kind, record, _, _, other_record = duplicate
    return (connection, kind, record), (connection, kind, other_record)


def _primary(duplicate: Duplicate) -> tuple[int, UUID, str, str, str]:
    return duplicate[:5]


def _slot(member: Member) -> Slot:
    return member.connection, member.kind, member.part


def _member(slot: Slot, record: str) -> Member:
    return Member(connection=slot[0], kind=slot[1], part=slot[2], record=record)
