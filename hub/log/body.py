"""Read the data of an event as one JSON object, or say why the log does not take it.

Depth and digits have bounds of our own, below those of every reader further on: what one reader
takes and another cannot read would be in the log for good, and never be applied.
"""

from __future__ import annotations

import re
from itertools import accumulate

import msgspec

from hub.errors import EventRefused

DEPTH_MAX = 300
"""Objects and lists within one another; comparing two takes Python two calls for each."""

DIGITS_MAX = 1_000
"""Characters of one number."""

_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_TEXTS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_LONG_NUMBER = re.compile(rb"[-+.0-9eE]{%d}" % (DIGITS_MAX + 1))
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[{]}"))


def read_object(data: bytes) -> dict[str, msgspec.Raw]:
    """Give its fields, each as it was written; of a name that stands twice, the last counts."""
    try:
        str(data, "utf-8")
        fields = _decode(data)
    except RecursionError as error:
        raise _too_deep() from error
    except UnicodeDecodeError as error:
        raise EventRefused(f"expected UTF-8; byte {error.start} is not") from error
    except msgspec.DecodeError as error:
        lone = " (or a \\ud800 escape stands without its pair)" if b"\\u" in data else ""
        raise EventRefused(f"expected a JSON object; {error}{lone}") from error
    _check_bounds(data)
    return fields


def _check_bounds(data: bytes) -> None:
    many_brackets = data.count(b"[") + data.count(b"{") > DEPTH_MAX
    long_number = len(data) > DIGITS_MAX and _LONG_NUMBER.search(data)
    if not many_brackets and not long_number:
        return
    bare = _TEXTS.sub(b'""', data)
    if many_brackets and _depth(bare) > DEPTH_MAX:
        raise _too_deep()
    if long_number and _LONG_NUMBER.search(bare):
        raise EventRefused(
            f"expected numbers of at most {DIGITS_MAX:,} characters, found a longer one; "
            "send it as text"
        )


def _depth(bare: bytes) -> int:
    steps = bare.translate(_STEPS, _ALL_BUT_BRACKETS)
    return max(accumulate(memoryview(steps).cast("b")))


def _too_deep() -> EventRefused:
    return EventRefused(
        f"the JSON is nested too deep: expected at most {DEPTH_MAX} objects and lists within one "
        "another"
    )
