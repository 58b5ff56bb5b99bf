"""A lock on a file: the kernel drops it when its last holder dies, however it dies.

So it tells the living from the dead where a process id cannot, which may by now be another's.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from hub.errors import DatabaseRefused

if TYPE_CHECKING:
    from pathlib import Path


class FileLock:
    """Held from `take` to `drop`, and by every process that was handed its `descriptor`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        assert self._descriptor is not None, "the lock is not held"
        return self._descriptor

    def take(self, *, shared: bool = False) -> bool:
        """Take the lock if nobody stands in the way; taking what is held changes nothing."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not self._lock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def drop(self) -> None:
        """Let go; where the descriptor was handed on, those processes still hold it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def is_free(self, *, shared: bool = False) -> bool:
        """Whether it could be taken just now; a caller who then takes it must still try."""
        if self._descriptor is not None:
            return False
        if not self._path.exists():
            return True
        free = self.take(shared=shared)
        self.drop()
        return free

    def _lock(self, descriptor: int, kind: int) -> bool:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            os.close(descriptor)
            raise DatabaseRefused(
                f"{self._path} cannot be locked ({error.strerror}); expected a file system with "
                "file locks. Set HUB_HOME to a directory on a local disk."
            ) from error
        return True
