"""Look at Zoho Books itself for records whose fields say something.

A filter that Books does not know is ignored without a word, and one it knows may find more than
was asked. So each row is compared here, and, where a row does not tell all, the record itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import NotRead
from hub.connectors.outcome import Refused
from hub.connectors.record import read, says, seen
from hub.connectors.zoho_books.call import reads
from hub.connectors.zoho_books.kinds import ROWS_MAX, is_vendor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.budget import Share
    from hub.connectors.http import Call, Vendor
    from hub.connectors.zoho_books.kinds import BooksKind

PAGES_MAX = 10
"""A filter that is obeyed finds a few; past so many pages it was not, and a day's calls are worth
more than the rest."""


class _Context(msgspec.Struct):
    has_more_page: bool = False


async def search(
    vendor: Vendor, organization: str, kind: BooksKind, fields: Mapping[str, str], share: Share
) -> list[str]:
    """Give the records whose rows say this, as far as a row tells."""
    asked = {name: word for name, word in fields.items() if name in kind.searched_by}
    found: list[str] = []
    for number in range(1, PAGES_MAX + 1):
        call = reads(organization, kind.path, _params(kind, asked, number), share)
        rows, more = await _page(vendor, kind, call)
        found += [seen(kind, row).record for row in rows if _could_be(kind, row, asked)]
        if not more:
            return found
    raise NotRead(_not_obeyed(kind, asked))


def _params(kind: BooksKind, asked: Mapping[str, str], number: int) -> tuple[tuple[str, str], ...]:
    every = (("filter_by", "Status.All"),) if kind.statuses else ()
    return (*asked.items(), *every, ("page", str(number)), ("per_page", str(ROWS_MAX)))


async def _page(vendor: Vendor, kind: BooksKind, call: Call) -> tuple[list[msgspec.Raw], bool]:
    answer = await read(vendor, call)
    body = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
    context = msgspec.json.decode(body.get("page_context", b"{}"), type=_Context)
    return msgspec.json.decode(body[kind.name], type=list[msgspec.Raw]), context.has_more_page


def _could_be(kind: BooksKind, row: msgspec.Raw, asked: Mapping[str, str]) -> bool:
    told = msgspec.json.decode(row, type=dict[str, msgspec.Raw]).keys()
    words = {name: word for name, word in asked.items() if name in told}
    return says(bytes(row), words) and not is_vendor(seen(kind, row))


def _not_obeyed(kind: BooksKind, asked: Mapping[str, str]) -> Refused:
    return Refused(
        sentence=f"A list of {kind.name} by {', '.join(asked)} did not end after {PAGES_MAX} pages "
        "of mostly others: Books does not search by that. Match by something else.",
        because="data",
        reason="filter ignored",
    )
