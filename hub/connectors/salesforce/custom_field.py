"""See that objects have a field of the hub's own, and make it where it is missing.

The Tooling API makes it; the right to it is given to the profile of the hub's user, for without
that a new field is nobody's to see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.connector import NotRead
from hub.connectors.finding import Finding
from hub.connectors.record import read
from hub.connectors.salesforce.kinds import base_of
from hub.connectors.salesforce.organisation import SHARE, userinfo
from hub.connectors.salesforce.query import ask, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.field import Plain
    from hub.connectors.http import Vendor
    from hub.connectors.salesforce.fields import Field
    from hub.connectors.salesforce.kinds import SalesforceKind
    from hub.connectors.salesforce.rows import Rows

LENGTH = 64
TYPES: Mapping[Plain, tuple[str, str, Mapping[str, Any]]] = {
    "text": ("Text", "string", {"length": 255}),
    "number": ("Number", "double", {"precision": 18, "scale": 2}),
    "money": ("Currency", "currency", {"precision": 18, "scale": 2}),
    "date": ("Date", "date", {}),
    "time": ("DateTime", "datetime", {}),
    "flag": ("Checkbox", "boolean", {"defaultValue": "false"}),
}
"""What the API that makes a plain field calls it, how it is described then, and what it needs."""

_SETUP = "In Salesforce: Setup, Object Manager"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A field that is to be there."""

    name: str
    label: str
    word: Plain = "text"
    is_mark: bool = False

    @property
    def metadata(self) -> dict[str, Any]:
        called, _, needs = TYPES[self.word]
        mark = {"unique": True, "externalId": True, "length": LENGTH} if self.is_mark else {}
        return {"type": called, "label": self.label, **needs, **mark}


class _Row(msgspec.Struct):
    id: str = msgspec.field(name="Id")


async def see_to(
    vendor: Vendor, rows: Rows, kind: SalesforceKind, wanted: Wanted, *, make: bool
) -> Finding:
    """See that an object has the field; make it if it may be made."""
    about, made = f"{wanted.name} of {kind.name}", False
    field = (await rows.objects.fields(vendor, kind)).get(wanted.name)
    if field is None and not make:
        sentence = f"{kind.name} has no field {wanted.name} that the hub's user sees."
        return Finding(about=about, state="owed", sentence=sentence)
    if field is None:
        try:
            await _make(vendor, rows, kind, wanted)
        except NotRead as error:
            sentence = f"Salesforce does not let the hub make the field. {error}"
            steps = clicks(kind.name, wanted)
            return Finding(about=about, state="needs", sentence=sentence, steps=steps)
        rows.objects.forget()
        field, made = (await rows.objects.fields(vendor, kind)).get(wanted.name), True
    if (fault := _fault(kind, wanted, field)) is not None:
        return Finding(about=about, state="needs", sentence=fault, steps=clicks(kind.name, wanted))
    sentence = f"{'Made: a' if made else 'There is a'} field {wanted.name}, of the type expected."
    return Finding(about=about, state="made" if made else "well", sentence=sentence)


def clicks(kind: str, wanted: Wanted) -> tuple[str, ...]:
    """Say how a person makes it."""
    called = f'{TYPES[wanted.word][0]}, label "{wanted.label}"'
    long = f", length {LENGTH}" if wanted.is_mark else ""
    alone = 'Tick "Do not allow duplicate values" and "External ID"'
    name = wanted.name.removesuffix("__c")
    where = "Activity" if kind == "Task" else kind
    return (
        f"{_SETUP}, {where}, Fields & Relationships, New",
        f"Choose {called}{long}, name {name}, so that its API name reads {wanted.name}",
        *([alone] if wanted.is_mark else []),
        "Make it visible and editable for the profile of the hub's user, and run `hub setup` again",
    )


def _fault(kind: SalesforceKind, wanted: Wanted, field: Field | None) -> str | None:
    if field is None:
        return (
            f"{wanted.name} of {kind.name} was made, but the hub's user does not see it: its "
            "profile lacks the right to the field."
        )
    expected = TYPES[wanted.word][1]
    if field.type != expected:
        return f"{wanted.name} of {kind.name} is of the type {field.type}; expected {expected}."
    if wanted.is_mark and not (field.unique and field.external_id):
        return (
            f"{wanted.name} of {kind.name} is not both unique and an External ID: two records "
            "could bear one mark."
        )
    if not (field.createable and field.updateable):
        return f"{wanted.name} of {kind.name} cannot be written by the hub's user."
    return None


async def _make(vendor: Vendor, rows: Rows, kind: SalesforceKind, wanted: Wanted) -> None:
    base = base_of(kind)
    of = "Activity" if kind.name == "Task" else kind.name
    full = f"{of}.{wanted.name}"
    body = {"FullName": full, "Metadata": wanted.metadata}
    path = f"{base}/tooling/sobjects/CustomField"
    await read(vendor, rows.calls.send(path, body, verb="readable", share=SHARE))
    user = await userinfo(vendor, rows.calls)
    profile = f"SELECT ProfileId FROM User WHERE Id = {quoted(user.user_id)}"  # noqa: S608
    soql = (
        "SELECT Id FROM PermissionSet WHERE IsOwnedByProfile = TRUE "  # noqa: S608
        f"AND ProfileId IN ({profile})"
    )
    for row in (await ask(vendor, rows.calls, base, soql, share=SHARE)).records:
        right = {
            "ParentId": msgspec.json.decode(row, type=_Row).id,
            "SobjectType": kind.name,
            "Field": f"{kind.name}.{wanted.name}",
            "PermissionsRead": True,
            "PermissionsEdit": True,
        }
        path = f"{base}/sobjects/FieldPermissions"
        await read(vendor, rows.calls.send(path, right, verb="readable", share=SHARE))
