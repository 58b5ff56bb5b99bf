"""The embedded Postgres keeps what it acknowledged, and its own life in order."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest

from hub.database import account, embedded
from hub.database.cluster import LOG_BYTES_MAX, Cluster, did_not, open_cluster
from hub.database.embedded import Server, embedded_server, open_server
from hub.database.filelock import FileLock
from hub.errors import DatabaseRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
IS_ROOT = os.geteuid() == 0

HOLDER = """
import asyncio, os, sys
from pathlib import Path
from hub.database.embedded import open_server

async def hold():
    async with open_server(Path(sys.argv[1]), os.environ):
        print("holding", flush=True)
        await asyncio.Event().wait()

asyncio.run(hold())
"""

CONTAINER = """
import asyncio, os, sys
from pathlib import Path
from hub.database import account
from hub.database.embedded import open_server

account.can_map_users = lambda: False

async def use():
    async with open_server(Path(sys.argv[1]), os.environ) as server:
        print(Path(f"/proc/{server.status().process}").stat().st_uid)

asyncio.run(use())
"""


@pytest.fixture(scope="module")
def home_of_all() -> Iterator[Path]:
    """A home with a cluster, in a path with spaces; made once, as that takes the longest.

    It is made where a start was killed halfway, so that a half-made cluster stands in its way.
    """

    async def make(home: Path) -> None:
        async with open_server(home, ENVIRON):
            pass

    with tempfile.TemporaryDirectory(prefix="home with spaces ") as directory:
        half_make(Path(directory))
        asyncio.run(make(Path(directory)))
        yield Path(directory)


@pytest.fixture
async def home(home_of_all: Path) -> AsyncIterator[Path]:
    """The home of all; no test leaves its server running."""
    yield home_of_all
    server = embedded_server(home_of_all, ENVIRON)
    server.unkeep()
    assert not await server.stop()


@pytest.fixture
def sketch(tmp_path: Path) -> Cluster:
    """What looks like a cluster, for tests in which it comes to no start."""
    cluster = cluster_of(tmp_path)
    cluster.open_root()
    cluster.data.mkdir(mode=0o700)
    (cluster.data / "PG_VERSION").write_text(f"{cluster.binaries.major}\n")
    (cluster.root / "password").write_text("secret\n")
    return cluster


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home that every user may enter; pytest's own directories are closed."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


async def test_acknowledged_rows_outlive_the_killing_of_every_process(home: Path) -> None:
    async with open_server(home, ENVIRON) as server:
        async with connected(server) as db:
            await db.execute("CREATE TABLE kept (number int)")
            await db.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
            running = await db.fetch("SELECT pid FROM pg_stat_activity")

        for process in (server.status().process, *(row["pid"] for row in running)):
            kill(process)
        await server.wait_died()
        await server.start()

        async with connected(server) as db:
            assert await db.fetchval("SELECT count(*) FROM kept") == 1000


async def test_a_server_that_dies_while_used_is_started_again_where_it_was(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_server(home, ENVIRON) as server:
        url, process = server.url, server.status().process

        kill(process)
        await answering(server, other_than=process)

        assert server.url == url
        assert [record.message for record in caplog.records] == [
            "The embedded Postgres died; starting it again."
        ]


async def test_what_keeps_it_from_starting_again_is_said_once(
    home: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = iter([DatabaseRefused("no"), DatabaseRefused("no"), None])

    async def start(_: object) -> None:
        if (fault := next(tries)) is not None:
            raise fault

    monkeypatch.setattr(embedded.Server, "start", start)
    monkeypatch.setattr(embedded, "RESTART_PAUSE_SECONDS_MAX", 0.01)
    monkeypatch.setattr(embedded, "RESTART_PAUSE_SECONDS", 0.01)

    await embedded._start_again(embedded_server(home, ENVIRON))

    assert [record.message for record in caplog.records] == [
        "The embedded Postgres does not start; it is tried again. no",
        "The embedded Postgres runs again.",
    ]


async def test_a_newcomer_that_starts_it_again_does_so_where_it_was(home: Path) -> None:
    # given a user that was killed together with its server
    gone = embedded_server(home, ENVIRON)
    await gone.start()
    kill(gone.status().process)
    await gone.wait_died()

    async with open_server(home, ENVIRON) as newcomer:
        assert newcomer.url == gone.url

    await gone.stop()


async def test_durability_is_never_traded_for_speed(home: Path) -> None:
    async with open_server(home, ENVIRON) as server, connected(server) as db:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert await db.fetchval("SELECT current_setting($1)", setting) == "on", setting


async def test_text_is_utf8_and_ordered_by_its_bytes(home: Path) -> None:
    async with open_server(home, ENVIRON) as server, connected(server) as db:
        assert await db.fetchval("SHOW server_encoding") == "UTF8"
        assert await db.fetchval("SELECT lower('ÄÖ')") == "äö"
        assert await db.fetchval("SELECT 'Z' < 'a'")


async def test_it_listens_on_the_loopback_alone_and_asks_for_the_password(home: Path) -> None:
    async with open_server(home, ENVIRON) as server:
        async with connected(server) as db:
            assert await db.fetchval("SHOW listen_addresses") == "127.0.0.1"
            assert await db.fetchval("SHOW unix_socket_directories") == ""

        secret = (server.status().directory / "password").read_text().strip()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(server.url.replace(secret, "guessed"))


async def test_the_password_is_shown_nowhere(home: Path) -> None:
    async with open_server(home, ENVIRON) as server, connected(server):
        directory = server.status().directory
        secret = (directory / "password").read_text().strip()

        assert len(secret) >= 32
        assert secret in server.url
        assert secret not in f"{server!r} {server.status()!r}"
        assert secret not in command_lines()
        assert secret not in (directory / "postgres.log").read_text()
        assert (directory / "password").stat().st_mode & 0o777 == 0o600
        assert directory.stat().st_mode & 0o777 == 0o700


async def test_a_stale_process_id_that_is_now_anothers_harms_nobody(home: Path) -> None:
    stranger = subprocess.Popen(["sleep", "60"])  # noqa: ASYNC220 - it is only there to be there
    try:
        data = cluster_of(home).data
        lines = [str(stranger.pid), str(data), "1", "29999", "", "127.0.0.1", "1 1", "ready"]
        (data / "postmaster.pid").write_text("\n".join(lines) + "\n")

        async with open_server(home, ENVIRON) as server, connected(server) as db:
            assert await db.fetchval("SELECT 1") == 1

        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_a_server_started_by_hand_is_left_alone(home: Path) -> None:
    cluster = cluster_of(home)
    pg_ctl = [str(cluster.binaries.directory / "pg_ctl"), "--pgdata", str(cluster.data), "--silent"]
    as_user, log = account.account_for(cluster.data), os.open(os.devnull, os.O_WRONLY)
    options = "-c port=19999 -c unix_socket_directories="
    as_user.run([*pg_ctl, "start", "-o", options], output=log, directory=cluster.root)
    try:
        with pytest.raises(DatabaseRefused, match="did not start"):
            await start(home)
        assert cluster.postmaster() is not None
    finally:
        as_user.run([*pg_ctl, "stop", "-m", "fast"], output=log, directory=cluster.root)
        os.close(log)


async def test_two_users_share_one_server_and_the_last_to_leave_stops_it(home: Path) -> None:
    first, second = embedded_server(home, ENVIRON), embedded_server(home, ENVIRON)

    await asyncio.gather(first.start(), second.start())
    shared = first.url == second.url
    stopped_by_first = await first.stop()
    running_between = second.status().running
    stopped_by_second = await second.stop()

    assert shared
    assert (stopped_by_first, running_between, stopped_by_second) == (False, True, True)
    assert not second.status().running


async def test_a_killed_user_leaves_a_server_that_the_next_joins_and_stops(home: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(home)]
    holder = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, env=ENVIRON, start_new_session=True
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"holding\n"
    before = embedded_server(home, ENVIRON).status()

    os.killpg(holder.pid, signal.SIGKILL)
    await holder.wait()
    async with open_server(home, ENVIRON) as server:
        joined = server.status()

    assert before.running
    assert before.in_use
    assert joined.process == before.process
    assert not server.status().running


async def test_a_kept_server_stays_until_it_is_no_longer_kept(home: Path) -> None:
    server = embedded_server(home, ENVIRON)
    await server.start()
    server.keep()

    stopped_when_kept = await server.stop()
    status = server.status()
    server.unkeep()
    stopped_when_not = await server.stop()

    assert not stopped_when_kept
    assert (status.running, status.in_use, status.kept) == (True, False, True)
    assert stopped_when_not


async def test_a_cluster_that_was_half_made_is_made_again(home: Path) -> None:
    async with open_server(home, ENVIRON) as server, connected(server) as db:
        assert await db.fetchval("SELECT 1") == 1

    assert not (cluster_of(home).root / "data.new").exists()


async def test_a_start_that_is_interrupted_leaves_no_server_behind(home: Path) -> None:
    server = embedded_server(home, ENVIRON)

    async def use() -> None:
        async with open_server(home, ENVIRON):
            await asyncio.Event().wait()

    user = asyncio.create_task(use())
    while not server.status().running:  # noqa: ASYNC110 - what files tell comes as no event
        await asyncio.sleep(0.001)
    user.cancel()
    await asyncio.gather(user, return_exceptions=True)

    assert not server.status().running


async def test_a_server_that_takes_long_is_waited_for_as_long_as_it_lives(home: Path) -> None:
    # given a server that lives and does not answer: to the hub it is its lock that lives
    silent = FileLock(cluster_of(home).root / "living.lock")
    silent.take()
    server = embedded_server(home, ENVIRON)

    starting = asyncio.create_task(server.start())
    done, _ = await asyncio.wait([starting], timeout=0.2)
    silent.drop()
    await starting

    assert not done
    assert await server.stop()


async def test_the_data_of_another_major_is_refused(sketch: Cluster) -> None:
    (sketch.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(DatabaseRefused, match="made by Postgres 14") as refusal:
        await start(sketch.root.parent)

    assert "HUB_PG_BIN=/usr/lib/postgresql/14/bin" in str(refusal.value)


async def test_no_empty_cluster_is_made_beside_the_data_of_another_major(sketch: Cluster) -> None:
    sketch.root.rename(sketch.root.with_name("postgres-14"))

    with pytest.raises(DatabaseRefused, match="made by Postgres 14"):
        await start(sketch.root.parent)

    assert not sketch.root.exists()


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a directory away")
async def test_the_data_of_another_owner_is_refused(sketch: Cluster) -> None:
    os.chown(sketch.data, 12_345, -1)

    with pytest.raises(DatabaseRefused, match="belongs to user 12345"):
        await start(sketch.root.parent)


async def test_data_that_others_may_look_into_is_refused(sketch: Cluster) -> None:
    sketch.data.chmod(0o755)

    with pytest.raises(DatabaseRefused, match="chmod 700 "):
        await start(sketch.root.parent)


async def test_a_home_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DatabaseRefused, match="set HUB_HOME"):
        await start(tmp_path / "file" / "home")


async def test_a_start_that_fails_tells_the_last_words_of_the_server(sketch: Cluster) -> None:
    (sketch.data / "postgresql.conf").write_text("work_mem = nonsense\n")

    with pytest.raises(DatabaseRefused, match="invalid value for parameter") as refusal:
        await start(sketch.root.parent)

    assert "postgres.log" in str(refusal.value)


async def test_without_its_password_nothing_is_started(sketch: Cluster) -> None:
    (sketch.root / "password").unlink()

    with pytest.raises(DatabaseRefused, match="back from the backup"):
        await start(sketch.root.parent)


def test_a_full_disk_is_called_that(tmp_path: Path) -> None:
    words = 'PANIC:  could not write to file "pg_wal/xlogtemp.7": No space left on device'

    refusal = str(did_not("start", tmp_path, words))

    assert "The disk is full" in refusal
    assert words in refusal


async def test_a_log_that_grew_long_is_put_aside(home: Path) -> None:
    log = cluster_of(home).log
    with log.open("ab") as file:
        file.truncate(LOG_BYTES_MAX + 1)

    async with open_server(home, ENVIRON):
        assert log.stat().st_size < LOG_BYTES_MAX

    assert log.with_suffix(".log.1").stat().st_size > LOG_BYTES_MAX


@pytest.mark.skipif(not IS_ROOT, reason="only root needs another account")
def test_root_in_a_container_runs_it_as_nobody_and_can_stop_it(open_home: Path) -> None:
    # given root as containers have it: no user namespaces, no look into other users' processes
    confined = ["setpriv", "--bounding-set", "-sys_ptrace", sys.executable, "-c", CONTAINER]

    told = subprocess.run([*confined, str(open_home)], stdout=subprocess.PIPE, check=True)

    assert told.stdout == b"65534\n"
    assert not embedded_server(open_home, ENVIRON).status().running


def cluster_of(home: Path) -> Cluster:
    return open_cluster(home, ENVIRON)


def half_make(home: Path) -> None:
    """Leave what a start leaves that was killed while it made the cluster."""
    cluster = cluster_of(home)
    cluster.open_root()
    half_made = cluster.root / "data.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")


async def start(home: Path) -> None:
    async with open_server(home, ENVIRON):
        pytest.fail("it was to be refused")


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator[asyncpg.Connection]:
    db = await asyncpg.connect(server.url)
    try:
        yield db
    finally:
        await db.close()


async def answering(server: Server, *, other_than: int | None) -> None:
    """Wait until a server answers that is not the one that was killed."""
    async with asyncio.timeout(20):
        while True:
            try:
                async with connected(server):
                    if server.status().process != other_than:
                        return
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.02)


def kill(process: int | None) -> None:
    assert process is not None
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        # It ended with the one that was killed before it.
        return


def command_lines() -> str:
    """What every user of this machine can see of every process."""
    done = subprocess.run(["ps", "-ww", "-A", "-o", "args="], capture_output=True, check=True)
    return done.stdout.decode(errors="replace")
