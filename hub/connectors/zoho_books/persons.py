"""Write the persons of a customer of Zoho Books one by one, and find them there.

A person bears no mark. Whether one was made is told by the customer: who is there under the same
name and e-mail is taken for the one that was to be made, and left as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from hub.connectors.connector import NotRead, Written
from hub.connectors.outcome import Done, Refused
from hub.connectors.record import read, says, seen, text
from hub.connectors.zoho_books.call import reads, writes
from hub.connectors.zoho_books.kinds import KINDS, ROWS_MAX
from hub.connectors.zoho_books.write import written

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from hub.connectors.budget import Share
    from hub.connectors.connector import Seen, Write
    from hub.connectors.http import Vendor
    from hub.connectors.outcome import Answer

KIND = KINDS["contactpersons"]
CUSTOMER = KINDS[KIND.within].id
FIRST_NAME = "first_name"


class _Context(msgspec.Struct):
    has_more_page: bool = False


class _Page(msgspec.Struct):
    contact_persons: list[msgspec.Raw]
    page_context: _Context = msgspec.field(default_factory=_Context)


class _Person(msgspec.Struct):
    first_name: str = ""


class _One(msgspec.Struct):
    contact_person: _Person


async def write(vendor: Vendor, organization: str, one: Write) -> Written:
    """Make a person of the customer that the fields name, or change one."""
    act = _change if one.record else _make
    try:
        return await act(vendor, organization, one)
    except NotRead as error:
        return Written(outcome=error.outcome, record=one.record)


async def find(
    vendor: Vendor, organization: str, fields: Mapping[str, str], share: Share
) -> list[Seen]:
    """Give the persons whose fields say this, of the customer that they name."""
    wanted = {name: word for name, word in fields.items() if name != CUSTOMER}
    rows = _listed(vendor, organization, fields[CUSTOMER], share)
    return [seen(KIND, person) async for person, _ in rows if says(person, wanted)]


async def _make(vendor: Vendor, organization: str, one: Write) -> Written:
    told_by = {name: text(one.fields.get(name)) or "" for name in KIND.told_by}
    customer = text(one.fields.get(CUSTOMER))
    if not customer or not any(told_by.values()):
        return Written(outcome=_NOBODY)
    if one.look:
        async for person, answer in _listed(vendor, organization, customer, one.share):
            if says(person, told_by):
                return _was_there(person, answer)
    made = writes(organization, "POST", KIND.path, one.fields, verb=KIND.creates, share=one.share)
    return written(KIND, one, await vendor.call(made))


async def _change(vendor: Vendor, organization: str, one: Write) -> Written:
    """Change a person; Books wants its first name said again, whatever it is that changes."""
    fields, customer = dict(one.fields), text(one.fields.get(CUSTOMER))
    if customer and FIRST_NAME not in fields:
        path = f"{_path(customer)}/{quote(one.record, safe='')}"
        answer = await read(vendor, reads(organization, path, share=one.share))
        person = msgspec.json.decode(answer.body, type=_One).contact_person
        fields[FIRST_NAME] = person.first_name
    path = f"{KIND.path}/{quote(one.record, safe='')}"
    change = writes(organization, "PUT", path, fields, verb="readable", share=one.share)
    return written(KIND, one, await vendor.call(change))


async def _listed(
    vendor: Vendor, organization: str, customer: str, share: Share
) -> AsyncIterator[tuple[bytes, Answer]]:
    """Go through the persons of a customer, each with the answer that has it."""
    number, more = 1, True
    while more:
        params = (("page", str(number)), ("per_page", str(ROWS_MAX)))
        answer = await read(vendor, reads(organization, _path(customer), params, share))
        page = msgspec.json.decode(answer.body, type=_Page)
        for row in page.contact_persons:
            yield bytes(row), answer
        number, more = number + 1, page.page_context.has_more_page


def _was_there(person: bytes, answer: Answer) -> Written:
    sentence = "The customer had this person already, under the same name and e-mail."
    return Written(
        outcome=Done(sentence=sentence, answer=answer),
        record=seen(KIND, person).record,
        data=person,
        was_there=True,
    )


def _path(customer: str) -> str:
    return f"{KINDS[KIND.within].path}/{quote(customer, safe='')}/contactpersons"


_NOBODY = Refused(
    sentence=f"A person is made with the {CUSTOMER} of its customer and with at least one of "
    f"{', '.join(KIND.told_by)}: without these nothing could tell whether it was made.",
    because="data",
    reason="contactpersons",
)

READ_WITHIN = Refused(
    sentence=f"Books reads no person alone: read the record of its customer, of {KIND.within}.",
    because="data",
    reason="contactpersons",
)
