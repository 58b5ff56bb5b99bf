"""`hub flows` whole: what can be read of flows, and what they are let to do."""

from __future__ import annotations

from hub.cli.attempt import try_command
from hub.cli.flows import flows
from hub.cli.flows_list import list_command
from hub.cli.flows_show import show_command
from hub.cli.flows_test import test_command
from hub.cli.install import install_command
from hub.cli.mode import mode_command, pause_command, start_command

__all__ = ["flows"]

for command in (
    list_command, show_command, test_command, install_command, try_command, start_command,
    pause_command, mode_command,
):  # fmt: skip
    flows.add_command(command)
