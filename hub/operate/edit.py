"""What a person puts instead of what could not be written: read as the flow's fields say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.errors import Refused
from hub.flows import steps
from hub.flows.flow import Sync
from hub.flows.judge.words import side_of
from hub.flows.known import key_of
from hub.settings.faults import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.flow import Flow


def edited(flow: Flow, subject: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Give the fields as they are kept: those of a sync are what all sides are to show."""
    if not isinstance(flow, Sync):
        return {name: _plain(text) for name, text in given.items()}
    connection, kind, _ = key_of(subject)
    sync = next(
        (one for one in (flow, flow.people) if one and side_of(one, connection, kind)), flow
    )
    fields = {field.name: field for field in sync.fields}
    found: dict[str, Any] = {}
    for name, text in given.items():
        if name not in fields:
            raise Refused(
                f"{flow.name} has no field {quoted(name)}{nearest(name, fields)} (there are: "
                f"{', '.join(fields)}). What is put instead is what all sides are to show."
            )
        try:
            value = _plain(text)
            is_whole = isinstance(value, dict)
            manner = steps.Manner()
            found[name] = value if is_whole else steps.read(fields[name].step, value, manner)
        except steps.NotUnderstood as error:
            raise Refused(f"{name}: {error}.") from error
    return found


def _plain(text: str) -> Any:
    """Read what begins as an object or a list does, and words for truth; the rest is text."""
    if text in ("true", "false"):
        return text == "true"
    if not text.startswith(("{", "[")):
        return text or None
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise Refused(f"Expected JSON, found {quoted(text)}: {error}.") from error
