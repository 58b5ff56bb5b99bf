"""What every command has in common: how it is found, how it speaks and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner, Result

from hub import __version__
from hub.cli import COMMANDS, hub
from hub.cli.frame import Listed
from hub.cli.invocation import Invocation, pass_invocation
from hub.errors import ConfigFault, DatabaseAway, LogBroken, Refused
from hub.settings import Secret

ROOT = Path(__file__).parents[2]
HEAVY = ("aiohttp", "asyncpg", "opentelemetry", "uvloop", "asyncio", "msgspec", "hub.settings")


class Shell:
    """The command line in this process, to which a test may add commands of its own."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.module = ModuleType("made_up_commands")
        monkeypatch.setitem(sys.modules, "made_up_commands", self.module)
        monkeypatch.chdir(directory)
        for name in [name for name in os.environ if name.startswith("HUB_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("HOME", str(directory))
        monkeypatch.setenv("XDG_STATE_HOME", str(directory / "state"))

    def add(self, command: click.Command) -> None:
        name = command.name
        assert name is not None
        setattr(self.module, name, command)
        self.monkeypatch.setitem(COMMANDS, name, Listed(f"made_up_commands:{name}", "Made up."))

    def add_failing(self, error: BaseException) -> None:
        @click.command()
        def fail() -> None:
            raise error

        self.add(fail)

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(hub, words)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def test_help_names_every_command_and_exit_code_without_reading_a_command(shell: Shell) -> None:
    shell.monkeypatch.setattr("importlib.import_module", None)

    result = shell.run("--help")

    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: hub")
    assert {"serve", "demo", "migrate", "db", "log", "replay", "status", "check"} < set(COMMANDS)
    for name, listed in COMMANDS.items():
        assert f"  {name}  " in result.stdout
        assert listed.help in result.stdout
    for code in (0, 1, 2, 3, 4, 70, 130, 141):
        assert f"    {code} " in result.stdout


def test_without_words_the_help_is_printed(shell: Shell) -> None:
    assert shell.run().stdout == shell.run("--help").stdout


def test_version_is_printed(shell: Shell) -> None:
    assert shell.run("--version").stdout == f"hub {__version__}\n"


@pytest.mark.parametrize("command", ["check", "completion"])
def test_the_help_of_a_command_teaches_by_example(shell: Shell, command: str) -> None:
    result = shell.run(command, "--help")

    assert result.exit_code == 0
    assert f"hub {command}" in result.stdout.partition("\n")[2]


def test_a_slip_in_a_command_is_met_with_the_nearest_one(shell: Shell) -> None:
    result = shell.run("chekc")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert 'There is no command "chekc". Did you mean "check"?' in result.stderr


def test_a_slip_in_an_option_is_met_with_the_nearest_one(shell: Shell) -> None:
    result = shell.run("check", "--explian")

    assert result.exit_code == 2
    assert "--explain" in result.stderr


def test_a_wrong_command_line_is_told_as_json_where_asked(shell: Shell) -> None:
    result = shell.run("--json", "chekc")

    assert result.exit_code == 2
    assert json.loads(result.stderr)["error"]["kind"] == "Usage"


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (Refused("no such projector"), 1),
        (ConfigFault("hub.toml:3: unknown key"), 2),
        (DatabaseAway("no answer"), 3),
        (LogBroken("the chain breaks at 7", position=7), 4),
    ],
)
def test_an_error_of_the_hub_is_told_in_its_own_words_and_code(
    shell: Shell, error: Exception, exit_code: int
) -> None:
    shell.add_failing(error)

    told, as_json = shell.run("fail"), shell.run("fail", "--json")

    assert (told.exit_code, told.stdout, told.stderr) == (exit_code, "", f"{error}\n")
    assert (as_json.exit_code, as_json.stdout) == (exit_code, "")
    assert json.loads(as_json.stderr) == {
        "error": {"kind": type(error).__name__, "message": str(error)}
    }


