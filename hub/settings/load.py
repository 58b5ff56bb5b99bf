"""Find `hub.toml`, read it, let the environment override it, and build the settings."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import inspect

from hub.settings.faults import Faults, Unfit
from hub.settings.fields import fields_of
from hub.settings.judge import Judge, Names, Values
from hub.settings.lines import lines_of
from hub.settings.shape import Settings
from hub.settings.syntax import not_toml
from hub.settings.take import Paths
from hub.settings.variables import note_unknown, override, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

S = TypeVar("S", bound=msgspec.Struct)

FILE_NAME = "hub.toml"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Settings, and for each that was set where that happened: `hub.toml:7` or a variable."""

    settings: Settings
    origins: dict[str, str]
    unknown: list[str] = []


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the settings, or raise one ConfigFault that tells all that is wrong with them.

    The file is `path`, else $HUB_CONFIG, else ./hub.toml; without one the defaults hold.
    """
    return read(path, environ).settings


def read(path: Path | None, environ: Mapping[str, str], *, secrets: bool = True) -> Reading:
    """Do what `load` does, and keep where each value came from.

    Without `secrets` those that the file only names are left alone: most commands need none, and
    whoever runs them may not have them.
    """
    faults = Faults()
    file = _file(path, faults, environ)
    base = file.absolute().parent if file else Path.cwd()
    judge = Judge(faults, environ, Paths(base, environ), secrets=secrets)
    document = _document(file, faults)
    if document is not None:
        judge.table(Settings, document, ())
        note_unknown(faults, environ, judge.variables_named)
    origins = judge.origins | override(judge.values, faults, environ)
    _work_out_paths(judge.values, faults, environ)
    faults.raise_any()
    values = judge.values | {("source",): file.absolute() if file else None}
    return Reading(
        settings=_built(Settings, values, ()),
        origins=origins,
        unknown=unknown(environ, judge.variables_named),
    )


def _file(path: Path | None, faults: Faults, environ: Mapping[str, str]) -> Path | None:
    if path is not None:
        return path
    if environ.get("HUB_CONFIG"):
        try:
            return Paths(Path(), environ).path(environ["HUB_CONFIG"])
        except Unfit as unfit:
            faults.add_variable("HUB_CONFIG", str(unfit))
            return None
    # A broken link counts as a file that is there: it is told, not passed over.
    return Path(FILE_NAME) if os.path.lexists(FILE_NAME) else None


def _document(file: Path | None, faults: Faults) -> dict[str, Any] | None:
    """Read the file; give None, with a fault noted, when it holds no document."""
    if file is None:
        return {}
    faults.file = str(file)
    text = _text(file, faults)
    if text is None:
        return None
    try:
        document = tomllib.loads(text)
        faults.lines = lines_of(text)
    except RecursionError:
        faults.add_line(0, "expected settings, found lists or tables nested too deep to read")
    except ValueError as error:
        faults.add_line(*not_toml(str(error), text))
    else:
        return document
    return None


def _text(file: Path, faults: Faults) -> str | None:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        faults.add_line(0, "expected a file of settings, found no such file")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        faults.add_line(0, f"expected a file of settings that can be read, found: {reason}")
    else:
        return _decoded(data, faults)
    return None


def _decoded(data: bytes, faults: Faults) -> str | None:
    try:
        # Some editors put a byte order mark in front, which TOML does not know.
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.add_line(line, f"expected UTF-8, found the byte {error.object[error.start]:#04x}")
    return None


def _work_out_paths(values: Values, faults: Faults, environ: Mapping[str, str]) -> None:
    if ("home",) not in values:
        try:
            values[("home",)] = _default_home(environ)
        except Unfit as unfit:
            faults.add_variable("HUB_HOME", f"nothing is set, and without it: {unfit}")
            return
    home = values[("home",)]
    if isinstance(home, Path):
        values.setdefault(("log", "archive_directory"), home / "archive")


def _default_home(environ: Mapping[str, str]) -> Path:
    data = Path(environ.get("XDG_DATA_HOME", ""))
    # By the XDG rules a relative path counts as none.
    return data / "hub" if data.is_absolute() else Paths(data, environ).path("~/.local/share/hub")


def _built(shape: type[S], values: Values, place: Names) -> S:
    given = {names[-1]: value for names, value in values.items() if names[:-1] == place}
    for field in fields_of(shape).values():
        names = (*place, field.name)
        match field.takes:
            case inspect.StructType(cls=inner):
                given[field.name] = _built(inner, values, names)
            case inspect.DictType(value_type=inspect.StructType(cls=inner)):
                tables = _names_below(names, values)
                given[field.name] = {one: _built(inner, values, (*names, one)) for one in tables}
    return shape(**given)


def _names_below(place: Names, values: Values) -> list[str]:
    depth = len(place)
    return list(dict.fromkeys(names[depth] for names in values if names[:depth] == place))
