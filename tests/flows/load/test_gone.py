"""What a sync may do when a record is gone: to make the other inactive only where it can be."""

from __future__ import annotations

import pytest

from hub.connectors.known_fields import fields_of
from hub.errors import ConfigFault
from hub.flows.flow import Flow, Sync
from hub.flows.in_words import in_words
from hub.flows.load import Account, World, load

WORLD = World(
    connections={
        "crm": Account(system="zoho_crm", kinds=fields_of("zoho_crm")),
        "books": Account(system="zoho_books", kinds=fields_of("zoho_books")),
        "shop": Account(system="push"),
    }
)


@pytest.mark.parametrize(
    ("one", "other", "gone"),
    [
        ("crm.Accounts", "books.contacts", 'crm = "deactivate"'),
        ("crm.Products", "books.items", 'crm = "deactivate", books = "deactivate"'),
    ],
)
def test_the_other_is_made_inactive_where_its_kind_can_be(one: str, other: str, gone: str) -> None:
    read = load_between(one, other, gone)

    assert isinstance(read, Sync)
    assert read.gone["crm"] == "deactivate"
    told = "When one of crm is gone, what it is linked with in books is made inactive"
    assert told in in_words(read)


@pytest.mark.parametrize(
    ("one", "other", "gone", "found"),
    [
        (
            "crm.Accounts",
            "books.contacts",
            "books",
            "crm.Accounts cannot be made inactive, only Products can",
        ),
        (
            "crm.Deals",
            "books.invoices",
            "crm",
            "books.invoices cannot be made inactive, only contacts and items can",
        ),
        ("crm.Accounts", "shop.contacts", "crm", "shop.contacts cannot be made inactive"),
    ],
)
def test_what_cannot_be_made_inactive_is_told_by_its_line(
    one: str, other: str, gone: str, found: str
) -> None:
    with pytest.raises(ConfigFault) as fault:
        load_between(one, other, f'{gone} = "deactivate"')

    assert (
        f'same.toml:6: match.gone.{gone}: expected "ask", "ignore" or "unlink", found '
        f'"deactivate"; {found.replace("CANNOT", "cannot be made inactive")}'
    ) in str(fault.value)


def load_between(one: str, other: str, gone: str) -> Flow:
    """Read a sync of these kinds, of which nothing is written."""
    text = f"""\
flow   = "same"
about  = "Two that are the same."
sides  = {{ crm = "{one}", books = "{other}" }}
fields = {{ at = {{ crm = "Created_Time", books = "created_time", as = "time", write = "never" }} }}
[match]
gone   = {{ {gone} }}
"""
    return load(text, "same.toml", {}, WORLD)
