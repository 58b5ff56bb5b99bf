"""Seal bytes under a key, bound to the place they are kept in: moved elsewhere they do not open.

AES-256-GCM with a fresh random nonce of 96 bits each time. A key seals a few values of one
connection, far from the 2^32 at which random nonces would begin to be a worry.
"""

from __future__ import annotations

import hashlib
import os
from typing import NoReturn

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class Broken(Exception):
    """These bytes were not sealed under this key for this place, or were changed since."""


class Key:
    """A key that does not show itself; it is told from others by `id`, which gives nothing away."""

    __slots__ = ("__cipher", "__material", "id")

    def __init__(self, material: bytes) -> None:
        if len(material) != KEY_BYTES:
            # The length is said, the key is not.
            message = f"expected a key of {KEY_BYTES} bytes, found {len(material)}"
            raise ValueError(message)
        self.__material = material
        self.__cipher = AESGCM(material)
        self.id = hashlib.sha256(b"hub key id\0" + material).hexdigest()[:16]

    @classmethod
    def new(cls) -> Key:
        return cls(os.urandom(KEY_BYTES))

    def seal(self, value: bytes, *place: str) -> bytes:
        """Seal for a place, which need not be kept: whoever opens must name it again."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.__cipher.encrypt(nonce, value, _bound(place))

    def open(self, sealed: bytes, *place: str) -> bytes:
        """Give what was sealed for this very place."""
        try:
            return self.__cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(place))
        except (InvalidTag, ValueError):
            # The cause is left out: it says nothing, and its traceback holds the bytes.
            raise Broken from None

    def seal_key(self, key: Key, *place: str) -> bytes:
        """Seal another key under this one."""
        return self.seal(key.__material, *place)

    def open_key(self, sealed: bytes, *place: str) -> Key:
        """Give a key that was sealed under this one."""
        return Key(self.open(sealed, *place))

    def written(self) -> bytes:
        """Give the key itself, for the one file it is kept in."""
        return self.__material

    def __repr__(self) -> str:
        return f"<Key {self.id}>"

    def __reduce__(self) -> NoReturn:
        message = "a key is neither pickled nor copied"
        raise TypeError(message)


def _bound(place: tuple[str, ...]) -> bytes:
    # As JSON, ("a", "bc") and ("ab", "c") stay two places.
    return msgspec.json.encode(place)
