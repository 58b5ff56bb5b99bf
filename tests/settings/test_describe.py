"""Every setting explains itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from msgspec import inspect

from hub.settings import ServeSettings, SettingDoc, describe, effective, read
from hub.settings.fields import Field, fields_of, leaves
from hub.settings.take import Paths, take

DOCS = describe()
FIELDS = leaves()


@pytest.mark.parametrize("doc", DOCS, ids=[doc.name for doc in DOCS])
def test_it_is_described_in_one_line(doc: SettingDoc) -> None:
    assert doc.description.endswith(".")
    assert "\n" not in doc.description
    assert len(doc.description) <= 100
    assert doc.type
    assert doc.default


@pytest.mark.parametrize("field", FIELDS.values(), ids=map(".".join, FIELDS))
def test_its_default_is_a_value_it_takes(field: Field) -> None:
    if field.default is None or "default" in field.extra:
        return

    assert take(field, field.default, Paths(Path("/"), {})) == field.default


@pytest.mark.parametrize("field", FIELDS.values(), ids=map(".".join, FIELDS))
def test_a_number_has_a_least_and_a_greatest_value(field: Field) -> None:
    if isinstance(field.takes, inspect.IntType | inspect.FloatType):
        assert field.takes.ge is not None
        assert field.takes.le is not None


def test_every_kind_of_setting_has_words_of_its_own() -> None:
    class Shape(msgspec.Struct):
        yes: Annotated[bool, msgspec.Meta(description="Made up.")]
        word: Annotated[str, msgspec.Meta(description="Made up.")]
        place: Annotated[Path, msgspec.Meta(description="Made up.")]
        names: list[str]
        inner: ServeSettings

    words = [field.expected for field in fields_of(Shape).values()]

    assert words == ["true or false", "text", "a path", "a list of names", "a table"]


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_a_yes_or_no_is_read_from_a_variable(text: str, *, value: bool) -> None:
    class Shape(msgspec.Struct):
        yes: bool

    field = fields_of(Shape)["yes"]

    assert take(field, text, Paths(Path("/"), {}), from_text=True) is value


def test_no_two_settings_share_a_variable() -> None:
    variables = [doc.variable for doc in DOCS if doc.variable]

    assert len(variables) == len(set(variables))
    assert "HUB_DATABASE_URL" in variables
    assert "HUB_HOME" in variables


def test_a_secret_of_a_connection_is_described_by_the_keys_that_name_it() -> None:
    names = [doc.name for doc in DOCS]

    assert "connections.NAME.secret_env" in names
    assert "connections.NAME.secret_file" in names
    assert "connections.NAME.secret" not in names


def test_what_holds_is_listed_with_its_origin_and_without_secrets(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text('[connections.shop]\nsystem = "push"\nsecret_env = "S"\n')
    environ = {"HOME": "/home/ann", "S": "hunter2", "HUB_DATABASE_URL": "postgres://a:hunter2@db"}

    held = {one.name: (one.value, one.origin) for one in effective(read(file, environ))}

    assert held["database.url"] == ("***", "HUB_DATABASE_URL")
    assert held["connections.shop.secret"] == ("***", f"{file}:3")
    assert held["connections.shop.keep_out"] == ("none", "default")
    assert held["serve.port"] == ("8080", "default")
    assert held["log.archive_directory"][0] == "/home/ann/.local/share/hub/archive"
