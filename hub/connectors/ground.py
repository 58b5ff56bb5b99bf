"""What a person prepares at a vendor before the hub runs, and what there is to know of an account.

A connector reads and writes records; a ground makes the fields and webhooks it stands on, and
proves that they hold. A probe leaves nothing behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.connectors.connector import Door, Hook, Kind, Listening
    from hub.connectors.field import Field, Plain
    from hub.connectors.finding import Finding
    from hub.connectors.http import Vendor

UNKNOWN = "not said"

_NOT_PERSONS = frozenset(
    ("api", "app", "automation", "bot", "hub", "integration", "integrations", "robot", "service",
     "sync", "system", "technical")
)  # fmt: skip


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """One company that a login sees at a vendor."""

    id: str
    name: str
    country: str = UNKNOWN
    currency: str = UNKNOWN
    zone: str = UNKNOWN
    plan: str = UNKNOWN
    """The vendor's own word for it."""
    plan_setting: str = ""
    """What that is in hub.toml; empty where the hub does not know it."""
    is_test: bool = False
    """The vendor itself says that no business is done there."""


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """The user whose consent it was: all that the hub does is done under this name."""

    name: str
    email: str
    role: str = UNKNOWN

    @property
    def is_a_person(self) -> bool:
        """Whether it looks like somebody's own login, by its name: a hint, no more."""
        local = self.email.partition("@")[0]
        words = f"{self.name} {local}".casefold()
        for mark in "._-+":
            words = words.replace(mark, " ")
        return _NOT_PERSONS.isdisjoint(words.split())


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something the vendor's pages do not settle, and how this hub takes it: the safe way."""

    fact: str
    taken: str
    setting: str = ""
    """The setting of a connection that changes it; empty where only the safe way makes sense."""


class Ground(Protocol):
    """One connection's vendor, as whoever prepares it sees it."""

    @property
    def scopes(self) -> frozenset[str]:
        """What the hub must be allowed, to run and to set up."""

    @property
    def secret(self) -> str:
        """What the vault calls that by which the vendor proves its hooks; empty: it sends none."""

    @property
    def facts(self) -> Sequence[Fact]: ...

    async def organisations(self, vendor: Vendor) -> list[Organisation]:
        """List what the login sees."""

    async def login(self, vendor: Vendor) -> Login: ...

    async def others(self, vendor: Vendor, url: str | None) -> list[Finding]:
        """Look for others that write there, or listen; `url` is where the hub itself does."""

    async def permissions(self, vendor: Vendor) -> list[Finding]:
        """Try with harmless calls what the hub may read."""

    async def marks(self, vendor: Vendor, *, make: bool) -> list[Finding]:
        """See that each kind can bear the hub's mark; make the field where the vendor lets one."""

    async def fields(self, vendor: Vendor, kind: Kind) -> Mapping[str, Field]:
        """Give the fields of a kind as this account has them, its own ones as far as it tells.

        The mark is left out: only the hub itself writes it.
        """

    async def field(
        self, vendor: Vendor, kind: Kind, name: str, label: str, word: Plain, *, make: bool
    ) -> Finding:
        """See that a kind has a plain field of its own; make it where the vendor lets one."""

    async def renew(self, vendor: Vendor, door: Door) -> None:
        """Have what tells already prove itself by the door's proof, which is a new one."""

    async def tells(
        self, vendor: Vendor, door: Door, *, make: bool, known: Listening | None
    ) -> list[Finding]:
        """See that the vendor tells of changes; have it do so where the hub need not run for that.

        `known`: what was subscribed last.
        """

    async def unheard(self, vendor: Vendor, door: Door) -> list[Finding]:
        """Look whether what the vendor told arrived, as far as it says so."""

    def knock(self, door: Door) -> Hook:
        """Make a hook that proves itself, and tells of nothing."""

    def calls(self, kind: Kind, records: int) -> int:
        """Give how many calls it takes to ask once what is new."""

    def calls_of_scan(self, kind: Kind, records: int) -> int:
        """Give how many calls it takes to look through all its records."""


@runtime_checkable
class Choosing(Protocol):
    """A ground of whose account the settings may choose a part."""

    async def chosen(self, vendor: Vendor) -> list[Finding]:
        """See that what is chosen is there; nothing to say where all is."""
