"""A once and a while are read: what they watch, need, make and tell, and what cannot be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.flows.flow import LinesNeed, LinkNeed, Once, Step, While
from tests.flows.load.desk import INVOICE, STATUS, changed, line_of, read, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.flow import Value


def read_once(text: str, answers: Mapping[str, object] | None = None) -> Once:
    flow = read(text, answers)
    assert isinstance(flow, Once)
    return flow


def read_while(text: str) -> While:
    flow = read(text)
    assert isinstance(flow, While)
    return flow


def made(said: str) -> Value:
    """Read a value that is to stand in the number of an invoice."""
    text = changed(INVOICE, "is_inclusive_tax = false", f"invoice_number = {said}")
    return read_once(text).make.fields["invoice_number"]


def test_a_once_watches_a_record_until_something_becomes_true_and_stays_so() -> None:
    flow = read_once(INVOICE)

    assert (flow.source.name, flow.source.connection, flow.source.kind) == ("deal", "crm", "Deals")
    assert flow.becomes.of({"deal": {"Stage": "Closed Won"}, "ask": flow.ask}) is True
    assert flow.stays_seconds == 600.0


def test_questions_have_the_answer_of_the_company_or_their_default() -> None:
    assert read_once(INVOICE).ask == {"won": ("Closed Won",), "lines": ("quote", "amount")}
    answers = {"won": ["Closed Won", "Open"], "lines": "amount"}
    assert read_once(INVOICE, answers).ask == {"won": ("Closed Won", "Open"), "lines": ("amount",)}


def test_needs_are_links_and_lines() -> None:
    customer, lines = read_once(INVOICE).needs

    assert isinstance(customer, LinkNeed)
    assert (customer.path, customer.of) == (("deal", "Account_Name"), "customers")
    assert customer.miss == "create"
    assert customer.part is not None
    assert customer.part.path == ("deal", "Currency")
    assert isinstance(lines, LinesNeed)
    assert lines.net is not None
    quote, amount = lines.first_of
    assert (quote.called, quote.kind, quote.by, quote.each) == (
        "quote",
        "Quotes",
        "Deal_Name",
        "Rows",
    )
    assert quote.such is not None
    assert quote.such.of({"it": {"Quote_Stage": "Confirmed"}, "ask": {}}) is True
    assert quote.fields["rate"].path == ("row", "Price")
    assert quote.whole["total"].path == ("it", "Grand_Total")
    assert (amount.kind, amount.each, amount.fields["quantity"].word) == ("", "", 1)


def test_what_is_made_stands_under_the_names_of_the_vendor() -> None:
    make = read_once(INVOICE).make

    assert (make.connection, make.kind) == ("books", "invoices")
    assert list(make.fields) == [
        "customer_id",
        "date",
        "is_inclusive_tax",
        "reference_number",
        "adjustment",
    ]
    assert make.fields["customer_id"].path == ("customer", "contact_id")
    assert make.fields["is_inclusive_tax"].word is False
    assert make.fields["reference_number"].step == Step(name="text", cut=100)
    tax = make.each["line_items"]["tax_id"]
    assert tax.step == Step(name="tax", table=(("VAT", "MwSt"),))


def test_a_value_is_a_path_an_expression_a_word_or_a_figure() -> None:
    assert made('"deal.Deal_Name"').path == ("deal", "Deal_Name")
    assert made('{ is = "draft" }').word == "draft"
    assert (made('{ figure = "overdue count", of = "customer" }').figure) == "overdue count"
    expression = made("'deal.Deal_Name + \"!\"'").expression
    assert expression is not None
    assert expression.of({"deal": {"Deal_Name": "Roof"}}) == "Roof!"


def test_what_was_made_is_checked_and_told() -> None:
    flow = read_once(INVOICE)

    (check,), (tell,) = flow.agree, flow.tell
    assert (check.name, check.said.path, check.made) == ("total", ("lines", "total"), "total")
    assert check.off_by == "1 minor unit per line"
    assert (tell.connection, tell.kind, tell.to.path) == ("crm", "Deals", ("deal", "id"))
    assert tell.fields["Invoice"].path == ("made", "invoice_number")


def test_a_while_keeps_something_said_for_as_long_as_something_is_true() -> None:
    flow = read_while(STATUS)

    assert (flow.source.kind, flow.clock) == ("invoices", "books")
    assert flow.holds.of({"invoice": {"status": "sent"}}) is True
    (keep,) = flow.keep
    assert (keep.kind, keep.to.path) == ("Accounts", ("customer", "id"))
    assert (keep.fields["Balance"].figure, keep.fields["Balance"].of) == ("outstanding", "customer")


FAULTS = [
    (
        "deal.Stage in",
        "deal.Stge in",
        (
            'when.becomes: expected a field of deal, found "Stge", which it has not; did you mean '
            '"Stage"?, in "deal.Stge in ask.won"'
        ),
    ),
    (
        "in ask.won",
        "in ask.wn",
        (
            'when.becomes: expected a field of ask, found "wn", which it has not; did you mean '
            '"won"?, in "deal.Stage in ask.wn"'
        ),
    ),
    ('"10m"', '"-10m"', 'when.stays: expected how long, as "30s", "10m", "2h" or "1d", '),
    (
        '"customers", part',
        '"custmers", part',
        'needs.customer.of: expected a flow that links records, found "custmers"; did you mean',
    ),
    ("part = ", "prt = ", "needs.customer.prt: unknown key in a need"),
    (
        '"customer.contact_id"',
        '"custmer.contact_id"',
        (
            'make."books.invoices".customer_id: expected a name that is at hand here (deal, ask, '
            'customer, lines, today, date, taxes), found "custmer"; did you mean "customer"?'
        ),
    ),
    (
        '"customer.contact_id"',
        '"customer.contact_idd"',
        'make."books.invoices".customer_id: expected a field of customer, found "contact_idd"',
    ),
    (
        '"today"',
        '"draft"',
        'make."books.invoices".date: expected a name that is at hand here',
    ),
    (
        '"today"',
        '"deal.Amount"',
        'make."books.invoices".date: expected a date, found "deal.Amount", which holds money',
    ),
    (
        '"lines.adjustment"',
        '"deal.Probability * 2"',
        (
            'make."books.invoices".adjustment: expected a field, a figure or a reading for money, '
            'found "deal.Probability * 2": an expression reckons with numbers that are not exact'
        ),
    ),
    (
        '"lines.adjustment"',
        '"deal.Deal_Name"',
        (
            'make."books.invoices".adjustment: expected money, found "deal.Deal_Name", which holds '
            "text"
        ),
    ),
    (
        '"lines.adjustment"',
        '{ figure = "outstandin", of = "customer" }',
        'make."books.invoices".adjustment.figure: expected "outstanding", ',
    ),
    (
        '"lines.adjustment"',
        '{ figure = "outstanding", of = "custmer" }',
        'make."books.invoices".adjustment.of: expected "deal", "ask", "customer", ',
    ),
    (
        '"lines.adjustment"',
        '{ from = "deal.Amount", as = "mony" }',
        'make."books.invoices".adjustment.as: expected "text", "name", ',
    ),
    (
        "reference_number =",
        "cf_hub_id =",
        (
            'make."books.invoices".cf_hub_id: expected a field of books.invoices that is not the '
            "hub's, found"
        ),
    ),
    (
        '"made.invoice_number"',
        '"made.number"',
        'tell."crm.Deals".Invoice: expected a field of made, found "number"; did you mean',
    ),
    (
        'default = ["Closed Won"]',
        'default = ["Won"]',
        'ask.won: expected "Open", "Closed Won" or "Closed Lost" for the default, found "Won"',
    ),
    (
        ', default = ["Closed Won"]',
        "",
        (
            'ask.won: expected an answer to "Which stages mean won?", found none: say '
            'answers.invoice.won = ["…"] in hub.toml'
        ),
    ),
    (
        'rate = "deal.Amount" }',
        'net = "deal.Amount" }',
        "needs.lines.first_of[1].fields: expected rate, found nothing: every line says it",
    ),
    (
        "by Deal_Name",
        "by Deal_Nam",
        'needs.lines.first_of[0].in: expected a field of crm.Quotes, found "Deal_Nam"; did you',
    ),
    (
        '{ total = "it.Grand_Total" }',
        '{ totl = "it.Grand_Total" }',
        'needs.lines.first_of[0].whole: expected "currency", "discount", "adjustment", "taxes", ',
    ),
    (
        '{ total = "it.Grand_Total" }',
        '{ total = "it.Quote_Stage" }',
        'needs.lines.first_of[0].whole.total: expected a number, found "it.Quote_Stage", which ',
    ),
    (
        'rate = "deal.Amount" }',
        'rate = "deal.Stage" }',
        'needs.lines.first_of[1].fields.rate: expected a number, found "deal.Stage", which holds a',
    ),
    (
        'off_by = "1 minor unit per line"',
        'off_by = "1"',
        'agree.total.off_by: expected "0" or "1 minor unit per line", found "1"',
    ),
]


@pytest.mark.parametrize(("old", "new", "told"), FAULTS)
def test_what_cannot_be_right_is_told_with_its_line(old: str, new: str, told: str) -> None:
    line = line_of(INVOICE, old)

    faults = refused(changed(INVOICE, old, new))

    assert len(faults) == 1
    assert faults[0].partition(": ")[2].startswith(told)
    # A list of tables is one thing: what is missing in an entry stands at its own line.
    assert int(faults[0].split(":")[1]) in range(line - 5, line + 1)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            {"won": ["Closd Won"]},
            (
                '5: ask.won: expected "Open", "Closed Won" or "Closed Lost" for '
                "answers.invoice.won "
                'in hub.toml, found "Closd Won"; did you mean "Closed Won"?'
            ),
        ),
        (
            {"won": 3},
            (
                "5: ask.won: expected text, or a list of texts for answers.invoice.won in "
                "hub.toml, "
                "found 3"
            ),
        ),
        (
            {"wonn": ["Closed Won"]},
            '4: ask: expected answers to its questions, found one to "wonn"; did you mean "won"?',
        ),
        (
            {"lines": ["quotes"]},
            (
                '17: needs.lines.first_of: expected "quote" or "amount" for ask.lines, '
                'found "quotes"; did you mean "quote"?'
            ),
        ),
    ],
)
def test_an_answer_that_cannot_be_right_is_told(answers: dict[str, object], told: str) -> None:
    assert refused(INVOICE, answers) == [f"f.toml:{told}"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("each morning in books", "every morning", '7: while.clock: expected "each morning in'),
        ("each morning in books", "each morning in bookz", "7: while.clock: expected a connection"),
        (
            'of = "customers" }\n',
            (
                'of = "customers" }\n'
                'a = { link = "b.Account_Name", of = "customers" }\n'
                'b = { link = "a.Account_Name", of = "customers" }\n'
            ),
            "11: needs.a: expected needs that can be met one by one, found a needs b needs a",
        ),
        (
            'Balance = { figure = "outstanding", of = "customer" }',
            'Balance = { figure = "last payment date", of = "customer" }',
            (
                '14: keep."crm.Accounts".Balance.figure: expected money, found "last payment '
                'date", '
                "which holds a date"
            ),
        ),
        (
            'to      = "customer.id"\n',
            "",
            '12: keep."crm.Accounts".to: expected a name at hand, an expression or { is = … }, ',
        ),
    ],
)
def test_what_cannot_be_right_in_a_while_is_told(old: str, new: str, told: str) -> None:
    (fault,) = refused(changed(STATUS, old, new))

    assert fault.startswith(f"f.toml:{told}")
