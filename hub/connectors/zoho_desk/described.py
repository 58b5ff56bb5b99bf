"""The fields that records of Zoho Desk have in every portal.

The mark is not among them: no flow ever spells it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.connectors.field import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.field import Words

_EVERY = named(
    id="id", text="webUrl", time="createdTime modifiedTime", record="cf customFields",
    flag="isTrashed isDeleted",
)  # fmt: skip

FIELDS: Mapping[str, Words] = {
    "tickets": {
        **_EVERY,
        **named(
            id="departmentId contactId accountId productId assigneeId teamId layoutId",
            text="ticketNumber subject description channel channelCode language email phone "
            "category subCategory classification resolution",
            choice="status statusType priority",
            time="dueDate responseDueDate closedTime onholdTime customerResponseTime",
            flag="isOverDue isResponseOverdue isEscalated isSpam isArchived",
            number="threadCount commentCount taskCount timeEntryCount approvalCount "
            "attachmentCount tagCount sharedCount",
            list="tags history sharedDepartments secondaryContacts entitySkills",
            record="source",
        ),
    },
    "contacts": {
        **_EVERY,
        **named(
            id="accountId ownerId layoutId",
            text="firstName lastName email secondaryEmail phone mobile title description street "
            "city state country zip facebook twitter language photoURL",
            choice="type",
            number="accountCount",
            flag="isAnonymous isEndUser isSpam",
            record="customerHappiness zohoCRMContact",
        ),
    },
    "accounts": {
        **_EVERY,
        **named(
            id="ownerId layoutId",
            text="accountName email phone fax website annualrevenue code street city state "
            "country description isFollowing",
            choice="industry",
            list="associatedSLAIds",
            record="owner customerHappiness zohoCRMAccount",
        ),
    },
    "comments": named(
        id="id ticketId commenterId",
        text="content contentType",
        flag="isPublic",
        time="commentedTime modifiedTime",
        record="commenter",
    ),
    "departments": named(
        id="id creatorId",
        text="name nameInCustomerPortal description sanitizedName chatStatus",
        flag="isEnabled isDefault isVisibleInCustomerPortal hasLogo",
        list="associatedAgentIds",
        time="createdTime",
    ),
    "teams": named(id="id departmentId", text="name description", list="agents derivedAgents"),
    "agents": named(
        id="id roleId profileId",
        text="firstName lastName name emailId timeZone photoURL",
        choice="status rolePermissionType",
        flag="isConfirmed",
        list="associatedDepartmentIds",
    ),
}
"""By kind; what `cf` holds is each portal's own."""

COMPUTED = frozenset(
    ("id", "ticketNumber", "webUrl", "createdTime", "modifiedTime", "customFields", "statusType",
     "closedTime", "onholdTime", "responseDueDate", "customerResponseTime", "isOverDue",
     "isResponseOverdue", "isEscalated", "isSpam", "isArchived", "isTrashed", "isDeleted",
     "threadCount", "commentCount", "taskCount", "timeEntryCount", "approvalCount",
     "attachmentCount", "tagCount", "sharedCount", "sharedDepartments", "source", "channelCode",
     "accountCount", "isAnonymous", "isEndUser", "customerHappiness", "zohoCRMContact",
     "zohoCRMAccount", "photoURL", "owner", "isFollowing", "commenter", "commenterId",
     "commentedTime", "history")
)  # fmt: skip
"""What Desk works out by itself: nobody writes it."""

READ_ONLY: Mapping[str, frozenset[str]] = {
    kind: COMPUTED & fields.keys() for kind, fields in FIELDS.items()
}
