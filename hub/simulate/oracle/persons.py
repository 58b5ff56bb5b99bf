"""P6, P7 and P11 for the people in companies: made once each, and the same on all sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.simulate.companies import HUB_MAKES, company_of
from hub.simulate.oracle.view import Broken, may_stand
from hub.simulate.persons import FIELDS, NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.sandbox.system import Fields
    from hub.simulate.oracle.view import View

ID = {
    "crm": "crm.Contacts/{id}",
    "books": "books.contactpersons/{contact_person_id}",
    "desk": "desk.contacts/{id}",
    "salesforce": "salesforce.Contact/{Id}",
}


def judged(view: View) -> Iterator[Broken]:
    """Tell what is broken, of those whose company is the same on all sides."""
    known = set(view.alone())
    people = {side: _by_name(view, side, known) for side in view.ground.sides}
    for name in sorted({name for each in people.values() for name in each}):
        found = {
            side: each.get(name, [])
            for side, each in people.items()
            if side in HUB_MAKES or name in each
        }
        if any(_subject(side, one) in view.inbox for side, each in found.items() for one in each):
            continue
        if any(len(each) != 1 for each in found.values()):
            counts = ", ".join(f"{len(each)} in {side}" for side, each in found.items())
            promise = "P6" if any(len(each) > 1 for each in found.values()) else "P11"
            yield Broken(promise=promise, sentence=f"{name} is there {counts}", company=name)
            continue
        for field in FIELDS["crm"]:
            yield from _field(view, name, field, {s: each[0] for s, each in found.items()})


def _field(view: View, name: str, field: str, found: dict[str, Fields]) -> Iterator[Broken]:
    words = {side: str(one[FIELDS[side][field]] or "") for side, one in found.items()}
    edits = view.edits(name, field)
    if len(set(words.values())) > 1:
        what = f"{field} of {name} is not the same: {words}"
        yield Broken(promise="P11", sentence=what, company=name)
    elif edits and words["crm"] not in (may := may_stand(edits)):
        what = f"{field} of {name} shows {words['crm']!r}, not one of {sorted(may)}"
        yield Broken(promise="P7", sentence=what, company=name)


def _by_name(view: View, side: str, companies: set[str]) -> dict[str, list[Fields]]:
    found: dict[str, list[Fields]] = {}
    for company, person in view.people.persons.all(side):
        if company_of(company) in companies:
            found.setdefault(str(person[NAME[side]]), []).append(person)
    return found


def _subject(side: str, person: Fields) -> str:
    return ID[side].format(**person)
