"""What a message says: where it goes, its subject, its text, and one link.

Nothing tells afterwards whether it was sent: so a message is never sent again by itself once its
answer was lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Kind
from hub.connectors.outcome import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.connector import Write

MESSAGES = Kind(name="messages", path="", fetches=1, writes=1, poll_seconds=0)

TEXT_CHARACTERS_MAX = 20_000
"""Slack cuts what is longer than twice this; nobody reads half of it."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message; `id` is the same however often it is tried."""

    id: str
    to: tuple[str, ...] = ()
    """Where it goes: a channel, or addresses; empty: where the connection says."""
    subject: str = ""
    text: str = ""
    link: str = ""

    @property
    def title(self) -> str:
        """Give what it is about, in one line."""
        return " ".join((self.subject or self.text).split("\n", 1)[0].split())


def message_of(write: Write) -> Message | Refused:
    """Read what is to be said; what cannot be sent is refused before anything leaves."""
    if write.record:
        return _refused("A message that was sent cannot be changed.", "not_changed")
    unfit = [name for name, value in write.fields.items() if not _is_fit(name, value)]
    if unfit:
        fields = ", ".join(sorted(unfit))
        return _refused(f"Expected to, subject, text and link as text, found {fields}.", "fields")
    if not (write.fields.get("subject") or write.fields.get("text")):
        return _refused("Expected a subject or a text, found neither.", "empty")
    text = str(write.fields.get("text", ""))
    if len(text) > TEXT_CHARACTERS_MAX:
        sentence = f"Expected at most {TEXT_CHARACTERS_MAX} characters, found {len(text)}."
        return _refused(sentence, "too_long")
    return Message(
        id=write.delivery,
        to=tuple(_parts(write.fields.get("to", ""))),
        subject=str(write.fields.get("subject", "")),
        text=text,
        link=str(write.fields.get("link", "")),
    )


def in_words(message: Message) -> str:
    """Give text and link as plain words."""
    return "\n\n".join(part for part in (message.text or message.subject, message.link) if part)


def as_fields(message: Message) -> Mapping[str, str]:
    """Give it as a flow said it."""
    return {
        "to": ", ".join(message.to),
        "subject": message.subject,
        "text": message.text,
        "link": message.link,
    }


def _is_fit(name: str, value: object) -> bool:
    return name in ("to", "subject", "text", "link") and isinstance(value, str)


def _parts(to: object) -> list[str]:
    return [part for each in str(to).split(",") if (part := each.strip())]


def _refused(sentence: str, reason: str) -> Refused:
    return Refused(sentence=f"{sentence} Mend the flow.", because="data", reason=reason)
