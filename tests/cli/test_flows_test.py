"""`hub flows test` plays the stories of the flows, and tells which come true."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hub.cli import hub
from tests.cli.test_flows import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

STORY = """extends = "library/customers"
[[example]]
story  = "a new company"
see    = '10:00 account 3 Account_Name = "Velm"'
expect = '{expect}'
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    (tmp_path / "hub.toml").write_text(SETTINGS)
    (tmp_path / "flows").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HUB_CONFIG", raising=False)

    def typed(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ending:
            hub.main(["flows", "test", *words])
        said = capfd.readouterr()
        return int(ending.value.code or 0), said.out, said.err

    return typed


def test_a_story_that_comes_true_is_ticked(run: Run, tmp_path: Path) -> None:
    story = STORY.format(expect="books.contacts is made once")
    (tmp_path / "flows" / "customers.toml").write_text(story)

    code, out, _ = run()

    assert code == 0
    assert out.startswith("✓ customers: a new company\n")


def test_one_that_does_not_says_what_happened_and_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "flows" / "customers.toml").write_text(STORY.format(expect="nothing"))

    code, out, err = run("flows/customers.toml")

    assert code == 1
    assert out.startswith("✗ flows/customers.toml: line 2: “a new company”: expected nothing.")
    assert "books.contacts 1 is made with" in out
    assert err.startswith("1 of ")
    assert "stories did not come true." in err


def test_a_program_is_told_as_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "flows" / "customers.toml").write_text(STORY.format(expect="nothing is asked"))

    code, out, _ = run("--json")

    one, *inherited = json.loads(out)
    assert {each["file"] for each in inherited} == {
        "library/customers.toml (extended by flows/customers.toml)"
    }
    assert (code, one["flow"], one["story"], one["missed"]) == (0, "customers", "a new company", [])


def test_where_no_story_is_told_it_says_where_some_are(run: Run) -> None:
    code, out, _ = run()

    assert code == 0
    assert "hub flows test --library" in out
