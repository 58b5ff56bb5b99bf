"""What a flow is, once its file was read and found free of faults.

Three kinds, and no more. A sync keeps linked records in agreement; a once does one thing once, when
something becomes true; a while keeps something so for as long as something is true.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from hub.flows.expression import Expression  # noqa: TC001 - msgspec reads the annotations

Asked: TypeAlias = dict[str, tuple[str, ...] | int]
"""The answers to a flow's questions: a number, or one or more words."""

Path: TypeAlias = tuple[str, ...]
"""The way to a field: names from the outside in; a last name that ends in `*` means all that begin
so, as one value: `Billing_*` is an address of five fields. So is `street+city+code+country`."""

Mode = Literal["off", "shadow", "hold", "on", "paused"]
"""shadow decides and writes nothing; hold has each write wait for a named person."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A typed reading of a field, by its name in the closed list of `steps`."""

    name: str = "text"
    cut: int | None = None
    """How long it may be where it is written."""
    table: tuple[tuple[str, str], ...] = ()
    """For `as = {…}`: what is said on the first side, and what that is on the second."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """What is to stand in a field: a plain path (exact to the digit), an expression, or a word."""

    text: str
    """As it stands in the file."""
    path: Path = ()
    """Of the names that are at hand, the first: `("deal", "Owner", "email")`."""
    expression: Expression | None = None
    word: str | bool | int | None = None
    sentence: tuple[str | Path, ...] = ()
    """Words, and between them paths of what is to be filled in, exact to the digit."""
    figure: str = ""
    """One of the closed list of `figures`."""
    of: str = ""
    """What the figure is about: one of the names at hand."""
    step: Step = Step()


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a sync: the records of a kind that take part."""

    name: str
    connection: str
    kind: str
    only: Expression | None = None
    """Of `it`, a record; those for which it is not true never take part."""
    part: Path = ()
    """The field that tells several records of this side in one link apart."""
    by: str = ""
    """Of people: the field in which such a record names its company."""
    within: str = ""
    """Of people: the list in the company's record that holds them."""


