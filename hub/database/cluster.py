"""The embedded server's files: made once, checked before every start, one directory a version.

<home>/postgres-18/data           what Postgres keeps
<home>/postgres-18/password       of the role `hub`, for its owner's eyes only
<home>/postgres-18/postgres.log   what the server says
<home>/postgres-18/kept           there if the server is to run on when nobody uses it
<home>/postgres-18/*.lock         who starts, who uses, and whether any process of it lives
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shlex
import shutil
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from hub.database.account import Account, account_for, owners_allowed
from hub.database.filelock import FileLock
from hub.database.find import Binaries, all_binaries, find_binaries
from hub.errors import DatabaseRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

ROLE = "hub"
LOG_BYTES_MAX = 8 * 1024 * 1024
LAST_WORDS_LINES = 12
BUILTIN_LOCALE_SINCE = 17

# The lines of postmaster.pid, as src/include/utils/pidfile.h of Postgres numbers them.
PID_LINE = 0
PORT_LINE = 3
STATUS_LINE = 7

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "cluster_name": "hub",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "wal_level": "replica",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # The server's log must not repeat values: neither those of a row nor those of a statement.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
"""What differs from Postgres' own defaults; durability (fsync and its like) is left alone."""


class Cluster:
    """One cluster on this disk, and the programs it is run with."""

    def __init__(self, home: Path, binaries: Binaries) -> None:
        self.binaries = binaries
        self.root = _root(home, binaries.major)
        self.data = self.root / "data"
        self.log = self.root / "postgres.log"
        self.living = FileLock(self.root / "living.lock")
        self._password = self.root / "password"
        self._kept = self.root / "kept"

    def open_root(self) -> None:
        """Make the directory that all else lies in, or see that it is ours."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseRefused(
                f"{self.root} cannot be made ({error.strerror}); "
                "set HUB_HOME to a directory that you may write."
            ) from error
        self.check_owner()

    def check_owner(self) -> None:
        """Refuse somebody else's cluster, and one that others may look into."""
        for path in (self.root, self.data):
            if path.exists():
                _check_owner(path)
                _check_mode(path)

    def prepare(self) -> None:
        """Make the cluster if there is none yet, else see that this Postgres can run it.

        What makes it inherits the lock as well: if we are killed, it may work on for a while.
        """
        account = account_for(self.data)
        if not self.data.exists():
            self._make(account)
        self._check_version()
        if not self._password.exists():
            raise DatabaseRefused(
                f"{self._password} is missing, without which nobody gets into {self.data}; "
                "put it back from the backup that the data came from."
            )
        self._drop_stale_pid()

    def launch(self, port: int) -> None:
        """Set the server off, in a session of its own; whether it comes up is to be seen.

        It inherits the lock on its own life: that is let go when its last process has died.
        """
        account = account_for(self.data)
        settings = {**SETTINGS, "port": str(port)}
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        pg_ctl = [str(self.binaries.directory / "pg_ctl"), "start", "--no-wait", "--silent"]
        with self.log.open("a") as log:
            account.run(
                [*pg_ctl, "--pgdata", str(self.data), "--options", options],
                output=log.fileno(),
                directory=self.root,
                handed_on=(self.living.descriptor,),
            )

    def is_alive(self) -> bool:
        """Whether any process of the server lives, or of the program that makes its files."""
        return not self.living.is_free(shared=True)

    def password(self) -> str:
        return self._password.read_text().strip()

    def port(self) -> int | None:
        """Where the server says it listens."""
        return _number(self._pid_lines(), PORT_LINE)

    def says_ready(self) -> bool:
        """Whether the server says that it lets users in; cheaper than asking, and not logged."""
        lines = self._pid_lines()
        return len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"

    def postmaster(self) -> int | None:
        """The server's first process, if it lives."""
        process = self.noted_process()
        return process if process is not None and _runs_in(process, self.data) else None

    def noted_process(self) -> int | None:
        """The process of the server that was started last; if that was killed, anybody's."""
        return _number(self._pid_lines(), PID_LINE)

    def is_kept(self) -> bool:
        return self._kept.exists()

    def keep(self) -> None:
        """Let the server run on when its last user has left."""
        self._kept.touch()

    def unkeep(self) -> None:
        self._kept.unlink(missing_ok=True)

    def trim_log(self) -> None:
        """Put a log that has grown long aside, over the one put aside before it.

        The server appends to the very file, so that it is copied and emptied, not renamed.
        """
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)

    def log_size(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0

    def last_words(self, since: int) -> str:
        """Give the end of what the server has said since its log had this size."""
        with self.log.open("rb") as log:
            log.seek(since)
            said = log.read().decode(errors="replace")
        return "\n".join(said.splitlines()[-LAST_WORDS_LINES:])

    def _make(self, account: Account) -> None:
        """Make the cluster beside its place, then rename it: it is there whole, or not at all."""
        half_made = self.root / "data.new"
        if half_made.exists():
            shutil.rmtree(half_made)
        account.own(self.root)
        if not self._password.exists():
            self._make_password()
        account.own(self._password)
        self._initdb(account, half_made)
        half_made.rename(self.data)
        _sync_directory(self.root)

    def _make_password(self) -> None:
        new = self._password.with_suffix(".new")
        new.unlink(missing_ok=True)
        with open(new, "x", opener=_private) as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            os.fsync(file.fileno())
        new.rename(self._password)

    def _initdb(self, account: Account, directory: Path) -> None:
        initdb = [str(self.binaries.directory / "initdb"), "--no-instructions", "--data-checksums"]
        secret = [f"--username={ROLE}", f"--pwfile={self._password}", "--auth=scram-sha-256"]
        text = ["--encoding=UTF8", *_locale(self.binaries.major)]
        done = account.run(
            [*initdb, *secret, *text, "--pgdata", str(directory)],
            output=subprocess.PIPE,
            directory=self.root,
            handed_on=(self.living.descriptor,),
        )
        if done.returncode != 0:
            words = "\n".join(done.stdout.splitlines()[-LAST_WORDS_LINES:])
            raise did_not("make its files", self.root, words)

    def _check_version(self) -> None:
        version = self.data / "PG_VERSION"
        found = version.read_text().strip() if version.exists() else None
        if found is None:
            raise DatabaseRefused(
                f"{self.data} holds no Postgres cluster: it has no PG_VERSION. Put the cluster "
                "back from a backup, or remove the directory to begin with an empty one."
            )
        if found != str(self.binaries.major):
            raise _of_another_major(self.data, found, self.binaries)

    def _drop_stale_pid(self) -> None:
        """Remove the process id that a killed server left, for it may be anybody's by now."""
        pid = self.postmaster()
        if pid is not None:
            raise DatabaseRefused(
                f"A Postgres that the hub did not start (process {pid}) runs in {self.data}. Stop "
                f"it first: {self.binaries.directory / 'pg_ctl'} stop -m fast -D {self.data}"
            )
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []


def open_cluster(home: Path, environ: Mapping[str, str]) -> Cluster:
    """Give this home's cluster: the one that is there, else one of the Postgres to be preferred.

    A cluster that no Postgres here can run is refused: an empty one in its place would look like
    a hub that has forgotten everything.
    """
    there = _majors_in(home)
    preferred = find_binaries(environ)
    if not there or preferred.major in there:
        return Cluster(home, preferred)
    for binaries in all_binaries(environ):
        if binaries.major in there:
            return Cluster(home, binaries)
    newest = max(there)
    raise _of_another_major(_root(home, newest) / "data", str(newest), preferred)


def did_not(what: str, root: Path, words: str) -> DatabaseRefused:
    """Say why the server failed, as far as its last words tell, and what to do."""
    quoted = "\n".join(f"  {line}" for line in words.splitlines()) or "  (none)"
    return DatabaseRefused(
        f"Postgres did not {what} in {root}. {_advice(root, words)}\nIts last words:\n{quoted}"
    )


def _advice(root: Path, words: str) -> str:
    if "No space left on device" in words or "Check free disk space" in words:
        return "The disk is full: free some space there, then start again; nothing is lost."
    if "Cannot allocate memory" in words or "could not map anonymous shared memory" in words:
        return "There is too little memory: free some (it takes about 600 MB), then start again."
    if "Permission denied" in words or "could not access directory" in words:
        return (
            "It may not enter that directory. Started by root it runs as nobody where user "
            "namespaces are not allowed: start the hub as an ordinary user, or set HUB_HOME to a "
            "directory that everybody may enter."
        )
    return f"What it said is in {root / 'postgres.log'}."


def _of_another_major(data: Path, found: str, binaries: Binaries) -> DatabaseRefused:
    return DatabaseRefused(
        f"{data} was made by Postgres {found}, but the Postgres here is {binaries.major} "
        f"(from {binaries.source}, {binaries.directory}), which cannot read it.\n"
        f"Name the programs of a Postgres {found}: HUB_PG_BIN=/usr/lib/postgresql/{found}/bin. "
        "To move to another version, dump there (pg_dumpall) and restore here."
    )


def is_made(home: Path) -> bool:
    """Tell whether there is a Postgres of the hub's own in a home."""
    return bool(_majors_in(home.expanduser()))


def _majors_in(home: Path) -> set[int]:
    pattern = re.compile(r"postgres-(\d+)")
    named = (pattern.fullmatch(path.parent.name) for path in home.glob("postgres-*/data"))
    return {int(match.group(1)) for match in named if match}


def _root(home: Path, major: int) -> Path:
    return home.expanduser().absolute() / f"postgres-{major}"


def _check_owner(path: Path) -> None:
    owner = path.stat().st_uid
    if owner not in owners_allowed():
        raise DatabaseRefused(
            f"{path} belongs to user {owner}, but this process is user {os.geteuid()}. "
            f"Run the hub as its owner, or set HUB_HOME to a directory of your own."
        )


def _check_mode(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IWGRP | stat.S_IRWXO):
        raise DatabaseRefused(
            f"{path} is open to others (mode {mode:04o}); expected its owner alone. "
            f"Close it: chmod 700 {shlex.quote(str(path))}"
        )


def _locale(major: int) -> list[str]:
    """Order text by its bytes, on every machine alike, and know the letters of all languages."""
    if major >= BUILTIN_LOCALE_SINCE:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C", "--lc-ctype=C.UTF-8"]


def _runs_in(pid: int, data: Path) -> bool:
    """Whether this process is a server of that directory, and not one that got an old one's id."""
    if not Path("/proc/self").exists():
        command = ["ps", "-o", "command=", "-p", str(pid)]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return "postgres" in said and str(data) in said
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        try:
            # A server works in its data directory, whatever it was called with.
            return Path(f"/proc/{pid}/cwd").samefile(data)
        except PermissionError:
            # In a container not even root may see this of nobody's processes.
            return os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return False


def _number(lines: list[str], index: int) -> int | None:
    return int(lines[index]) if len(lines) > index and lines[index].isdigit() else None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
