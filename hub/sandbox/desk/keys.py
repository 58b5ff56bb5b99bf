"""The key that deliveries are signed with, made at the first need, and the route that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHM = "RS256"
_BITS = 2048


class Keys:
    """One signing key at a time; an earlier one is shown no more once it was changed."""

    def __init__(self) -> None:
        self._made = 0
        self._key: rsa.RSAPrivateKey | None = None

    def signed(self, claims: Mapping[str, object]) -> str:
        """Sign claims as a JWT."""
        return jwt.encode(dict(claims), self._now(), ALGORITHM, headers={"kid": self._name()})

    def shown(self) -> dict[str, Any]:
        """Give what anybody may check a signature by."""
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self._now().public_key(), as_dict=True)
        return {"keys": [{**key, "kid": self._name(), "use": "sig", "alg": ALGORITHM}]}

    def change(self) -> None:
        """Sign with another key from now on."""
        self._key = None

    def _now(self) -> rsa.RSAPrivateKey:
        if self._key is None:
            self._key = rsa.generate_private_key(public_exponent=65_537, key_size=_BITS)
            self._made += 1
        return self._key

    def _name(self) -> str:
        return f"k{self._made}"
