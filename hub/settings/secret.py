"""A secret that does not show itself, and the reading of one from a file."""

from __future__ import annotations

import hmac
import os
import stat
from typing import TYPE_CHECKING, Never, SupportsIndex, final

from hub.settings.faults import Unfit

if TYPE_CHECKING:
    from pathlib import Path

SECRET_BYTES_MAX = 65_536


@final
class Secret:
    """Text that is shown as `***` wherever it turns up; only `reveal` gives it."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """Give the text itself: call it where the secret is used, never where it is passed on."""
        return self.__text

    def __repr__(self) -> str:
        return "***"

    def __format__(self, form: str) -> str:
        return format("***", form)

    def __eq__(self, other: object) -> bool:
        """Compare in a time that does not tell how many characters were right."""
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self), _bytes(other))

    def __hash__(self) -> int:
        return hash((Secret, self.__text))

    def __reduce_ex__(self, protocol: SupportsIndex) -> Never:
        message = "a secret is neither pickled nor copied; hand the Secret itself on"
        raise TypeError(message)


def read_secret(path: Path) -> Secret:
    """Read the secret that a file holds; a file that others may read is no place for one."""
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            _must_be_private(file.fileno(), path)
            data = file.read(SECRET_BYTES_MAX + 1)
    except OSError as error:
        raise Unfit("a file that can be read", f"{path}: {error.strerror}") from error
    return _secret_in(data, path)


def _open_without_waiting(path: str, flags: int) -> int:
    # A pipe that nobody writes to must not hold the start up.
    return os.open(path, flags | os.O_NONBLOCK)


def _must_be_private(descriptor: int, path: Path) -> None:
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        raise Unfit("a plain file", f"something else at {path}")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        expected = f"a file that its owner alone may use (chmod 600 {path})"
        raise Unfit(expected, f"mode {stat.S_IMODE(mode):04o}")


def _secret_in(data: bytes, path: Path) -> Secret:
    if len(data) > SECRET_BYTES_MAX:
        raise Unfit(f"at most {SECRET_BYTES_MAX} bytes", f"more in {path}")
    try:
        text = data.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        # The cause is left out on purpose: it carries the bytes of the secret.
        raise Unfit("a secret in UTF-8", f"other bytes in {path}") from None
    if not text:
        raise Unfit("a secret", f"an empty file at {path}")
    return Secret(text)


def _bytes(secret: Secret) -> bytes:
    # A variable may hold bytes that are not UTF-8; Python keeps them as lone surrogates.
    return secret.reveal().encode("utf-8", "surrogatepass")
