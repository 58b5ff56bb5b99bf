"""What a record of each kind is made of: what may be written of it, and how long that may be."""

from __future__ import annotations

import msgspec

LONG = 65_535
NO_CAP = 10**9


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """One kind that is written through the API."""

    name: str
    noun: str
    """As events call it: `Ticket_Update`."""
    ids: str
    """Under which key moveToTrash takes them."""
    required: tuple[str, ...]
    texts: dict[str, int]
    """What may be written, and the most characters it has."""
    lookups: dict[str, str] = {}
    """What holds the id of another record, and of which kind."""
    others: frozenset[str] = frozenset()
    """What may be written and is no text."""
    shown: dict[str, object] = {}
    """What the vendor says besides, of a record that was just made."""
    row: tuple[str, ...] = ()
    """What a row of a list says by itself; all but `cf` where it is empty."""


def _texts(**caps: str) -> dict[str, int]:
    """Read caps as they are written below: `_30="city state"`."""
    return {name: int(cap[1:]) for cap, names in caps.items() for name in names.split()}


_PERSON = {"goodPercentage": "0", "okPercentage": "0", "badPercentage": "0"}

CONTACTS = Facts(
    name="contacts",
    noun="Contact",
    ids="contactIds",
    required=("lastName",),
    texts=_texts(
        _30="city state country zip",
        _50="phone mobile",
        _100="firstName title type facebook twitter language layoutId",
        _200="lastName",
        _250="street",
        _255="email secondaryEmail",
        _65535="description",
    ),
    lookups={"accountId": "accounts", "ownerId": "agents"},
    shown={
        "isAnonymous": False,
        "isEndUser": False,
        "isSpam": False,
        "isTrashed": False,
        "isDeleted": False,
        "accountCount": "0",
        "customerHappiness": _PERSON,
        "zohoCRMContact": None,
        "photoURL": None,
    },
)
ACCOUNTS = Facts(
    name="accounts",
    noun="Account",
    ids="accountIds",
    required=("accountName",),
    texts=_texts(
        _30="city state country code",
        _50="phone fax",
        _120="website",
        _200="accountName industry annualrevenue layoutId",
        _250="street",
        _255="email",
        _65535="description",
    ),
    lookups={"ownerId": "agents"},
    others=frozenset({"associatedSLAIds"}),
    shown={
        "isFollowing": "false",
        "isTrashed": False,
        "isDeleted": False,
        "customerHappiness": _PERSON,
        "zohoCRMAccount": None,
        "associatedSLAIds": [],
    },
)
TICKETS = Facts(
    name="tickets",
    noun="Ticket",
    ids="ticketIds",
    required=("subject", "departmentId"),
    texts=_texts(
        _50="phone",
        _100="status priority category subCategory classification channel language layoutId "
        "productId dueDate",
        _255="subject email",
        _65535="description resolution",
    ),
    lookups={
        "departmentId": "departments",
        "contactId": "contacts",
        "accountId": "accounts",
        "assigneeId": "agents",
        "teamId": "teams",
    },
    others=frozenset(
        {"responseDueDate", "secondaryContacts", "entitySkills", "contact", "uploads"}
    ),
    shown={
        "status": "Open",
        "statusType": "Open",
        "priority": None,
        "channel": "Web",
        "channelCode": None,
        "language": "English",
        "closedTime": None,
        "onholdTime": None,
        "isOverDue": False,
        "isResponseOverdue": False,
        "isEscalated": False,
        "isSpam": False,
        "isTrashed": False,
        "isDeleted": False,
        "isArchived": False,
        "sharedDepartments": [],
        "sharedCount": "0",
        "threadCount": "0",
        "commentCount": "0",
        "taskCount": "0",
        "timeEntryCount": "0",
        "approvalCount": "0",
        "attachmentCount": "0",
        "tagCount": "0",
        "source": {
            "appName": None,
            "extId": None,
            "type": "SYSTEM",
            "permalink": None,
            "appPhotoURL": None,
        },
    },
    row=(
        "id", "ticketNumber", "subject", "status", "statusType", "priority", "channel", "language",
        "departmentId", "contactId", "productId", "assigneeId", "teamId", "email", "phone",
        "dueDate", "responseDueDate", "createdTime", "closedTime", "customerResponseTime",
        "threadCount", "commentCount", "isSpam", "isArchived", "source", "webUrl", "cf",
    ),
)  # fmt: skip
KINDS = {facts.name: facts for facts in (TICKETS, CONTACTS, ACCOUNTS)}
EVERY = ("id", "createdTime", "modifiedTime", "webUrl", "cf", "customFields")
"""What every record says; who asks for single fields may ask for these."""

NOT_ASKED = frozenset({"subStatus", "statusText", "isArchived"})
"""Names in `fields` that were seen to be answered with 500, though one of them is told."""
