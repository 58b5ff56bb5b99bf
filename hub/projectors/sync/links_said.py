"""Read what the events say that a person makes about links, and whom they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from hub.errors import NotApplicable
from hub.events import payload
from hub.log.check import NAME_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from hub.conclusions import Member
    from hub.events import Event

    Key: TypeAlias = tuple[str, str, str]

TYPES = frozenset({"linked", "unlinked", "merged", "split"})


def read(event: Event) -> Any:
    """Read what a link event says; NotApplicable if its members could not stand in the tables."""
    what = payload(event)
    parts: dict[Key, str] = {}
    for member in getattr(what, "members", ()):
        _check(member)
        if parts.setdefault(key_of(member), member.part) != member.part:
            raise NotApplicable(f"it says that {_subject(member)} plays two parts in one link")
    return what


def _check(member: Member) -> None:
    for name in ("connection", "kind", "record", "part"):
        text = getattr(member, name)
        empty_is_fine = name == "part"
        if not (text or empty_is_fine) or "\0" in text or len(text.encode()) > NAME_BYTES_MAX:
            raise NotApplicable(
                f"it names the record {_subject(member)[:60]!r}, whose {name} cannot be one: "
                f"found {text[:60]!r}"
            )


def _subject(member: Member) -> str:
    return f"{member.connection}.{member.kind}/{member.record}"


def mentioned(events: Sequence[Event]) -> tuple[set[UUID], set[Key]]:
    links: set[UUID] = set()
    records: set[Key] = set()
    for event in events:
        if event.type not in TYPES:
            continue
        try:
            what = read(event)
        except Exception:  # noqa: BLE001, S112 - it comes again, and is dealt with, in `apply`
            continue
        links.add(what.link)
        links.update(filter(None, (getattr(what, "into", None), getattr(what, "new", None))))
        records.update(key_of(member) for member in getattr(what, "members", ()))
    return links, records


def key_of(member: Member) -> Key:
    return member.key
