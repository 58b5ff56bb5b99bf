"""The way to a field: absent is not empty."""

from __future__ import annotations

from typing import Any

import pytest

from hub.flows.steps import ABSENT, put_at, value_at

DEAL = {
    "Amount": None,
    "Account_Name": {"name": "Ferry Foods", "id": "137"},
    "Contact_Name": None,
    "Owner": "55",
    "people": [{"Email": "a@x.example"}, {}, {"Email": None}],
    "none": [],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("Amount",), None), (("Stage",), ABSENT), (("Account_Name", "id"), "137"),
        (("Account_Name", "name"), "Ferry Foods"), (("Account_Name", "phone"), ABSENT),
        (("Contact_Name", "id"), None), (("Owner", "id"), "55"), (("Owner", "name"), ABSENT),
        (("people", "Email"), ["a@x.example", None]), (("none", "Email"), []), ((), DEAL),
    ],
)  # fmt: skip
def test_a_missing_key_is_no_word_and_an_empty_lookup_is_one(
    path: tuple[str, ...], found: object
) -> None:
    assert value_at(DEAL, path) == found


def test_what_begins_alike_is_one_value() -> None:
    record = {"Billing_City": "Hull", "Billing_Code": None, "Shipping_City": "York"}

    assert value_at(record, ("Billing_*",)) == {"City": "Hull", "Code": None}
    assert value_at({"a": record}, ("a", "Shipping_*")) == {"City": "York"}


def test_values_are_put_beside_each_other() -> None:
    fields: dict[str, Any] = {}

    put_at(fields, ("Account_Name", "id"), "137")
    put_at(fields, ("Account_Name", "name"), "Ferry Foods")
    put_at(fields, ("Billing_*",), {"City": "Hull"})
    put_at(fields, ("Amount",), None)

    assert fields == {
        "Account_Name": {"id": "137", "name": "Ferry Foods"},
        "Billing_City": "Hull",
        "Amount": None,
    }
