"""On what the sides of a link agree, for people: each field once, where the flows say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.console.link import Agreed


def agreed_lines(some: Sequence[Agreed]) -> Iterator[str]:
    """Give a line for each word that is agreed; what is empty on all sides stands in the last."""
    said = [one for one in some if one.value is not None or one.since or one.differing]
    alike: dict[bytes, list[Agreed]] = {}
    for one in said:
        key = (one.field, one.value, one.asks, one.differing)
        alike.setdefault(msgspec.json.encode(key, order="sorted"), []).append(one)
    for ones in alike.values():
        yield _line(ones)
    spoken_of = {one.field for one in said}
    unsaid = dict.fromkeys(one.field for one in some if one.field not in spoken_of)
    if unsaid:
        yield f"nothing on any side: {', '.join(unsaid)}"


def _line(ones: Sequence[Agreed]) -> str:
    one = ones[0]
    flows = "; ".join(_since(each) for each in ones)
    asks = "  a person is asked" if one.asks else ""
    shown = ", ".join(f"{who} shows {in_words(value)}" for who, value in one.differing.items())
    return f"{one.field:14} {in_words(one.value)}  ({flows}){asks}  {shown}".rstrip()


def _since(one: Agreed) -> str:
    since = f"{one.flow}, since #{one.since}"
    return f"{since}, {one.by} said so" if one.by else since


def in_words(value: object) -> str:
    """Say a value: of an address, each part that says something."""
    if isinstance(value, dict):
        parts = [f"{name} {in_words(part)}" for name, part in value.items() if part]
        return ", ".join(parts) or "nothing"
    return "nothing" if value is None else str(value)
