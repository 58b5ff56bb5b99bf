"""What the operator decides: `hub.toml` and the environment, read once into one frozen struct.

`load` gives the settings or raises one ConfigFault that lists every fault, each with its place.
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
