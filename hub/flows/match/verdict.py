"""What follows when records agree: a link, a proposal, or nothing.

Sure keys link, but never against what else is known: another name, another tax number, a cross id
that points elsewhere, or a second record that fits as well. Then, as with maybe keys, a person is
asked. A mistaken link sends a company's invoices to another one; a proposal costs a glance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.flows.match.compare import Hit


class Link(msgspec.Struct, frozen=True, kw_only=True):
    record: str
    why: str


class Propose(msgspec.Struct, frozen=True, kw_only=True):
    records: tuple[str, ...]
    why: str


class Nobody(msgspec.Struct, frozen=True, kw_only=True):
    why: str = "no record has any of its keys"


Verdict: TypeAlias = Link | Propose | Nobody


def verdict(hits: Sequence[Hit]) -> Verdict:
    """Say what follows from all records that meet one.

    Where a side has a part, records of different parts are no rivals: ask for each part by itself.
    """
    sure = [hit for hit in hits if hit.sure]
    fit = [hit for hit in sure if not hit.against]
    if len(fit) == 1 and fit[0].names_agree:
        return Link(record=fit[0].record, why=f"same {_listed(fit[0].sure)}")
    if len(fit) > 1:
        return _propose(fit, f"{len(fit)} records fit: {_each(fit)}")
    if sure:
        return _propose(sure, _doubt(fit[0] if fit else sure[0]))
    if hits:
        keys = _listed(_all_keys(hits))
        return _propose(hits, f"same {keys}, which alone is no proof")
    return Nobody()


def _doubt(hit: Hit) -> str:
    if hit.against:
        return f"same {_listed(hit.sure)}, but another {_listed(hit.against)}"
    one, other = hit.names
    return f"same {_listed(hit.sure)}, but one is called “{one}” and the other “{other}”"


def _each(hits: Sequence[Hit]) -> str:
    return ", ".join(f"{hit.record} (same {_listed(hit.sure)})" for hit in hits)


def _propose(hits: Sequence[Hit], why: str) -> Propose:
    return Propose(records=tuple(hit.record for hit in hits), why=why)


def _all_keys(hits: Sequence[Hit]) -> list[str]:
    return list(dict.fromkeys(key for hit in hits for key in (*hit.sure, *hit.maybe)))


def _listed(words: Sequence[str]) -> str:
    return " and ".join(words)
