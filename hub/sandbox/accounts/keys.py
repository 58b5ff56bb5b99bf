"""Codes, refresh tokens and access tokens: how long each lives, and how many there may be.

All of it goes by the clock of the sandbox.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.sandbox.accounts.scopes import FIXED, WHOLE, covers

if TYPE_CHECKING:
    from hub.sandbox.system import Fields
    from hub.sandbox.world import World

CODE_SECONDS = 180.0
ACCESS_SECONDS = 3600
WINDOW = timedelta(minutes=10)
CODES_PER_WINDOW = 10
REFRESH_TOKENS_MAX = 20
"""As many as a user may have of one client; the next one kills the oldest. The fixed ones stay."""


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """What a consent gave: good for one exchange, for a short while."""

    scopes: tuple[str, ...]
    expires: datetime
    offline: bool
    redirect_uri: str | None
    """None for a code of a self client, which was never redirected."""


class Keyring(msgspec.Struct, kw_only=True):
    """A refresh token, or a client without one, and the access tokens made from it."""

    name: str
    scopes: tuple[str, ...]
    service: str = ""
    live: deque[str] = msgspec.field(default_factory=deque)
    given: deque[datetime] = msgspec.field(default_factory=deque)


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """An access token that was given out."""

    keyring: Keyring
    scopes: tuple[str, ...]
    expires: datetime

    def allows(self, scope: str) -> bool:
        """Tell whether it is good for this."""
        service = self.keyring.service
        if service and scope.startswith(f"{service}."):
            return True
        return any(covers(held, scope) for held in self.scopes)


class Keys:
    """Every key there is."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._codes: dict[str, Code] = {}
        self._codes_given: deque[datetime] = deque()
        self._access: dict[str, Access] = {}
        self._rings = {
            name: Keyring(name=name, scopes=scopes, service=WHOLE[name])
            for name, scopes in FIXED.items()
        }
        self.of_clients = Keyring(name="client_credentials", scopes=())

    def give(
        self, ring: Keyring, scopes: tuple[str, ...], *, window_max: int, live_max: int
    ) -> str | None:
        """Make an access token; None when so many were made that the vendor says no."""
        now = self._world.clock.now()
        _drop_before(ring.given, now - WINDOW)
        if len(ring.given) >= window_max:
            return None
        ring.given.append(now)
        token = self._new_token()
        expires = now + timedelta(seconds=ACCESS_SECONDS)
        self._access[token] = Access(keyring=ring, scopes=scopes, expires=expires)
        ring.live.append(token)
        self._thin_out(ring, live_max)
        return token

    def alive(self, token: str) -> Access | None:
        access = self._access.get(token)
        return access if access and access.expires > self._world.clock.now() else None

    def ring(self, refresh_token: str) -> Keyring | None:
        return self._rings.get(refresh_token)

    def new_ring(self, scopes: tuple[str, ...], *, kept: bool) -> Keyring:
        """Make a refresh token; one that is not kept stands for access tokens alone."""
        ring = Keyring(name=self._new_token(), scopes=scopes)
        if kept:
            self._make_room()
            self._rings[ring.name] = ring
        return ring

    def new_code(
        self, scopes: tuple[str, ...], seconds: float, *, offline: bool, redirect_uri: str | None
    ) -> str:
        code = self._new_token()
        self._codes[code] = Code(
            scopes=scopes,
            expires=self._world.clock.now() + timedelta(seconds=seconds),
            offline=offline,
            redirect_uri=redirect_uri,
        )
        return code

    def may_give_code(self) -> bool:
        """Count a code that a person is about to be given; too many in a window are refused."""
        now = self._world.clock.now()
        _drop_before(self._codes_given, now - WINDOW)
        if len(self._codes_given) >= CODES_PER_WINDOW:
            return False
        self._codes_given.append(now)
        return True

    def take_code(self, code: str) -> Code | None:
        """Use a code up; None when it was used, has run out, or never was."""
        taken = self._codes.pop(code, None)
        return taken if taken and taken.expires > self._world.clock.now() else None

    def revoke(self, token: str) -> bool:
        """End a refresh token with all that was made from it, or one access token."""
        return self.end_ring(token) or self.end_access(token)

    def end_ring(self, refresh_token: str) -> bool:
        ring = self._rings.pop(refresh_token, None)
        for token in ring.live if ring else ():
            self._access.pop(token, None)
        return ring is not None

    def end_access(self, token: str) -> bool:
        access = self._access.pop(token, None)
        if access:
            access.keyring.live.remove(token)
        return access is not None

    def state(self) -> dict[str, list[Fields]]:
        """Give every key, by kind."""
        return {
            "refresh_tokens": [_ring_shown(ring) for ring in self._rings.values()],
            "access_tokens": [
                {"id": token, "of": access.keyring.name, "expires": access.expires.isoformat()}
                for token, access in self._access.items()
            ],
            "codes": [
                {"id": code, "scope": " ".join(one.scopes), "expires": one.expires.isoformat()}
                for code, one in self._codes.items()
            ],
        }

    def _thin_out(self, ring: Keyring, live_max: int) -> None:
        """Forget what has run out, and the oldest of too many."""
        while ring.live and (self.alive(ring.live[0]) is None or len(ring.live) > live_max):
            self._access.pop(ring.live.popleft(), None)

    def _make_room(self) -> None:
        made = [name for name in self._rings if name not in FIXED]
        for name in made[: max(0, len(made) - REFRESH_TOKENS_MAX + 1)]:
            self.end_ring(name)

    def _new_token(self) -> str:
        random = self._world.random
        return f"1000.{random.randbytes(16).hex()}.{random.randbytes(16).hex()}"


def _drop_before(moments: deque[datetime], begin: datetime) -> None:
    while moments and moments[0] <= begin:
        moments.popleft()


def _ring_shown(ring: Keyring) -> Fields:
    scope = " ".join(ring.scopes)
    return {"id": ring.name, "scope": scope, "live": len(ring.live), "given": len(ring.given)}
