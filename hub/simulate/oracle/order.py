"""P8: what is written to a record is ever newer, as the vendor saw it arrive.

It can be told where one side alone changed a field, so that its edits have one order. What another
side was told may leave some of them out, and repeat one, but never go back to an earlier one.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from hub.simulate import companies
from hub.simulate.companies import OWNERS, SIDES
from hub.simulate.oracle.view import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.sandbox.system import Fields
    from hub.sandbox.world import Call
    from hub.simulate.oracle.view import View

_PUT = {
    side: re.compile(rf"/{kind}(?:/(?P<record>\d+))?$")
    for side, (kind, _) in SIDES.items()
    if side != "salesforce"
}


def in_order(view: View) -> Iterator[Broken]:
    """Tell of each field that went back, where nobody had it go back."""
    writes = [
        (datetime.fromisoformat(call.at), *found)
        for call in view.ground.world.calls_since(0)
        for found in _writes(call)
    ]
    for company, rows in view.alone().items():
        for field in OWNERS:
            edits = view.edits(company, field)
            edited = {one.side for one in edits}
            if len(edited) != 1:
                continue
            for told in rows.keys() - edited:
                record = str(rows[told][SIDES[told][1]])
                at = (told, record)
                # What was written before says what it was: an address goes as a whole.
                since = min(one.at for one in edits).replace(microsecond=0)
                words = [
                    companies.word(told, one, field)
                    for when, to, one in writes
                    if to == at and when >= since
                ]
                back = went_back([one.value for one in edits], [word for word in words if word])
                if back is not None:
                    where = f"{told}.{SIDES[told][0]}/{record}"
                    what = f"{company}: {field} of {where} went back to {back!r}"
                    yield Broken(promise="P8", sentence=what, company=company)


def went_back(said: Sequence[str], written: Sequence[str]) -> str | None:
    """Give the first word that was written after a newer one; what nobody said tells nothing."""
    at = 0
    for word in written:
        if word in said[at:]:
            at = said.index(word, at)
        elif word in said:
            return word
    return None


def _writes(call: Call) -> Iterator[tuple[tuple[str, str], Fields]]:
    """Give what a call wrote: to which record of a company, and what."""
    if call.system == "salesforce" and call.path.endswith("/composite"):
        yield from _composite(call)
        return
    found = _PUT[call.system].search(call.path) if call.system in _PUT else None
    if found is None or call.method not in ("PUT", "PATCH") or not 200 <= call.status < 300:  # noqa: PLR2004
        return
    body = msgspec.json.decode(call.body)
    for row in body["data"] if call.system == "crm" else [body]:
        record = found["record"] or str(row.get("id", ""))
        yield (call.system, record), row


def _composite(call: Call) -> Iterator[tuple[tuple[str, str], Fields]]:
    """Give what a call to Salesforce wrote: its writes are steps of one call."""
    if not 200 <= call.status < 300:  # noqa: PLR2004
        return
    for step in msgspec.json.decode(call.body)["compositeRequest"]:
        if step["method"] != "PATCH":
            continue
        alone = [step["body"] | {"id": step["url"].rpartition("/")[2]}]
        for row in step["body"].get("records", alone):
            yield (call.system, str(row["id"])), row
