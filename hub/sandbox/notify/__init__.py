"""Where messages go in the sandbox: a Slack, a mail server, and an address that takes webhooks.

taken.py  the messages that came in, and what a person may look at
slack.py  Slack: chat.postMessage by token, and an incoming webhook
mail.py   a mail server on a port of its own
sink.py   an address that takes signed webhooks, and says whether the signature holds
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.notify.mail import Mail
from hub.sandbox.notify.sink import Sink
from hub.sandbox.notify.slack import Slack

if TYPE_CHECKING:
    from hub.sandbox.system import System
    from hub.sandbox.world import World

__all__ = ["Mail", "Sink", "Slack", "sinks"]


def sinks(world: World) -> list[System]:
    """Make one of each."""
    return [Slack(world), Mail(world), Sink(world)]
