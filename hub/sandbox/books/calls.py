"""A call that was let in, and the answers it may get."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hub.sandbox.books import intake
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Fields, Request


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """What a handler needs to know."""

    organization: Organization
    request: Request
    actor: Actor
    ids: tuple[str, ...] = ()
    """What stood in the path where its pattern has an id."""
    query: dict[str, str] = field(default_factory=dict)

    def fields(self) -> Fields:
        """Read the body of a write; one without a body is refused."""
        return intake.entered(self.request)


def done(message: str = "success", status: int = 200, /, **entities: Any) -> Answer:
    """Answer with success in the vendor's envelope."""
    return Answer(status=status, body={"code": 0, "message": message, **entities})
