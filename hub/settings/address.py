"""Where secrets may go without being read on the way: over TLS, or not off this machine.

An account in which no real business is done, `mode = "test"`, may be played on another machine.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from hub.settings.faults import Unfit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names of this machine."""

_OVER_TLS = {"http": "https", "grpc": "grpcs"}


def check_address(address: str, mode: object) -> None:
    """Refuse an address over which a secret must not go."""
    try:
        place = urlsplit(address)
        host = place.hostname or ""
    except ValueError as error:
        raise Unfit("an address", f"{address!r} ({error})") from error
    over_tls = _OVER_TLS.get(place.scheme)
    if over_tls is None or host in LOOPBACK or mode == "test":
        return
    raise Unfit(
        f"an address with {over_tls}://, for without it secrets can be read on the way (without it "
        'only one on this machine, or of a connection with mode = "test")',
        f"{place.scheme}://{host}",
    )
