"""Which path is answered by what, and the scope that a token needs for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from hub.sandbox.crm import (
    blueprint,
    bulk,
    company,
    composite,
    field_settings,
    metadata,
    records,
    recycle_bin,
    related,
    search,
    tags,
    watch,
)
from hub.sandbox.crm import list as lists
from hub.sandbox.crm.coql.run import coql
from hub.sandbox.crm.refusal import invalid_method, invalid_url
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.system import Request

Handler = Callable[..., Answer]

_OPERATIONS = {"GET": "READ", "POST": "CREATE", "PUT": "UPDATE", "PATCH": "UPDATE"}


class Route(NamedTuple):
    """A path with its handlers by method; `area` is what its scope is called."""

    path: re.Pattern[str]
    area: str
    handlers: dict[str, Handler]


class Found(NamedTuple):
    """The handler of a request, the scopes it needs, and the parts of the path it is given."""

    handler: Handler
    scopes: tuple[str, ...]
    parts: tuple[str, ...]

    def answer(self, org: Organisation, request: Request) -> Answer:
        return self.handler(org, request, *self.parts)


def find_route(method: str, path: str) -> Found:
    """Find what answers a request."""
    for route in ROUTES:
        if (found := route.path.fullmatch(path.rstrip("/"))) is None:
            continue
        if method not in route.handlers:
            raise invalid_method()
        parts = found.groups()
        return Found(route.handlers[method], _scopes(route.area, method, parts), parts)
    raise invalid_url()


def _scopes(area: str, method: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    operation = _OPERATIONS.get(method, "DELETE")
    if area in ("modules", "search"):
        module = parts[0].lower().replace("_", "")
        scope = f"ZohoCRM.modules.{module}.{operation}"
        return (scope, "ZohoSearch.securesearch.READ") if area == "search" else (scope,)
    if area in ("coql", "org", "users"):
        return (f"ZohoCRM.{area}.READ",)
    if area == "composite_requests":
        return ("ZohoCRM.composite_requests.CUSTOM",)
    return (f"ZohoCRM.{area}.{operation}",)


def _route(path: str, area: str, **handlers: Handler) -> Route:
    """Make a route; `{}` in a path stands for one part of it."""
    pattern = re.escape(path).replace(r"\{\}", "([^/]+)")
    prefix = "/crm/bulk/v8" if area == "bulk" else "/crm/v[28]"
    return Route(re.compile(prefix + pattern), area, handlers)


ROUTES = (
    _route("/read", "bulk", POST=bulk.start),
    _route("/read/{}", "bulk", GET=bulk.state),
    _route("/read/{}/result", "bulk", GET=bulk.result),
    _route("/coql", "coql", POST=coql),
    _route(
        "/actions/watch",
        "notifications",
        GET=watch.list_channels,
        POST=watch.enable,
        PUT=watch.replace,
        PATCH=watch.change,
        DELETE=watch.disable,
    ),
    _route("/__composite_requests", "composite_requests", POST=composite.composite),
    _route("/org", "org", GET=company.organisation),
    _route("/users", "users", GET=company.list_users),
    _route("/users/{}", "users", GET=company.one_user),
    _route("/org/currencies", "settings.currencies", GET=company.list_currencies),
    _route("/org/currencies/{}", "settings.currencies", GET=company.one_currency),
    _route("/org/taxes", "settings.taxes", GET=company.list_taxes, PUT=company.write_taxes),
    _route("/org/taxes/{}", "settings.taxes", GET=company.one_tax),
    _route("/settings/modules", "settings.modules", GET=metadata.list_modules),
    _route("/settings/modules/{}", "settings.modules", GET=metadata.one_module),
    _route(
        "/settings/fields",
        "settings.fields",
        GET=field_settings.list_fields,
        POST=field_settings.make_fields,
        PATCH=field_settings.change_fields,
    ),
    _route(
        "/settings/fields/{}",
        "settings.fields",
        GET=field_settings.one_field,
        PATCH=field_settings.change_field,
        DELETE=field_settings.delete_field,
    ),
    _route("/settings/layouts", "settings.layouts", GET=metadata.list_layouts),
    _route("/settings/layouts/{}", "settings.layouts", GET=metadata.one_layout),
    _route("/settings/pipeline", "settings.pipeline", GET=metadata.pipeline),
    _route("/settings/related_lists", "settings.related_lists", GET=metadata.related_lists),
    _route("/settings/tags", "settings.tags", GET=tags.list_tags, POST=tags.make_tags),
    _route("/settings/recycle_bin", "settings.recycle_bin", GET=recycle_bin.list_removed),
    _route(
        "/settings/recycle_bin/{}/actions/restore",
        "settings.recycle_bin",
        POST=recycle_bin.restore_one,
    ),
    _route("/{}/upsert", "modules", POST=records.upsert),
    _route("/{}/search", "search", GET=search.search),
    _route("/{}/deleted", "modules", GET=lists.deleted_records),
    _route("/{}/actions/count", "modules", GET=search.count),
    _route("/{}/actions/add_tags", "modules", POST=tags.add_tags),
    _route("/{}/actions/remove_tags", "modules", POST=tags.remove_tags),
    _route("/{}/{}/actions/add_tags", "modules", POST=tags.add_tags),
    _route("/{}/{}/actions/remove_tags", "modules", POST=tags.remove_tags),
    _route("/{}/{}/actions/blueprint", "modules", GET=blueprint.transitions, PUT=blueprint.move),
    _route(
        "/{}",
        "modules",
        GET=lists.list_records,
        POST=records.create,
        PUT=records.update_many,
        DELETE=records.delete_many,
    ),
    _route(
        "/{}/{}",
        "modules",
        GET=lists.one_record,
        PUT=records.update_one,
        DELETE=records.delete_one,
    ),
    _route("/{}/{}/Notes", "modules", GET=related.notes, POST=related.add_note),
    _route("/{}/{}/{}", "modules", GET=related.related, PUT=related.attach),
    _route("/{}/{}/{}/{}", "modules", PUT=related.attach_one, DELETE=related.detach_one),
)
"""In the order in which they are tried: what has a name of its own before what has any."""
