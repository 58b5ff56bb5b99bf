"""The signature of webhooks, by the three vectors of the facts."""

from __future__ import annotations

import pytest

from hub.sandbox.books.hooks.signature import signed

SECRET = "BooksHookSecret01"


@pytest.mark.parametrize(
    ("query", "body", "form", "expected"),
    [
        (
            [],
            b'{"invoice":{"invoice_id":"460000000012345","status":"paid"}}',
            [],
            "69ab6e7a6c663878e1a029133d6510ce92bc5c53d92288a634df106ed5467ab9",
        ),
        (
            [("src", "books"), ("ev", "invoice_paid")],
            b'{"invoice":{"invoice_id":"460000000012345"}}',
            [],
            "e44b0806976c1eaa62adf9b3c4a1b78be0c192e760cb42da81f3138a1eed7b0b",
        ),
        (
            [("src", "books")],
            b"",
            [("invoice_id", "460000000012345"), ("note", "two words")],
            "a69cf2717cc7f6ffd00c67d6794d1bc6fea6dfd69aece816cb27b46d4409823c",
        ),
    ],
    ids=["body alone", "body and query", "form and query"],
)
def test_a_delivery_is_signed_as_the_vendor_signs_it(
    query: list[tuple[str, str]], body: bytes, form: list[tuple[str, str]], expected: str
) -> None:
    assert signed(SECRET, query, body, form) == expected


def test_the_order_of_the_pairs_does_not_matter() -> None:
    pairs = [("src", "books"), ("ev", "invoice_paid")]

    assert signed(SECRET, pairs, b"{}") == signed(SECRET, reversed(pairs), b"{}")


def test_another_byte_or_another_secret_gives_another_signature() -> None:
    whole = signed(SECRET, [], b"{}")

    assert signed(SECRET, [], b"{} ") != whole
    assert signed(f"{SECRET}2", [], b"{}") != whole
