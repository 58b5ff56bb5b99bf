"""What a person is asked: the items that flows put into the inbox, and what can be answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from hub.conclusions import Answers, Asks, Noted
from hub.flows.known import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hub.conclusions import Member
    from hub.flows.agree import Conflict
    from hub.flows.flow import Flow, Side, Sync
    from hub.flows.known import Item, Known, Record
    from hub.flows.match import Propose
    from hub.flows.steps import Canonical

CONFLICT, PROPOSAL, NEWCOMER, GONE = "conflict", "proposal", "newcomer", "gone"
ALIKE: Final = "alike"
"""What was to be made may be there already: found at the vendor, right before it was made."""
ADOPTED: Final = "adopted"
"""What was to be made was there: made by somebody else, or by a hub that the log has forgotten."""
BLIND: Final = "blind"
"""Nothing at the vendor tells whether it was done, so it is never simply tried again."""
DUPLICATE = "duplicate"
"""Two records claim one place in a link."""
ANEW = "anew"
"""In the data of an item about what was made once, and is gone."""
CREATE, LEAVE, UNLINK = "create", "leave", "unlink"
LINK, TAKE = "link ", "take "
"""How a choice begins that names a record."""
CHOICE = "choice"
"""What a person chose is kept under this name beside the item's own data."""

_ITEMS = UUID("0b0f6c2e-8a0f-5a52-8f43-1d7d0a3e9b51")


def proposed(
    known: Known, flow: Sync, other: Side, record: Record, found: Propose
) -> Iterator[Asks | Noted]:
    """Propose others as the same as a record, unless each has been asked about together with it.

    Both of a pair are judged, each in its turn; the question of the one is that of the other.
    """
    asks = proposal(flow, other, record, found)
    items = {
        subject: item_of(flow, PROPOSAL, subject)
        for subject in (f"{other.connection}.{other.kind}/{each}" for each in found.records)
    }
    together(partial(known.item, item) for item in items.values())
    asked = [who for who, item in items.items() if _asks_of(known.item(item), record.subject)]
    own = known.item(asks.item)
    if len(asked) < len(items) or (own is not None and own.settled is None):
        yield asks
    else:
        why = f"whether it is the same as {', '.join(asked)} is asked there"
        yield Noted(flow=flow.name, subject=record.subject, why=why)


def _asks_of(item: Item | None, subject: str) -> bool:
    """Tell whether a question is about a record, and waits, or was left by a person."""
    if item is None or f"{LINK}{subject}" not in item.choices:
        return False
    return item.settled is None or item.data.get(CHOICE) == LEAVE


def proposal(flow: Sync, other: Side, record: Record, found: Propose) -> Asks:
    subjects = [f"{other.connection}.{other.kind}/{each}" for each in found.records]
    return Asks(
        item=item_of(flow, PROPOSAL, record.subject),
        flow=flow.name,
        reason=PROPOSAL,
        sentence=f"{record.subject} may be the same as {', '.join(subjects)}: {found.why}.",
        subject=record.subject,
        choices=[*(f"{LINK}{each}" for each in subjects), CREATE, LEAVE],
    )


def linked_both(flow: Sync, record: Record, theirs: Record, why: str) -> Asks:
    """Ask about two who are the same, and are in links of other flows by now."""
    return Asks(
        item=item_of(flow, PROPOSAL, record.subject),
        flow=flow.name,
        reason=PROPOSAL,
        sentence=f"{record.subject} is the same as {theirs.subject} ({why}).",
        subject=record.subject,
        choices=[LEAVE],
    )


def newcomer(flow: Sync, other: Side, record: Record) -> Asks:
    return Asks(
        item=item_of(flow, NEWCOMER, record.subject),
        flow=flow.name,
        reason=NEWCOMER,
        sentence=f"{record.subject} matches nobody in {other.connection}.{other.kind}, and "
        f"{flow.name} makes none there by itself.",
        subject=record.subject,
        choices=[CREATE, LEAVE],
    )


def anew(flow: Sync, source: str, lost: str, *, alone: bool) -> Asks:
    """Ask about a record that was made once and is gone; beside others it is not made by a word."""
    by_hand = (
        "" if alone else " Make it there by hand, and say that it is the same: hub links merge."
    )
    return Asks(
        item=item_of(flow, NEWCOMER, source),
        flow=flow.name,
        reason=NEWCOMER,
        sentence=f"{lost}, which was made for {source}, is gone: nothing is made in its place "
        f"unless a person says so.{by_hand}",
        subject=source,
        choices=[CREATE, LEAVE] if alone else [LEAVE],
        data={ANEW: True},
    )


def there_once_more(flow: Sync, record: Record, theirs: Sequence[str], why: str) -> Asks:
    """Ask about a record that was gone, and cannot simply be again where it was."""
    return Asks(
        item=item_of(flow, PROPOSAL, record.subject),
        flow=flow.name,
        reason=PROPOSAL,
        sentence=f"{record.subject} was gone and is there again, and matches nobody as it is now. "
        f"{why}. Nothing is made for it unless a person says so.",
        subject=record.subject,
        choices=[*(f"{LINK}{each}" for each in theirs), CREATE, LEAVE],
        data={ANEW: True},
    )


def conflict(flow: Sync, link: UUID, what: Conflict, members: Sequence[Member]) -> Asks:
    said_by = [f"{who} says {_shown(value)}" for who, value in what.values.items()]
    return Asks(
        item=item_of(flow, CONFLICT, f"{link}/{what.field}"),
        flow=flow.name,
        reason=CONFLICT,
        sentence=f"Both changed {what.field}: {', '.join(said_by)}; before, it was "
        f"{_shown(what.agreed)}.",
        subject=members[0].subject if members else "",
        choices=[f"{TAKE}{who}" for who in what.values],
        data={"link": str(link), "field": what.field, "values": what.values},
    )


def gone(flow: Sync, link: UUID, member: Member, others: Sequence[Member]) -> Asks:
    linked = ", ".join(each.subject for each in others)
    return Asks(
        item=item_of(flow, GONE, member.subject),
        flow=flow.name,
        reason=GONE,
        sentence=f"{member.subject} is gone; it was linked with {linked}.",
        subject=member.subject,
        choices=[UNLINK, LEAVE],
        data={"link": str(link), "part": member.part},
    )


def moot(known: Known, flow: Sync, records: Iterable[Record]) -> Iterator[Answers]:
    """Settle what was asked of records that have found their link by themselves."""
    items = [
        item_of(flow, reason, record.subject)
        for record in records
        for reason in (PROPOSAL, NEWCOMER, DUPLICATE)
    ]
    together(partial(known.item, item) for item in items)
    for item in items:
        found = known.item(item)
        if found is not None and found.settled is None:
            yield Answers(item=item, why="it was linked meanwhile")


def settled_by_return(known: Known, flow: Sync, record: Record) -> Iterator[Answers]:
    """Settle what was asked of a record that was gone."""
    item = item_of(flow, GONE, record.subject)
    found = known.item(item)
    if found is not None and found.settled is None:
        yield Answers(item=item, why="it is there again")


def item_of(flow: Flow, reason: str, about: str) -> UUID:
    """Give the id of an item: asked again, it is the same."""
    return uuid5(_ITEMS, f"{flow.id}/{reason}/{about}")


def _shown(value: Canonical) -> str:
    return "nothing" if value is None else f"“{value}”"


def waits(known: Known, flow: Sync, record: Record) -> bool:
    """Tell whether a person is being asked who somebody is: until then none is made for him."""
    item = known.item(item_of(flow, PROPOSAL, record.subject))
    return item is not None and item.settled is None
