"""hub.toml and the environment become settings, or one fault that tells everything."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.errors import ConfigFault
from hub.settings import Secret, load, read

if TYPE_CHECKING:
    from tests.settings.conftest import Desk

SCHEMA = (
    "a lower-case name of letters, digits and _, at most 40 characters, "
    "that starts with a letter and not with pg_"
)
SHOP = '[connections.shop]\nsystem = "push"\n'


def test_without_a_file_the_defaults_hold(desk: Desk) -> None:
    settings = load(None, {"HOME": "/home/ann"})

    assert settings.source is None
    assert settings.home == Path("/home/ann/.local/share/hub")
    assert settings.log.archive_directory == Path("/home/ann/.local/share/hub/archive")
    assert settings.database.url is None
    assert (settings.database.schema, settings.serve.port) == ("hub", 8080)
    assert settings.connections == {}


def test_a_file_in_the_working_directory_is_read(desk: Desk) -> None:
    desk.file.write_text("[serve]\nport = 9000\n")

    settings = load(None, {"HOME": "/home/ann"})

    assert settings.serve.port == 9000
    assert settings.source == desk.file


def test_the_file_that_is_asked_for_goes_before_the_variable_and_that_before_the_directory(
    desk: Desk,
) -> None:
    for name, port in {"hub.toml": 1, "variable.toml": 2, "asked.toml": 3}.items():
        (desk.directory / name).write_text(f"serve.port = {port}\n")
    environ = {"HOME": "/home/ann", "HUB_CONFIG": "variable.toml"}

    assert load(None, {"HOME": "/home/ann"}).serve.port == 1
    assert load(None, environ).serve.port == 2
    assert load(Path("asked.toml"), environ).serve.port == 3


def test_every_setting_can_be_given_in_the_file(desk: Desk) -> None:
    settings = desk.load(
        """
        home = "data"
        [database]
        url = "postgresql://hub@db/hub"
        schema = "acme"
        pool_size = 4
        statement_seconds_max = 5
        [log]
        archive_directory = "/var/archive"
        [telemetry]
        logs = "json"
        [connections.shop]
        system = "push"
        secret_env = "SHOP_SECRET"
        keep_out = ["iban", "birth_date"]
        """,
        {"SHOP_SECRET": "s3cret"},
    )

    assert settings.home == desk.directory / "data"
    assert settings.database.url == Secret("postgresql://hub@db/hub")
    assert settings.database.statement_seconds_max == 5.0
    assert settings.log.archive_directory == Path("/var/archive")
    assert settings.telemetry.logs == "json"
    shop = settings.connections["shop"]
    assert (shop.system, shop.secret, shop.keep_out) == (
        "push",
        Secret("s3cret"),
        ["iban", "birth_date"],
    )


def test_settings_do_not_change(desk: Desk) -> None:
    settings = desk.load("")

    with pytest.raises(AttributeError):
        settings.serve.port = 1  # type: ignore[misc]


def test_all_faults_are_told_at_once_in_the_order_of_the_file(desk: Desk) -> None:
    faults = desk.faults(
        """
