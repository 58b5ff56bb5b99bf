from __future__ import annotations

import pytest

from hub.connectors.pubsub.bitmap import named
from hub.connectors.pubsub.schema import Field
from tests.connectors.pubsub.made import schema

MANY = [Field(name=f"f{number}", avro="string") for number in range(40)]


def test_the_lowest_bit_is_the_first_field() -> None:
    assert named(["0x650004E0"], MANY) == [
        (f"f{number}",) for number in (5, 6, 7, 10, 24, 26, 29, 30)
    ]


def test_hex_that_is_padded_says_the_same() -> None:
    assert named(["0x0000000002"], MANY) == named(["0x02"], MANY) == [("f1",)]


def test_a_bitmap_with_a_parent_is_over_its_parts() -> None:
    assert named(["0x04", "3-0x03"], schema().fields) == [
        ("Phone",),
        ("BillingAddress", "Street"),
        ("BillingAddress", "City"),
    ]


def test_a_list_may_begin_with_a_parent_and_go_on_to_one_that_refers_to_its_type() -> None:
    assert named(["4-0x02"], schema().fields) == [("ShippingAddress", "City")]


def test_a_compound_field_that_is_named_whole_stands_for_all_its_parts() -> None:
    assert named(["0x08"], schema().fields) == [
        ("BillingAddress", "Street"),
        ("BillingAddress", "City"),
        ("BillingAddress", "Latitude"),
    ]


@pytest.mark.parametrize("beyond", ["0x0200", "9-0x01", "3-0x80", "0xzz"])
def test_what_the_schema_does_not_have_is_not_guessed(beyond: str) -> None:
    with pytest.raises(ValueError, match=r"bitmap|invalid"):
        named([beyond], schema().fields)