def test_errors_of_several_tasks_are_told_one_a_line(shell: Shell) -> None:
    inner = ExceptionGroup("inner", [LogBroken("broken", position=1)])
    shell.add_failing(ExceptionGroup("tasks", [DatabaseAway("away"), inner]))

    result = shell.run("fail")

    assert (result.exit_code, result.stderr) == (3, "away\nbroken\n")


def test_an_interrupt_ends_quietly(shell: Shell) -> None:
    shell.add_failing(KeyboardInterrupt())

    result = shell.run("fail")

    assert (result.exit_code, result.output) == (130, "")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("hunter2"),
        BrokenPipeError("a socket elsewhere"),
        ExceptionGroup("mixed", [DatabaseAway("away"), ValueError("hunter2")]),
    ],
)
def test_an_unforeseen_error_is_one_sentence_and_its_traceback_is_kept(
    shell: Shell, error: Exception, tmp_path: Path
) -> None:
    shell.add_failing(error)

    result = shell.run("fail")

    file = tmp_path / "state" / "hub" / "traceback.txt"
    assert result.exit_code == 70
    assert result.stderr.count("\n") == 1
    assert f"{type(error).__name__} at " in result.stderr
    assert str(file) in result.stderr
    assert "hunter2" not in result.stderr
    assert "Traceback" in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


