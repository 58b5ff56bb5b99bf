"""What the pages of Zoho Desk do not settle, in one place, and how this hub takes each."""

from __future__ import annotations

from hub.connectors.ground import Fact

FACTS = (
    Fact(
        fact="Whether a webhook that did not arrive is sent again, and how often.",
        taken="Never: polling finds what was not told.",
    ),
    Fact(
        fact="Whether the times of a webhook's JWT are in seconds or milliseconds.",
        taken="Either is understood; a minute of difference between the clocks is allowed.",
    ),
    Fact(
        fact="Whether prevState is the whole record, or only what changed.",
        taken="Either: only the names of what changed are kept, and the record is read.",
    ),
    Fact(
        fact="Whether a ticket that becomes overdue or escalated is told, or moves its stamp.",
        taken="Neither: the tickets that wait are read through every so often.",
        setting="open_tickets_seconds",
    ),
    Fact(
        fact="Whether a tag, a comment or a reply moves the stamp of its ticket.",
        taken="It does not: a comment and a reply are told and have the ticket read; tags that "
        "matter are named in the settings, and who gets or loses one is looked for; others are "
        "seen at the next change.",
        setting="tags",
    ),
    Fact(
        fact="Whether a move to another department moves the stamp of its ticket.",
        taken="It does: what has left the departments that the settings choose is found by it, and "
        "is gone; a scan each day finds what it does not tell of.",
        setting="departments",
    ),
    Fact(
        fact="In which order the history of a ticket comes, and how it names the fields.",
        taken="Either order: it is read on where the oldest comes first. A field is found by its "
        "name or its label, letter case and blanks aside.",
        setting="history_rows",
    ),
    Fact(
        fact="Whether a webhook may ignore a source, and what else that silences.",
        taken="It is never asked to. Our writes bear a sourceId only where the settings name one.",
        setting="source_id",
    ),
    Fact(
        fact="How long what was written may be missing from a search.",
        taken="Six minutes: what is younger is looked through beside each search.",
    ),
    Fact(
        fact="How far a search goes: pages say 999 rows, or 4,999.",
        taken="900; then it begins anew at the last stamp it met.",
    ),
    Fact(
        fact="Whether lists count from 0 or from 1.",
        taken="Each page begins where the last one ended: the worst is one row twice.",
    ),
    Fact(
        fact="Whether lists of contacts and accounts can be had with the last change first.",
        taken="They can; a scan each day finds what such a list does not show.",
    ),
    Fact(
        fact="What a read says of an id that is nobody's, or in the recycle bin.",
        taken="404, or that it is in the bin: either says that it is gone.",
    ),
    Fact(
        fact="Whether the cap of a field is enforced by a refusal.",
        taken="It is: addresses, descriptions and the subject of a ticket are cut to it and said "
        "to be; names are not. What a contact's address may hold, an account's may.",
    ),
    Fact(
        fact="Whether a contact with the e-mail of another one is refused.",
        taken="It may be: then it goes to the inbox, as one that may be there already.",
    ),
    Fact(
        fact="By which of two names the fields of a kind are described.",
        taken="organizationFields is asked for, and where there is none, fields.",
    ),
    Fact(
        fact="Which of three scopes webhooks need.",
        taken="Desk.events; where that does not do, `hub setup` says so.",
    ),
    Fact(
        fact="How many credits a day there are: those of each user are not known.",
        taken="What the plan has without its users, or what Desk says is left, if less.",
        setting="plan",
    ),
    Fact(
        fact="Whether there are more data centres than the ten that are known.",
        taken="Hosts are taken from a table, never from an answer.",
        setting="data_centre",
    ),
)
