"""Every setting: its name, type, default, limits, and the line that explains it.

`extra` of a Meta says what a type cannot: `expected` words the fault, `default` words a default
that is worked out when the settings are read, `judge` looks into a Secret, `elsewhere` marks a
secret that is never written into the file but named there by NAME_env or NAME_file.
"""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from hub.settings.connection import Connection, MessageTarget, WebAddress
from hub.settings.secret import Secret
from hub.settings.url import judge_url

ConnectionName = Annotated[
    str,
    Meta(
        pattern=r"\A[a-z][a-z0-9_]{0,39}\Z",
        extra={
            "expected": "a lower-case name of letters, digits and _, at most 40 characters, "
            "that starts with a letter",
        },
    ),
]


class DatabaseSettings(Struct, frozen=True, kw_only=True):
    """Where the log and its tables are kept."""

    url: Annotated[
        Secret | None,
        Meta(
            description="URL of the Postgres to use; without it the hub runs one of its own.",
            extra={
                "expected": "a URL that starts with postgres:// or postgresql://",
                "judge": judge_url,
            },
        ),
    ] = None
    schema: Annotated[
        str,
        Meta(
            description="Postgres schema of this hub; two hubs may share a database by two names.",
            pattern=r"\A(?!pg_)[a-z][a-z0-9_]{0,39}\Z",
            extra={
                "expected": "a lower-case name of letters, digits and _, at most 40 characters, "
                "that starts with a letter and not with pg_",
            },
        ),
    ] = "hub"
    pool_size: Annotated[
        int, Meta(description="Most database connections held by one process.", ge=2, le=100)
    ] = 8
    statement_seconds_max: Annotated[
        float,
        Meta(description="A statement that runs longer is cancelled.", ge=0.1, le=86_400),
    ] = 60.0


class LogSettings(Struct, frozen=True, kw_only=True):
    """How events are taken into the log and kept there."""

    queue_events_max: Annotated[
        int,
        Meta(
            description="Events that may wait to be appended; beyond it senders are told to "
            "come back later.",
            ge=1,
            le=10_000_000,
        ),
    ] = 20_000
    batch_events_max: Annotated[
        int, Meta(description="Most events appended in one transaction.", ge=1, le=10_000)
    ] = 1_000
    partition_events: Annotated[
        int,
        Meta(
            description="Events to one partition, the unit in which the log is archived.",
            ge=1_000,
            le=1_000_000_000,
        ),
    ] = 1_000_000
    event_bytes_max: Annotated[
        int, Meta(description="Largest event that is taken.", ge=1_024, le=67_108_864)
    ] = 4_194_304
    archive_directory: Annotated[
        Path | None,
        Meta(
            description="Where archived partitions of the log are written.",
            extra={"default": "archive, in home"},
        ),
    ] = None


class ServeSettings(Struct, frozen=True, kw_only=True):
    """How the hub is reached."""

    host: Annotated[
        str,
        Meta(
            description="Address to listen on; 0.0.0.0 takes callers from every network.",
            min_length=1,
            extra={"expected": "a host name or an address"},
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int, Meta(description="Port to listen on; 0 takes any free one.", ge=0, le=65_535)
    ] = 8080
    public_url: Annotated[
        WebAddress | None,
        Meta(description="Where vendors reach this hub from outside; without it they are polled."),
    ] = None
    append_wait_seconds_max: Annotated[
        float,
        Meta(description="How long a sender waits for its event to be kept.", ge=0.1, le=300),
    ] = 10.0
    stop_seconds_max: Annotated[
        float, Meta(description="How long a stop waits for work under way.", ge=0, le=600)
    ] = 10.0


class ProjectorSettings(Struct, frozen=True, kw_only=True):
    """How projectors follow the log."""

    page_events_live: Annotated[
        int, Meta(description="Most events applied in one transaction.", ge=1, le=100_000)
    ] = 500
    page_events_catch_up: Annotated[
        int, Meta(description="The same while a projector is far behind.", ge=1, le=100_000)
    ] = 10_000
    lease_seconds: Annotated[
        float,
        Meta(
            description="How long a silent process keeps its projectors before another takes them.",
            ge=0.1,
            le=300,
        ),
    ] = 3.0
    poll_seconds: Annotated[
        float,
        Meta(description="How often the log is looked at when no word comes.", ge=0.01, le=60),
    ] = 1.0
    ready_lag_seconds_max: Annotated[
        float,
        Meta(description="A projector further behind makes the hub not ready.", ge=0.1, le=86_400),
    ] = 30.0
    cache_bytes_max: Annotated[
        int,
        Meta(
            description="Memory for rows that projectors keep at hand.",
            ge=1_048_576,
            le=1_099_511_627_776,
        ),
    ] = 268_435_456


class TelemetrySettings(Struct, frozen=True, kw_only=True):
    """What the hub tells about itself; traces and metrics follow the standard OTEL_* variables."""

    logs: Annotated[
        Literal["auto", "json", "human"],
        Meta(description="Form of the log lines; auto is human on a terminal, else json."),
    ] = "auto"


class AlertSettings(Struct, frozen=True, kw_only=True):
    """Who is told when the hub itself needs a person."""

    to: Annotated[
        ConnectionName | None,
        Meta(description="The connection that takes alerts: slack, email or webhook; none: none."),
    ] = None
    recipients: Annotated[
        list[MessageTarget],
        Meta(description="A channel, or addresses, if not those of the connection."),
    ] = field(default_factory=list)
    inbox_max: Annotated[
        int, Meta(description="More things in the inbox than this are told.", ge=0, le=1_000_000)
    ] = 20


class DigestSettings(Struct, frozen=True, kw_only=True):
    """Who is told of each day."""

    to: Annotated[
        ConnectionName,
        Meta(description="The connection that takes the digest: slack, email or webhook."),
    ]
    recipients: Annotated[
        list[MessageTarget],
        Meta(description="A channel, or addresses, if not those of the connection."),
    ] = field(default_factory=list)
    at: Annotated[
        str,
        Meta(
            description="When, in the zone of the organisation whose day it was.",
            pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z",
            extra={"expected": "a time of day, such as 08:00"},
        ),
    ] = "08:00"
    of: Annotated[
        ConnectionName | None,
        Meta(
            description="The connection whose day it is.",
            extra={"default": "the only one of zoho_books"},
        ),
    ] = None


class Settings(Struct, frozen=True, kw_only=True):
    """All of it, as one value."""

    home: Annotated[
        Path,
        Meta(
            description="Directory of what this hub keeps outside the database.",
            extra={"default": "$XDG_DATA_HOME/hub, else ~/.local/share/hub"},
        ),
    ]
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    log: LogSettings = field(default_factory=LogSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)
    projectors: ProjectorSettings = field(default_factory=ProjectorSettings)
    telemetry: TelemetrySettings = field(default_factory=TelemetrySettings)
    connections: Annotated[
        dict[ConnectionName, Connection],
        Meta(description="The accounts at other systems, by name."),
    ] = field(default_factory=dict)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    digest: Annotated[
        dict[ConnectionName, DigestSettings],
        Meta(description="Daily digests, by role."),
    ] = field(default_factory=dict)
    answers: Annotated[
        dict[str, dict[str, str | list[str]]],
        Meta(description="What the questions of each flow are answered with, flow by flow."),
    ] = field(default_factory=dict)
    source: Annotated[
        Path | None,
        Meta(description="The file that was read.", extra={"worked_out": True}),
    ] = None