def test_an_unforeseen_error_is_told_even_where_nothing_can_be_kept(
    shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file, where a directory should be")
    shell.add_failing(ValueError())

    result = shell.run("fail", "--json")

    assert result.exit_code == 70
    error = json.loads(result.stderr)["error"]
    assert error["kind"] == "Unforeseen"
    assert error["message"].endswith("HUB_DEBUG=1 prints its traceback.")


def test_hub_debug_prints_the_traceback(shell: Shell, tmp_path: Path) -> None:
    shell.monkeypatch.setenv("HUB_DEBUG", "1")
    shell.add_failing(ValueError("hunter2"))

    result = shell.run("fail")

    assert result.stderr.startswith("Traceback")
    assert not (tmp_path / "state").exists()


def test_the_options_of_all_commands_stand_before_or_after_the_command(
    shell: Shell, tmp_path: Path
) -> None:
    seen: list[tuple[Path | None, bool]] = []

    @click.group()
    def outer() -> None:
        pass

    @outer.command()
    @pass_invocation
    def inner(invocation: Invocation) -> None:
        seen.append((invocation.config, invocation.json))

    shell.add(outer)

    shell.run("outer", "inner")
    shell.run("--json", "--config", "a.toml", "outer", "inner")
    shell.run("outer", "inner", "--json", "--config", "a.toml")

    assert seen == [(None, False), (Path("a.toml"), True), (Path("a.toml"), True)]


def test_an_option_that_a_command_has_of_its_own_stays_its_own(shell: Shell) -> None:
    seen: list[str] = []

    @click.command()
    @click.option("--config")
    def own(config: str) -> None:
        seen.append(config)

    shell.add(own)

    assert shell.run("own", "--config", "mine").exit_code == 0
    assert seen == ["mine"]


def test_a_command_speaks_to_a_person_or_to_a_program(shell: Shell) -> None:
    @click.command()
    @pass_invocation
    def speak(invocation: Invocation) -> None:
        invocation.say("three events")
        invocation.result({"events": 3, "file": Path("/x")})

    shell.add(speak)

    assert shell.run("speak").stdout == "three events\n"
    assert json.loads(shell.run("speak", "--json").stdout) == {"events": 3, "file": "/x"}


def test_a_result_never_holds_a_secret(shell: Shell) -> None:
    @click.command()
    @pass_invocation
    def leak(invocation: Invocation) -> None:
        invocation.result({"secret": Secret("hunter2")})

    shell.add(leak)

    result = shell.run("leak", "--json")

    assert result.exit_code == 70
    assert "hunter2" not in result.output


def test_settings_are_read_only_when_they_are_asked_for(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("not toml")

    assert shell.run("completion", "fish").exit_code == 0
    assert shell.run("check").exit_code == 2


@pytest.mark.parametrize(
    ("environ", "words", "coloured"),
    [
        ({}, [], True),
        ({"NO_COLOR": "1"}, [], False),
        ({"TERM": "dumb"}, [], False),
        ({}, ["--no-colour"], False),
        ({}, ["--no-color"], False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    shell: Shell, environ: dict[str, str], words: list[str], *, coloured: bool
) -> None:
    @click.command()
    @pass_invocation
    def paint(invocation: Invocation) -> None:
        invocation.say(click.style("red", fg="red"))

    shell.add(paint)
    shell.monkeypatch.delenv("NO_COLOR", raising=False)
    shell.monkeypatch.setenv("TERM", "xterm")
    for name, value in environ.items():
        shell.monkeypatch.setenv(name, value)
    shell.monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)

    result = CliRunner().invoke(hub, ["paint", *words], color=True)

    assert ("\x1b[31m" in result.stdout) == coloured


def test_colours_are_not_for_pipes(shell: Shell) -> None:
    result = shell.run("check")

    assert "\x1b" not in result.stdout


def test_check_shows_what_holds_and_who_said_so(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("[serve]\nport = 9000\n")
    shell.monkeypatch.setenv("HUB_DATABASE_URL", "postgres://ann:hunter2@db")

    told, as_json = shell.run("check"), shell.run("check", "--json")

    lines = [line.split() for line in told.stdout.splitlines()]
    assert ["serve.port", "9000", "(hub.toml:2)"] in lines
    assert ["database.url", "***", "(HUB_DATABASE_URL)"] in lines
    assert ["database.schema", "hub"] in lines
    values = {one["name"]: one for one in json.loads(as_json.stdout)["settings"]["values"]}
    assert values["serve.port"]["value"] == "9000"
    assert "hunter2" not in told.output + as_json.output


def test_check_tells_every_fault_and_exits_2(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[serve]\nprot = 1\nhost = 2\n")

    result = shell.run("--config", "other.toml", "check")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        'other.toml:2: serve.prot: unknown key; did you mean "port"?',
        "other.toml:3: serve.host: expected a host name or an address, found 2",
    ]


def test_faults_of_the_settings_are_a_list_for_programs(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[serve]\nprot = 1\nhost = 2\n")
    shell.monkeypatch.setenv("HUB_SERVE_PORT", "many")

    result = shell.run("--config", "other.toml", "check", "--json")

    faults = json.loads(result.stderr)["error"]["faults"]
    assert [(one["file"], one["line"], one["setting"], one["variable"]) for one in faults] == [
        ("other.toml", 2, "serve.prot", None),
        ("other.toml", 3, "serve.host", None),
        (None, None, None, "HUB_SERVE_PORT"),
    ]
    assert [one["found"] for one in faults] == [None, "2", '"many"']
    assert faults[1]["expected"] == "a host name or an address"
    assert "unknown key" in faults[0]["message"]


def test_check_warns_of_a_variable_that_is_none_of_the_hub(shell: Shell) -> None:
    shell.monkeypatch.setenv("HUB_DATABASE_HOST", "db")
    shell.monkeypatch.setenv("HUB_MASTER_KEY_2", "k")

    told, as_json = shell.run("check"), shell.run("check", "--json")

    assert told.exit_code == 0
    assert "  HUB_DATABASE_HOST is no variable of the hub; did you mean" in told.stdout
    [unknown] = json.loads(as_json.stdout)["settings"]["unknown"]
    assert unknown.startswith("HUB_DATABASE_HOST")


def test_check_explains_every_setting_even_where_they_are_wrong(
    shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "hub.toml").write_text("not toml")

    told, as_json = shell.run("check", "--explain"), shell.run("check", "--explain", "--json")

    assert "serve.port\n  Port to listen on; 0 takes any free one.\n" in told.stdout
    assert "default: 8080; HUB_SERVE_PORT" in told.stdout
    assert "connections.NAME.secret_env" in {one["name"] for one in json.loads(as_json.stdout)}


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell: Shell, name: str) -> None:
    told, as_json = shell.run("completion", name), shell.run("completion", name, "--json")

    assert told.exit_code == 0
    assert "_HUB_COMPLETE" in told.stdout
    assert json.loads(as_json.stdout)["script"] == told.stdout.removesuffix("\n")


def test_the_shell_completes_commands_without_reading_them(shell: Shell) -> None:
    shell.monkeypatch.setenv("_HUB_COMPLETE", "fish_complete")
    shell.monkeypatch.setenv("COMP_WORDS", "hub ")
    shell.monkeypatch.setenv("COMP_CWORD", "s")
    shell.monkeypatch.setattr("importlib.import_module", None)

    result = shell.run()

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"plain,{name}\t{COMMANDS[name].help}" for name in COMMANDS if name.startswith("s")
    ]


# From here on a process of its own, as a person starts it.


def python(*words: str, directory: Path) -> subprocess.Popen[str]:
    environ = {name: text for name, text in os.environ.items() if not name.startswith("HUB_")}
    places = {"PYTHONPATH": str(ROOT), "HOME": str(directory), "XDG_STATE_HOME": str(directory)}
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=directory,
        env=environ | places,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_help_costs_no_import_of_what_commands_need(tmp_path: Path) -> None:
    script = f"""
import sys
from hub.cli import hub
try:
    hub.main(["--help"])
except SystemExit:
    print(*(name for name in {HEAVY} if name in sys.modules), file=sys.stderr)
"""
    process = python("-c", script, directory=tmp_path)

    output, complaints = process.communicate(timeout=30)

    assert output.startswith("Usage: hub")
    assert complaints == "\n"


def test_python_m_hub_is_the_command(tmp_path: Path) -> None:
    process = python("-m", "hub", "check", "--config", "absent.toml", directory=tmp_path)

    output, complaints = process.communicate(timeout=30)

    assert (process.returncode, output) == (2, "")
    assert complaints == "absent.toml: expected a file of settings, found no such file\n"


def test_output_that_nobody_reads_ends_quietly(tmp_path: Path) -> None:
    process = python("-m", "hub", "check", directory=tmp_path)
    assert process.stdout is not None
    assert process.stderr is not None

    process.stdout.close()
    complaints = process.stderr.read()
    process.stderr.close()

    assert (process.wait(timeout=30), complaints) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it is how a full disk is had")
def test_output_to_a_full_disk_is_told_as_that(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            [sys.executable, "-m", "hub", "check", "--explain"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    assert (process.returncode, process.stderr.count("\n")) == (1, 1)
    assert "disk that this is written to is full" in process.stderr


WAITING = """
import asyncio, signal, sys
import click
from hub.cli import COMMANDS, main, run
from hub.cli.frame import Listed

async def work():
    print(type(asyncio.get_running_loop()).__module__, flush=True)
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("put away", flush=True)
        if "--calm" not in sys.argv:
            raise

@click.command()
@click.option("--calm", is_flag=True)
@click.option("--not-awaited", is_flag=True)
def wait(calm, not_awaited):
    if not_awaited:
        print("waiting", flush=True)
        signal.pause()
    run(work())

COMMANDS["wait"] = Listed("__main__:wait", "Wait.")
main()
"""


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(
    ("words", "output", "exit_code"),
    [
        ([], "put away\n", 130),
        (["--calm"], "put away\n", 0),
    ],
)
def test_a_command_is_stopped_in_good_order(
    tmp_path: Path, by: signal.Signals, words: list[str], output: str, exit_code: int
) -> None:
    process = python("-c", WAITING, "wait", *words, directory=tmp_path)
    assert process.stdout is not None
    process.stdout.readline()

    process.send_signal(by)
    ended = process.communicate(timeout=30)

    assert (process.returncode, *ended) == (exit_code, output, "")


def test_work_that_is_not_awaited_is_stopped_alike(tmp_path: Path) -> None:
    process = python("-c", WAITING, "wait", "--not-awaited", directory=tmp_path)
    assert process.stdout is not None
    process.stdout.readline()

    process.send_signal(signal.SIGTERM)
    ended = process.communicate(timeout=30)

    assert (process.returncode, *ended) == (130, "", "")
