"""The messages that a system took, for people to look at; nobody edits them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.errors import Refused

if TYPE_CHECKING:
    from hub.sandbox.system import Fields
    from hub.sandbox.world import World

KEPT_MAX = 10_000


class Taken:
    """What every system that takes messages does alike."""

    name = ""

    def __init__(self, world: World) -> None:
        self.world = world
        self.messages: list[Fields] = []

    def take(self, **fields: object) -> Fields:
        """Keep a message as it came; the oldest is forgotten where there are too many."""
        id_ = self.world.new_id("7")
        message = {"id": id_, "at": self.world.clock.now().isoformat(), **fields}
        self.messages.append(message)
        del self.messages[:-KEPT_MAX]
        return message

    def state(self) -> dict[str, list[Fields]]:
        return {"messages": self.messages}

    def put(self, kind: str, fields: Fields) -> Fields:
        raise Refused(f"{self.name} takes messages: send it one. Found {kind} of {len(fields)}.")

    def edit(self, kind: str, record: str, fields: Fields) -> Fields:
        raise Refused(f"Nobody edits a message: found {kind}/{record} and {', '.join(fields)}.")

    def act(self, act: str, kind: str, record: str, details: Fields) -> Fields:
        del kind, record, details
        raise Refused(f"{self.name} knows no act {act!r}.")

    def reset(self) -> None:
        self.messages.clear()
