"""The fields of a message, the same for every system that takes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.connectors.field import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.field import Words

FIELDS: Mapping[str, Words] = {"messages": named(id="id", text="to subject text link")}
