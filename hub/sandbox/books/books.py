"""The played Zoho Books: from a call that comes in to the answer that goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from hub.errors import Refused
from hub.sandbox.books import acts, fresh, refusals, settings
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.hooks.deliver import announce
from hub.sandbox.books.limits import Usage
from hub.sandbox.books.organization import Actor, Organization
from hub.sandbox.books.quirks import BooksQuirks
from hub.sandbox.books.refusals import Declined
from hub.sandbox.books.routes import KINDS, route

if TYPE_CHECKING:
    from hub.sandbox.books.organization import Change
    from hub.sandbox.system import Answer, Fields, Request
    from hub.sandbox.world import World

PREFIX = "/books/v3"
ORGANIZATION_HEADER = "x-com-zoho-books-organizationid"
HEADERS = {
    "Content-Type": "application/json;charset=UTF-8",
    "Server": "ZGS",
    "Cache-Control": "no-cache, no-store",
}


class Admission(Protocol):
    """Who tells whether a token is good: the accounts."""

    def check(
        self, request: Request, scope: str
    ) -> Literal["missing", "invalid", "scope"] | None: ...


class Books:
    """Two organisations behind one login."""

    name = "books"
    prefixes = (PREFIX,)

    def __init__(self, world: World, accounts: Admission) -> None:
        self.quirks = BooksQuirks()
        self._world = world
        self._accounts = accounts
        self.organizations: dict[str, Organization] = {}
        self._usage: dict[str, Usage] = {}
        self.reset()

    def answer(self, request: Request) -> Answer:
        """Do what a call asks for, or say in the vendor's words why not."""
        try:
            answer = self._answer(request)
        except Declined as declined:
            answer = declined.answer
        return _with_headers(answer, HEADERS)

    def begin(self, request: Request) -> None:
        """Know that a call is in process from now on."""
        for usage in self._usage_of(request):
            usage.in_flight += 1

    def end(self, request: Request) -> None:
        for usage in self._usage_of(request):
            usage.in_flight = max(usage.in_flight - 1, 0)

    def fault(self, fault: str) -> Answer:
        """Say what goes wrong in the vendor's words."""
        match fault:
            case "rate_limited":
                answer = refusals.too_many_a_minute().answer
            case "token_expired":
                answer = refusals.not_authorized().answer
            case "http_503":
                answer = refusals.internal(503).answer
            case _:
                answer = refusals.internal().answer
        return _with_headers(answer, HEADERS)

    def state(self) -> dict[str, list[Fields]]:
        """Give every record, in full, by kind; each says whose it is."""
        state: dict[str, list[Fields]] = {name: [] for name in KINDS}
        state["organizations"], state["users"] = [], []
        for organization in self.organizations.values():
            whose = {"organization_id": organization.profile.organization_id}
            for kind in KINDS.values():
                records = organization.tables[kind.name].records.values()
                state[kind.name] += [whose | kind.detail(organization, one) for one in records]
            state["organizations"].append(settings.organization_detail(organization))
            people = organization.tables["users"].records.values()
            state["users"] += [whose | settings.user_detail(one) for one in people]
        return state

    def put(self, kind: str, fields: Fields) -> Fields:
        """Place a record silently, in the default organisation unless `organization_id` says."""
        fields = dict(fields)
        organization = self._chosen(str(fields.pop("organization_id", "")))
        return acts.create(organization, kind, fields, _somebody(organization, "seed"))

    def edit(self, kind: str, record: str, fields: Fields) -> Fields:
        """Change a record as a person does."""
        organization = self._holder(kind, record)
        return acts.edit(organization, kind, record, fields, _somebody(organization, "person"))

    def act(self, act: str, kind: str, record: str, details: Fields) -> Fields:
        """Do what a button does; see `acts` for which there are."""
        details = dict(details)
        whose = str(details.pop("organization_id", ""))
        organization = self._holder(kind, record) if record else self._chosen(whose)
        actor = _somebody(organization, "person")
        return acts.act(organization, act, kind, record, details, actor=actor)

    def reset(self) -> None:
        """Forget everything but two fresh organisations."""
        made = fresh.organizations(self._world, lambda: self.quirks)
        self.organizations = {one.profile.organization_id: one for one in made}
        self._usage = {one: Usage(made) for one, made in self.organizations.items()}
        for organization in made:
            organization.on_change = _announce

    def _answer(self, request: Request) -> Answer:
        path = request.path.removeprefix(PREFIX).strip("/")
        if path.split("/")[0] == "organizations":
            return self._of_organizations(request, path.split("/")[1:])
        found, ids = route(request.method, path)
        self._admit(request, found.scopes)
        organization = self._wanted(request)
        usage = self._usage[organization.profile.organization_id]
        try:
            usage.count()
            answer = found.handler(_incoming(organization, request, ids))
        except Declined as declined:
            answer = declined.answer
        return _with_headers(answer, usage.headers())

    def _of_organizations(self, request: Request, ids: list[str]) -> Answer:
        """Answer what concerns no single organisation: neither limits nor their headers here."""
        verb = {"GET": "READ", "PUT": "UPDATE"}.get(request.method)
        if len(ids) > 1 or (verb == "UPDATE" and not ids):
            raise refusals.unknown_url()
        if verb is None:
            raise refusals.wrong_method()
        self._admit(request, (f"ZohoBooks.settings.{verb}",))
        if not ids:
            every = [settings.organization_row(one) for one in self.organizations.values()]
            return done(organizations=every)
        organization = self._known(ids[0])
        if verb == "UPDATE":
            fields = _incoming(organization, request, ()).fields()
            settings.change_organization(organization, fields)
        return done(organization=settings.organization_detail(organization))

    def _admit(self, request: Request, scopes: tuple[str, ...]) -> None:
        if all(self._accounts.check(request, scope) is not None for scope in scopes):
            raise refusals.not_authorized()

    def _wanted(self, request: Request) -> Organization:
        """Give the organisation that a call names; there are two, so it must name one."""
        wanted = _named(request)
        if wanted:
            return self._known(wanted)
        if self.quirks.organization_guessed:
            return self._chosen("")
        raise refusals.bad_parameter("organization_id")

    def _known(self, organization_id: str) -> Organization:
        if organization_id not in self.organizations:
            raise refusals.wrong_organization(organization_id)
        return self.organizations[organization_id]

    def _usage_of(self, request: Request) -> list[Usage]:
        usage = self._usage.get(_named(request))
        return [usage] if usage else []

    def _chosen(self, organization_id: str) -> Organization:
        if not organization_id:
            return next(iter(self.organizations.values()))
        if organization_id not in self.organizations:
            raise Refused(
                f"organization_id: expected one of {', '.join(self.organizations)}, "
                f"found {organization_id!r}."
            )
        return self.organizations[organization_id]

    def _holder(self, kind: str, record: str) -> Organization:
        """Give the organisation that has a record."""
        if kind == "organizations":
            return self._chosen(record)
        for organization in self.organizations.values():
            table = organization.tables.get(kind)
            if table is not None and record in table.records:
                return organization
        raise Refused(f"Expected the id of one of the {kind} of books, found {record!r}.")


def _announce(organization: Organization, change: Change) -> None:
    announce(organization, change, KINDS)


def _named(request: Request) -> str:
    return (
        request.param("organization_id") or request.headers.get(ORGANIZATION_HEADER, "")
    ).strip()


def _incoming(organization: Organization, request: Request, ids: tuple[str, ...]) -> Incoming:
    user = organization.owner()
    return Incoming(
        organization=organization,
        request=request,
        actor=Actor(user_id=user["user_id"], name=user["name"], road="api"),
        ids=ids,
        query=dict(reversed(request.query)),
    )


def _somebody(organization: Organization, road: Literal["person", "seed"]) -> Actor:
    """Give the person at the screen: the one behind the API user."""
    user = list(organization.tables["users"].records.values())[1]
    return Actor(user_id=user["user_id"], name=user["name"], road=road)


def _with_headers(answer: Answer, headers: dict[str, str]) -> Answer:
    return msgspec.structs.replace(answer, headers={**headers, **answer.headers})
