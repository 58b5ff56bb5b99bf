"""Prove that Zoho Books can bear the hub's marks.

Books lets nobody make a unique field by its API. That one is there is proved by two calls that
change nothing: to the first, by the hub's field, the answer must be another than to the second, by
a field that nobody has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from hub.connectors.connector import NotRead
from hub.connectors.finding import Finding
from hub.connectors.http import Call
from hub.connectors.outcome import Done, Refused
from hub.connectors.record import read
from hub.connectors.zoho_books.kinds import KINDS
from hub.connectors.zoho_books.organisation import SHARE
from hub.flows.books import MARK

if TYPE_CHECKING:
    from hub.connectors.http import Vendor
    from hub.connectors.outcome import Outcome
    from hub.connectors.zoho_books.kinds import BooksKind

_NOBODY = "cf_of_nobody"
_LABEL = "Hub Id"
_NAMES = {
    "contacts": "Customers and Vendors",
    "creditnotes": "Credit Notes",
    "customerpayments": "Payments Received",
    "estimates": "Quotes",
}
"""What the settings of Books call a module that they do not call by its name here."""


async def marks(vendor: Vendor, organization: str) -> list[Finding]:
    """Prove that each kind has the unique field; else say how to make it."""
    return [await _mark(vendor, organization, kind) for kind in KINDS.values() if kind.mark]


async def _mark(vendor: Vendor, organization: str, kind: BooksKind) -> Finding:
    about = f"{MARK} of {kind.name}"
    ours = await _asked(vendor, _probe(organization, kind, MARK))
    nobodys = await _asked(vendor, _probe(organization, kind, _NOBODY))
    for outcome in (ours, nobodys):
        if not isinstance(outcome, Refused) or outcome.because in ("authorisation", "quota"):
            sentence = f"It could not be proved. {outcome.sentence}"
            return Finding(about=about, state="needs", sentence=sentence)
    if _said(ours) != _said(nobodys):
        sentence = f"There is a unique field {MARK}, by which the hub finds its own {kind.name}."
        return Finding(about=about, state="well", sentence=sentence)
    return Finding(
        about=about,
        state="needs",
        sentence=f"{kind.name} have no unique field {MARK}, and Books lets nobody make one by its "
        "API. Without it the hub makes none there: one whose answer was lost would come twice.",
        steps=(
            (
                f"In Books: Settings, Preferences, {module_name(kind)}, Field "
                "Customization (or Custom Fields), New"
            ),
            f'Label "{_LABEL}", type "Text Box (Single Line)", "Prevent Duplicate Values": Yes',
            f"Save; its API name must read {MARK}. Then run `hub setup` again, which proves it",
        ),
    )


def _probe(organization: str, kind: BooksKind, field: str) -> Call:
    """Look for a record by a value that none has, without leave to make one."""
    value = f"probe-{uuid4()}"
    return Call(
        method="PUT",
        path=kind.path,
        params=(("organization_id", organization),),
        headers={
            "Content-Type": "application/json",
            "X-Unique-Identifier-Key": field,
            "X-Unique-Identifier-Value": value,
        },
        body=msgspec.json.encode({"custom_fields": [{"api_name": field, "value": value}]}),
        verb="marked",
        share=SHARE,
    )


async def _asked(vendor: Vendor, call: Call) -> Outcome:
    try:
        answer = await read(vendor, call)
    except NotRead as error:
        return error.outcome
    return Done(sentence="A record bears the value of the probe.", answer=answer)


def _said(outcome: Outcome) -> str:
    return outcome.sentence.replace(MARK, "").replace(_NOBODY, "")


def module_name(kind: BooksKind) -> str:
    """Name a kind as the settings of Books do."""
    return _NAMES.get(kind.name, kind.name.title())
