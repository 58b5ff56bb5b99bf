"""What the log could never hold is refused before it is queued, in words that help."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import pytest

from hub.errors import EventRefused
from hub.events import Event, new_id
from hub.log.body import DEPTH_MAX, read_object
from hub.log.check import check
from hub.projectors.sync.records import same

BYTES_MAX = 10_000_000
LONG = "é" * 251


def event(**envelope: Any) -> Event:
    return Event(**{"type": "observed", "id": new_id(), "connection": "crm", **envelope})


@pytest.mark.parametrize(
    ("envelope", "words"),
    [
        ({"record": "a\0b"}, r"expected record to be .* zero bytes .* found 'a\\x00b'"),
        ({"record": "\ud800"}, r"expected record to be .* lone surrogates, found '\\ud800'"),
        ({"record": ""}, r"expected record to be 1 to 500 bytes .* found ''"),
        ({"type": ""}, r"expected type to be 1 to 500 bytes"),
        ({"kind": LONG}, r"expected kind to be 1 to 500 bytes .* found 'é+\.\.\.'"),
        ({"origin": "x" * 501}, r"expected origin to be 1 to 500 bytes .* found 'x{60}\.\.\.'"),
        ({"shape": 0}, r"expected a shape from 1 on, found 0"),
        ({"shape": 2**15}, r"expected a shape from 1 on, found 32768"),
        ({"cause": 0}, r"cause 0 is not a position in the log"),
        ({"cause": 2**63}, r"cause 9223372036854775808 is not a position in the log"),
        ({"occurred_at": datetime(2026, 3, 1)}, r"occurred_at has no time zone"),  # noqa: DTZ001
        ({"data": b""}, r"expected a JSON object; .*truncated"),
        ({"data": b"[1]"}, r"expected a JSON object; Expected `object`, got `array`"),
        ({"data": b'{"a":1'}, r"expected a JSON object; .*truncated"),
        ({"data": b'{"a":NaN}'}, r"expected a JSON object; JSON is malformed"),
        ({"data": b'{"a":1} {}'}, r"expected a JSON object; JSON is malformed"),
        ({"data": b'{"a":"\xff"}'}, r"expected UTF-8; byte 6 is not"),
        ({"data": b'{"a":"\xed\xa0\x80"}'}, r"expected UTF-8; byte 6 is not"),
        ({"data": rb'{"a":"\ud800"}'}, r"or a \\ud800 escape stands without its pair"),
        ({"data": b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}"}, r"nested too deep"),
        ({"data": b'{"a":' + b'[{"b":' * 150 + b"1" + b"}]" * 150 + b"}"}, r"deep: .* at most 300"),
        ({"data": b'{"a":{"b":-' + b"7" * 1_000 + b"}}"}, r"at most 1,000 characters"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(envelope: dict[str, Any], words: str) -> None:
    with pytest.raises(EventRefused, match=words) as refused:
        check(event(**envelope), BYTES_MAX)

    assert "event of crm" in str(refused.value)
    assert refused.value.status == 400
    str(refused.value).encode()


def test_an_event_that_is_too_large_is_refused_with_its_size() -> None:
    with pytest.raises(EventRefused, match=r"has 10,000,001 bytes.* 10,000,000") as refused:
        check(event(data=b" " * 10_000_001), BYTES_MAX)

    assert refused.value.status == 413


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b' \n{"a" : 1}\t',
        b'{"a":1,"a":2}',
        b'{"id":1234567890123456789,"sum":0.1000000000000000000001,"e":1E+2,"z":-0.0}',
        b'{"a":"\\u0000"}',
        b'{"a":"\\ud83d\\ude00"}',
        '{"ä":"😀"}'.encode(),
        b'{"a":' + b"[" * 299 + b"]" * 299 + b"}",
        b'{"a":[' + b"[{}]," * 400 + b'"\\"' + b"[" * 400 + b'"]}',
        b'{"a":' + b"7" * 1_000 + b',"b":"' + b"7" * 2_000 + b'"}',
        b'{"a":"' + b"x" * (BYTES_MAX - 8) + b'"}',
    ],
    ids=lambda data: data[:20].decode(),
)
def test_whatever_else_is_json_is_taken(data: bytes) -> None:
    check(event(data=data), BYTES_MAX)


def test_names_may_have_every_letter_and_500_bytes() -> None:
    for text in ("x" * 500, "é" * 250, "a b\tc", "😀"):
        check(event(record=text), BYTES_MAX)


def test_sealed_data_is_not_looked_into() -> None:
    check(event(data=b"\xff\x00", seal=new_id()), BYTES_MAX)


def test_what_is_checked_is_every_text_of_the_envelope() -> None:
    texts = {
        field.name
        for field in msgspec.structs.fields(Event)
        if field.type in (str, str | None) and field.name != "subject"
    }
    assert len(texts) == 9
    for name in texts:
        with pytest.raises(EventRefused, match=name):
            check(event(**{name: "\0"}), BYTES_MAX)


def test_whatever_is_taken_can_be_compared_by_the_projectors() -> None:
    def nested(inmost: bytes) -> msgspec.Raw:
        half = (DEPTH_MAX - 1) // 2
        return msgspec.Raw(b'[{"b":' * half + inmost + b"}]" * half)

    check(event(data=b'{"a":' + bytes(nested(b"1")) + b"}"), BYTES_MAX)

    assert same(nested(b"1.0"), nested(b"1.00"))
    assert not same(nested(b"1.0"), nested(b"2"))


def test_of_a_name_that_stands_twice_the_last_counts() -> None:
    assert bytes(read_object(b'{"a":1,"a":2}')["a"]) == b"2"
