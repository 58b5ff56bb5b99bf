"""Examine a connection that takes messages: is it let in, and does a message arrive?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from hub.connectors.build import vendor_of
from hub.connectors.connector import Write
from hub.connectors.finding import Finding
from hub.connectors.notify.made import fixed_of, notifier_of
from hub.connectors.notify.message import MESSAGES
from hub.connectors.outcome import Done
from hub.connectors.site import WAIT_SECONDS_MAX

if TYPE_CHECKING:
    from hub.connectors.outcome import Outcome
    from hub.database import Database
    from hub.settings import Settings

TEST = {
    "subject": "A test of the hub",
    "text": "Somebody asked `hub doctor` to send this. Nothing is to be done.",
}


async def examine(
    settings: Settings, database: Database, name: str, *, message: bool
) -> list[Finding]:
    """Look as far as that goes without a message; send one if that is asked for."""
    connection = settings.connections[name]
    notifier = notifier_of(name, connection)
    tokens = fixed_of(name, connection)
    way_out = vendor_of(name, notifier, tokens, database, wait_seconds_max=WAIT_SECONDS_MAX)
    async with way_out as vendor:
        looked = _about_login(name, await notifier.sender.look(vendor), asked=message)
        if not message or any(one.needs_a_person for one in looked):
            return looked
        write = Write(fields=TEST, delivery=str(uuid4()))
        (sent,) = await notifier.write(vendor, MESSAGES, [write])
        return [*looked, _about_message(sent.outcome)]


def _about_login(name: str, looked: Outcome | None, *, asked: bool) -> list[Finding]:
    if looked is None and asked:
        return []
    if looked is None:
        sentence = "Only a message tells whether it works."
        step = f"hub doctor {name} --message"
        return [Finding(about="let in", state="told", sentence=sentence, steps=(step,))]
    if isinstance(looked, Done):
        sentence = "It lets the hub in; nothing was sent."
        return [Finding(about="let in", state="well", sentence=sentence)]
    return [Finding(about="let in", state="needs", sentence=looked.sentence)]


def _about_message(outcome: Outcome) -> Finding:
    if isinstance(outcome, Done):
        sentence = "It was taken. See that it arrived where it should."
        return Finding(about="test message", state="well", sentence=sentence)
    return Finding(about="test message", state="needs", sentence=outcome.sentence)
