"""Related lists: what points at a record, and the products that hang on deals and price books.

The products of a deal come without a quantity or a price: the vendor keeps none there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.crm.body import items_of, read_body
from hub.sandbox.crm.each import done, each
from hub.sandbox.crm.list import modified_since, page_of, places_of
from hub.sandbox.crm.pages import Paging
from hub.sandbox.crm.records import create
from hub.sandbox.crm.refusal import Refusal, invalid_id, unsupported
from hub.sandbox.crm.show import wanted_fields
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record
    from hub.sandbox.system import Request

Fields = dict[str, Any]

BOTH_WAYS = {("Deals", "Products"): "Deals", ("Price_Books", "Products"): "Price_Books"}
"""Lists without a lookup, and the list on the other side that shows the same."""


def related(org: Organisation, request: Request, name: str, key: str, listed: str) -> Answer:
    """List what belongs to a record."""
    parent = _parent(org, name, key)
    target, lookup = _target(org, name, listed)
    module = org.module(target)
    names = wanted_fields(request, module, needed=True)
    paging = Paging.of(org, request)
    ids = org.references.of(parent.id, target, lookup) if lookup else _attached(org, key, listed)
    since = modified_since(request)
    places = places_of(org.tables[target], paging.sort_by, since, ids)
    if since is not None and not places:
        return Answer(status=304)
    answer = page_of(org, org.tables[target], places, paging, names)
    if answer.body:
        _complete(org, answer.body, (key, listed))
    return answer


def _complete(org: Organisation, body: Fields, place: tuple[str, str]) -> None:
    """Put in what is kept of each that hangs there; how it is sorted is not told of such a list."""
    for row in body["data"]:
        row.update(org.attached.get(place, {}).get(row["id"], {}))
    del body["info"]["sort_by"], body["info"]["sort_order"]


def notes(org: Organisation, request: Request, name: str, key: str) -> Answer:
    """List the notes of a record."""
    return related(org, request, name, key, "Notes")


def add_note(org: Organisation, request: Request, name: str, key: str) -> Answer:
    """Create notes on the record that the path names."""
    parent = _parent(org, name, key)
    place = {"module": {"api_name": name}, "id": parent.id}
    notes = [note | {"Parent_Id": place} for note in items_of(read_body(request))]
    body = msgspec.json.Encoder(decimal_format="number").encode({"data": notes})
    return create(org, msgspec.structs.replace(request, body=body), "Notes")


def attach(org: Organisation, request: Request, name: str, key: str, listed: str) -> Answer:
    """Hang several records on one."""
    _parent(org, name, key)

    def one(item: Fields, _: str) -> Fields:
        return _attach(org, name, key, listed, item)

    return each(request, items_of(read_body(request)), one)


def attach_one(org: Organisation, request: Request, name: str, *place: str) -> Answer:
    """Hang one record on another."""
    key, listed, other = place
    _parent(org, name, key)

    def one(item: Fields, _: str) -> Fields:
        return _attach(org, name, key, listed, item | {"id": other})

    return each(request, items_of(read_body(request), most=1), one)


def detach_one(org: Organisation, request: Request, name: str, *place: str) -> Answer:
    """Take one record off another."""
    key, listed, other = place
    _parent(org, name, key)
    back = _other_side(org, name, listed)

    def one(_item: Fields, _path: str) -> Fields:
        if org.attached.get((key, listed), {}).pop(other, None) is None:
            raise invalid_id(id=other)
        org.attached.get((other, back), {}).pop(key, None)
        return done("relation removed", {"id": other})

    return each(request, [{}], one)


def hang(org: Organisation, parent: str, listed: str, other: str, more: Fields) -> None:
    """Keep that a record hangs on another, seen from both sides."""
    home = org.homes[parent]
    back = _other_side(org, home, listed)
    if "Price_Books" not in (home, listed):
        more = {}  # only a price book says what a product costs there
    org.attached.setdefault((parent, listed), {})[other] = more
    org.attached.setdefault((other, back), {})[parent] = more


def _attach(org: Organisation, name: str, key: str, listed: str, item: Fields) -> Fields:
    target, _ = _target(org, name, listed)
    other = str(item.get("id"))
    if org.homes.get(other) != target:
        raise invalid_id(id=other)
    hang(org, key, listed, other, {one: item[one] for one in ("list_price",) if one in item})
    return done("relation added", {"id": other})


def _parent(org: Organisation, name: str, key: str) -> Record:
    org.module(name)
    parent = org.tables[name].get(key)
    if parent is None:
        raise invalid_id(resource_path_index=1)
    return parent


def _target(org: Organisation, name: str, listed: str) -> tuple[str, str]:
    target = org.modules[name].related.get(listed)
    if target is None:
        message = "the relation name given seems to be invalid"
        raise Refusal("INVALID_DATA", message, resource_path_index=2)
    return target


def _other_side(org: Organisation, name: str, listed: str) -> str:
    target, _ = _target(org, name, listed)
    back = BOTH_WAYS.get((name, listed)) or next(
        (one for (module, one), here in BOTH_WAYS.items() if (module, here) == (target, listed)),
        None,
    )
    if back is None:
        raise unsupported(2)
    return back


def _attached(org: Organisation, key: str, listed: str) -> list[str]:
    return list(org.attached.get((key, listed), {}))
