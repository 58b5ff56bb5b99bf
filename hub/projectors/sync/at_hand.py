"""See that all that is about to be moved is at hand, before any of it is.

What is asked for is named by store and key, so that a page of asking costs little: mostly all of it
is there.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from hub.flows.known import NotAtHand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Store(Protocol):
    """Rows that are brought by the name of the store and a key."""

    @property
    def name(self) -> str: ...

    def __contains__(self, key: Any) -> bool:
        """Tell whether what there is of a key is at hand, be it nothing."""


Ask: TypeAlias = tuple[Store, Any]


class Part(NamedTuple):
    """What is brought by a name of its own, where a store has several such."""

    name: str
    has: Callable[[Any], bool]

    def __contains__(self, key: object) -> bool:
        return self.has(key)


def see(asks: Iterable[Ask]) -> None:
    """See that all of this is at hand; NotAtHand names all that is not."""
    missing: NotAtHand | None = None
    for store, key in asks:
        if key not in store:
            missing = missing or NotAtHand(store.name)
            missing.wanted.setdefault(store.name, set()).add(key)
    if missing is not None:
        raise missing


@contextmanager
def not_by_halves() -> Iterator[None]:
    """Whatever is needed here and was not seen to before is no reason to begin again: half of it is
    taken in by now, and would be once more.
    """
    try:
        yield
    except NotAtHand as late:
        message = f"half of an event was taken in when this was missed: {late.wanted}"
        raise RuntimeError(message) from late
