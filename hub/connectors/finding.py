"""What was looked at before the hub runs: how it stands, and what a person is to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from hub.connectors.connector import Kind, NotRead
from hub.connectors.outcome import Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

K = TypeVar("K", bound=Kind)

State = Literal["well", "made", "owed", "told", "warned", "needs"]
"""How it stands.

well    as it should be              told    worth knowing, nothing to do
made    made so now                  warned  it works, yet somebody should look at it
owed    `hub setup` can make it      needs   it does not work until a person has done something
"""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    about: str
    state: State
    sentence: str
    steps: tuple[str, ...] = ()
    """What a person is to do, one step after the other."""

    @property
    def needs_a_person(self) -> bool:
        return self.state in ("owed", "needs")


def rights(kinds: Sequence[str], refused: Mapping[str, str], step: str) -> list[Finding]:
    """Say what a login may read; `refused` says why not, by kind, and the step what helps."""
    if not refused:
        sentence = f"The login may read all of {', '.join(kinds)}."
        return [Finding(about="rights", state="well", sentence=sentence)]
    return [
        Finding(about=f"rights to {kind}", state="needs", sentence=why, steps=(step,))
        for kind, why in refused.items()
    ]


async def rights_of_each(
    kinds: Iterable[K], look: Callable[[K], Awaitable[object]], step: str
) -> list[Finding]:
    """Say what a login may read, by reading a little of each kind that is a list of its own."""
    looked_at = [kind for kind in kinds if not kind.within]
    refused: dict[str, str] = {}
    for kind in looked_at:
        try:
            await look(kind)
        except NotRead as error:
            if not isinstance(error.outcome, Refused):
                raise
            refused[kind.name] = f"{error}"
    return rights([kind.name for kind in looked_at], refused, step)


async def looked(about: str, look: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    """Look; what cannot be looked at is a finding too."""
    try:
        return await look()
    except NotRead as error:
        return [Finding(about=about, state="needs", sentence=f"{error}")]
    except (LookupError, TypeError, ValueError) as error:
        return [strange(about, error)]


def strange(about: str, error: Exception) -> Finding:
    """Say that a vendor answered with something else than its pages promise."""
    said = f"{error}".partition("\n")[0][:200]
    return Finding(
        about=about,
        state="needs",
        sentence=f"The vendor answered with something else than was expected ({said}). Try again; "
        "if it stays so, this hub does not know this version of the vendor.",
    )
