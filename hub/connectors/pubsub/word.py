"""What Avro holds, as the JSON of Salesforce's REST API says it: one word, whichever way it came.

What an event cannot say to the last digit is no word: a number with a fraction comes as a double,
which money never passes through, and a long text as a difference. Then the record is to be read.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.connectors.pubsub.schema import Field

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


class Inexact(Exception):
    """An event does not say this exactly; the record does."""


def word(field: Field, value: object) -> str | int | bool | None:
    """Give a value as REST puts it; Inexact where the event does not have it to the last digit."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int) and field.avro == "int":
        return value
    if isinstance(value, int) and field.avro == "long":
        return _moment(field, timedelta(milliseconds=value))
    raise Inexact(f"{field.name} came as {field.avro}")


def _moment(field: Field, since: timedelta) -> str:
    if field.means == "DateTime":
        return rest_time(_EPOCH + since)
    # That these two count in milliseconds is not confirmed: what does not fit is not taken.
    if field.means == "DateOnly" and not since % _DAY:
        return (_EPOCH + since).date().isoformat()
    if field.means == "TimeOnly" and timedelta() <= since < _DAY:
        return (_EPOCH + since).time().isoformat("milliseconds") + "Z"
    raise Inexact(f"{field.name} came as a number of {field.means or 'something'}")


def rest_time(moment: datetime) -> str:
    """Write a moment as REST does: `2026-09-24T03:26:07.000+0000`."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"
