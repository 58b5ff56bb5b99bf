"""Write records of Zoho Desk, one in a call.

Desk knows no key by which a repeated call is one: the mark is looked for first, in the index and
among what is too young for it. What a field cannot hold is cut on purpose, and said; names are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.connector import NotRead, Written
from hub.connectors.outcome import Done, Refused, Unknown
from hub.connectors.record import encoded, read, seen
from hub.connectors.zoho_desk.call import at
from hub.connectors.zoho_desk.kinds import CAPS, CUSTOM, MARK, TAGS
from hub.connectors.zoho_desk.rows import beside, tags_of
from hub.connectors.zoho_desk.search import bearer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.connector import Kind, Write
    from hub.connectors.http import Vendor, Verb
    from hub.connectors.outcome import Outcome
    from hub.connectors.zoho_desk.call import Caller


async def write(vendor: Vendor, caller: Caller, kind: Kind, one: Write) -> Written:
    """Make a record, or change one; what was looked for and is there is left as it is."""
    encoded(one.fields)  # what is no JSON is said before anything is asked
    try:
        if not one.record and one.mark and one.look:
            there = await bearer(vendor, caller, kind, one.mark, one.share)
            if there is not None:
                return await _was_there(vendor, caller, kind, there.record, one)
        return await _written(vendor, caller, kind, one)
    except NotRead as error:
        return Written(outcome=error.outcome, record=one.record)


async def _written(vendor: Vendor, caller: Caller, kind: Kind, one: Write) -> Written:
    fields = dict(one.fields)
    tags = fields.pop(TAGS, None)
    fields, cut = fitting(kind, fields)
    if one.record and not fields:
        return await _only_tagged(vendor, caller, kind, one, tags)
    if not one.record and one.mark:
        fields[CUSTOM] = {**fields.get(CUSTOM, {}), MARK: one.mark}
    path = at(kind.path, one.record) if one.record else kind.path
    verb: Verb = "readable" if one.record else "marked" if one.mark else "blind"
    call = caller.writes(
        "PATCH" if one.record else "POST", path, fields, verb=verb, share=one.share
    )
    done = _as_it_is(kind, one, await vendor.call(call), cut)
    if tags is None or not isinstance(done.outcome, Done):
        return done
    assert done.data is not None, "what was written is told in full"
    borne = await _tagged(vendor, caller, done.record, tags, one)
    return msgspec.structs.replace(done, data=beside(done.data, TAGS, borne))


def fitting(kind: Kind, fields: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Cut what is longer than its field, and say what was cut."""
    caps = CAPS.get(kind.name, {})
    fits, cut = dict(fields), []
    for name, value in fields.items():
        cap = caps.get(name)
        if cap is not None and isinstance(value, str) and len(value) > cap:
            fits[name] = value[:cap].rstrip()
            cut.append(f"{name} to {cap} characters")
    return fits, cut


def _as_it_is(kind: Kind, one: Write, outcome: Outcome, cut: list[str]) -> Written:
    """Say what came of a write, by what was answered."""
    if not isinstance(outcome, Done):
        return Written(outcome=outcome, record=one.record)
    try:
        now = seen(kind, outcome.answer.body)
    except (LookupError, ValueError) as error:
        lost = Unknown(sentence=f"It was written, but what it says of that cannot be read: {error}")
        return Written(outcome=lost, record=one.record)
    if cut:
        sentence = f"It was written, and cut to what Desk holds: {', '.join(cut)}."
        outcome = msgspec.structs.replace(outcome, sentence=sentence)
    return Written(outcome=outcome, record=now.record, data=now.data, at=now.at)


async def _was_there(
    vendor: Vendor, caller: Caller, kind: Kind, record: str, one: Write
) -> Written:
    answer = await read(vendor, caller.reads(at(kind.path, record), share=one.share))
    there = Done(sentence="It was there already, under the hub's own mark.", answer=answer)
    now = seen(kind, answer.body)
    return Written(outcome=there, record=record, data=now.data, at=now.at, was_there=True)


async def _only_tagged(
    vendor: Vendor, caller: Caller, kind: Kind, one: Write, tags: object
) -> Written:
    if tags is None:
        sentence = f"Nothing is to be written to {kind.name}/{one.record}."
        refused = Refused(sentence=sentence, because="data", reason="nothing")
        return Written(outcome=refused, record=one.record)
    borne = await _tagged(vendor, caller, one.record, tags, one)
    answer = await read(vendor, caller.reads(at(kind.path, one.record), share=one.share))
    now = seen(kind, answer.body)
    done = Done(sentence="Its tags were written.", answer=answer)
    data = beside(answer.body, TAGS, borne)
    return Written(outcome=done, record=one.record, data=data, at=now.at)


async def _tagged(
    vendor: Vendor, caller: Caller, ticket: str, tags: object, one: Write
) -> list[str]:
    """Put tags on a ticket; those that it bears besides are people's, and stay."""
    wanted = [str(tag) for tag in tags] if isinstance(tags, list | tuple) else [str(tags)]
    borne = await tags_of(vendor, caller, ticket, one.share)
    known = {tag.casefold() for tag in borne}
    missing = [tag for tag in wanted if tag.casefold() not in known]
    if missing:
        path = at("/api/v1/tickets", ticket, "/associateTag")
        call = caller.writes("POST", path, {TAGS: missing}, verb="readable", share=one.share)
        await read(vendor, call)
    return sorted([*borne, *missing])
