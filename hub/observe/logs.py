"""Log lines on stderr: JSON for machines, plain words for a terminal.

One line is one act: a sentence, and beside it the fields that `extra` gives. A line written within
a span names its trace, so that log, trace and event log can be read together.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TextIO

from hub.observe.mask import mask
from hub.observe.trace import current

if TYPE_CHECKING:
    from logging import LogRecord

Form = Literal["auto", "json", "human"]

_OF_EVERY_RECORD = frozenset([*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"])


def start(form: Form, *, debug: bool = False, stream: TextIO | None = None) -> None:
    """Write log lines in this form from now on, in place of what an earlier call set up."""
    stream = stream or sys.stderr
    human = form == "human" or (form == "auto" and stream.isatty())
    handler = Lines(stream)
    handler.setFormatter(HumanLine() if human else JsonLine())
    stop()
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("hub").setLevel(logging.DEBUG if debug else logging.INFO)


def stop() -> None:
    """Write no more lines where `start` has them written."""
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if isinstance(one, Lines)]:
        root.removeHandler(earlier)


class Lines(logging.StreamHandler[TextIO]):
    """Writes lines; a type of its own, so that `start` finds what it set up before."""


class JsonLine(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: LogRecord) -> str:
        """Write a record."""
        line: dict[str, object] = {
            "time": _time(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
        }
        line |= _trace() | _extra(record)
        if error := _error(self, record):
            line["error"] = error
        # What json does not know is told by str(), which of a Secret gives stars.
        return json.dumps(_masked(line), ensure_ascii=False, default=lambda one: mask(str(one)))


class HumanLine(logging.Formatter):
    """One line for a person, with what is beside the sentence behind it."""

    def format(self, record: LogRecord) -> str:
        """Write a record."""
        clock = _time(record).astimezone().strftime("%H:%M:%S")
        beside = [f"{name}={value}" for name, value in (_extra(record) | _trace()).items()]
        line = "  ".join([f"{clock} {record.levelname:<7} {record.getMessage()}", *beside])
        if error := _error(self, record):
            line += f"\n{error}"
        return mask(line)


def _time(record: LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _trace() -> dict[str, object]:
    span = current()
    return {"trace": span.traceparent[3:35]} if span else {}


def _extra(record: LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}


def _error(formatter: logging.Formatter, record: LogRecord) -> str:
    error = formatter.formatException(record.exc_info) if record.exc_info else record.exc_text
    stack = formatter.formatStack(record.stack_info) if record.stack_info else ""
    return "\n".join(filter(None, [error, stack]))


def _masked(value: object) -> object:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {str(key): _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return value
