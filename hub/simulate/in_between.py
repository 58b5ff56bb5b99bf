"""People who edit a company in CRM in the very moment in which the hub writes it: when the hub has
decided what to write, and before its call is taken up. No notice of that can come in time.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

import msgspec

from hub.simulate.companies import OWNERS, company_of, fields

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from hub.sandbox.system import Answer, Request
    from hub.simulate.ground import Ground
    from hub.simulate.people import People

SHARE = 0.3
"""In how many of the hub's writes somebody comes between."""


@contextmanager
def in_between(ground: Ground, people: People, random: Random) -> Iterator[None]:
    """Have them do so until the end of the block."""
    answer = ground.crm.answer

    def answered(request: Request) -> Answer:
        if _is_change(request) and random.random() < SHARE:
            _edit(ground, people, random, request)
        return answer(request)

    with patch.object(ground.crm, "answer", answered):
        yield


def _is_change(request: Request) -> bool:
    return request.method == "PUT" and request.path.endswith("/Accounts")


def _edit(ground: Ground, people: People, random: Random, request: Request) -> None:
    """Change a field of a company that is being written: mostly one that the hub writes."""
    rows = {str(row["id"]): row for row in ground.rows("crm", "Accounts")}
    for sent in msgspec.json.decode(request.body)["data"]:
        written = [name for name in OWNERS if fields("crm", name, "").keys() & sent.keys()]
        if company := company_of(rows.get(sent["id"], {})):
            people.change(company, "crm", random.choice([*written, *written, *OWNERS]), random)
