"""Task and Case."""

from __future__ import annotations

from hub.sandbox.salesforce.fields import Field
from hub.sandbox.salesforce.standard.shape import entity, link, pick

WHAT = ("Account", "Opportunity", "Quote", "Case", "SBQQ__Quote__c")

TASK = entity(
    "Task",
    "00T",
    [
        link("WhoId", "Contact", children="Tasks"),
        link("WhatId", *WHAT, children="Tasks"),
        Field(name="Subject"),
        Field(name="ActivityDate", type="date"),
        pick(
            "Status",
            "Not Started",
            "In Progress",
            "Completed",
            "Waiting on someone else",
            "Deferred",
            default="Not Started",
        ),
        pick("Priority", "High", "Normal", "Low", default="Normal"),
        Field(name="Description", type="textarea", length=32_000),
        link("AccountId", "Account", read_only=True),
        Field(name="IsClosed", type="boolean", read_only=True, default=False),
    ],
    name_field="Subject",
    marked=True,
    money=True,
)

CASE = entity(
    "Case",
    "500",
    [
        link("MasterRecordId", "Case", read_only=True),
        Field(name="CaseNumber", length=30, read_only=True),
        link("ContactId", "Contact", children="Cases"),
        link("AccountId", "Account", children="Cases"),
        Field(name="Subject"),
        Field(name="Description", type="textarea", length=32_000),
        pick("Status", "New", "Working", "Escalated", "Closed", default="New"),
        pick("Priority", "High", "Medium", "Low", default="Medium"),
        pick("Origin", "Phone", "Email", "Web"),
        pick("Type", "Problem", "Question", "Other"),
        pick("Reason", "Installation", "Performance", "Feedback", "Other"),
        Field(name="IsClosed", type="boolean", read_only=True, default=False),
        Field(name="ClosedDate", type="datetime", read_only=True),
    ],
    name_field="CaseNumber",
    marked=True,
    money=True,
)

OBJECTS = (TASK, CASE)
