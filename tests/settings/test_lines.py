"""Each key of a TOML document is found on its line, whatever stands around it."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.settings.lines import Place, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = '''# a comment with [a.table] and key = 1
title = "x" # and another
"quoted key" = 1
dotted.deep.key = 2
dotted.other = 3

[table] # after a header
plain = 1
text = """
[not.a.table]
not_a_key = "1" \\""" still
"""""
literal = \'\'\'
not_a_key = 2 \'\' \\\'\'\'
empty = ""
inline = { a = 1, b.c = [ 1, { d = "}" } ], "e" = \'#\' }
list = [ # of lists
  [1, 2],
  # nothing here
  ["]", """
"""], { x = 1 },
]
when = 1979-05-27 07:32:00Z # a space inside

[ spaced . "header" ]
after = 1

[[many]]
name = 1
[many.inner]
name = 2
[[many]]
[[many.deep]]
name = 3
[[many.deep]]
[many.deep.inner]
name = 4
[table.below]
[spaced]
late = true'''


def test_every_key_of_an_example_is_on_its_line() -> None:
    lines = lines_of(EXAMPLE)

    assert lines == {
        ("title",): 2,
        ("quoted key",): 3,
        ("dotted",): 4,
        ("dotted", "deep"): 4,
        ("dotted", "deep", "key"): 4,
        ("dotted", "other"): 5,
        ("table",): 7,
        ("table", "plain"): 8,
        ("table", "text"): 9,
        ("table", "literal"): 13,
        ("table", "empty"): 15,
        ("table", "inline"): 16,
        ("table", "inline", "a"): 16,
        ("table", "inline", "b"): 16,
        ("table", "inline", "b", "c"): 16,
        ("table", "inline", "b", "c", 0): 16,
        ("table", "inline", "b", "c", 1): 16,
        ("table", "inline", "b", "c", 1, "d"): 16,
        ("table", "inline", "e"): 16,
        ("table", "list"): 17,
        ("table", "list", 0): 18,
        ("table", "list", 0, 0): 18,
        ("table", "list", 0, 1): 18,
        ("table", "list", 1): 20,
        ("table", "list", 1, 0): 20,
        ("table", "list", 1, 1): 20,
        ("table", "list", 2): 21,
        ("table", "list", 2, "x"): 21,
        ("table", "when"): 23,
        ("spaced",): 39,
        ("spaced", "header"): 25,
        ("spaced", "header", "after"): 26,
        ("many",): 28,
        ("many", 0): 28,
        ("many", 0, "name"): 29,
        ("many", 0, "inner"): 30,
        ("many", 0, "inner", "name"): 31,
        ("many", 1): 32,
        ("many", 1, "deep"): 33,
        ("many", 1, "deep", 0): 33,
        ("many", 1, "deep", 0, "name"): 34,
        ("many", 1, "deep", 1): 35,
        ("many", 1, "deep", 1, "inner"): 36,
        ("many", 1, "deep", 1, "inner", "name"): 37,
        ("table", "below"): 38,
        ("spaced", "late"): 40,
    }


def test_the_example_has_those_keys_and_no_others() -> None:
    assert set(lines_of(EXAMPLE)) == set(places_in(tomllib.loads(EXAMPLE)))


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# only", "a=1", "a=1\r\nb=2\r\n", "\t[a]\t\n", "a=[]", "a={}", "a=[[],]"]
)
def test_small_documents_are_read_to_their_end(text: str) -> None:
    assert set(lines_of(text)) == set(places_in(tomllib.loads(text)))


def test_windows_line_ends_count_once() -> None:
    assert lines_of("a = 1\r\n\r\nb = 2\r\n") == {("a",): 1, ("b",): 3}


# A document is drawn as blocks, then written down by a Writer that notes where it put each key.

SCALARS = st.sampled_from(
    [
        "1",
        "-1_000.5e+3",
        "nan",
        "true",
        "1979-05-27",
        "1979-05-27 07:32:00.5+01:00",
        "07:32:00",
        '""',
        "''",
        '""""""',
        "''''''",
        '"[x] # = , ] } \\" \\\\"',
        "'] } # \\'",
        '"""\n[t]\nk = 1\n"""',
        '"""a "" b \\""" # " """""',
        '"""line \\\n   on"""',
        "'''\n[[t]]\n\\'' k = \"\"\" '''''",
    ]
)
STEMS = st.sampled_from(
    ["k", "a.b", "x y", "#", "[t]", "=", "é", '"', "\\", "\t", "'", "", "\U0001f511"]
)
GAPS = st.sampled_from(["", " ", "\n", ' # ] } , = "\n', "\n\n\t", "#\n"])
BLANKS = st.sampled_from(["", " ", "\t"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(st.tuples(GAPS, inner, GAPS), max_size=3)
        | st.dictionaries(st.integers(0, 2), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn) -> Writer:
    writer = Writer(draw)
    writer.entries(())
    for _ in range(draw(st.integers(0, 6))):
        writer.table()
    return writer


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(documents())
def test_every_key_of_any_document_is_on_the_line_where_it_was_written(writer: Writer) -> None:
    lines = lines_of(writer.text)

    assert set(lines) == set(places_in(tomllib.loads(writer.text)))
    assert lines == writer.lines


class Writer:
    """Writes a valid document at random, and keeps the line of each thing it wrote."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[Place, int] = {}
        self.count: dict[str, int] = {}
        self.names = 0

    def table(self) -> None:
        self.put(self.draw(GAPS) + "\n")
        match self.draw(st.sampled_from(["table", "deep table", "one more", "below the last"])):
            case "one more":
                self.one_more()
            case "below the last" if self.count:
                key, name = self.draw(st.sampled_from(sorted(self.count))), self.name()
                self.header((key, self.count[key] - 1), (name,), f"[{self.key([key, name])}]")
            case "deep table":
                names = [self.name(), self.name()]
                self.header((), tuple(names), f"[{self.key(names)}]")
            case _:
                name = self.name()
                self.header((), (name,), f"[{self.key([name])}]")

    def one_more(self) -> None:
        key = self.draw(st.sampled_from([*sorted(self.count), self.name()]))
        number = self.count.get(key, 0)
        self.count[key] = number + 1
        self.lines.setdefault((key,), self.line)
        self.header((key,), (number,), f"[[{self.key([key])}]]")

    def header(self, table: Place, rest: Place, written: str) -> None:
        self.note(table, (*table, *rest))
        self.put(written + self.draw(st.sampled_from(["\n", " # [x]\n"])))
        self.entries((*table, *rest))

    def entries(self, table: Place) -> None:
        for _ in range(self.draw(st.integers(0, 3))):
            self.put(self.draw(GAPS) + "\n")
            self.entry(table)
            self.put(self.draw(st.sampled_from(["\n", " # k = 1\n"])))

    def entry(self, table: Place, value: object = None) -> None:
        key = [self.name() for _ in range(self.draw(st.integers(1, 3)))]
        self.note(table, (*table, *key))
        self.put(self.key(key) + "=" + self.draw(BLANKS))
        self.value(self.draw(VALUES) if value is None else value, (*table, *key))

    def value(self, value: object, place: Place) -> None:
        if isinstance(value, str):
            self.put(value)
        elif isinstance(value, list):
            self.array(value, place)
        elif isinstance(value, dict):
            self.inline_table(list(value.values()), place)

    def array(self, entries: list[tuple[str, object, str]], place: Place) -> None:
        self.put("[")
        for number, (before, value, after) in enumerate(entries):
            self.put(before)
            self.lines[(*place, number)] = self.line
            self.value(value, (*place, number))
            last = number == len(entries) - 1
            self.put(after + ("," if not last or self.draw(st.booleans()) else ""))
        self.put(self.draw(GAPS) + "]")

    def inline_table(self, values: list[object], place: Place) -> None:
        self.put("{")
        for number, value in enumerate(values):
            self.put(", " if number else " ")
            self.entry(place, value)
        self.put(" }")

    def note(self, table: Place, place: Place) -> None:
        for length in range(len(table) + 1, len(place) + 1):
            self.lines[place[:length]] = self.line

    def put(self, text: str) -> None:
        self.text += text

    @property
    def line(self) -> int:
        return self.text.count("\n") + 1

    def name(self) -> str:
        self.names += 1
        return f"{self.draw(STEMS)}{self.names}"

    def key(self, names: list[str]) -> str:
        blank = self.draw(BLANKS)
        return blank + f"{blank}.{blank}".join(map(self.part, names)) + blank

    def part(self, name: str) -> str:
        if name.isascii() and name.isalnum():
            return name
        if not {"'", "\t"} & set(name) and self.draw(st.booleans()):
            return f"'{name}'"
        # TOML knows the escapes of JSON, save for the pairs that JSON needs beyond U+FFFF.
        return json.dumps(name, ensure_ascii=max(name) <= "\uffff")


def places_in(value: object, place: Place = ()) -> Iterator[Place]:
    """Give the place of everything in a document that tomllib has read."""
    entries: Any = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for part, inner in entries:
        yield (*place, part)
        yield from places_in(inner, (*place, part))
