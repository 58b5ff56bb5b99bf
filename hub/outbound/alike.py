"""Look at the vendor itself for what is about to be made: somebody may have made it already.

Who is surely the same is adopted, and left as it is. Where it only may be, or several may, nothing
is made and a person is asked. The tables cannot tell this: what was entered a second ago is not in
them yet. What is found is kept as an observation, so that all that follows knows it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.connector import NotRead, Seen
from hub.connectors.outcome import Refused
from hub.connectors.record import says
from hub.database import statement
from hub.flows import steps
from hub.flows.judge.keys import mark_of
from hub.flows.judge.reasons import ALIKE
from hub.flows.judge.words import takes_part
from hub.flows.known import Record, fields_of
from hub.flows.match import Link, Propose, card, compare, verdict
from hub.outbound.outcome import Came

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from hub.connectors.connector import Kind
    from hub.flows.match import Hit
    from hub.outbound.group import Group
    from hub.outbound.owed import Content, Owed
    from hub.outbound.seek import Seek, Tied
    from hub.outbound.way import Way


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One who says any of what is looked for."""

    seen: Seen
    fields: dict[str, Any]


async def alike(way: Way, group: Group) -> dict[UUID, Came]:
    """Look for each that is to be made; give what came of those that are not to be made now."""
    came: dict[UUID, Came] = {}
    for row in group.rows if group.act == "make" else ():
        said = group.contents[row.id]
        try:
            one = await _looked_for(way, group.kind, row, said)
        except NotRead as error:
            one = Came(outcome=error.outcome)
        except (LookupError, TypeError, ValueError) as error:
            one = Came(outcome=_not_looked_for(error))
        if one is not None:
            came[row.id] = one
    return came


async def holding(way: Way, kind: Kind, row: Owed, said: Content, refused: Refused) -> Came | None:
    """Look who has the word already because of which a vendor would not make another."""
    field = kind.taken.get(refused.reason, "")
    word = said.fields.get(field)
    if row.record or not isinstance(word, str) or not word.strip():
        return None
    try:
        found = await _search(way, kind, row, [{field: word}])
    except NotRead:
        return None
    linked = await _links(way, kind, found)
    beside = [
        one.seen for record, one in found.items() if row.link and linked.get(record) == row.link
    ]
    if beside:
        return _beside(row, refused, f"{_named(way, kind, beside)}, “{word.strip()}”", beside)
    free = [one.seen for record, one in found.items() if record not in linked]
    seen = free or [one.seen for one in found.values()]
    if not seen:
        return None
    named = _named(way, kind, seen)
    theirs = "" if free else ", linked with another"
    sentence = f"{refused.sentence} That is {named}{theirs}."
    outcome = Refused(sentence=sentence, because=refused.because, reason=refused.reason)
    return Came(outcome=outcome, alike=seen)


def _beside(row: Owed, refused: Refused, named: str, seen: list[Seen]) -> Came:
    """Say that another part of the very link has the word: there is nothing to link then."""
    part = f" for {row.part}" if row.part else ""
    sentence = (
        f"{refused.sentence} That is {named}, which is in this very link: a further one{part} "
        "needs a name of its own."
    )
    outcome = Refused(sentence=sentence, because=refused.because, reason=refused.reason)
    return Came(outcome=outcome, alike=seen, linked=True)


async def _looked_for(way: Way, kind: Kind, row: Owed, said: Content) -> Came | None:
    if said.seek is not None:
        return await _by_keys(way, kind, row, said.seek)
    if said.tied is not None:
        return await _by_ties(way, kind, row, said.tied)
    return None


async def _by_ties(way: Way, kind: Kind, row: Owed, tied: Tied) -> Came | None:
    """Look for a document that names what this one is made for."""
    searches = [{field: tied.record} for field in kind.ties.get(tied.kind, ())]
    naming = await way.named.naming(way, kind, row, tied)
    if naming is None:
        found = await _search(way, kind, row, searches)
    else:
        found = await _read(way, kind, row, naming, searches)
    there = [
        one.seen
        for one in found.values()
        if not mark_of(one.fields) and one.seen.record not in tied.others
    ]
    named = f"{tied.kind}/{tied.record}"
    if len(there) > 1:
        return _asked(way, kind, there, f"each names {named}", linked=True)
    return Came(outcome=None, adopted=there[0], why=f"it names {named}") if there else None


