"""`hub replay preview` judges what really happened by a flow that is not in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.flowing import FLOW, account, contact, put_in_force
from tests.cli.test_mode import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Desk

KNOWN = FLOW.replace('"Code"', '"Account_Number"').replace('"code",', '"contact_number",')


@pytest.fixture
def history(desk: Desk, tmp_path: Path) -> Desk:
    (tmp_path / "hub.toml").write_text(SETTINGS)
    (tmp_path / "flows").mkdir()
    put_in_force(desk, "on", KNOWN)
    desk.keep(
        contact("b1", contact_number="7", company_name="Lumen Ltd"),
        account("a1", Account_Number="7", Account_Name="Lumen"),
        account("a2", Account_Name="Aurora"),
    )
    desk.apply()
    return desk


def previewed(desk: Desk, home: Path, text: str) -> dict[str, object]:
    (home / "flows" / "customers.toml").write_text(text)
    ended = desk.run("replay", "preview", "--flow", "customers", "--json")
    assert ended.code == 0, ended.err
    result = ended.result
    assert isinstance(result, dict)
    return result


def test_the_same_flow_would_have_done_the_same(history: Desk, tmp_path: Path) -> None:
    found = previewed(history, tmp_path, KNOWN)

    assert (found["same"], found["more"], found["less"]) == (2, [], [])
    assert history.execute("select count(*) from deliveries") == 2


def test_a_changed_flow_shows_what_would_differ(history: Desk, tmp_path: Path) -> None:
    asks = KNOWN.replace('crm = "create in books"', 'crm = "ask"')
    other_owner = asks.replace(
        'books = "company_name", owner = "crm"', 'books = "company_name", owner = "books"'
    )

    found = previewed(history, tmp_path, other_owner)
    shown = history.run("replay", "preview", "--flow", "customers").out

    assert found["same"] == 0
    assert found["more"] == [{"target": "crm.Accounts/a1", "state": "owed", "owed": 4}]
    assert len(found["less"]) == 2  # type: ignore[arg-type]
    assert found["asked"] == {"newcomer": 2}
    assert "crm.Accounts/a1" in shown
    assert history.execute("select count(*) from deliveries") == 2