class KeyPart(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that two records are compared by, and where each side has it."""

    places: dict[str, Path]
    step: Step
    part: str = ""
    """Of an address: `code`, of `address.code`; empty: all of it."""


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """What makes two records the same if all of it agrees: `name + address.code`."""

    text: str
    parts: tuple[KeyPart, ...]


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """`sure` keys link, `maybe` keys only propose."""

    sure: tuple[Key, ...] = ()
    maybe: tuple[Key, ...] = ()


New = Literal["create", "ask", "ignore"]
Gone = Literal["ask", "ignore", "deactivate", "unlink"]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that both sides of a sync say, and who is believed."""

    name: str
    places: dict[str, Path]
    owner: str
    """A side; or `latest`: the newer word; or `ask`: a person."""
    step: Step = Step()
    clash: Literal["owner", "ask"] = "owner"
    """What decides if both sides changed."""
    lone: Literal["carry", "put_back"] = "carry"
    """What becomes of an edit on the side that is not the owner, when only that side changed."""
    empty: Literal["keep", "carry"] = "keep"
    """Whether a side that was cleared clears the other."""
    write: Literal["always", "on create", "never"] = "always"
    """`never`: it is only matched by."""
    apart: bool = False
    """Whether a further part of a link says which one it is: `Velm Tools (USD)`."""


class Sync(msgspec.Struct, frozen=True, kw_only=True, tag="sync"):
    """Linked records agree. Sides are in the order of the file; there are two."""

    name: str
    id: str
    """Outlives the name: what the flow makes is marked by it."""
    about: str
    sides: tuple[Side, ...]
    match: Match
    new: dict[str, New]
    gone: dict[str, Gone]
    fields: tuple[Field, ...]
    people: Sync | None = None
    guard: Guard
    examples: tuple[Example, ...] = ()


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The records that a once or a while flow watches, under the name the file gives them."""

    name: str
    connection: str
    kind: str

    def key(self, case: str) -> tuple[str, str, str]:
        """Give the record for which something is made: its case is named by the record's id."""
        return self.connection, self.kind, case


class LinkNeed(msgspec.Struct, frozen=True, kw_only=True, tag="link"):
    """The record that is linked with the one that a field names: `deal.Account_Name`."""

    name: str
    path: Path
    of: str
    """The sync that links them."""
    part: Value | None = None
    miss: Literal["create", "inbox"] = "inbox"


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """One place from which lines may come: `crm.Quotes by Deal_Name`, or the source itself."""

    called: str
    kind: str = ""
    """Of the source's connection; empty: they are in the source itself."""
    by: str = ""
    """The field in which such a record names the source."""
    such: Expression | None = None
    """Of `it` and `ask`: which of them count."""
    each: str = ""
    """The list in that record; empty: the source as one line."""
    fields: dict[str, Value] = {}
    """What each line says: name, quantity, rate; discount, taxes, tax, description."""
    whole: dict[str, Value] = {}
    """What the record says of all its lines together: discount, adjustment, taxes, tax, total."""


class LinesNeed(msgspec.Struct, frozen=True, kw_only=True, tag="lines"):
    """The lines of a document: from the first of these places that has some."""

    name: str
    first_of: tuple[Lines, ...]
    net: Value | None = None
    """What the source says they come to; lines that come to something else are not used."""
    currency: Value | None = None
    """What they are in: money is rounded to its minor unit, and lines in another are not used."""


Need: TypeAlias = LinkNeed | LinesNeed


class Make(msgspec.Struct, frozen=True, kw_only=True):
    """The record to be made, under the vendor's own names; `each` makes one of each line."""

    connection: str
    kind: str
    fields: dict[str, Value]
    each: dict[str, dict[str, Value]] = {}
    """By the name of the list in the record to be made: what each of its entries says."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """Two sums that must agree before a document goes further: `said` and `made`."""

    name: str
    said: Value
    made: str
    """The field of what was made."""
    off_by: Literal["0", "1 minor unit per line"] = "0"


class Tell(msgspec.Struct, frozen=True, kw_only=True):
    """What is written back on a record that is there already."""

    connection: str
    kind: str
    to: Value
    """The id of that record."""
    fields: dict[str, Value]


class Once(msgspec.Struct, frozen=True, kw_only=True, tag="once"):
    """One thing is done once, when something becomes true, and stays so when it is read again."""

    name: str
    id: str
    about: str
    ask: Asked
    """The answers to its questions."""
    source: Source
    becomes: Expression
    """Of the source, under its name, and `ask`."""
    stays_seconds: float
    needs: tuple[Need, ...]
    make: Make
    agree: tuple[Check, ...]
    tell: tuple[Tell, ...]
    guard: Guard
    examples: tuple[Example, ...] = ()


MESSAGES = "messages"
"""The kind of what is said and then stands: nothing of a message is read or changed afterwards."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a thing that was opened, unless it is so that people have taken it over."""

    fields: dict[str, Value] = {}
    unless: Expression | None = None
    """Of all that is at hand, and of the thing itself as `made`."""


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """The one thing that is there as long as something is true."""

    make: Make
    """What it says when it is made, what is kept so among that."""
    keep: Part
    """What is kept so as long as it is open."""
    close: Part
    """What it says in the end."""
    already: Literal["skip", "ask"]
    """What becomes of those of which it is true on the day the flow is switched on."""


class While(msgspec.Struct, frozen=True, kw_only=True, tag="while"):
    """Something is kept so for as long as something is true.

    It is kept said on records that are there; or one thing is opened for it, and closed again.
    """

    name: str
    id: str
    about: str
    ask: Asked
    source: Source
    holds: Expression
    """Of the source, under its name, `ask`, and of an invoice `standing`."""
    clock: str
    """The connection on whose every morning it is looked at anew; empty: none."""
    needs: tuple[LinkNeed, ...]
    keep: tuple[Tell, ...] = ()
    opens: Open | None = None
    guard: Guard
    examples: tuple[Example, ...] = ()


class AtMost(msgspec.Struct, frozen=True, kw_only=True):
    """A brake: `25 per hour`, `100000 EUR per day`; past it the flow goes to hold."""

    text: str
    amount: str
    """A whole number, or a decimal with its currency."""
    currency: str = ""
    seconds: float


class Guard(msgspec.Struct, frozen=True, kw_only=True):
    go_live: Mode = "hold"
    at_most: tuple[AtMost, ...] = ()
    emptied_records: int = 20
    """One field emptied or missing on more records of a kind than this, and than `emptied_percent`
    of all that are known, within a short while: then it goes to hold."""
    emptied_percent: str = "1"


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A story in the flow's own file: what is seen, line by line, and what is expected of it."""

    story: str
    see: tuple[str, ...]
    expect: tuple[str, ...]
    no_longer: str = ""
    """Why a story of the flow that is extended is not true of this one; then it tells nothing."""
    line: int = 0


Flow: TypeAlias = Sync | Once | While
