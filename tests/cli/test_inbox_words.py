"""What was refused says for whom it was and what to do, and an item says the rest in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.events import Answered, Sending, event_of
from tests.cli.flowing import account, contact, put_in_force
from tests.cli.invoicing import INVOICES, held_invoice

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def refuse(desk: Desk, because: str, sentence: str) -> str:
    """Have the invoice sent, and refused; give the item."""
    delivery = desk.execute("select id from deliveries where kind = 'invoices'")
    about: dict[str, Any] = {"connection": "books", "kind": "invoices", "flow": INVOICES}
    answer = Answered(
        delivery=delivery, attempt=1, outcome="refused", sentence=sentence, because=because,
        reason="1002",
    )  # fmt: skip
    sent = Sending(delivery=delivery, attempt=1, fields={})
    desk.keep(event_of(sent, **about), event_of(answer, **about))
    desk.apply()
    return str(delivery)


def test_a_refused_document_says_of_what_it_is_for_whom_and_what_to_do(desk: Desk) -> None:
    held_invoice(desk)
    item = refuse(desk, "missing", "It said 1002: Customer does not exist.")

    listed = desk.run("inbox", "list").out
    shown = desk.run("inbox", "show", item).out

    said = (
        "books.invoices was to be made for crm.Deals/d1, with the customer books.contacts/b1. "
        "It said 1002: Customer does not exist. What it names is gone, or was never there: put "
        "that right in crm.Deals/d1, or where it was refused, and try it again: it is then worked "
        "out anew."
    )
    for lines in (listed, shown):
        assert said in lines
    assert "refused: missing  crm.Deals/d1 “Acme renewal”" in listed
    assert "crm.Deals/d1 is called “Acme renewal”" in shown
    assert "books.contacts/b1 is called “Acme”" in shown
    assert "1002\n" not in shown
    assert "  link" not in shown


def test_what_a_document_is_refused_for_stands_on_its_source_too(desk: Desk) -> None:
    held_invoice(desk)
    item = refuse(desk, "data", "It said 15: too long.")

    assert f"hub inbox show {item[:8]}" in desk.run("why", "crm.Deals/d1").out


def test_an_item_says_in_words_what_it_knows_and_leaves_out_what_is_empty(desk: Desk) -> None:
    put_in_force(desk)
    both: dict[str, Any] = {"phone": "+3225550101"}
    desk.keep(
        contact("b1", code="7", company_name="Lumen", **both),
        account("a1", Code="7", Account_Name="Lumen", Phone=both["phone"]),
    )
    desk.apply()
    desk.keep(
        account("a1", Code="7", Account_Name="Lumen", Phone="+3225550202", minutes=1),
        contact("b1", code="7", company_name="Lumen", phone="+3225550303", minutes=1),
    )
    desk.apply()
    (item,) = desk.run("inbox", "list", "--reason", "conflict", "--json").result

    shown = desk.run("inbox", "show", item["item"]).out

    assert "the field is phone" in shown
    assert 'crm.Accounts/a1 says "+3225550202"' in shown
    assert "its link is " in shown
    assert "{" not in shown
