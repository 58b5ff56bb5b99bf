"""`hub flows` reads the flows beside hub.toml, and tells what they do; it needs no database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from hub.cli import hub

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

SETTINGS = """
[connections.crm]
system = "zoho_crm"
client_id = "sandbox"
secret_env = "UNSET"

[connections.books]
system = "zoho_books"
client_id = "sandbox"
secret_env = "UNSET"
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    (tmp_path / "hub.toml").write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HUB_CONFIG", raising=False)
    monkeypatch.delenv("HUB_DATABASE_URL", raising=False)
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "home"))

    def typed(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ending:
            hub.main(["flows", *words])
        said = capfd.readouterr()
        return int(ending.value.code or 0), said.out, said.err

    return typed


def result(run: Run, *words: str) -> Any:
    code, out, err = run(*words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_a_new_flow_begins_from_one_of_the_library_and_is_in_order(
    run: Run, tmp_path: Path
) -> None:
    run("new", "clients", "--from", "customers")

    text = (tmp_path / "flows" / "clients.toml").read_text()
    assert text.startswith('flow    = "clients"\nextends = "library/customers"\n')
    assert "connections" not in text
    assert run("check") == (0, "clients: in order (sync)\n", "")


def test_it_names_the_connections_as_this_hub_does(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "hub.toml"
    settings.write_text(SETTINGS.replace("connections.crm", "connections.crm_eu"))

    run("new", "clients", "--from", "customers")

    text = (tmp_path / "flows" / "clients.toml").read_text()
    assert 'connections = { crm = "crm_eu" }\n' in text
    assert run("check")[0] == 0


def test_a_file_that_is_there_is_left_alone(run: Run, tmp_path: Path) -> None:
    run("new", "clients", "--from", "customers")
    file = tmp_path / "flows" / "clients.toml"
    file.write_text("mine")

    code, _, err = run("new", "clients", "--from", "customers")

    assert code == 1
    assert "is there already: choose another name" in err
    assert file.read_text() == "mine"


def test_a_name_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    code, _, err = run("new", "../Clients", "--from", "customers")

    assert code == 1
    assert err.startswith("Expected a lower-case name")
    assert not (tmp_path / "flows").exists()


def test_all_faults_of_all_flows_are_told_at_once(run: Run, tmp_path: Path) -> None:
    run("new", "clients", "--from", "customers")
    run("new", "invoices", "--from", "invoice_from_won_deal")
    with (tmp_path / "flows" / "clients.toml").open("a") as file:
        file.write('fields.name.owner = "crn"\n')

    code, out, err = run("check")

    assert (code, out) == (2, "")
    first, second = err.splitlines()
    assert first.startswith("flows/clients.toml:6: fields.name.owner: expected")
    assert second.startswith("library/invoice_from_won_deal.toml:")
    assert second.endswith(
        "(extended by flows/invoices.toml): needs.customer.of: expected a flow that links "
        'records, found "customers"; those are clients'
    )


def test_faults_are_told_to_programs_in_parts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "broken.toml").write_text("flow = ")

    code, _, err = run("check", "--json")

    (fault,) = json.loads(err)["error"]["faults"]
    assert code == 2
    assert (fault["file"], fault["line"]) == ("flows/broken.toml", 1)


def test_only_the_named_files_are_checked(run: Run, tmp_path: Path) -> None:
    run("new", "clients", "--from", "customers")
    (tmp_path / "flows" / "broken.toml").write_text("flow = ")

    assert run("check", "flows/clients.toml")[0] == 0


def test_a_named_file_may_lean_on_those_beside_it(run: Run, tmp_path: Path) -> None:
    run("new", "customers", "--from", "customers")
    run("new", "invoices", "--from", "invoice_from_won_deal")

    code, out, err = run("check", str(tmp_path / "flows" / "invoices.toml"))

    assert (code, err) == (0, "")
    assert out == "invoices: in order (once)\n"


def test_a_file_that_is_not_there_is_told(run: Run) -> None:
    code, _, err = run("check", "nowhere.toml")

    assert (code, err) == (1, "nowhere.toml is no file, and no flow in flows is called so.\n")


def test_a_flow_is_meant_by_its_name_or_by_its_file(run: Run) -> None:
    run("new", "clients", "--from", "customers")

    assert run("check", "clients")[:2] == run("check", "flows/clients.toml")[:2]
    assert run("test", "clients")[0] == 0
    assert run("show", "flows/clients.toml")[:2] == run("show", "clients")[:2]
    for wrong, right in (("client", "clients"), ("flows/client.toml", "flows/clients.toml")):
        assert f'did you mean "{right}"?' in run("check", wrong)[2]


def test_a_file_that_cannot_be_read_is_meant_by_its_own_name(run: Run, tmp_path: Path) -> None:
    run("new", "clients", "--from", "customers")
    (tmp_path / "flows" / "clients.toml").write_text('flow = "clients"\nextends = ,\n')

    told = run("check", "clients")

    assert "flows/clients.toml:2: not TOML" in "".join(map(str, told[1:]))


def test_a_word_without_quotes_is_told_to_stand_in_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir(exist_ok=True)
    (tmp_path / "flows" / "clients.toml").write_text("flow = customers\n")

    told = run("check", "clients")

    assert 'text stands in quotes, name = "like this"' in "".join(map(str, told[1:]))


def test_without_a_flow_it_says_where_flows_belong(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("check")

    assert (code, out) == (0, f"There is no flow in {tmp_path / 'flows'} yet.\n")


def test_flows_are_listed_with_those_to_begin_from(run: Run) -> None:
    run("new", "clients", "--from", "customers")

    listed = result(run, "list")

    assert [(one["name"], one["kind"]) for one in listed["flows"]] == [("clients", "sync")]
    assert "invoice_from_won_deal" in listed["library"]
    assert run("list")[1].startswith("clients  sync   not installed  A company")


def test_a_flow_is_shown_in_plain_words(run: Run) -> None:
    run("new", "clients", "--from", "customers")

    out = run("show", "clients")[1]

    assert "Kept in agreement: crm.Accounts and books.contacts" in out
    *lines, now = out.splitlines()
    assert result(run, "show", "clients")["lines"] == lines
    assert now == "It is not installed: hub flows install"


def test_a_flow_that_is_not_there_is_told_with_the_nearest(run: Run) -> None:
    run("new", "clients", "--from", "customers")

    code, _, err = run("show", "client")

    assert code == 1
    assert 'did you mean "clients"?' in err


def test_the_graph_shows_what_each_flow_brings_together(run: Run) -> None:
    run("new", "clients", "--from", "customers")

    assert run("graph")[1].startswith("crm.Accounts\n  <-> books.contacts  clients agrees with: ")
    assert [way["target"] for way in result(run, "graph")] == [
        "books.contacts",
        "books.contactpersons",
    ]
