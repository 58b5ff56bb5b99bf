"""What became of an event: what the projectors made of it, in words that fit on a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from hub.database import statement
from hub.errors import NotApplicable
from hub.events import Linked, Merged, Split, Unlinked, payload
from hub.flows.known import fields_of, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from hub.database.db import Db
    from hub.events import Event

VALUE_CHARACTERS_MAX = 60
NOTHING_NEW = "nothing new"

_BOOKKEEPING = re.compile(
    r"(?i)(^|_)(id|time|formatted|by|by_id)$|^\$|_time_|created|modified|^systemmodstamp$"
    r"|(?-i:[a-z](Id|Time|Url)$)|^customfields$"
)
"""Fields that change with every other, or tell nothing of the record itself: they come last."""

_ABOUT_A_ROAD = {"fell_silent": "silent", "missed": "read anew", "unreadable": "parked: unreadable"}

_read = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


_NAMES = (
    "Account_Name", "Deal_Name", "Full_Name", "Last_Name", "Product_Name", "Subject",
    "contact_name", "invoice_number", "estimate_number", "creditnote_number", "payment_number",
    "accountName", "lastName", "subject", "Name", "name",
)  # fmt: skip
"""The fields that records are called by; where one names another record, it is passed over."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """`about` is the record it concerns, `said` what it says, `made` what was made of that;
    `changed` are the fields that say something new and tell something.
    """

    about: str
    said: str
    made: str
    changed: set[str] = set()


async def outcome(db: Db, event: Event) -> Outcome:
    """Look at an event that the projectors have passed."""
    row = await db.fetchrow(
        statement("console/outcome.sql"),
        event.position,
        event.connection,
        event.kind,
        event.record,
    )
    made = _made(event, row)
    if event.type == "observed":
        changed = {one for one in row["changed"] or () if not _BOOKKEEPING.search(one)}
        return Outcome(about=event.subject, said=_news(event, row), made=made, changed=changed)
    if event.type == "gone":
        return Outcome(about=event.subject, said="deleted", made=made)
    if event.type in _ABOUT_A_ROAD:
        made = _ABOUT_A_ROAD[event.type]
        return Outcome(about=_place(event), said=payload(event).reason, made=made)
    if event.type == "day_began":
        what = payload(event)
        return Outcome(about=_place(event), said=f"{what.day} begins in {what.zone}", made="kept")
    about, said = await _about_links(db, event)
    if "clashed" in (row["acts"] or ()):
        said = said.replace("is the same as", "is said to be")
    return Outcome(about=about, said=said, made=made)


def _place(event: Event) -> str:
    return event.subject or f"{event.connection}.{event.kind}"


def _made(event: Event, row: Any) -> str:
    acts = row["acts"] or ()
    if row["parked"]:
        return f"parked: {row['parked']}"
    if "clashed" in acts:
        return f"duplicate of {row['taken_by']}" if row["taken_by"] else "duplicate"
    if event.type in ("linked", "unlinked", "merged", "split"):
        return event.type if acts else "was so already"
    if row["late"]:
        return "older than known"
    return "kept, in doubt" if row["doubt"] else "kept"


def _news(event: Event, row: Any) -> str:
    """Give the fields that say something new, with what they say."""
    try:
        fields = _read(event.data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "(cannot be read)"
    changed = fields if row["first"] else [name for name in row["changed"] or () if name in fields]
    telling = [name for name in changed if not _BOOKKEEPING.search(name)]
    words = ", ".join(
        f"{name} {_short(fields[name])}"
        for name in telling
        if not row["first"] or _says(fields[name])
    )
    return f"{'new: ' if row['first'] else ''}{words}" or NOTHING_NEW


async def names_of(db: Db, subjects: Iterable[str]) -> dict[str, str]:
    """Give what each of these records is called, as far as it is known."""
    keys = [key_of(one) for one in subjects if "/" in one]
    if not keys:
        return {}
    rows = await db.fetch(statement("console/names.sql"), *map(list, zip(*keys, strict=True)))
    names = {
        f"{row['connection']}.{row['kind']}/{row['record']}": called(fields_of(row["fields"]))
        for row in rows
    }
    return {subject: name for subject, name in names.items() if name}


def called(fields: Mapping[str, Any]) -> str:
    """Give what a record is called that says this."""
    said = (fields.get(name) for name in _NAMES)
    return next((one for one in said if isinstance(one, str) and one), "")


def _says(value: msgspec.Raw) -> bool:
    return bytes(value) not in (b'""', b'"0"', b"0", b"null", b"false", b"[]", b"{}")


def _short(value: msgspec.Raw) -> str:
    text = bytes(value)[: VALUE_CHARACTERS_MAX * 4].decode(errors="replace").strip()
    return text if len(text) <= VALUE_CHARACTERS_MAX else f"{text[: VALUE_CHARACTERS_MAX - 1]}…"


async def _about_links(db: Db, event: Event) -> tuple[str, str]:
    try:
        what = payload(event)
    except (NotApplicable, KeyError):
        return event.subject, event.type
    match what:
        case Linked() | Unlinked() | Split():
            subjects = [f"{one.connection}.{one.kind}/{one.record}" for one in what.members]
            if isinstance(what, Linked):
                subjects += [one for one in await _members(db, what.link) if one not in subjects]
        case Merged():
            subjects = await _members(db, what.into)
        case _:
            return event.subject, event.type
    first, *others = subjects or [str(what.link)]
    word = "is the same as" if isinstance(what, Linked | Merged) else f"{event.type} with"
    return first, f"{word} {', '.join(others)}" if others else event.type


async def _members(db: Db, link: UUID) -> list[str]:
    rows = await db.fetch(statement("console/members.sql"), link)
    return [f"{row['connection']}.{row['kind']}/{row['record']}" for row in rows]
