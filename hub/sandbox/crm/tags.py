"""Tags: names that stand on records, and are made by the first record that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.body import items_of, list_in, read_body
from hub.sandbox.crm.change import update
from hub.sandbox.crm.each import done, each
from hub.sandbox.crm.organisation import API_USER
from hub.sandbox.crm.refusal import invalid_data, invalid_id, over_limit, param_missing
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.system import Request

Fields = dict[str, Any]

IDS_MAX = 100
ALLOWED = 100


def list_tags(org: Organisation, request: Request) -> Answer:
    """List the tags of a module."""
    name = request.param("module")
    if not name:
        raise param_missing("module")
    org.module(name)
    tags = list(org.tags.get(name, {}).values())
    info = {"count": len(tags), "allowed_count": ALLOWED}
    return Answer(body={"tags": tags, "info": info})


def make_tags(org: Organisation, request: Request) -> Answer:
    """Make tags in a module."""
    name = request.param("module")
    if not name:
        raise param_missing("module")
    org.module(name)

    def one(item: Fields, path: str) -> Fields:
        tag = item.get("name")
        if not isinstance(tag, str) or not tag:
            raise invalid_data(api_name="name", json_path=f"{path}.name")
        made = _tag(org, name, tag, item.get("color_code"))
        details = {key: value for key, value in made.items() if key != "name"}
        return done("tags created successfully", details)

    return each(request, items_of(read_body(request), "tags"), one, key="tags", whole=201)


def add_tags(org: Organisation, request: Request, name: str, key: str = "") -> Answer:
    """Put tags on records."""
    return _change(org, request, name, key, add=True)


def remove_tags(org: Organisation, request: Request, name: str, key: str = "") -> Answer:
    """Take tags off records."""
    return _change(org, request, name, key, add=False)


def tag_names(org: Organisation, module: str, said: list[Any]) -> list[Fields]:
    """Give the tags that a record is written with; new ones are made."""
    names = [one.get("name") if isinstance(one, dict) else one for one in said]
    tags = [_tag(org, module, name, None) for name in names if isinstance(name, str)]
    return [{key: tag[key] for key in ("name", "id", "color_code")} for tag in tags]


def _change(org: Organisation, request: Request, name: str, key: str, *, add: bool) -> Answer:
    org.module(name)
    body = read_body(request)
    ids = [key] if key else list_in(body, "ids", "$") or (request.param("ids") or "").split(",")
    ids = [str(one) for one in ids if one]
    if not ids:
        raise param_missing("ids")
    tags = tag_names(org, name, items_of(body, "tags"))
    over_write = body.get("over_write") is True or request.param("over_write") == "true"
    if len(ids) > IDS_MAX:
        raise over_limit(IDS_MAX)

    def one(item: Fields, _: str) -> Fields:
        return _changed(org, name, item["id"], tags, add=add, over_write=over_write)

    answer = each(request, [{"id": one_id} for one_id in ids], one)
    answer.body["locked_count"] = "0"
    if add:
        changed = sum(one["status"] == "success" for one in answer.body["data"])
        answer.body["success_count"] = str(changed)
    return answer


def _changed(
    org: Organisation, name: str, key: str, tags: list[Fields], *, add: bool, over_write: bool
) -> Fields:
    record = org.tables[name].get(key)
    if record is None:
        raise invalid_id(id=key)
    given = {tag["name"] for tag in tags}
    kept = [tag for tag in record.get("Tag") or () if tag["name"] not in given]
    after = (tags if over_write else [*kept, *tags]) if add else kept
    update(org, record, {"Tag": after}, API_USER.id)
    return done("tags updated successfully", {"id": key, "tags": after})


def _tag(org: Organisation, module: str, name: str, color: str | None) -> Fields:
    tags = org.tags.setdefault(module, {})
    if name not in tags:
        now, by = org.told(org.now()), org.user(API_USER.id)
        tags[name] = {
            "created_time": now,
            "modified_time": now,
            "name": name,
            "modified_by": by,
            "id": org.new_id(),
            "created_by": by,
            "color_code": color,
        }
    return tags[name]
