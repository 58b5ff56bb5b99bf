"""The environment's say: HUB_<SECTION>_<KEY> overrides the file, and a slip of the pen is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from hub.settings.faults import Unfit, nearest
from hub.settings.fields import leaves, variable_of
from hub.settings.take import Paths, take

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.settings.faults import Faults
    from hub.settings.judge import Values

OTHER_VARIABLES = ("HUB_CONFIG", "HUB_DEBUG", "HUB_OPERATOR", "HUB_PG_BIN", "HUB_TEST_DATABASE_URL")
"""Variables that are read elsewhere; HUB_MASTER_KEY and what begins with it is one more."""

LIKENESS = 0.82
"""HUB_DATABASE_URI is a fault; of HUB_DATABASE_HOST `hub check` warns, and no more."""

# Kubernetes and Docker describe a service named `hub` to its neighbours in variables that look
# like ours (HUB_SERVICE_PORT, HUB_SERVE_PORT=tcp://10.0.0.7:80). They are not settings.
_OF_A_SERVICE = re.compile(r"_SERVICE_(HOST|PORT)(_|$)")
_LINK = re.compile(r"(tcp|udp|sctp)://")


def override(values: Values, faults: Faults, environ: Mapping[str, str]) -> dict[str, str]:
    """Put what the environment sets over `values`; give each place's name and its variable."""
    paths = Paths(Path.cwd(), environ)
    given = _given(environ)
    origins: dict[str, str] = {}
    for place, field in leaves().items():
        variable = variable_of(place)
        if variable in given:
            try:
                values[place] = take(field, given[variable], paths, from_text=True)
            except Unfit as unfit:
                faults.add_variable(variable, str(unfit))
            origins[".".join(place)] = variable
    return origins


def unknown(environ: Mapping[str, str], named: set[str]) -> list[str]:
    """Tell of each variable that looks like one of ours and is none, with the nearest name."""
    known = {variable_of(place) for place in leaves()} | {*OTHER_VARIABLES}
    return [
        f"{variable} is no variable of the hub{nearest(variable, known)}"
        for variable in sorted(_given(environ).keys() - known - named)
        if not variable.startswith("HUB_MASTER_KEY")
    ]


def note_unknown(faults: Faults, environ: Mapping[str, str], named: set[str]) -> None:
    """Note variables that are nearly one of ours; `named` are those the file names itself."""
    known = {variable_of(place) for place in leaves()} | {*OTHER_VARIABLES}
    for variable in _given(environ).keys() - known - named:
        near = nearest(variable, known, likeness=LIKENESS)
        if near and not variable.startswith("HUB_MASTER_KEY"):
            faults.add_variable(variable, f"unknown variable{near}")


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    # An empty variable counts as not set: compose files pass on what they do not have as "".
    return {
        variable: text
        for variable, text in environ.items()
        if variable.startswith("HUB_")
        and text
        and not _OF_A_SERVICE.search(variable)
        and not _LINK.match(text)
    }
