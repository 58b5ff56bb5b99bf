"""Decide who the embedded Postgres runs as, for it refuses to run as root.

An ordinary user runs it as themselves. For root it runs in a user namespace of its own: there it
sees an ordinary user, while its files stay root's, so that no account has to be made and no
directory opened. Where namespaces are not allowed (in most containers) it runs as `nobody`.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from typing import TYPE_CHECKING

import msgspec

from hub.errors import DatabaseRefused

if TYPE_CHECKING:
    from pathlib import Path

ROOT = 0
NAMESPACE = ("unshare", "-U", "--map-user=65534", "--map-group=65534")


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Who a program runs as: words to put before it, or a user to become, or neither."""

    before: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    def run(
        self,
        command: list[str],
        *,
        output: int,
        directory: Path,
        handed_on: tuple[int, ...] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; `output` takes what it says, `handed_on` stays open in it."""
        return subprocess.run(
            [*self.before, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=directory,
            env=_environment(),
            pass_fds=handed_on,
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
        )

    def own(self, path: Path) -> None:
        """Give a file or directory to this account."""
        os.chown(path, os.geteuid() if self.user is None else self.user, -1)


def account_for(directory: Path) -> Account:
    """Give the account that may use this directory, which need not exist yet."""
    if os.geteuid() != ROOT:
        return Account()
    owner = directory.stat().st_uid if directory.exists() else None
    nobody = pwd.getpwnam("nobody")
    if owner != nobody.pw_uid and can_map_users():
        return Account(before=NAMESPACE)
    if owner == ROOT:
        raise DatabaseRefused(
            f"{directory} belongs to root, but Postgres refuses to run as root, and this machine "
            "does not let it have a user namespace.\n"
            f"Give the directory to nobody: chown -R nobody {directory.parent}"
        )
    return Account(user=nobody.pw_uid, group=nobody.pw_gid)


def owners_allowed() -> set[int]:
    """Give the users whose clusters this process may run."""
    user = os.geteuid()
    return {user, pwd.getpwnam("nobody").pw_uid} if user == ROOT else {user}


def can_map_users() -> bool:
    try:
        asked = subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0


def _environment() -> dict[str, str]:
    # PGDATA, PGPORT and their like are meant for another Postgres than this one.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}
