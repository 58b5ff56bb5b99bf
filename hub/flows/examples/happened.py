"""What a hub did in a story, and why."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import Any, Literal

import msgspec

from hub.flows.known import Key  # noqa: TC001 - msgspec reads the annotations

_encode = msgspec.json.Encoder(decimal_format="number").encode

What = Literal["made", "wrote", "linked", "asked", "why"]


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened.

    made    a record, which says `fields` since     linked  records are one real thing: `keys`
    wrote   `fields` to a record                    asked   a person, this sentence
    why     nothing, or something, was done
    """

    at: datetime
    what: What
    key: Key | None = None
    fields: dict[str, Any] = {}
    sent: dict[str, Any] = {}
    """Of `fields`, what the hub itself wrote."""
    keys: tuple[Key, ...] = ()
    sentence: str = ""

    @property
    def is_write(self) -> bool:
        return self.what in ("made", "wrote")

    @property
    def text(self) -> str:
        return f"{self.at:%d %b %H:%M}  {self._told}"

    @property
    def _told(self) -> str:
        match self.what:
            case "made":
                return f"{named(self.key)} is made with {shown(self.sent)}"
            case "wrote":
                return f"{named(self.key)} gets {shown(self.sent)}"
            case "linked":
                return f"{' and '.join(map(named, self.keys))} are linked: {self.sentence}"
            case "asked":
                return f"asked: {self.sentence}"
            case _:
                return f"because: {self.sentence}"


def named(key: Key | None) -> str:
    """Write a record as stories do: `crm.Deals 7`."""
    if key is None:
        return ""
    connection, kind, record = key
    return f"{connection}.{kind} {record}"


def shown(fields: dict[str, Any]) -> str:
    """Write fields as stories do."""
    return ", ".join(f"{name} = {_json(value)}" for name, value in fields.items())


def _json(value: Any) -> str:
    return _encode(value).decode()