async def _by_keys(way: Way, kind: Kind, row: Owed, seek: Seek) -> Came | None:
    found = await _search(way, kind, row, seek.searches)
    ours = [one.seen for one in found.values() if mark_of(one.fields) == str(row.id)]
    if ours and not (row.look or row.attempt):
        return Came(outcome=None, adopted=ours[0], why="it bears the hub's own mark")
    if ours or not found:
        return None  # one that was sent before is found by its mark when it is written
    linked = await _links(way, kind, found)
    rivals = [
        hit
        for hit in _hits(seek, row, found)
        if linked.get(hit.record) != seek.link and hit.record not in seek.others
    ]
    free = [
        hit for hit in rivals
        if hit.record not in linked and not mark_of(found[hit.record].fields)
    ]  # fmt: skip
    if kind.within:  # two of one company may well have one address: they are no doubles
        return _came(way, kind, free, found)
    return _came(way, kind, free, found) or _of_doubles(way, kind, rivals, found)


def _came(way: Way, kind: Kind, free: Iterable[Hit], found: Mapping[str, Found]) -> Came | None:
    """Say what follows from those who are in no link yet."""
    match verdict(list(free)):
        case Link() as link:
            return Came(outcome=None, adopted=found[link.record].seen, why=link.why)
        case Propose() as some:
            return _asked(way, kind, [found[one].seen for one in some.records], some.why)
    return None


def _of_doubles(
    way: Way, kind: Kind, rivals: Iterable[Hit], found: Mapping[str, Found]
) -> Came | None:
    """Say what follows from all of them: one who is linked already may be a double."""
    match verdict(list(rivals)):
        case Link() as link:
            why = f"{link.why}, but that is linked with another"
            return _asked(way, kind, [found[link.record].seen], why, linked=True)
        case Propose() as some:
            why = f"{some.why}, and is linked with another"
            return _asked(way, kind, [found[one].seen for one in some.records], why, linked=True)
    return None


async def _search(
    way: Way, kind: Kind, row: Owed, searches: Iterable[dict[str, str]]
) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for fields in searches:
        if kind.id in fields or not kind.is_searched_by(fields):
            continue
        for one in await way.connector.search(way.vendor, kind, fields, row.share):
            if one.data is not None:
                found[one.record] = Found(seen=one, fields=fields_of(one.data))
    return found


async def _read(
    way: Way, kind: Kind, row: Owed, records: Sequence[str], searches: Iterable[dict[str, str]]
) -> dict[str, Found]:
    """Read these in full, and give those that still say what a search would look for."""
    if not records:
        return {}
    found = await way.connector.fetch(way.vendor, kind, records, row.share)
    return {
        one.record: Found(seen=one, fields=fields_of(one.data))
        for one in found
        if one.data is not None and any(says(one.data, fields) for fields in searches)
    }


def _hits(seek: Seek, row: Owed, found: Mapping[str, Found]) -> list[Hit]:
    """Compare those who take part, and are of that part, with those for whom it is made."""
    hits = []
    for record, one in found.items():
        theirs = Record(key=(seek.side.connection, seek.side.kind, record), fields=one.fields)
        if not takes_part(seek.side, theirs) or row.part not in ("", _part(seek, one.fields)):
            continue
        own = card(seek.flow, seek.side.name, one.fields, seek.manner)
        met = (compare(seek.flow.match, record, mine, own) for mine in seek.cards)
        hits += [hit for hit in met if hit is not None][:1]
    return hits


def _part(seek: Seek, fields: Mapping[str, Any]) -> str:
    """Give what tells a record apart from others of its side in one link."""
    path = seek.side.part
    for field in seek.flow.fields:
        if path and field.places.get(seek.side.name) == path:
            raw = steps.value_at(fields, path)
            return "" if raw is steps.ABSENT else str(steps.read(field.step, raw, seek.manner))
    return ""


async def _links(way: Way, kind: Kind, records: Iterable[str]) -> dict[str, UUID]:
    """Give the links of those that are in one."""
    async with way.database.connected() as db:
        rows = await db.fetch(statement("outbound/linked.sql"), way.name, kind.name, list(records))
    return {row["record"]: row["link"] for row in rows}


def _asked(way: Way, kind: Kind, seen: list[Seen], why: str, *, linked: bool = False) -> Came:
    named = _named(way, kind, seen)
    sentence = f"It may be there already, as {named}: {why}. Nothing was made."
    outcome = Refused(sentence=sentence, because=ALIKE, reason=why)
    return Came(outcome=outcome, alike=seen, linked=linked)


def _named(way: Way, kind: Kind, seen: Iterable[Seen]) -> str:
    return ", ".join(f"{way.name}.{kind.name}/{one.record}" for one in seen)


def _not_looked_for(error: Exception) -> Refused:
    sentence = (
        f"It could not be looked for before it was made ({type(error).__name__}: {error}), so "
        "nothing was made. Mend what that says, in the flow's keys or at the vendor, then retry."
    )
    return Refused(sentence=sentence, because="data", reason="not looked for")
