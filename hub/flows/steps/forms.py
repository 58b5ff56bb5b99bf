"""Legal forms of companies, as they are written once dots and accents are gone."""

from __future__ import annotations

from typing import NamedTuple

_TABLE = """
ltd: ltd, limited, pvt ltd, private limited, pty ltd, pty limited, pte ltd, pte limited
ltd: proprietary limited, co ltd, company limited, co limited, ltd co, pvt limited, private ltd
ltd: cyf, cyfyngedig, ltda, limitada, lda, teoranta
plc: plc, public limited company, ccc
llp: llp
lp: lp
inc: inc, incorporated, co inc
corp: corp, corporation
llc: llc, l l c, ltd liability company, limited liability company, llc co
pc: pc
gmbh: gmbh, ggmbh, mbh, gesellschaft mit beschrankter haftung, gesmbh, ges m b h
ug: ug, ug haftungsbeschrankt
ag: ag, aktiengesellschaft
kg: gmbh & co kg, gmbh co kg, gmbh & cokg, gmbh & co kgaa, ag & co kg, ug & co kg, se & co kg, kg
kg: ug haftungsbeschrankt & co kg, kommanditgesellschaft
kgaa: kgaa
ohg: ohg, gmbh & co ohg
gbr: gbr
ek: ek, ekfm, ekfr, eingetragener kaufmann
ev: ev
eg: eg
se: se
sarl gmbh: sarl, sa rl, s a rl, s a r l
sarl: eurl, sarlu
sas: sas, sasu
sa nv ag: sa, s a
sl: sl, slu, sociedad limitada
sa: sau, sociedad anonima, sociedade anonima, societe anonyme
srl bv: srl, sprl
srl: srls, societa a responsabilita limitata
spa: spa form, societa per azioni
snc: snc
scs: scs, sas di
bv: bv, b v, bvba, besloten vennootschap
nv: nv, n v, naamloze vennootschap
vof: vof
cv: cv, cvba
as: as, a s, aktieselskab, aksjeselskap
aps: aps, anpartsselskab
ivs: ivs
ab: ab, aktiebolag
hb: hb
oy: oy, osakeyhtio
oyj: oyj
ou: ou
sia: sia
uab: uab
spzoo: sp zoo, sp z oo, spolka zoo, spolka z oo, spolka z ograniczona odpowiedzialnoscia
sro: sro, spol sro
doo: doo
kft: kft
zrt: zrt
eood: eood, ood
ae: ae
sdnbhd: sdn bhd
kk: kk, kabushiki kaisha
sacv: sa de cv, sapi de cv
srlcv: s de rl de cv
pt: pt
jsc: jsc, ojsc, pjsc, oao, pao
ooo: ooo
fze: fze, fzco, fz llc
co: co, company, & co, & company, & cie
"""
"""What stands before the colon says which forms are one: two with a word in common may be."""

WORDS_MAX = 6
NEUTRAL = frozenset({"co"})
"""Said or left out at will, and so no reason to tell two companies apart."""

_FRONTS = "sarl sas sasu eurl sa sprl srl bv nv snc ooo oao pao jsc pt ab oy uab sia gmbh kk"
IN_FRONT = frozenset(_FRONTS.split())
"""Forms that some put before the name."""


class Named(NamedTuple):
    """A name apart from its legal form; no form where it says none."""

    words: tuple[str, ...]
    form: frozenset[str]


def _read_table() -> dict[tuple[str, ...], frozenset[str]]:
    forms: dict[tuple[str, ...], frozenset[str]] = {}
    for line in _TABLE.strip().splitlines():
        kinds, _, written = line.partition(":")
        forms |= {tuple(one.split()): frozenset(kinds.split()) for one in written.split(",")}
    return forms


_FORMS = _read_table()


def without_form(words: tuple[str, ...]) -> Named:
    """Take the legal form off a name, however many words it has; never the whole name."""
    form: frozenset[str] = frozenset()
    while found := _longest_end(words):
        words = words[: -len(found)]
        form = form or _FORMS[found] - NEUTRAL
    if not form and len(words) > 1 and words[0] in IN_FRONT:
        return Named(words[1:], _FORMS[words[:1]])
    return Named(words, form)


def _longest_end(words: tuple[str, ...]) -> tuple[str, ...]:
    for length in range(min(WORDS_MAX, len(words) - 1), 0, -1):
        if words[-length:] in _FORMS:
            return words[-length:]
    return ()
