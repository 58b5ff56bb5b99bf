"""What a rule writes can be written: by the vendor's own word, and in the form that it takes."""

from __future__ import annotations

import pytest

from tests.flows.load.desk import CUSTOMERS, INVOICE, TASK, changed, read, refused


@pytest.mark.parametrize(
    ("said", "is_written"),
    [
        ('owner = "books"', True),
        ('owner = "latest"', True),
        ('owner = "crm"', True),
        ('owner = "crm", lone = "put_back"', False),
        ('write = "never"', False),
        ('owner = "crm", write = "on create"', True),
    ],
)
def test_a_sync_writes_no_field_that_the_vendor_sets_by_itself(
    said: str, *, is_written: bool
) -> None:
    text = f'{CUSTOMERS}whole = {{ crm = "Full_Name", books = "custom_field_hash.a", {said} }}\n'

    if not is_written:
        read(text)
        return
    (fault,) = refused(text)
    assert fault.startswith(
        "f.toml:16: fields.whole.crm: expected a field of crm.Accounts that can be written, found "
        '"Full_Name", which only crm itself sets'
    )


def test_what_is_made_says_nothing_that_the_vendor_works_out() -> None:
    (fault,) = refused(changed(INVOICE, 'adjustment       = "lines.adj', 'total = "lines.adj'))

    assert fault == (
        'f.toml:33: make."books.invoices".total: expected a field of books.invoices that can be '
        'written, found "total", which only books itself sets'
    )


def test_what_is_told_is_told_the_nearest_field_that_can_be_written() -> None:
    (fault,) = refused(changed(TASK, "[close]\nStatus", '[close]\nClosed_On = "today"\nStatus'))

    assert "close.Closed_On: expected a field of crm.Tasks that can be written" in fault


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ('"deal.Deal_Name"', 'which holds text; to have it read: { from = "…", as = "date" }'),
        ('"deal.Deal_Name + today"', 'expected a date, found "deal.Deal_Name + today"'),
        ('{ text = "on {today}" }', 'expected a date, found "on {today}", which holds text'),
        ('{ is = "tomorrow" }', 'expected a date, as "2026-03-31", found "tomorrow"'),
    ],
)
def test_text_goes_into_no_date_without_being_read_as_one(said: str, found: str) -> None:
    (fault,) = refused(changed(INVOICE, 'date             = "today"', f"date = {said}"))

    assert fault.startswith('f.toml:30: make."books.invoices".date')
    assert found in fault


@pytest.mark.parametrize(
    "said",
    ['{ from = "deal.Deal_Name", as = "date" }', '{ is = "2026-03-31" }', '"true ? today : today"'],
)
def test_what_is_a_date_goes_into_one(said: str) -> None:
    read(changed(INVOICE, 'date             = "today"', f"date = {said}"))
