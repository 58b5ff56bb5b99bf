"""Pages of lists: `page` for the first 2,000 records, `page_token` beyond them.

A token holds where the last page ended, not how many records came before. So what is inserted or
deleted meanwhile moves nothing. It is bound to its query, and lives for a day.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from hub.sandbox.crm.fields import SORTS
from hub.sandbox.crm.refusal import Refusal, invalid_data
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record
    from hub.sandbox.system import Request

Fields = dict[str, Any]
Key = Callable[["Record"], Any]
T = TypeVar("T")

PER_PAGE = 200
BY_PAGE_MAX = 2_000
TOKEN_LIFE = timedelta(hours=24)

_UNBOUND = ("page", "page_token")


class Token(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What a page token says."""

    query: str
    until: datetime
    page: int
    value: str
    """By what was sorted, of the last record of the page."""

    id: str


class Paging(msgspec.Struct, kw_only=True):
    """Which part of which order is asked for."""

    page: int
    per_page: int
    sort_by: str
    descending: bool
    query: str
    token: Token | None = None

    @property
    def start(self) -> int:
        """Give how many come before, when pages are counted."""
        return (self.page - 1) * self.per_page

    @classmethod
    def of(cls, org: Organisation, request: Request, *, sorts: tuple[str, ...] = SORTS) -> Paging:
        """Read and check what is asked for; `sorts` are the fields that may be sorted by."""
        sort_by = request.param("sort_by") or "id"
        sort_order = request.param("sort_order") or "desc"
        if sort_by not in sorts:
            raise invalid_data(param_name="sort_by", supported_values=list(sorts))
        if sort_order not in ("asc", "desc"):
            raise invalid_data(param_name="sort_order", supported_values=["asc", "desc"])
        if request.param("cvid") and request.param("sort_by"):
            raise _ambiguous("cvid", "sort_by")
        paging = cls(
            page=_counted(request, "page", 1, None),
            per_page=_counted(request, "per_page", PER_PAGE, PER_PAGE),
            sort_by=sort_by,
            descending=sort_order == "desc",
            query=_digest(request),
        )
        paging.token = _token(org, request, paging)
        if paging.token is not None:
            paging.page = paging.token.page
        elif paging.page * paging.per_page > BY_PAGE_MAX:
            message = "page_token is needed beyond this number of records"
            raise Refusal("DISCRETE_PAGINATION_LIMIT_EXCEEDED", message, limit=BY_PAGE_MAX)
        return paging

    @property
    def last(self) -> tuple[datetime | str, str]:
        """Give the place in the order where the page before ended."""
        assert self.token is not None
        value = self.token.value
        return (value if self.sort_by == "id" else datetime.fromisoformat(value), self.token.id)

    def tokens(self, org: Organisation, last: Record | None) -> Fields:
        """Tell how to go on behind the last record of this page, if there are more."""
        return {
            "next_page_token": self._next_token(org, last) if last else None,
            "previous_page_token": None,
            "page_token_expiry": org.told(org.now() + TOKEN_LIFE) if last else None,
        }

    def _next_token(self, org: Organisation, last: Record) -> str:
        token = Token(
            query=self.query,
            until=org.now() + TOKEN_LIFE,
            page=self.page + 1,
            value=_told(last.get(self.sort_by)),
            id=last.id,
        )
        return base64.urlsafe_b64encode(msgspec.json.encode(token)).decode()


def answered(paging: Paging, rows: list[Fields], *, more: bool) -> Answer:
    """Answer a page of a list; nothing at all when it is empty."""
    if not rows:
        return Answer(status=204)
    info: Fields = {
        "per_page": paging.per_page,
        "count": len(rows),
        "page": paging.page,
        "sort_by": paging.sort_by,
        "sort_order": "desc" if paging.descending else "asc",
        "more_records": more,
    }
    return Answer(body={"data": rows, "info": info})


def order_key(sort_by: str) -> Key:
    """Give how records are sorted by any field: what is empty comes first."""

    def key(record: Record) -> tuple[bool, Any, str]:
        value = record.get(sort_by)
        return (value is not None, value if value is not None else "", record.id)

    return key


def counted(request: Request, things: Sequence[T], show: Callable[[T], Fields], key: str) -> Answer:
    """Answer a page of a list that knows no tokens."""
    page = _counted(request, "page", 1, None)
    per_page = _counted(request, "per_page", PER_PAGE, PER_PAGE)
    end = page * per_page
    rows = [show(one) for one in things[end - per_page : end]]
    if not rows:
        return Answer(status=204)
    more = len(things) > end
    info = {"per_page": per_page, "count": len(rows), "page": page, "more_records": more}
    return Answer(body={key: rows, "info": info})


def _counted(request: Request, name: str, default: int, most: int | None) -> int:
    said = request.param(name)
    if said is None or said == "":
        return default
    if not said.isdecimal() or int(said) < 1 or (most is not None and int(said) > most):
        details: Fields = {"param_name": name, "expected_data_type": "integer"}
        raise invalid_data(**details | ({"maximum_value": most} if most else {}))
    return int(said)


def _token(org: Organisation, request: Request, paging: Paging) -> Token | None:
    said = request.param("page_token")
    if not said:
        return None
    if request.param("page"):
        raise _ambiguous("page", "page_token")
    try:
        token = msgspec.json.decode(base64.urlsafe_b64decode(said.encode()), type=Token)
    except (binascii.Error, msgspec.DecodeError, UnicodeError):
        raise invalid_data("invalid page token", param_name="page_token") from None
    if token.query != paging.query:
        message = "the page token belongs to another query"
        raise Refusal("TOKEN_BOUND_DATA_MISMATCH", message, param_name="page_token")
    if token.until <= org.now():
        raise Refusal("EXPIRED_VALUE", "the page token has expired", param_name="page_token")
    return token


def _told(value: datetime | str) -> str:
    return value.isoformat() if isinstance(value, datetime) else value


def _ambiguous(*names: str) -> Refusal:
    message = "these parameters cannot be given together"
    return Refusal("AMBIGUITY_DURING_PROCESSING", message, param_names=list(names))


def _digest(request: Request) -> str:
    bound = sorted((key, value) for key, value in request.query if key not in _UNBOUND)
    said = msgspec.json.encode([request.path, bound, request.headers.get("if-modified-since")])
    return hashlib.sha256(said).hexdigest()[:16]
