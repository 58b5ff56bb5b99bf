"""What a call of the control API may say; what it says wrongly is told in a sentence."""

from __future__ import annotations

from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

import msgspec

from hub.errors import Refused
from hub.sandbox.accounts import CODE_SECONDS
from hub.sandbox.faults import Fault
from hub.sandbox.seed import Seeding
from hub.sandbox.system import Fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.sandbox.system import System

T = TypeVar("T")


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body of which every field is known."""


class Advance(Asked, frozen=True):
    advance_seconds: float


class Pace(Asked, frozen=True):
    acts_per_minute: float


class Edit(Asked, frozen=True):
    system: str
    kind: str
    id: str
    fields: Fields


class Put(Asked, frozen=True):
    """A record that is there from now on, and of which nobody is told."""

    system: str
    kind: str
    fields: Fields


class Act(Asked, frozen=True):
    system: str
    act: str
    kind: str = ""
    id: str = ""
    details: Fields = {}


class Grant(Asked, frozen=True):
    scope: str
    seconds: float = CODE_SECONDS


EXAMPLES: dict[object, Fields] = {
    Fault: {
        "system": "books", "path": "/invoices", "method": "PUT", "fault": "answer_lost",
        "rate": 0.3, "count": 10,
    },
    Advance: {"advance_seconds": 86400},
    Pace: {"acts_per_minute": 60},
    Seeding: {"customers": 500, "seed": 7},
    Edit: {"system": "crm", "kind": "Deals", "id": "...", "fields": {"Amount": 1200}},
    Act: {"system": "crm", "act": "close", "kind": "Deals", "id": "..."},
    Put: {"system": "crm", "kind": "Accounts", "fields": {"Account_Name": "Faro"}},
    Fields: {"system": "books", "echo_api_writes": False},
    Grant: {"scope": "ZohoCRM.modules.ALL,ZohoCRM.settings.READ"},
}  # fmt: skip
"""A body of each sort; the quirks differ from system to system, so theirs is any object."""


def read(body: bytes, wanted: type[T]) -> T:
    """Read a body as what is wanted."""
    example = msgspec.json.encode(EXAMPLES[wanted]).decode()
    try:
        # Money in a record's fields must not become a float on its way in.
        return msgspec.json.Decoder(wanted, float_hook=Decimal).decode(body)
    except msgspec.ValidationError as error:
        raise Refused(f"{error}. Expected something like {example}") from error
    except msgspec.DecodeError as error:
        raise Refused(f"Expected JSON like {example}, found what is not JSON: {error}") from error
    except RecursionError as error:
        raise Refused(f"Expected JSON like {example}, found some nested too deeply.") from error


def number_in(query: Mapping[str, str], name: str, otherwise: int) -> int:
    """Read a whole number out of a query."""
    text = query.get(name, "")
    if not text:
        return otherwise
    if not text.isascii() or not text.isdigit():
        raise Refused(f"{name}: expected a whole number, found {text[:40]!r}.")
    return int(text)


def within(name: str, found: float, most: int, why: str = "") -> float:
    """Give a number back that lies between 0 and the most there may be."""
    if not 0 <= found <= most:
        raise Refused(f"{name}: expected 0 to {most}{why}, found {found:g}.")
    return found


def system_named(systems: Mapping[str, System], name: object) -> System:
    if not isinstance(name, str) or name not in systems:
        raise Refused(unknown("system", name, systems))
    return systems[name]


def unknown(what: str, name: object, known: Iterable[str]) -> str:
    """Tell of a name that is none, with the nearest that is one."""
    known = list(known)
    near = get_close_matches(str(name), known, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"{what}: expected one of {', '.join(known)}; found {str(name)[:100]!r}.{hint}"
