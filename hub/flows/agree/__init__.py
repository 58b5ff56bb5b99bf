"""What the fields of a link are, once its members have spoken and the owners were heard. Pure.

agreement.py   what is kept of a field: the agreed value, and each member's last word
judge.py       what becomes of what the members say
rule.py        whose word holds, where one of them says something new
write.py       what is owed to a member, and what is kept once it was written

A member is told by its text, `crm.Accounts/1`. A write is owed to it exactly when its last word is
neither the agreed value nor its rendering of that; so an echo owes nothing, a vendor that trims or
cuts cannot play ping-pong, and no side rests in quiet disagreement.

Whoever uses this judges at every observation of a member, and at every answer to a delivery, even
if nothing was said. A flight lasts from `sending` until it is known what came of it: an answer with
the vendor's stamp, or a reading that was judged while the flight still lasted.
"""

from hub.flows.agree.agreement import (
    Agreement,
    Change,
    Conflict,
    FieldState,
    Said,
    Verdict,
)
from hub.flows.agree.judge import judge
from hub.flows.agree.write import made, owed, owed_at_create, rendered, settle, written

__all__ = [
    "Agreement",
    "Change",
    "Conflict",
    "FieldState",
    "Said",
    "Verdict",
    "judge",
    "made",
    "owed",
    "owed_at_create",
    "rendered",
    "settle",
    "written",
]
