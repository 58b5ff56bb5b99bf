"""The Postgres that is run is the one that was named, else one that really runs here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.database import find
from hub.database.find import find_binaries
from hub.errors import DatabaseRefused

if TYPE_CHECKING:
    from pathlib import Path


def test_the_one_that_came_with_the_hub_is_found() -> None:
    found = find_binaries({})

    assert found.source == "the hub's own packages"
    assert found.major == 18
    assert (found.directory / "psql").exists()


def test_the_one_that_was_named_goes_before_it(tmp_path: Path) -> None:
    make_programs(tmp_path, "postgres (PostgreSQL) 17.2")

    found = find_binaries({"HUB_PG_BIN": str(tmp_path)})

    assert (found.directory, found.major, found.source) == (tmp_path, 17, "HUB_PG_BIN")


def test_a_named_directory_without_the_programs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseRefused, match="postgres, initdb, pg_ctl cannot be run"):
        find_binaries({"HUB_PG_BIN": str(tmp_path)})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [("postgres (PostgreSQL) 14.9", "it is Postgres 14"), ("", "it does not run on this machine")],
)
def test_a_named_postgres_that_is_of_no_use_is_refused(
    tmp_path: Path, answer: str, reason: str
) -> None:
    make_programs(tmp_path, answer)

    with pytest.raises(DatabaseRefused, match=reason):
        find_binaries({"HUB_PG_BIN": str(tmp_path)})


def test_debians_is_taken_where_none_came_with_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "_wheel", lambda: None)
    monkeypatch.setattr(find, "DEBIAN", tmp_path)
    for major in (15, 16):
        directory = tmp_path / str(major) / "bin"
        directory.mkdir(parents=True)
        make_programs(directory, f"postgres (PostgreSQL) {major}.1 (Debian)")

    assert find_binaries({}).major == 16


def test_without_any_the_refusal_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "_wheel", lambda: None)
    monkeypatch.setattr(find, "DEBIAN", tmp_path)

    with pytest.raises(DatabaseRefused) as refusal:
        find_binaries({})

    for way in ("apt-get install postgresql", "HUB_DATABASE_URL=", "HUB_PG_BIN="):
        assert way in str(refusal.value)


def make_programs(directory: Path, answer: str) -> None:
    for name in ("postgres", "initdb", "pg_ctl"):
        program = directory / name
        program.write_text(f"#!/bin/sh\necho '{answer}'\n")
        program.chmod(0o755)
