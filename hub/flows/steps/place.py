"""The way to a field: out of a record that a vendor sent, and into one that is to be sent."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.flow import Path


class Absent(Enum):
    """No word about a field: it was not in what was read. Never to be taken for empty."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

SEVERAL: Final = "+"
"""Between the names of fields that are one value: `street+city+country`."""


def value_at(record: Any, path: Path) -> Any:
    """Give what stands at a path: of a list, what stands there in each of its records.

    A way that leads through an empty field (a lookup that points at nothing) ends in an empty one.
    """
    for number, name in enumerate(path, 1):
        if record is None:
            return None
        if not isinstance(record, dict):
            return _of_no_record(record, path[number - 1 :])
        if name in record:
            record = record[name]
        elif name[-1:] == "*" and number == len(path):
            return _all_that_begin(record, name[:-1])
        elif SEVERAL in name:
            return {one: record[one] for one in name.split(SEVERAL) if one in record} or ABSENT
        else:
            return ABSENT
    return record


def put_at(fields: dict[str, Any], path: Path, value: Any) -> None:
    """Put a value into fields that are to be sent, beside what stands there already."""
    name, rest = path[0], path[1:]
    if rest:
        put_at(fields.setdefault(name, {}), rest, value)
    elif name.endswith("*"):
        fields.update({f"{name[:-1]}{part}": one for part, one in value.items()})
    elif SEVERAL in name:
        fields.update(value)
    else:
        fields[name] = value


def is_several(path: Path) -> bool:
    """Tell whether a way leads to several fields that are one value."""
    return bool(path) and (path[-1].endswith("*") or SEVERAL in path[-1])


def laid(known: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Lay what is said over what is known: records within a record are joined."""
    joined = dict(known)
    for name, value in more.items():
        held = joined.get(name)
        both = isinstance(held, dict) and isinstance(value, dict)
        joined[name] = laid(held or {}, value) if both else value
    return joined


def _all_that_begin(record: Mapping[str, Any], front: str) -> Any:
    found = {
        name.removeprefix(front): value
        for name, value in record.items()
        # A vendor may have all of them once more, as a record.
        if name.startswith(front) and name != front and not isinstance(value, dict)
    }
    return found or ABSENT


def _of_no_record(value: Any, path: Path) -> Any:
    if isinstance(value, list):
        found = [value_at(one, path) for one in value]
        return [one for one in found if one is not ABSENT] if found else []
    # Some roads say a lookup as its bare id, where others say {"id", "name"}.
    return value if path == ("id",) and isinstance(value, str) else ABSENT
