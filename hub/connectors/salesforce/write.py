"""Write records of Salesforce: many in a call, each judged by itself, and read back at once.

The mark is a field of what is made, and unique there: a second one of the same mark is refused. It
is never the key of an upsert, which would write over what people have done since.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from hub.connectors.connector import NotRead, Written
from hub.connectors.outcome import Answer, Done, Refused, Unknown
from hub.connectors.salesforce.ids import whole
from hub.connectors.salesforce.judge import (
    DUPLICATE_VALUE,
    DUPLICATES,
    Fault,
    of_fault,
)
from hub.connectors.salesforce.kinds import base_of
from hub.connectors.salesforce.query import ask, ids
from hub.connectors.salesforce.targets import wrong_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.connector import Write
    from hub.connectors.http import Call, Vendor
    from hub.connectors.outcome import Outcome
    from hub.connectors.salesforce.call import Calls
    from hub.connectors.salesforce.kinds import SalesforceKind

_BEARER = re.compile(r"record with id: (\w{15,18})")
_FAILS = 300
_NOTHING_TO_SAY = 204


class _Item(msgspec.Struct):
    """What is said of one record of several."""

    id: str = ""
    success: bool = False
    errors: list[Fault] = []


class _Inner(msgspec.Struct):
    body: msgspec.Raw = msgspec.Raw(b"null")
    status: int = msgspec.field(default=200, name="httpStatusCode")


class _Composite(msgspec.Struct):
    answers: list[_Inner] = msgspec.field(name="compositeResponse")


class _Stamped(msgspec.Struct):
    id: str = msgspec.field(name="Id")
    at: datetime = msgspec.field(name="SystemModstamp")


class _Rows(msgspec.Struct):
    records: list[_Stamped] = []


async def write(
    vendor: Vendor, calls: Calls, kind: SalesforceKind, writes: Sequence[Write]
) -> list[Written]:
    """Make records, or change some; one `Written` for each, in their order."""
    done: dict[int, Written] = {}
    for place, one in enumerate(writes):
        if (refused := wrong_target(kind.name, one.fields)) is not None:
            done[place] = Written(outcome=refused, record=one.record)
    looked = {one.mark: place for place, one in enumerate(writes)
              if one.mark and one.look and not one.record and place not in done}  # fmt: skip
    if looked and kind.mark:
        try:
            for mark, there in (await _bearers(vendor, calls, kind, list(looked))).items():
                done[looked[mark]] = there
        except NotRead as error:
            done |= {place: Written(outcome=error.outcome) for place in looked.values()}
    left = [place for place in range(len(writes)) if place not in done]
    if left:
        sent = [writes[place] for place in left]
        outcome = await vendor.call(_call(calls, kind, sent))
        came = await _all_of(vendor, calls, kind, sent, outcome)
        done |= dict(zip(left, came, strict=True))
    return [done[place] for place in range(len(writes))]


async def find(vendor: Vendor, calls: Calls, kind: SalesforceKind, mark: str) -> str | None:
    """Look which record bears a mark."""
    where = f"{kind.mark} IN ({ids([mark])})"
    soql = f"SELECT Id, SystemModstamp FROM {kind.name} WHERE {where} LIMIT 2"  # noqa: S608
    page = await ask(vendor, calls, base_of(kind), soql)
    if len(page.records) > 1:
        raise ValueError(f"{kind.mark} of {kind.name} is not unique: two records bear {mark}")
    return _stamped(page.records[0]).id if page.records else None


async def _bearers(
    vendor: Vendor, calls: Calls, kind: SalesforceKind, marks: Sequence[str]
) -> dict[str, Written]:
    """Give what bears one of these marks; it is left as it is."""
    where = f"{kind.mark} IN ({ids(marks)})"
    soql = f"SELECT Id, SystemModstamp, {kind.mark} FROM {kind.name} WHERE {where}"  # noqa: S608
    page = await ask(vendor, calls, base_of(kind), soql)
    found: dict[str, Written] = {}
    for row in page.records:
        said = msgspec.json.decode(row, type=dict[str, Any])
        mark = str(said[kind.mark])
        if mark in found:
            raise ValueError(f"{kind.mark} of {kind.name} is not unique: two records bear {mark}")
        found[mark] = _was_there(row)
    return found


def _call(calls: Calls, kind: SalesforceKind, sent: Sequence[Write]) -> Call:
    """Make the call: the writes, and right behind them a look at the stamps they got."""
    creates, base = not sent[0].record, base_of(kind)
    marked = creates and bool(kind.mark) and all(one.mark for one in sent)
    steps = [_step(kind, sent)]
    if marked or not creates:
        names = [one.mark if creates else one.record for one in sent]
        where = f"{kind.mark if creates else 'Id'} IN ({ids(names)})"
        soql = f"SELECT Id, SystemModstamp FROM {kind.name} WHERE {where}"  # noqa: S608
        url = f"{base}/query?q={quote(soql)}"
        steps.append({"method": "GET", "url": url, "referenceId": "stamps"})
    return calls.send(
        f"{base}/composite",
        {"allOrNone": False, "compositeRequest": steps},
        verb="marked" if marked else "blind" if creates else "readable",
        share=sent[0].share,
    )


def _step(kind: SalesforceKind, sent: Sequence[Write]) -> dict[str, Any]:
    """Say what is to be written; on a condition only one record can be, for it is a header."""
    base, one = base_of(kind), sent[0]
    if one.record and one.seen is not None:
        if len(sent) > 1:
            message = f"a condition holds for one record: expected one, found {len(sent)}"
            raise ValueError(message)
        return {
            "method": "PATCH",
            "url": f"{kind.path}/{one.record}",
            "referenceId": "written",
            "httpHeaders": {"If-Unmodified-Since": _http_date(one.seen)},
            "body": dict(one.fields),
        }
    return {
        "method": "PATCH" if one.record else "POST",
        "url": f"{base}/composite/sobjects",
        "referenceId": "written",
        "body": {"allOrNone": False, "records": [_row(kind, each) for each in sent]},
    }


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _row(kind: SalesforceKind, one: Write) -> dict[str, Any]:
    row: dict[str, Any] = {"attributes": {"type": kind.name}, **one.fields}
    if one.record:
        return {**row, "id": one.record}
    return {**row, kind.mark: one.mark} if kind.mark and one.mark else row


async def _all_of(
    vendor: Vendor,
    calls: Calls,
    kind: SalesforceKind,
    sent: Sequence[Write],
    outcome: Outcome,
) -> list[Written]:
    """Say what came of each, by what was answered."""
    if not isinstance(outcome, Done):
        return [Written(outcome=outcome, record=one.record) for one in sent]
    answer = outcome.answer
    try:
        first, *rest = msgspec.json.decode(answer.body, type=_Composite).answers
        if first.status >= _FAILS:
            faults = msgspec.json.decode(first.body, type=list[Fault] | None) or [Fault()]
            why = of_fault(faults[0], answer.at, first.status, sent[0].record or sent[0].mark)
            return [Written(outcome=why, record=one.record) for one in sent]
        items = _items(first, sent)
        stamps = _stamps(rest)
    except (LookupError, ValueError, msgspec.DecodeError) as error:
        lost = Unknown(sentence=f"What it says of the records cannot be read: {error}")
        return [Written(outcome=lost, record=one.record) for one in sent]
    if len(items) != len(sent):
        sentence = f"It was to speak of {len(sent)} records, and did of {len(items)}."
        return [Written(outcome=Unknown(sentence=sentence), record=one.record) for one in sent]
    came = [_one_of(kind, one, item, stamps, answer)
            for one, item in zip(sent, items, strict=True)]  # fmt: skip
    return [await _ours(vendor, calls, kind, one, it) for one, it in zip(sent, came, strict=True)]


def _items(first: _Inner, sent: Sequence[Write]) -> list[_Item]:
    """Give what is said of each; of a record that was written alone, nothing says that it was."""
    if first.status == _NOTHING_TO_SAY:
        return [_Item(id=sent[0].record, success=True)]
    return msgspec.json.decode(first.body, type=list[_Item])


def _one_of(
    kind: SalesforceKind, one: Write, item: _Item, stamps: dict[str, datetime], answer: Answer
) -> Written:
    if item.success:
        record = whole(item.id)
        done = Done(sentence="It was written.", answer=answer)
        return Written(outcome=done, record=record, at=stamps.get(record))
    fault = item.errors[0] if item.errors else Fault(message="It says no reason")
    if fault.code == DUPLICATE_VALUE and kind.mark and kind.mark in fault.message and one.mark:
        bearer = _BEARER.search(fault.message)
        if bearer is None:
            sentence = "A record bears the hub's own mark already, and it does not say which."
            return Written(outcome=Unknown(sentence=sentence))
        record = whole(bearer[1])
        there = Done(sentence=_THERE, answer=answer)
        return Written(outcome=there, record=record, at=stamps.get(record), was_there=True)
    subject = one.record or one.mark
    return Written(outcome=of_fault(fault, answer.at, subject=subject), record=one.record)


async def _ours(
    vendor: Vendor, calls: Calls, kind: SalesforceKind, one: Write, came: Written
) -> Written:
    """See whether what a rule of the org takes for a duplicate is what the hub made itself."""
    outcome = came.outcome
    alike = isinstance(outcome, Refused) and outcome.reason == DUPLICATES
    if not alike or one.look or not one.mark or not kind.mark:
        return came
    try:
        return (await _bearers(vendor, calls, kind, [one.mark])).get(one.mark, came)
    except NotRead as error:
        return Written(outcome=Unknown(sentence=error.outcome.sentence))


def _stamps(rest: Sequence[_Inner]) -> dict[str, datetime]:
    if not rest or rest[0].status >= _FAILS:
        return {}
    rows = msgspec.json.decode(rest[0].body, type=_Rows).records
    return {one.id: one.at for one in rows}


def _stamped(row: msgspec.Raw) -> _Stamped:
    return msgspec.json.decode(row, type=_Stamped)


def _was_there(row: msgspec.Raw) -> Written:
    one = _stamped(row)
    said = Answer(status=200, body=bytes(row), at=one.at)
    return Written(
        outcome=Done(sentence=_THERE, answer=said), record=one.id, at=one.at, was_there=True
    )


_THERE = "It was there already, under the hub's own mark."
