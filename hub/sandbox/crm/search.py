"""Search, over an index that comes some seconds behind what was written."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hub.sandbox.crm.criteria import Meets, invalid_query, read_criteria
from hub.sandbox.crm.fields import TEXTS
from hub.sandbox.crm.pages import Paging, answered, order_key
from hub.sandbox.crm.refusal import Refusal
from hub.sandbox.crm.show import show_rows, wanted_fields
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.crm.fields import Module
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record
    from hub.sandbox.system import Request

PHONE_LENGTH_MIN = 3
WORD_LENGTH_MIN = 2
RESULTS_MAX = 2_000
BY = ("criteria", "email", "phone", "word")
"""What may be searched by; of several, the first counts."""


class Index:
    """A module as search sees it: each record in the state that has come through by now."""

    def __init__(self) -> None:
        self.seen: dict[str, Record] = {}
        self._words: dict[str, str] = {}
        self._waiting: deque[tuple[datetime, Record, bool]] = deque()

    def note(self, org: Organisation, record: Record, *, gone: bool) -> None:
        """Take in a write; it is found when the lag is over."""
        self.catch_up(org)
        lag = timedelta(seconds=org.quirks.search_lag_seconds)
        self._waiting.append((org.world.clock.now() + lag, record, gone))

    def catch_up(self, org: Organisation) -> None:
        """Let through what is due."""
        now = org.world.clock.now()
        while self._waiting and self._waiting[0][0] <= now:
            self._let_through()

    def place(self, record: Record) -> None:
        """Take in what is found at once: it was placed, not written."""
        self.seen[record.id] = record
        self._words.pop(record.id, None)

    def words(self, record: Record, names: list[str]) -> str:
        """Give the words in some fields of a record, each behind a space."""
        if record.id not in self._words:
            values = (record.get(name) for name in names)
            texts = (" ".join(one.casefold().split()) for one in values if isinstance(one, str))
            self._words[record.id] = " " + " \n ".join(texts)
        return self._words[record.id]

    def _let_through(self) -> None:
        _, record, gone = self._waiting.popleft()
        self._words.pop(record.id, None)
        if gone:
            self.seen.pop(record.id, None)
        else:
            self.seen[record.id] = record


def search(org: Organisation, request: Request, name: str) -> Answer:
    """Answer a search in a module."""
    module = org.module(name)
    index = index_of(org, name)
    index.catch_up(org)
    meets = _asked(module, index, request)
    sorts = [field.api_name for field in module.fields.values() if field.is_ordered]
    paging = Paging.of(org, request, sorts=("id", *sorts))
    found = [record for record in index.seen.values() if meets(record)][:RESULTS_MAX]
    found.sort(key=order_key(paging.sort_by), reverse=paging.descending)
    rows = found[paging.start : paging.start + paging.per_page]
    names = wanted_fields(request, module)
    more = len(found) > paging.start + len(rows)
    return answered(paging, show_rows(org, rows, names), more=more)


def count(org: Organisation, request: Request, name: str) -> Answer:
    """Count the records of a module: all of them, or those that a search would find."""
    module = org.module(name)
    if not any(request.param(by) for by in BY):
        return Answer(body={"count": len(org.tables[name])})
    index = index_of(org, name)
    index.catch_up(org)
    meets = _asked(module, index, request)
    return Answer(body={"count": sum(map(meets, index.seen.values()))})


def index_of(org: Organisation, module: str) -> Index:
    return org.indexes.setdefault(module, Index())


def _asked(module: Module, index: Index, request: Request) -> Meets:
    by = next((one for one in BY if request.param(one)), None)
    if by is None:
        message = "One of the expected parameter is missing"
        raise Refusal("EXPECTED_PARAM_MISSING", message, param_names=list(BY))
    text = (request.param(by) or "").casefold()
    if by == "criteria":
        return read_criteria(module, request.param(by) or "")
    if by == "email":
        return _any_of(_names(module, "email"), lambda value: value.casefold() == text)
    if by == "phone":
        if len(text) < PHONE_LENGTH_MIN:
            raise invalid_query("a phone number has at least 3 characters")
        digits = _digits(text)
        return _any_of(_names(module, "phone"), lambda value: digits in _digits(value))
    if len(text) < WORD_LENGTH_MIN:
        raise invalid_query("a word has at least 2 characters")
    names = _names(module, *TEXTS)
    start = " " + " ".join(text.rstrip("*").split())
    return lambda record: start in index.words(record, names)


def _names(module: Module, *types: str) -> list[str]:
    return [name for name, field in module.fields.items() if field.type in types]


def _any_of(names: list[str], meets: Callable[[str], bool]) -> Meets:
    def one(record: Record) -> bool:
        values = (record.get(name) for name in names)
        return any(meets(value) for value in values if isinstance(value, str))

    return one


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())
