"""Which ports a demo takes: the usual ones, unless something listens there."""

from __future__ import annotations

import socket
from contextlib import suppress


def free_port(wanted: int | None, host: str, usual: int) -> int:
    """Give the port that was asked for, else the usual one, else any that is free."""
    if wanted:
        return wanted
    with suppress(OSError), socket.create_server((host, usual if wanted is None else 0)) as one:
        return int(one.getsockname()[1])
    with socket.create_server((host, 0)) as one:
        return int(one.getsockname()[1])
