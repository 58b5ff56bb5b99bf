"""A flow as the log has it: what its file came to when it was installed, and so for good.

It was found free of faults then, in the world of then. It is read again without looking at either:
the library and the connections may have changed since, and what was decided by it must not.
"""

from __future__ import annotations

from collections import UserDict
from typing import TYPE_CHECKING, Any

from hub.errors import NotApplicable
from hub.flows.load.document import document
from hub.flows.load.faults import Faults
from hub.flows.load.load import flow_of
from hub.flows.load.world import Account, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.flow import Flow


def resolved(text: str, file: str) -> dict[str, Any]:
    """Give all that a file says, with what it extends: what is installed."""
    values, faults = document(text, file)
    faults.raise_any()
    return values


def load_installed(values: dict[str, Any], answers: Mapping[str, list[str]]) -> Flow:
    """Read a flow that was installed."""
    faults = Faults([])
    needs = values.get("needs", {})
    flows = {str(need.get("of", "")): None for need in needs.values() if isinstance(need, dict)}
    flow = flow_of(values, faults, answers, World(connections=_Any(), flows=flows))
    if flow is None or faults:
        raise NotApplicable("this hub cannot read the flow as it was installed")
    return flow


class _Any(UserDict[str, Account]):
    """Connections of any name, of which nothing is known."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Account:
        return Account(system="")
