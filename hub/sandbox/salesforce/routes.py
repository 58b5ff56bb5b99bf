"""Which path is answered by what."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from hub.sandbox.salesforce import describe, many, query, records, replication, tooling
from hub.sandbox.salesforce.composite import Handlers
from hub.sandbox.salesforce.refusal import no_method, not_found
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.salesforce.call import Call

Handler = Callable[..., Answer]


class Route(NamedTuple):
    """A path behind the version, with its handlers by method."""

    path: re.Pattern[str]
    handlers: dict[str, Handler]


def answered(call: Call, path: str) -> Answer:
    """Have a call answered by whatever its path is of."""
    wrong_method = False
    for route in ROUTES:
        found = route.path.fullmatch(path.rstrip("/"))
        if found is None:
            continue
        handler = route.handlers.get(call.request.method)
        if handler is not None:
            return handler(call, *found.groups())
        wrong_method = True
    raise no_method() if wrong_method else not_found()


def version_and_rest(path: str) -> tuple[str, str] | None:
    """Split the path of a call for data: its version, and what stands behind it."""
    found = _VERSIONED.fullmatch(path)
    return (found[1], found[2] or "") if found else None


def _limits(call: Call) -> Answer:
    return Answer(body=call.limits)


def _of_inner(call: Call) -> Answer:
    """Answer a call that stands within another."""
    found = version_and_rest(call.request.path)
    if found is None:
        raise not_found()
    return answered(call, found[1])


def _route(path: str, **handlers: Handler) -> Route:
    pattern = "".join("([^/]+)" if part == "{}" else part for part in re.split(r"(\{\})", path))
    return Route(re.compile(pattern), handlers)


_VERSIONED = re.compile(r"/services/data/(v\d+\.\d)(/.*)?")
_COMPOSITE = Handlers(_of_inner)
_MANY = {"POST": many.create, "PATCH": many.change, "DELETE": many.remove}

ROUTES = (
    _route("", GET=describe.resources),
    _route("/limits", GET=_limits),
    _route("/query", GET=query.query),
    _route("/queryAll", GET=query.query_all),
    _route("/query/{}", GET=query.read_on),
    _route("/queryAll/{}", GET=query.read_on),
    _route("/composite", POST=_COMPOSITE.composite),
    _route("/composite/sobjects", **_MANY),
    _route("/composite/sobjects/{}", GET=many.read_many, POST=many.read_many),
    _route("/composite/sobjects/{}/{}", PATCH=many.upsert),
    _route("/composite/tree/{}", POST=many.tree),
    _route("/tooling/sobjects/CustomField", POST=tooling.make_field),
    _route("/sobjects", GET=describe.all_objects),
    _route("/sobjects/{}", GET=describe.one_object, POST=records.create),
    _route("/sobjects/{}/describe", GET=describe.describe),
    _route("/sobjects/{}/updated", GET=replication.updated),
    _route("/sobjects/{}/deleted", GET=replication.deleted),
    _route("/sobjects/{}/Id", POST=records.create),
    _route("/sobjects/{}/{}", GET=records.read, PATCH=records.change, DELETE=records.remove),
    _route("/sobjects/{}/{}/{}", GET=records.by_external_id, PATCH=records.upsert),
)
"""In the order in which they are tried: what has a name of its own before what has any."""