[database]
scema = "hub"
schema = "pg_hub"
pool_size = true
[log]
batch_events_max = "many"
[serve]
port = 70_000
[databse]
[telemetry]
logs = "yaml"
""",
        {"HUB_SERVE_PORT": "http", "HUB_DATABASE_URI": "postgres://db"},
    )

    assert faults == [
        'hub.toml:3: database.scema: unknown key; did you mean "schema"?',
        f'hub.toml:4: database.schema: expected {SCHEMA}, found "pg_hub"',
        "hub.toml:5: database.pool_size: expected a whole number from 2 to 100, found true",
        'hub.toml:7: log.batch_events_max: expected a whole number from 1 to 10000, found "many"',
        "hub.toml:9: serve.port: expected a whole number from 0 to 65535, found 70000",
        'hub.toml:10: databse: unknown key; did you mean "database"?',
        'hub.toml:12: telemetry.logs: expected "auto", "human" or "json", found "yaml"',
        'HUB_DATABASE_URI: unknown variable; did you mean "HUB_DATABASE_URL"?',
        'HUB_SERVE_PORT: expected a whole number from 0 to 65535, found "http"',
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("serve.port = 1.5", "expected a whole number from 0 to 65535, found 1.5"),
        ("serve.port = []", "expected a whole number from 0 to 65535, found an empty list"),
        ("serve.port = 1979-05-27", "from 0 to 65535, found a date or time"),
        ("serve.port = 0x" + "f" * 9999, "from 0 to 65535, found a number too long to repeat"),
        ("serve.stop_seconds_max = nan", "expected a number from 0 to 600, found nan"),
        ("serve.stop_seconds_max = inf", "expected a number from 0 to 600, found inf"),
        ("serve.host = ''", 'expected a host name or an address, found ""'),
        ("serve = 1", "expected a table, found 1"),
        ("serve = [{port = 1}]", "expected a table, found a list"),
        ("home = ''", 'expected a path, found ""'),
        ("home = 3", "expected a path, found 3"),
        ("home = 'a\\u0000b'".replace("'", '"'), "expected a path, found"),
        ("connections = 3", "expected a table, found 3"),
        ("connections.a = 3", "expected a table, found 3"),
        ("database.schema = " + repr("x" * 41), "at most 40 characters"),
        ('database.schema = "hub\\n"', "expected a lower-case name"),
        ("database.url = 5", "found a whole number"),
        ("port = 1", 'port: unknown key; did you mean "serve.port"?'),
        ("zebra = 1", "zebra: unknown key"),
        ('"two words" = 1', '"two words": unknown key'),
        ("source = 'x'", "source: unknown key"),
    ],
)
def test_a_value_that_cannot_be_taken_is_told_with_its_line(
    desk: Desk, line: str, told: str
) -> None:
    faults = desk.faults(f"# one\n{line}\n")

    assert len(faults) == 1
    assert faults[0].startswith("hub.toml:2: ")
    assert told in faults[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 1\nb = \n", "hub.toml:2: not TOML at column 5: Invalid value"),
        (
            "a = 1\nb = x\n",
            "hub.toml:2: not TOML at column 5: Invalid value: text stands in quotes",
        ),
        ("a = 1\n\na = 2\n", "hub.toml:3: not TOML at column 6: Cannot overwrite a value"),
        ("a = [1,\n2,\n", "hub.toml:3: not TOML: "),
        ("a = " + "[" * 9999, "hub.toml: expected settings, found lists or tables nested too deep"),
        ("a = " + "9" * 9999, "hub.toml: not TOML: Exceeds the limit"),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(desk: Desk, text: str, told: str) -> None:
    faults = desk.faults(text)

    assert len(faults) == 1
    assert faults[0].startswith(told)


def test_a_setting_of_another_system_is_told(desk: Desk) -> None:
    faults = desk.faults(
        '[connections.crm]\nsystem = "zoho_crm"\nsecret_file = "s"\ntags = ["refund"]\n'
    )

    assert "hub.toml:4: connections.crm.tags: expected a setting of zoho_crm, found one of " in (
        "\n".join(faults)
    )


def test_bytes_that_are_not_utf8_are_told_with_their_line(desk: Desk) -> None:
    desk.file.write_bytes(b"a = 1\nb = '\xff'\n")

    with pytest.raises(ConfigFault, match=r"hub\.toml:2: expected UTF-8, found the byte 0xff"):
        load(desk.file, {"HOME": "/home/ann"})


def test_a_byte_order_mark_and_windows_line_ends_are_taken(desk: Desk) -> None:
    desk.file.write_bytes(b"\xef\xbb\xbf[serve]\r\nport = 7\r\n")

    reading = read(desk.file, {"HOME": "/home/ann"})

    assert reading.settings.serve.port == 7
    assert reading.origins["serve.port"] == f"{desk.file}:2"


@pytest.mark.parametrize("way", ["asked for", "in the variable"])
def test_a_named_file_that_is_absent_is_a_fault(desk: Desk, way: str) -> None:
    named = Path("absent.toml") if way == "asked for" else None

    with pytest.raises(ConfigFault) as raised:
        load(named, {"HOME": "/home/ann", "HUB_CONFIG": "absent.toml", "HUB_SERVE_PORT": "x"})

    assert str(raised.value).splitlines() == [
        "absent.toml: expected a file of settings, found no such file",
        'HUB_SERVE_PORT: expected a whole number from 0 to 65535, found "x"',
    ]


def test_a_directory_or_a_broken_link_in_its_place_is_a_fault(desk: Desk) -> None:
    (desk.directory / "hub.toml").symlink_to("nowhere")

    with pytest.raises(ConfigFault, match="found: Is a directory"):
        load(desk.directory, {"HOME": "/home/ann"})
    with pytest.raises(ConfigFault, match=r"hub\.toml: .* no such file"):
        load(None, {"HOME": "/home/ann"})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_fault(desk: Desk) -> None:
    desk.file.touch(mode=0o000)

    with pytest.raises(ConfigFault, match="found: Permission denied"):
        load(desk.file, {"HOME": "/home/ann"})


def test_a_missing_home_directory_is_told_with_what_to_set(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_: str) -> str:
        return "~"

    monkeypatch.setattr("os.path.expanduser", nobody)

    with pytest.raises(ConfigFault, match=r"HUB_HOME: .* a user with a home directory"):
        load(None, {})
    with pytest.raises(ConfigFault, match=r"HUB_CONFIG: expected a user with a home directory"):
        load(None, {"HUB_CONFIG": "~/hub.toml"})


@pytest.mark.parametrize(
    ("environ", "home"),
    [
        ({"HUB_HOME": "/srv/hub", "XDG_DATA_HOME": "/data"}, "/srv/hub"),
        ({"HUB_HOME": "~/mine"}, "/home/ann/mine"),
        ({"HUB_HOME": "", "XDG_DATA_HOME": "/data"}, "/data/hub"),
        ({"XDG_DATA_HOME": "relative"}, "/home/ann/.local/share/hub"),
    ],
)
def test_home_follows_the_environment(desk: Desk, environ: dict[str, str], home: str) -> None:
    settings = load(None, {"HOME": "/home/ann", **environ})

    assert settings.home == Path(home)


def test_the_environment_overrides_the_file_and_an_empty_variable_does_not(desk: Desk) -> None:
    settings = desk.load(
        "[serve]\nport = 1\nhost = 'file'\nstop_seconds_max = 1\n[log]\nqueue_events_max = 3\n",
        {
            "HUB_SERVE_PORT": "0",
            "HUB_SERVE_HOST": "",
            "HUB_SERVE_STOP_SECONDS_MAX": "2.5",
            "HUB_DATABASE_URL": "postgres://db",
            "HUB_TELEMETRY_LOGS": "human",
            "HUB_LOG_ARCHIVE_DIRECTORY": "cold",
        },
    )

    assert (settings.serve.port, settings.serve.host) == (0, "file")
    assert settings.serve.stop_seconds_max == 2.5
    assert settings.database.url == Secret("postgres://db")
    assert settings.telemetry.logs == "human"
    assert settings.log.archive_directory == desk.directory / "cold"
    assert settings.log.queue_events_max == 3


@pytest.mark.parametrize("text", ["null", "1e3", "0x10", "1_000", " 1", "\uff11", "-1"])
def test_a_number_in_a_variable_is_written_in_digits_and_nothing_else(
    desk: Desk, text: str
) -> None:
    faults = desk.faults("", {"HUB_DATABASE_POOL_SIZE": text})

    assert faults == [
        f'HUB_DATABASE_POOL_SIZE: expected a whole number from 2 to 100, found "{text}"'
    ]


@pytest.mark.parametrize(
    "variable",
    ["HUB_SERVE_PORT", "HUB_DATABASE_SCHEMA", "HUB_DATABASE_URL", "HUB_HOME", "HUB_TELEMETRY_LOGS"],
)
def test_bytes_in_a_variable_that_are_not_utf8_are_a_fault(desk: Desk, variable: str) -> None:
    faults = desk.faults("", {variable: "\udcff"})

    assert len(faults) == 1
    assert faults[0].startswith(f"{variable}: expected ")


def test_null_in_a_variable_is_text_like_any_other(desk: Desk) -> None:
    settings = desk.load("", {"HUB_LOG_ARCHIVE_DIRECTORY": "null", "HUB_SERVE_HOST": "null"})

    assert settings.log.archive_directory == desk.directory / "null"
    assert settings.serve.host == "null"


def test_variables_of_others_are_left_alone(desk: Desk) -> None:
    desk.load(
        SHOP + 'secret_env = "HUB_SERVE_HOSTS"\n',
        {
            "HUB_SERVE_HOSTS": "named by the file",
            "HUB_PG_BIN": "/usr/lib/postgresql/15/bin",
            "HUB_MASTER_KEY": "k",
            "HUB_MASTER_KEY_FILE": "f",
            "HUB_COLOUR_OF_THE_SHED": "green",
            "HUB_DATABASE_URI": "",
            # what Kubernetes writes for services named hub and hub-serve
            "HUB_SERVICE_HOST": "10.0.0.7",
            "HUB_SERVICE_PORT": "80",
            "HUB_SERVE_PORT": "tcp://10.0.0.7:80",
        },
    )


def test_each_value_knows_where_it_came_from(desk: Desk) -> None:
    desk.file.write_text("serve.port = 1\n" + SHOP + "secret_env = 'SHOP'\n")

    origins = read(Path("hub.toml"), {"HOME": "/h", "SHOP": "x", "HUB_SERVE_HOST": "::"}).origins

    assert origins == {
        "serve.port": "hub.toml:1",
        "serve.host": "HUB_SERVE_HOST",
        "connections.shop.system": "hub.toml:3",
        "connections.shop.secret": "hub.toml:4",
    }


@pytest.mark.parametrize("name", ["Shop", "1shop", "shop-eu", "s" * 41, ""])
def test_a_connection_is_named_in_lower_case(desk: Desk, name: str) -> None:
    faults = desk.faults(
        f'\n[connections."{name}"]\nsystem = "push"\nsecret_env = "S"\n', {"S": "x"}
    )

    assert len(faults) == 1
    assert faults[0].startswith("hub.toml:2: connections.")
    assert "expected a lower-case name" in faults[0]


def test_a_secret_is_read_from_a_private_file_beside_the_settings(desk: Desk) -> None:
    private_file(desk.directory / "shop.key", b"s3cret\r\n")

    settings = desk.load(SHOP + 'secret_file = "shop.key"\n')

    assert settings.connections["shop"].secret == Secret("s3cret")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("", "hub.toml:1: connections.shop: expected secret_env or secret_file, found neither"),
        (
            'secret_env = "S"\nsecret_file = "private"',
            "hub.toml:1: connections.shop: expected secret_env or secret_file, found both",
        ),
        (
            'secret = "hunter2"',
            "hub.toml:3: connections.shop.secret: a secret does not stand in this file",
        ),
        ('secret_env = "ABSENT"', "hub.toml:3: connections.shop.secret_env: expected the variable"),
        ('secret_env = "EMPTY"', "found nothing in it"),
        ('secret_env = "hunter2"', "expected a variable that is set, found text that is not shown"),
        ('secret_env = "hunter2!"', "expected the name of an environment variable, found text"),
        ("secret_env = 3", "expected the name of an environment variable, found a whole number"),
        ("secret_file = 3", "hub.toml:3: connections.shop.secret_file: expected a path, found 3"),
        ('secret_file = "absent"', "absent: No such file or directory"),
        ('secret_file = "."', "Is a directory"),
        ('secret_file = "open"', "expected a file that its owner alone may use (chmod 600 open)"),
        ('secret_file = "pipe"', "expected a plain file"),
        ('secret_file = "empty"', "expected a secret, found an empty file"),
        ('secret_file = "binary"', "expected a secret in UTF-8"),
        ('secret_file = "large"', "expected at most 65536 bytes"),
    ],
)
def test_a_secret_that_cannot_be_had_is_told_without_being_shown(
    desk: Desk, lines: str, told: str
) -> None:
    private_file(desk.directory / "private", b"hunter2")
    private_file(desk.directory / "empty", b"\n")
    private_file(desk.directory / "binary", b"hunter2\xff")
    private_file(desk.directory / "large", b"hunter2" * 10_000)
    private_file(desk.directory / "open", b"hunter2").chmod(0o640)
    os.mkfifo(desk.directory / "pipe", mode=0o600)

    faults = desk.faults(f"{SHOP}{lines}\n", {"S": "hunter2", "EMPTY": ""})

    assert len(faults) == 1
    assert told in faults[0]
    assert "hunter2" not in faults[0]


def test_an_entry_of_a_list_is_told_with_its_own_line(desk: Desk) -> None:
    faults = desk.faults(
        SHOP + 'secret_env = "S"\nkeep_out = [\n  "a",\n  3,\n  "",\n]\n', {"S": "x"}
    )

    assert faults == [
        "hub.toml:6: connections.shop.keep_out[1]: expected the name of a field, found 3",
        'hub.toml:7: connections.shop.keep_out[2]: expected the name of a field, found ""',
    ]


@pytest.mark.parametrize(
    "wrong", ["mysql://ann:hunter2@db", "postgresql+asyncpg://a:hun/hunter2@db"]
)
def test_a_wrong_database_url_is_never_shown(desk: Desk, wrong: str) -> None:
    faults = desk.faults(
        f'[database]\nurl = "{wrong}"\nschema = "{wrong}"\n', {"HUB_DATABASE_URL": wrong}
    )

    assert len(faults) == 3
    assert "hunter2" not in "".join(faults)


def test_settings_with_secrets_are_not_shown_in_full(desk: Desk) -> None:
    settings = desk.load(SHOP + "secret_env = 'S'\n", {"S": "hunter2"})

    assert "hunter2" not in repr(settings)
    with pytest.raises(TypeError):
        msgspec.json.encode(settings)


def private_file(path: Path, content: bytes) -> Path:
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("system", "key", "there", "here"),
    [
        ("zoho_desk", "address", "http://desk.example.com", "http://127.0.0.1:8900"),
        ("slack", "address", "http://slack.example.com", "https://slack.example.com"),
        ("webhook", "address", "http://127.0.0.1@example.com/in", "http://localhost/in"),
        ("salesforce", "stream_address", "grpc://example.com:7443", "grpc://[::1]:7443"),
        ("salesforce", "stream_address", "grpc://127.0.0.2.example.com:1", "grpcs://a.example:1"),
    ],
)
def test_a_secret_goes_in_clear_to_this_machine_or_a_played_account_alone(
    desk: Desk, system: str, key: str, there: str, here: str
) -> None:
    head = f'[connections.one]\nsystem = "{system}"\nsecret_env = "S"\n'

    (fault,) = desk.faults(f'{head}{key} = "{there}"\n', {"S": "x"})

    found = f"{there.split('://', maxsplit=1)[0]}://"
    assert fault.startswith(f"hub.toml:4: connections.one.{key}: expected an address with ")
    assert f"found {found}" in fault
    for taken in (f'{key} = "{here}"\n', f'{key} = "{there}"\nmode = "test"\n'):
        desk.load(head + taken, {"S": "x"})
