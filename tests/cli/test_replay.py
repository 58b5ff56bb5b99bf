"""`hub replay`: what people type, and what they and their programs are told."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

from hub.cli import hub, progress
from hub.console.moment import clock
from hub.events import Linked, event_of
from hub.settings import LogSettings
from tests.log.desk import NOON
from tests.replay.live import LINKS, Live, member, observed, open_live, sealed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hub.database import Database


class Said(NamedTuple):
    code: object
    out: str
    err: str


class Shell:
    """The command line, pointed at the database of the test."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    async def run(self, *words: str) -> Said:
        self._capsys.readouterr()
        code = await asyncio.to_thread(_code, *words)
        out, err = self._capsys.readouterr()
        return Said(code, out, err)


@pytest.fixture
async def live(
    new_database: Callable[..., Awaitable[Database]], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Live]:
    database = await new_database(log=LogSettings(partition_events=1_000))
    assert database.settings.database.url is not None
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(database.settings.home)
    monkeypatch.setenv("HUB_HOME", str(database.settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", database.settings.database.url.reveal())
    monkeypatch.setenv("HUB_DATABASE_SCHEMA", database.schema)
    async with open_live(database) as open_hub:
        yield open_hub


@pytest.fixture
def shell(live: Live, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


async def test_a_rebuild_tells_rows_and_digests_before_and_after(live: Live, shell: Shell) -> None:
    await live.has_seen(observed(), observed(record="2"))
    await live.execute("delete from records where record = '2'")

    said = await shell.run("replay", "rebuild")

    assert said.code == 1
    assert "\nrecords: what was there is not what the log says. Nothing is lost" in said.out
    sync, *lines = [line for line in said.out.splitlines() if not line.startswith("timeline")]
    assert re.fullmatch(r"sync: 2 events in .*; the projector rested \d+\.\d\d s", sync)
    verdicts = dict(re.findall(r"^  (\w+) .* (the same|DIFFERS)$", "\n".join(lines), re.MULTILINE))
    assert "timeline_last" in verdicts
    assert verdicts.pop("records") == "DIFFERS"
    assert set(verdicts.values()) == {"the same"}
    assert re.search(r"records +1 -> +2 rows   \w{12} -> \w{12}", said.out)


async def test_a_rebuild_tells_programs_in_json(live: Live, shell: Shell) -> None:
    await live.has_seen(observed())

    said = await shell.run("replay", "rebuild", "--projector", "sync", "--json")

    [sync] = json.loads(said.out)
    assert (said.code, sync["projector"], sync["position"]) == (0, "sync", 1)
    [records] = [table for table in sync["tables"] if table["name"] == "records"]
    assert (records["rows_before"], records["rows"]) == (1, 1)
    assert records["digest_before"] == records["digest"]
    assert records["is_same"] is True


async def test_a_rebuild_tells_how_far_it_is(
    live: Live, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    await live.has_seen(*(observed(record=str(n)) for n in range(20)))

    said = await shell.run("replay", "rebuild", "--projector", "timeline")

    assert said.code == 0
    assert "rebuild timeline: 20 of 20, " in said.err


async def test_a_rebuild_that_cannot_be_done_ends_with_1_and_says_why(
    live: Live, shell: Shell
) -> None:
    said = await shell.run("replay", "rebuild", "--projector", "sync")
    as_json = await shell.run("replay", "rebuild", "--projector", "sync", "--json")

    assert (said.code, said.out) == (1, "")
    assert "hub serve" in said.err
    assert json.loads(as_json.err)["error"]["kind"] == "Refused"


async def test_a_rebuild_over_a_lost_archive_ends_with_4(live: Live, shell: Shell) -> None:
    await live.has_seen(*(observed(record=str(n)) for n in range(1_001)))
    [file] = await live.archived()
    (live.archive / file).unlink()

    said = await shell.run("replay", "rebuild", "--projector", "sync")

    assert said.code == 4
    assert file in said.err


def test_an_unknown_projector_is_a_wrong_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert _code("replay", "rebuild", "--projector", "snyc") == 2
    assert "'sync'" in capsys.readouterr().err


async def test_a_database_that_is_away_ends_with_3(
    live: Live, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "postgresql://hub@127.0.0.1:1/hub")

    assert (await shell.run("replay", "rebuild")).code == 3


async def test_ctrl_c_leaves_everything_as_it_was(live: Live) -> None:
    await live.has_seen(observed())
    await live.execute("update records set position = 7")
    before = await live.rows()

    async with live.database.connected() as db, db.transaction():
        await db.fetch("select from records")
        rebuilding = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hub", "replay", "rebuild", cwd=os.environ["PWD"]
        )
        await live.until("holder like 'rebuild%' from projectors where name = 'sync'")
        rebuilding.send_signal(signal.SIGINT)
        code = await rebuilding.wait()

    assert code == 130
    assert await live.traces() == []
    assert await live.rows() == before


async def test_as_of_shows_fields_and_links_of_a_moment(live: Live, shell: Shell) -> None:
    await live.has_seen(
        observed({"name": "Zoë", "mail": None}),
        observed({"name": "Zoé"}, at=60, cover="only:name"),
        event_of(Linked(link=LINKS[0], members=[member("1"), member("2", "eur", "books")])),
        observed({"name": "Chloé"}, at=61, cover="only:name"),
    )

    said = await shell.run("replay", "as-of", "crm.contacts/1", "--at", "#3")

    assert said.code == 0
    assert said.out.splitlines() == [
        "crm.contacts/1 after #3",
        f'  name  "Zoé"  #2        {clock(NOON + timedelta(minutes=1))}',
        f"  mail  null   #1        {clock(NOON)}",
        "  linked with books.contacts/2 as eur",
    ]


async def test_as_of_tells_programs_in_json(live: Live, shell: Shell) -> None:
    await live.has_seen(observed({"amount": 12345678901234567.89}))
    await live.tell(sealed(at=1))

    said = [
        await shell.run("--json", "replay", "as-of", "crm.contacts/1", "--at", at)
        for at in ("1", "2126-01-01", "2126-01-01T00:00:00+02:00")
    ]

    first, later, same = (json.loads(each.out) for each in said)
    assert first["record"] == {"connection": "crm", "kind": "contacts", "record": "1", "part": ""}
    assert first["fields"]["amount"]["position"] == 1
    assert (first["position"], first["waiting"]) == (1, [])
    assert (later["position"], later["waiting"], later["links_position"]) == (2, [2], 1)
    assert same == later


async def test_as_of_tells_what_waits_and_what_is_deleted(live: Live, shell: Shell) -> None:
    await live.has_seen(sealed(), sealed("2"))

    said = await shell.run("replay", "as-of", "crm.contacts/2", "--at", "2126-01-01")
    early = await shell.run("replay", "as-of", "crm.contacts/2", "--at", "2026-01-01")

    assert "#2 waits for a person and is not applied" in said.out
    assert said.out.startswith("2126-01-0")
    assert " is yet to come; this is what is known now.\n" in said.out
    assert (said.code, early.code) == (0, 0)
    assert "after #0" in early.out
    assert "nothing was known of it" in early.out


async def test_a_record_that_never_was_is_said_to_be_unknown(live: Live, shell: Shell) -> None:
    await live.has_seen(observed())

    said = await shell.run("replay", "as-of", "crm.contacts/77", "--at", "1")

    assert (said.code, said.out) == (1, "")
    assert "The log holds nothing of crm.contacts/77." in said.err


async def test_what_is_long_is_cut_and_what_turns_or_breaks_lines_is_escaped(
    live: Live, shell: Shell
) -> None:
    await live.has_seen(observed({"a\nb": "x" * 100, "c": "\u202eevil"}, record="1\x1b[2J"))

    said = await shell.run("replay", "as-of", "crm.contacts/1\x1b[2J", "--at", "1")

    assert said.out.startswith("crm.contacts/1\\x1b[2J after #1\n")
    assert f'  a\\nb  "{"x" * 58}…  #1 ' in said.out
    assert '"\\u202eevil"' in said.out


async def test_as_of_says_how_far_its_links_are_known(live: Live, shell: Shell) -> None:
    await live.has_seen(observed())
    await live.tell(observed(at=1))

    said = await shell.run("replay", "as-of", "crm.contacts/1", "--at", "2")

    assert "links are known up to #1 only" in said.out


async def test_a_moment_that_is_none_is_refused(live: Live, shell: Shell) -> None:
    await live.has_seen(observed())

    for at, why in {
        "yesterday": "found 'yesterday'",
        "": "found ''",
        "#²": "found '#²'",
        "2026-13-01": "found '2026-13-01'",
        "-1": "found '-1'",
        "#99": "no position 99",
        "9" * 40: "its last is 1",
    }.items():
        said = await shell.run("replay", "as-of", "crm.contacts/1", f"--at={at}")
        assert (said.code, said.out) == (1, "")
        assert why in said.err


@pytest.mark.parametrize("record", ["contacts/1", "crm.contacts", "crm.contacts/", "", "crm/1"])
def test_a_record_that_is_misspelt_is_a_wrong_command_line(
    record: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _code("replay", "as-of", record, "--at", "1") == 2
    assert "books.contacts/4600001" in capsys.readouterr().err


def _code(*words: str) -> object:
    try:
        hub.main(list(words))
    except SystemExit as end:
        return end.code
