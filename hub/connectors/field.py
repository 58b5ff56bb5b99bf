"""What a field of a record is, in words that are the same for every vendor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

Word: TypeAlias = Literal[
    "id", "text", "number", "money", "date", "time", "flag", "list", "record", "lookup", "choice"
]
"""What a field holds.

id      of this record, or of another, as text     time    a moment, with its zone
number  a decimal, or a whole number               flag    true or false
money   in the currency of the record              list    of words, or of records
date    a day                                      record  fields of its own
lookup  another record: its id and its name        choice  one of several words
"""

Plain: TypeAlias = Literal["text", "number", "money", "date", "time", "flag"]
"""What a field that the hub has made for itself may hold."""

Words: TypeAlias = Mapping[str, "Word | Mapping[str, Word]"]
"""The fields of a kind by their names; of a record within, the fields of its own."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field as one account has it."""

    word: Word
    label: str = ""
    """What people see it called."""
    choices: tuple[str, ...] = ()
    is_custom: bool = False
    is_written: bool = True
    """Whether it can be written, as far as the vendor says."""
    fields: Mapping[str, Field] = {}
    """Of a record within."""


def named(**names: str) -> dict[str, Word]:
    """Give fields by the word for what they hold, names in one text: `money="total balance"`."""
    shape: dict[Word, str] = msgspec.convert(names, dict[Word, str])
    return {name: word for word, several in shape.items() for name in several.split()}


def as_fields(words: Words) -> dict[str, Field]:
    """Give what is known of every account as it is known of one."""
    return {
        name: Field(word=word)
        if isinstance(word, str)
        else Field(word="record", fields=as_fields(word))
        for name, word in words.items()
    }


def as_words(fields: Mapping[str, Field]) -> Words:
    """Give what is known of one account as it is known of every one."""
    return {
        name: {inner: one.word for inner, one in field.fields.items()} or field.word
        for name, field in fields.items()
    }
