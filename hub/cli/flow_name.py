"""A flow on the command line: meant by its name or by its file, whichever a command takes."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from hub.errors import Refused
from hub.settings.faults import nearest

SUFFIX = ".toml"


class FlowName(click.ParamType[str]):
    """Takes the name of a flow, or its file: `customers`, `flows/customers.toml`."""

    name = "flow"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value.endswith(SUFFIX):
            return str(value)
        path = Path(value)
        found = name_in(path)
        if not found:
            self.fail(
                f"expected the name of a flow, or its file, found {value!r}, which names none",
                param,
                ctx,
            )
        return found


FLOW = FlowName()


def file_meant(given: Path, directory: Path) -> Path:
    """Give the file that is meant: itself, or that of the flow of this name.

    One that cannot be read goes by its own name, so that it can be asked what is wrong with it.
    """
    if given.is_file():
        return given
    files = sorted(directory.glob(f"*{SUFFIX}"))
    names = {name_in(file) or file.stem: file for file in files}
    if (named := names.get(str(given))) is not None:
        return named
    near = nearest(str(given), [*map(shown, files), *names])
    there = near or (f" (there are: {', '.join(names)})." if names else ".")
    raise Refused(f"{given} is no file, and no flow in {shown(directory)} is called so{there}")


def shown(path: Path) -> str:
    """Write a path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def name_in(file: Path) -> str:
    """Give the name that a flow's file says; none where it cannot be read."""
    with suppress(OSError, ValueError, RecursionError):
        said = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("flow")
        return said if isinstance(said, str) else ""
    return ""
