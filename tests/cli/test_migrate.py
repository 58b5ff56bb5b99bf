"""`hub migrate` makes the tables, once, and says what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.database.migrate import DIRECTORY

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

ALL = sorted(path.stem for path in DIRECTORY.glob("*.sql"))


def test_a_dry_run_names_what_a_run_then_applies(new_desk: Desk) -> None:
    dry = new_desk.run("migrate", "--dry-run", "--json")
    there = new_desk.execute("select to_regclass($1)", f"{new_desk.database.schema}.events")
    applied = new_desk.run("migrate", "--json")
    again = new_desk.run("migrate")

    assert dry.result == {"pending": ALL}
    assert there is None
    assert applied.result == {"applied": ALL}
    assert (again.code, again.out) == (0, "The database is up to date.\n")
