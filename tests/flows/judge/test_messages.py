"""What is said stands: a message is made once for a thing, and nothing of it is read or changed."""

from __future__ import annotations

import pytest

from hub.cli.flows_test import LIBRARY as WORLD
from hub.connectors.known_fields import fields_of
from hub.errors import ConfigFault
from hub.flows.examples import missed
from hub.flows.load import Account, World, load
from hub.flows.load.document import template
from hub.stories import play
from hub.stories.check import scene_of
from tests.flows.judge.told import follows

PAID = """flow = "tell_paid"
about = "Finance is told of each invoice that is paid."
[when]
invoice = "books.invoices"
becomes = 'invoice.status == "paid"'
[make."slack.messages"]
to      = {{ is = "#finance" }}
subject = {{ text = "Paid: {{invoice.invoice_number}}" }}
{more}
"""
LATE = (
    '11:00 invoice 8 customer_id = "1", currency_id = "EUR", status = "sent", '
    'total = 50, due_date = "2026-03-16"'
)


def test_a_once_tells_once_and_is_done_when_it_was_sent() -> None:
    scene = scene_of({"tell_paid.toml": PAID.format(more="")}, {}, WORLD).around("tell_paid")
    happened = play(
        [LATE, '12:00 invoice 8 status = "paid"', '13:00 invoice 8 status = "sent"',
         '14:00 invoice 8 status = "paid"'],
        scene,
    )  # fmt: skip

    expected = ('slack.messages is made once with subject = "Paid: INV-8"', "nothing else")
    assert missed(expected, happened, scene.names()) == []


def test_what_is_over_before_it_was_said_is_not_said() -> None:
    follows(
        [LATE, '16 March 09:00 invoice 8 status = "void"', "27 March 08:00 nothing happens"],
        "slack.messages is not made",
        flow="tell_overdue",
    )


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (
            '[tell."books.invoices"]\nto = "invoice.id"\nnotes = { is = "x" }',
            "of a message is read",
        ),
        ('[agree]\nx = { said = "invoice.total", made = "text" }', "of a message is read"),
        ('[tell."slack.messages"]\nto = "invoice.id"\ntext = { is = "x" }', "a flow of its own"),
    ],
)
def test_what_would_read_or_change_a_message_is_a_fault(more: str, fault: str) -> None:
    with pytest.raises(ConfigFault, match=fault):
        load(PAID.format(more=more), "tell_paid.toml", {}, WORLD)


def test_a_while_neither_keeps_nor_closes_a_message() -> None:
    text = f'{template("tell_overdue")}\n[close]\ntext = {{ is = "Settled" }}\n'

    with pytest.raises(ConfigFault, match="stands as it is"):
        load(text, "tell_overdue.toml", {}, WORLD)


def test_a_message_has_no_other_fields_than_its_own() -> None:
    text = template("tell_overdue").replace("link    =", "colour  =")

    with pytest.raises(ConfigFault, match="colour"):
        load(text, "tell_overdue.toml", {}, WORLD)


def test_it_may_go_by_mail_instead() -> None:
    books, mail = WORLD.connections["books"], Account(system="email", kinds=fields_of("email"))
    world = World(connections={"books": books, "mail": mail})
    text = 'extends = "library/tell_overdue"\nconnections = { slack = "mail" }\n'

    flow = load(text, "tell_overdue.toml", {}, world)

    assert flow.opens is not None  # type: ignore[union-attr]
    assert flow.opens.make.connection == "mail"  # type: ignore[union-attr]
