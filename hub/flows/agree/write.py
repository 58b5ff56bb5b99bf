"""What is owed to a member, and what is kept of a field once it was written or settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from hub.flows.agree.agreement import Agreement, FieldState, Said, agree, consider, same_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from hub.flows.flow import Field, Sync
    from hub.flows.steps.answers import Canonical


def owed(flow: Sync, agreement: Agreement, member: str, side: str) -> dict[str, Canonical]:
    """Give what a member is to show and does not: of fields that it has spoken of."""
    return {
        field.name: state.value
        for field, state in _agreed(flow, agreement, side)
        if field.write == "always"
        and member in state.words
        and member not in state.held
        and not state.stands(member)
    }


def owed_at_create(flow: Sync, agreement: Agreement, side: str) -> dict[str, Canonical]:
    """Give what a record of this side is to say when it is made."""
    return {
        field.name: state.value
        for field, state in _agreed(flow, agreement, side)
        if field.write != "never" and state.value is not None
    }


def written(
    agreement: Agreement,
    member: str,
    sent: Mapping[str, Canonical],
    *,
    at: int,
    stamp: datetime | None = None,
) -> Agreement:
    """Have a member show what was sent: the vendor has answered, at this event, with this stamp.

    Of a record that was made, say None for what was left empty: what its vendor put there is then
    rendered, and no news.
    """
    changed = {
        name: _written(agreement[name], member, value, at, stamp)
        for name, value in sent.items()
        if name in agreement
    }
    return {**agreement, **changed}


def rendered(
    agreement: Agreement,
    member: str,
    sent: Mapping[str, Canonical],
    returned: Mapping[str, Canonical],
) -> Agreement:
    """Accept what the vendor made of what was just written, as its answer to that write has it.

    Only as the answer has it: a later reading may hold a person's word, which is to be judged. And
    only where the member said nothing since: of another word this is no rendering.
    """
    changed = {
        name: _rendered(agreement[name], member, value)
        for name, value in returned.items()
        if name in agreement and _shows(agreement[name], member, sent[name])
    }
    return {**agreement, **changed}


def made(agreement: Agreement, member: str, own: Mapping[str, Said]) -> Agreement:
    """Have a member show what an attempt to make it has sent, where it never said anything else.

    What it was taken to say when it was found has no stamp: it said nothing of that itself.
    """
    changed = {
        name: replace(agreement[name], words={**agreement[name].words, member: word})
        for name, word in own.items()
        if (known := agreement[name].words.get(member)) is None or known.stamp is None
    }
    return {**agreement, **changed} if changed else agreement


def settle(
    agreement: Agreement,
    field: Field,
    value: Canonical,
    *,
    by: str,
    at: int,
    stamp: datetime | None = None,
    same: Callable[[Field, Canonical, Canonical], bool],
) -> Agreement:
    """Have a field be what a person says, at the event that brought the answer."""
    state = agreement.get(field.name) or FieldState()
    settled = replace(state, held={}, asks=False)
    for member, word in state.held.items():
        settled = consider(settled, member, word, wins=same_in(field, same)(word.value, value))
    word = Said(value=value, stamp=stamp, position=at)
    return {**agreement, field.name: agree(settled, by, word, same_in(field, same))}


def _agreed(flow: Sync, agreement: Agreement, side: str) -> list[tuple[Field, FieldState]]:
    return [
        (field, state)
        for field in flow.fields
        if side in field.places
        and (state := agreement.get(field.name)) is not None
        and not state.asks
    ]


def _written(
    state: FieldState, member: str, value: Canonical, at: int, stamp: datetime | None
) -> FieldState:
    known = state.words.get(member)
    if stamp is None and known is not None and known.value == value:
        stamp = known.stamp  # its echo came before the answer
    word = Said(value=value, stamp=stamp, position=at)
    return replace(state, words={**state.words, member: word})


def _shows(state: FieldState, member: str, value: Canonical) -> bool:
    return member in state.words and state.words[member].value == value


def _rendered(state: FieldState, member: str, value: Canonical) -> FieldState:
    sent = state.words[member]
    if sent.value == value:
        return state
    shown = replace(state, words={**state.words, member: replace(sent, value=value)})
    if sent.value != state.value:
        return shown  # another value was agreed meanwhile, and is owed
    return replace(shown, renderings={**state.renderings, member: value})
