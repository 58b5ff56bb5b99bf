"""`hub deliveries` tells what is owed and what it waits for; `hub approve` lets it go."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from hub.outbound.content import Writer
from tests.cli.flowing import account, contact, put_in_force
from tests.cli.invoicing import INVOICES, held_invoice

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


@pytest.fixture
def held(desk: Desk) -> Desk:
    put_in_force(desk, "hold")
    desk.keep(*(account(f"a{n}", Account_Name=f"Shop {n}") for n in range(3)))
    desk.apply()
    return desk


def test_a_flow_in_hold_waits_for_a_person(held: Desk) -> None:
    told = held.run("deliveries", "--state", "held")
    others = held.run("deliveries", "--state", "parked")

    assert told.out.count("customers is in hold (hub approve ") == 3
    assert others.out == "Nothing is parked.\n"


def test_where_to_see_what_is_held_is_said_before_it_is_let_go(held: Desk) -> None:
    see = "hub deliveries --state held shows what each that is held would write."

    assert see in held.run("deliveries").out
    assert see not in held.run("deliveries", "--state", "held").out


def test_what_waits_for_a_person_is_shown_with_the_words_it_would_write(held: Desk) -> None:
    held.keep(contact("b1", code="7", company_name="Lumen", phone="+32 2 555 01 01"))
    held.keep(account("a7", Code="7", Account_Name="Lumen & Co"))
    held.apply()

    told = held.run("deliveries", "--state", "held").out
    asked = held.run("approve", "--flow", "customers", "--all", "--yes").out
    shown = held.run("deliveries", "--state", "held", "--json").result

    for lines in (told, asked):
        assert 'company_name  "Shop 1"' in lines
        assert "books.contacts/b1" in lines
        assert "“Lumen & Co”" in lines
        assert 'company_name  "Lumen" -> "Lumen & Co"' in lines
        assert "+32" not in lines
    changed = next(one for one in shown if one["record"] == "b1")
    assert changed["writes"]["words"] == [
        {"field": "company_name", "before": "Lumen", "after": "Lumen & Co"}
    ]


def test_what_is_approved_waits_for_nobody_any_more(held: Desk) -> None:
    first, *rest = held.run("deliveries", "--json").result
    one = held.run("approve", first["id"][:8], "--by", "eve", "--yes")
    held.apply()
    left = held.run("deliveries", "--state", "held", "--json").result

    everything = held.run("approve", "--flow", "customers", "--all", "--yes", "--json")
    held.apply()

    assert one.code == 0, one.err
    assert [each["id"] for each in left] == [each["id"] for each in rest]
    assert len(everything.result["deliveries"]) == 2
    assert held.run("deliveries", "--state", "held", "--json").result == []
    assert held.execute("select count(*) from deliveries where approved is not null") == 3


def test_one_that_is_named_is_shown_and_goes_only_on_a_yes(
    held: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = held.run("deliveries", "--json").result[0]["id"][:8]
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))

    said = held.run("approve", first)

    assert said.out.endswith("Let it go? [y/N]: Nothing was approved.\n")
    assert len(held.run("deliveries", "--state", "held", "--json").result) == 3


def test_what_does_not_wait_for_approval_cannot_be_approved(held: Desk) -> None:
    unknown = held.run("approve", "ffff")
    neither = held.run("approve")
    nobody_to_ask = held.run("approve", "--flow", "customers", "--all", "--json")

    assert (unknown.code, neither.code, nobody_to_ask.code) == (1, 2, 2)
    assert "ffff names no delivery that waits for approval. There wait: " in unknown.err


def test_all_are_let_go_together_only_where_that_is_said(held: Desk) -> None:
    said = held.run("approve", "--flow", "customers", "--yes")

    assert said.code == 2
    assert "Expected --all together with --flow and --yes" in said.err
    assert len(held.run("deliveries", "--state", "held", "--json").result) == 3


def test_where_nobody_can_be_asked_that_is_said_with_what_says_yes(
    held: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    one_by_one = held.run("approve", "--flow", "customers")
    together = held.run("approve", "--flow", "customers", "--all")

    assert (one_by_one.code, together.code) == (2, 2)
    assert "Expected --all --yes: there is nobody to ask" in one_by_one.err
    assert "Expected --yes: there is nobody to ask" in together.err
    assert together.out.endswith("Let all 3 go? [y/N]: \n")


def test_one_that_cannot_be_worked_out_hides_no_other(
    held: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    working, bad = Writer.content, held.execute("select id from deliveries order by id limit 1")

    def content(self: Writer, row: Any, around: Any) -> Any:
        if row.id == bad:
            raise ValueError("no number")
        return working(self, row, around)

    monkeypatch.setattr(Writer, "content", content)
    told = held.run("deliveries", "--state", "held")

    assert told.code == 0, told.err
    assert "it could not be worked out (ValueError: no number)" in told.out
    assert told.out.count("company_name") == 2


def test_a_document_is_shown_with_its_source_its_customer_and_its_lines(desk: Desk) -> None:
    held_invoice(desk)

    told = desk.run("deliveries", "--state", "held")
    asked = desk.run("approve", "--flow", INVOICES, "--all", "--yes")

    assert told.code == 0, told.err
    for said in (told.out, asked.out):
        assert said_of("for", said) == "the deal “Acme renewal”, crm.Deals/d1"
        assert said_of("comes to", said) == "120.50 EUR"
        assert said_of("customer", said) == "Acme (b1)"
        assert said_of("currency", said) == "EUR (c1)"
        assert said_of("line 1", said) == "“Acme renewal”: 1 at 120.5"
        assert "customer_id" not in said


def said_of(name: str, lines: str) -> str:
    """Give what stands behind a name."""
    return next(one.strip()[len(name) :].strip() for one in lines.splitlines()
                if one.strip().startswith(f"{name} "))  # fmt: skip
