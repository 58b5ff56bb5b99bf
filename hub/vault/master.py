"""Find the master key: in HUB_MASTER_KEY, else in a file, which is made when it is needed.

The file is that of HUB_MASTER_KEY_FILE, else `master.key` in the hub's home. Variable and file may
hold the key before it too (HUB_MASTER_KEY_OLD; further lines of the file), so that what is not yet
sealed anew can be read while `hub vault rotate` is under way.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from hub.errors import ConfigFault
from hub.settings.faults import Unfit
from hub.settings.secret import read_secret
from hub.vault.seal import KEY_BYTES, Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE = "HUB_MASTER_KEY"
VARIABLE_OLD = "HUB_MASTER_KEY_OLD"
VARIABLE_FILE = "HUB_MASTER_KEY_FILE"
FILE = "master.key"


def master_keys(home: Path, environ: Mapping[str, str]) -> MasterKeys:
    """Give where this hub's master key is: the environment's if it has one, else the file."""
    if environ.get(VARIABLE):
        return EnvironmentKeys(environ)
    if environ.get(VARIABLE_OLD):
        raise ConfigFault(
            f"{VARIABLE_OLD} is set, but {VARIABLE} is not; expected the key in force there. "
            f"Make one: openssl rand -base64 {KEY_BYTES}"
        )
    return FileKeys(Path(environ.get(VARIABLE_FILE) or home / FILE))


class MasterKeys(Protocol):
    """Where master keys are; read anew each time, for another process may have rotated them."""

    @property
    def source(self) -> str:
        """Where they come from, for messages."""

    def read(self) -> list[Key]:
        """Give the key in force, and after it those before; none if none was made yet."""

    def make(self) -> Key:
        """Make the first key; if another process was quicker, give that one."""

    def renew(self) -> Key:
        """Put a new key in force and keep the old one readable; repeated, it gives that key."""

    def drop_old(self) -> None:
        """Forget the keys before the one in force: nothing is sealed under them any more."""


class EnvironmentKeys:
    """Keys that whoever starts the hub gives it."""

    source = VARIABLE

    def __init__(self, environ: Mapping[str, str]) -> None:
        given = [(name, environ.get(name, "")) for name in (VARIABLE, VARIABLE_OLD)]
        self._keys = [_key(text, name) for name, text in given if text]

    def __repr__(self) -> str:
        return f"<EnvironmentKeys {self._keys}>"

    def read(self) -> list[Key]:
        return list(self._keys)

    def make(self) -> Key:
        return self._keys[0]

    def renew(self) -> Key:
        if len({key.id for key in self._keys}) == 1:
            raise ConfigFault(
                f"{VARIABLE} holds one key; expected a new one there and the one before in "
                f"{VARIABLE_OLD}. Make the new one (openssl rand -base64 {KEY_BYTES}), give both "
                "to every process of this hub, and run `hub vault rotate` again."
            )
        return self._keys[0]

    def drop_old(self) -> None:
        """Whoever set HUB_MASTER_KEY_OLD takes it away; nothing here can."""


class FileKeys:
    """Keys in a file that its owner alone may read: the one in force first, one to a line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"<FileKeys {self.path}>"

    @property
    def source(self) -> str:
        return str(self.path)

    def read(self) -> list[Key]:
        if not self.path.exists():
            return []
        try:
            text = read_secret(self.path).reveal()
        except Unfit as unfit:
            raise ConfigFault(f"The master key cannot be used: {unfit}.") from None
        return [_key(line, str(self.path)) for line in text.split()]

    def make(self) -> Key:
        with self._writing():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._written([Key.new()])
            try:
                # A link fails where a file is; a rename would take the place of another's key.
                os.link(fresh, self.path)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
            self._settle()
        return self.read()[0]

    def renew(self) -> Key:
        known = self.read()
        if not known:
            return self.make()
        if len(known) > 1:
            return known[0]
        self._replace([Key.new(), *known])
        return self.read()[0]

    def drop_old(self) -> None:
        known = self.read()
        if len(known) > 1:
            self._replace(known[:1])

    def _replace(self, keys: list[Key]) -> None:
        with self._writing():
            self._written(keys).replace(self.path)
            self._settle()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ConfigFault(
                f"The master key cannot be written to {self.path} ({error.strerror}); expected a "
                f"directory that the hub may write to. Or give the key in {VARIABLE} (openssl rand "
                f"-base64 {KEY_BYTES})."
            ) from error

    def _written(self, keys: list[Key]) -> Path:
        path = self.path.with_name(f".{self.path.name}.{secrets.token_hex(6)}")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(base64.b64encode(key.written()) + b"\n" for key in keys)
            file.flush()
            os.fsync(descriptor)
        return path

    def _settle(self) -> None:
        """See to it that the name is on the disk before anything is sealed under the key."""
        descriptor = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _key(text: str, source: str) -> Key:
    try:
        return Key(base64.b64decode(text.strip(), validate=True))
    except (binascii.Error, ValueError):
        # Neither the text nor the cause, which may repeat it, is told.
        raise ConfigFault(
            f"{source} holds no master key; expected {KEY_BYTES} random bytes in base64. "
            f"Make one: openssl rand -base64 {KEY_BYTES}"
        ) from None
