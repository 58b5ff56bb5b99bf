"""An address, part by part. A part that a side does not say is no word about it.

Some vendors have it as fields that begin alike (`Billing_Street`, `Billing_City`), some as fields
that do not (`street`, `city`), others as a record of its own, with a second line for the street.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hub.flows.steps import country, postcode, text
from hub.flows.steps.answers import Answers, NotUnderstood
from hub.flows.steps.countries import code_of
from hub.flows.steps.place import SEVERAL, is_several

if TYPE_CHECKING:
    from hub.flows.steps.answers import Asked

PARTS = ("street", "city", "state", "code", "country")

_CALLED = {
    "street": ("street", "address"),
    "city": ("city",),
    "state": ("state", "statecode"),
    "code": ("code", "zip", "zipcode", "postalcode", "postcode"),
    "country": ("country", "countrycode"),
}
"""What the vendors call each part, in small letters without `_`; the first that says something."""
_SECOND_LINE = "street2"
_CODE_NAMES = ("Code", "Zip", "PostalCode", "Postal_Code", "Zip_Code")


def read(value: Any, asked: Asked) -> dict[str, str] | None:
    """Read the parts that are said; all of them empty is an empty address."""
    if not isinstance(value, Mapping):
        raise NotUnderstood("an address with its parts (street, city, postcode, country)", value)
    # A vendor may say the whole address once more beside its parts, as a record.
    said = {_plain(name): one for name, one in value.items() if not isinstance(one, Mapping)}
    found = {part: _first_of(said, names, asked) for part, names in _CALLED.items()}
    known = {part: one for part, one in found.items() if one is not None}
    second = text.read(said.get(_SECOND_LINE) or "", asked)
    if second:
        known["street"] = f"{known.get('street', '')}\n{second}".strip()
    if land := known.get("country"):
        known["country"] = code_of(land) or land
    return known if any(known.values()) else None


def write(value: dict[str, str], asked: Asked) -> dict[str, str | None]:
    """Give the parts under the names of that side; what is not said is not written."""
    names = _names_there(asked)
    sent: dict[str, str | None] = {
        names[part]: value[part] or asked.manner.empty for part in PARTS if part in value
    }
    if value.get("country"):
        sent[names["country"]] = country.called(value["country"], asked.manner)
    if "street" in value and not is_several(asked.path):
        first, _, second = value["street"].partition("\n")
        sent |= {names["street"]: first, _SECOND_LINE: second}
    return sent


def clear(asked: Asked) -> dict[str, str | None]:
    return write(dict.fromkeys(PARTS, ""), asked)


def same(one: dict[str, str], other: dict[str, str]) -> bool:
    """Tell whether all parts that both say are the same."""
    both = [part for part in PARTS if part in one and part in other]
    return all(_same_part(part, one[part], other[part]) for part in both)


def key(value: dict[str, str], part: str = "") -> str:
    if part:
        return _part_key(part, value.get(part, ""))
    keys = [_part_key(one, value.get(one, "")) for one in ("street", "code")]
    return " ".join(keys) if all(keys) else ""


def apart(value: dict[str, str]) -> str:
    return code_of(value.get("country", ""))


def _first_of(said: Mapping[str, Any], names: tuple[str, ...], asked: Asked) -> str | None:
    """Give the first of these that says something; None if none of them is there at all."""
    there = [text.read(said[name] or "", asked) or "" for name in names if name in said]
    return next(filter(None, there), there[0] if there else None)


def _names_there(asked: Asked) -> dict[str, str]:
    if not is_several(asked.path):
        return {"street": "address", "code": "zip"} | {
            part: part for part in ("city", "state", "country")
        }
    if SEVERAL in asked.path[-1]:
        there = {_plain(name): name for name in asked.path[-1].split(SEVERAL)}
        return {
            part: next((there[name] for name in names if name in there), part)
            for part, names in _CALLED.items()
        }
    front, known = asked.path[-1].removesuffix("*"), asked.manner.names
    usual = "Code" if front.endswith("_") else "PostalCode"
    code = next((name for name in _CODE_NAMES if f"{front}{name}" in known), usual)
    return {part: part.title() for part in PARTS} | {"code": code}


def _same_part(part: str, one: str, other: str) -> bool:
    if not one or not other:
        return one == other
    return (_part_key(part, one) or _words(one)) == (_part_key(part, other) or _words(other))


def _part_key(part: str, said: str) -> str:
    match part:
        case "code":
            return postcode.key(said)
        case "country":
            return country.key(said)
    return _words(said)


def _words(said: str) -> str:
    # A comma, a line end and a space are all the same to a vendor that has but one line.
    return " ".join(re.split(r"[\s,]+", text.folded(said))).strip()


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


ANSWERS = Answers(read=read, key=key, write=write, clear=clear, same=same, apart=apart)
