"""Countries and states where an org takes them from lists: a code and its name go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.salesforce.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.salesforce.fields import Object
    from hub.sandbox.salesforce.organisation import Organisation

COUNTRIES = {
    "PT": "Portugal", "GB": "United Kingdom", "DE": "Germany", "BE": "Belgium", "DK": "Denmark",
    "US": "United States", "ES": "Spain", "FR": "France", "IN": "India",
}  # fmt: skip
STATES = {"CA": "California", "TX": "Texas", "NY": "New York", "OR": "Oregon", "CO": "Colorado"}

_LISTS = (("Country", COUNTRIES), ("State", STATES))


def names_of(field: str) -> Mapping[str, str]:
    """Give the words of a list, by their codes; of any other field, none."""
    return next((known for word, known in _LISTS if field.endswith(f"{word}Code")), {})


def settled(org: Organisation, entity: Object, values: dict[str, Any]) -> dict[str, Any]:
    """Give code and name for whichever of them was said; what is in no list is refused."""
    if not org.quirks.state_picklists:
        return values
    made = dict(values)
    for name, field in entity.fields.items():
        if field.feature != "state_picklists" or not (known := names_of(name)):
            continue
        plain = name.removesuffix("Code")
        if values.get(name):
            made[plain] = known.get(str(values[name])) or _unknown(plain)
        elif values.get(plain):
            codes = {word.casefold(): code for code, word in known.items()}
            made[name] = codes.get(str(values[plain]).casefold()) or _unknown(plain)
    return made


def _unknown(field: str) -> str:
    what, several = ("country", "countries") if field.endswith("Country") else ("state", "states")
    message = (
        f"There's a problem with this {what}, even though it may appear correct. Please choose a "
        f"{what} from the list of valid {several}."
    )
    raise Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=(field,))
