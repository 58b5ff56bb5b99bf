"""Who has the word because of which a vendor would not make another: linked so, free, or not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec
import pytest

from hub.connectors.outcome import Refused
from hub.outbound.alike import holding
from hub.outbound.owed import Content
from hub.outbound.take import But, take
from tests.connectors.played import played

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from tests.outbound.counter import Counter

NAME = "Quadra Works"
LINK = uuid4()
FURTHER = "a further one for EUR needs a name of its own."
TAKEN = Refused(sentence="It exists.", because="data", reason="3062")


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        (LINK, f", “{NAME}”, which is in this very link: {FURTHER}"),
        (uuid4(), ", linked with another."),
        (None, "."),
    ],
    ids=["this link", "another link", "no link"],
)
async def test_who_has_the_word_is_told_and_offered_unless_the_link_has_it_itself(
    counter: Counter, tmp_path: Path, link: UUID | None, sentence: str
) -> None:
    async with played("books", counter.log.database, tmp_path) as books:
        customer = books.system.put("contacts", {"contact_name": NAME})["contact_id"]
        if link is not None:
            await counter.execute(
                "insert into links values ('books', 'contacts', $1, $2, 'USD', 1)", customer, link
            )
        way = msgspec.structs.replace(
            counter.way, name="books", connector=books.connector, vendor=books.vendor
        )
        await counter.owe("contacts", connection="books", link=LINK, part="EUR")
        async with way.database.connected() as db:
            (row,) = (await take(db, "books", datetime.now(UTC), But())).rows

        said = Content(fields={"contact_name": NAME})
        came = await holding(way, books.kind("contacts"), row, said, TAKEN)

        assert came is not None
        assert isinstance(came.outcome, Refused)
        there = f"books.contacts/{customer}"
        assert came.outcome.sentence == f"It exists. That is {there}{sentence}"
        assert [one.record for one in came.alike] == [customer]
        assert came.linked == (link == LINK)
