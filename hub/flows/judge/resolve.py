"""What follows from a person's answer to what waited in the inbox, by the flow that asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.conclusions import Noted
from hub.flows.flow import Once, Sync, While
from hub.flows.judge.choice import choice_of
from hub.flows.judge.chosen import chosen_of, name_of, too_late
from hub.flows.judge.follow import follow
from hub.flows.judge.once import OnceJudge
from hub.flows.judge.people import COMPANY, PeopleJudge
from hub.flows.judge.reasons import CREATE, LEAVE, LINK, NEWCOMER, RETRY
from hub.flows.judge.sync import SyncJudge
from hub.flows.judge.whiles import WhileJudge
from hub.flows.judge.words import side_of
from hub.flows.known import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.conclusions import Conclusion
    from hub.events import Resolved
    from hub.flows.known import InForce, Item, Known


def resolve(known: Known, force: InForce, what: Resolved, by: str) -> list[Conclusion]:
    """Conclude what follows for one flow; an answer that came second changes nothing."""
    item = known.item(what.item)
    if item is None or item.settled != known.at:
        return []
    if isinstance(force.flow, Once) and item.flow == force.flow.name:
        return list(_of_case(OnceJudge(known, force, force.flow), item, what, by))
    if isinstance(force.flow, While) and item.flow == force.flow.name and "case" in item.data:
        opened = WhileJudge(known, force, force.flow).opened
        return list(opened.resolved(item.data["case"], what.choice)) if opened else []
    flow = _sync(force, item)
    if flow is None:
        return []
    if COMPANY in item.data and isinstance(force.flow, Sync) and force.flow.name == item.flow:
        people = PeopleJudge(known, force, force.flow, review=True)
        return list(_of_person(people, item, what, by))
    return list(follow(SyncJudge(known, force, flow, review=True), chosen_of(item, what, by)))


def _of_case(judge: OnceJudge, item: Item, what: Resolved, by: str) -> Iterator[Conclusion]:
    """Have a thing that is done once judged again, or left."""
    if what.choice == RETRY and "case" in item.data:
        yield from judge.again(item.data["case"])
    elif what.choice == RETRY:
        yield from judge.anew(what.item)
    elif what.choice == LEAVE:
        yield Noted(flow=item.flow, subject=item.subject, why=f"{name_of(by)} said so")


def _of_person(people: PeopleJudge, item: Item, what: Resolved, by: str) -> Iterator[Conclusion]:
    key, company = key_of(item.subject), key_of(item.data[COMPANY])
    choice = choice_of(what.choice)
    if choice.word == LINK:
        theirs = key_of(choice.whom)
        found = list(people.link(key, theirs, company, f"{name_of(by)} said so"))
    elif choice.word == CREATE:
        unlike = item.reason == NEWCOMER
        found = list(people.make_other(key, company, unlike=unlike))
    else:
        found = [Noted(flow=item.flow, subject=item.subject, why=f"{name_of(by)} said so")]
    yield from found or [too_late(item)]


def _sync(force: InForce, item: Item) -> Sync | None:
    """Give the sync that asked: the flow itself, or that of the people within it."""
    flow, (connection, kind, _) = force.flow, key_of(item.subject)
    if not isinstance(flow, Sync) or flow.name != item.flow:
        return None
    both = (flow, flow.people)
    return next((one for one in both if one and side_of(one, connection, kind)), None)
