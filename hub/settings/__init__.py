"""What the operator decides: `hub.toml` and the environment, read once into one frozen struct.

`load` gives the settings or raises one ConfigFault that lists every fault, each with its place.

shape.py      every setting             connection.py  those of one connection
load.py       file, then environment    variables.py   HUB_*, and slips of the pen in them
lines.py      where each key stands     fields.py      the shapes as lists of fields
judge.py      a document against them   take.py        one value against its field
faults.py     all of them, at once      describe.py    what can be set, in words
secret.py     never shows itself        address.py     where a secret may go
url.py        the database's URL, by its parts
"""

from hub.settings.connection import Connection
from hub.settings.describe import SettingDoc, describe, effective
from hub.settings.load import Reading, load, read
from hub.settings.secret import Secret
from hub.settings.shape import (
    DatabaseSettings,
    LogSettings,
    ProjectorSettings,
    ServeSettings,
    Settings,
    TelemetrySettings,
)

__all__ = [
    "Connection",
    "DatabaseSettings",
    "LogSettings",
    "ProjectorSettings",
    "Reading",
    "Secret",
    "ServeSettings",
    "SettingDoc",
    "Settings",
    "TelemetrySettings",
    "describe",
    "effective",
    "load",
    "read",
]
