"""Rule on a member's news: whose word holds, by the owner of the field and the rest of its line.

Both sides changed where another side's word is owed to the member that speaks, or where our write
went over its news; else its edit is a lone one. With `empty = "keep"` to be empty is no word: a
clearing only asks that its own side stay so until the value is another, and nothing is put back to
empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from hub.flows.agree.agreement import still_shows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.agree.agreement import FieldState, Said, Same
    from hub.flows.flow import Field

Act: TypeAlias = Literal["carry", "put back", "leave empty", "ask"]


class Ruling(NamedTuple):
    act: Act
    why: str


class Parts(NamedTuple):
    """What became of the parts of an address since its member was heard: by it, and by others."""

    ours: Mapping[str, str]
    theirs: Mapping[str, str]
    changed: set[str]
    rivals: set[str]
    contested: set[str]


def rule(
    field: Field,
    state: FieldState,
    member: str,
    word: Said,
    side_of: Mapping[str, str],
    *,
    same: Same,
) -> Ruling:
    """Tell what becomes of news of a member of this link."""
    if member not in state.words:
        return _first_word(field, state, member, word, side_of)
    hidden = still_shows(state.words[member], word) is False
    if word.value is None and field.empty == "keep":
        return _clearing(field, state, member, side_of, hidden=hidden)
    rival = _rival(state, side_of[member], side_of)
    contends = rival is not None and field.write == "always" and not state.stands(member)
    if not hidden and not contends:
        return _lone(field, state, member, side_of)
    if rival is not None and field.clash == "ask":
        return Ruling("ask", f"{member} and {rival} both changed it: a person is asked")
    ruling = _contest(field, state, member, word, side_of)
    if _is_torn(_parts_changed(state, member, word, same=same), ruling.act):
        what = f"{member} and {rival} both changed a part of it, and one of them another"
        return Ruling("ask", f"{what}: a person is asked")
    return ruling


def merged(
    field: Field,
    state: FieldState,
    member: str,
    word: Said,
    side_of: Mapping[str, str],
    *,
    same: Same,
) -> dict[str, str] | None:
    """Give the value that has both changes, where two sides changed different parts of it.

    A part that either side merely writes otherwise was changed by nobody, and one that both say
    alike is no matter.
    """
    parts = _parts_changed(state, member, word, same=same)
    if parts is None or parts.contested or _is_put_back(field, side_of[member]):
        return None
    if not (parts.changed and parts.rivals):
        return None
    kept = parts.ours if field.empty == "keep" else {}
    news = {part: parts.theirs.get(part) or kept.get(part, "") for part in parts.changed}
    return {**parts.ours, **news}


def _parts_changed(state: FieldState, member: str, word: Said, *, same: Same) -> Parts | None:
    """Compare an address with the one that its member said before, and with the agreed one."""
    shown = state.words[member].value if member in state.words else None
    before = word.before or shown
    ours, theirs = state.value, word.value
    if not (isinstance(before, dict) and isinstance(ours, dict) and isinstance(theirs, dict)):
        return None
    changed, rivals = _unlike(before, theirs, same), _unlike(before, ours, same)
    return Parts(ours, theirs, changed, rivals, changed & rivals & _unlike(theirs, ours, same))


def _is_torn(parts: Parts | None, act: Act) -> bool:
    """Tell whether a part is contested, and whose word does not hold changed another one alone.

    Dropped, its edit is lost; put together, they are an address that nobody wrote.
    """
    if parts is None or not parts.contested:
        return False
    lost = {"carry": parts.rivals - parts.changed, "put back": parts.changed - parts.rivals}
    return bool(lost.get(act))


def _unlike(one: Mapping[str, str], other: Mapping[str, str], same: Same) -> set[str]:
    said = {part: (one.get(part, ""), other.get(part, "")) for part in {**one, **other}}
    return {part for part, (was, now) in said.items() if not same({part: was}, {part: now})}


def _first_word(
    field: Field, state: FieldState, member: str, word: Said, side_of: Mapping[str, str]
) -> Ruling:
    """A first sight is a baseline, never a change: it fills what is empty, or its side owns it."""
    if word.value is None:
        return Ruling("put back", f"{member} is empty when first seen")
    if state.value is None:
        return Ruling("carry", f"{member} is the first to say something")
    side = side_of[member]
    spoken = {**state.words, **(state.held if state.asks else {})}
    if any(
        side_of[who] == side and who != member and said.value is not None
        for who, said in spoken.items()
    ):
        return Ruling("put back", f"{member} came later than another of {side}")
    return _contest(field, state, member, word, side_of)


def _lone(field: Field, state: FieldState, member: str, side_of: Mapping[str, str]) -> Ruling:
    if state.value is None and field.empty == "keep":
        return Ruling("carry", f"{member} filled it")
    if _is_put_back(field, side_of[member]):
        return Ruling("put back", f"only {member} changed it, but {field.owner} owns it: put back")
    return Ruling("carry", f"only {member} changed it")


def _clearing(
    field: Field, state: FieldState, member: str, side_of: Mapping[str, str], *, hidden: bool
) -> Ruling:
    if hidden or not state.stands(member):
        return Ruling("put back", f"{member} was cleared, but another value is on its way to it")
    if _is_put_back(field, side_of[member]):
        return Ruling("put back", f"{member} was cleared, but {field.owner} owns it: put back")
    return Ruling("leave empty", f"{member} was cleared: it is left so, and the others are kept")


def _contest(
    field: Field, state: FieldState, member: str, word: Said, side_of: Mapping[str, str]
) -> Ruling:
    side = side_of[member]
    rival = _rival(state, side, side_of)
    if field.owner == "latest" or rival is None:
        by = state.by if rival is None else rival
        later, earlier = (member, by) if _is_later(word, state) else (by, member)
        act: Act = "carry" if later == member else "put back"
        return Ruling(act, f"{later} said it later than {earlier}")
    if field.owner == "ask":
        return Ruling("ask", f"{member} and {rival} differ: a person is asked")
    if field.owner == side:
        return Ruling("carry", f"{member} and {rival} differ: {side} owns it")
    return Ruling("put back", f"{member} and {rival} differ: {field.owner} owns it")


def _rival(state: FieldState, side: str, side_of: Mapping[str, str]) -> str | None:
    """Give who of another side said what is agreed, or a part of it."""
    return next((one for one in (state.by, *state.beside) if side_of.get(one) != side), None)


def _is_later(word: Said, state: FieldState) -> bool:
    if word.stamp is not None and state.stamp is not None and word.stamp != state.stamp:
        return word.stamp > state.stamp
    return word.position > state.since


def _is_put_back(field: Field, side: str) -> bool:
    owned = field.owner not in ("latest", "ask", side)
    return owned and field.lone == "put_back"
