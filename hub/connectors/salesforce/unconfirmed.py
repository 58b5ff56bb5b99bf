"""What the pages of Salesforce do not settle, in one place, and how this hub takes each."""

from __future__ import annotations

from hub.connectors.ground import Fact

FACTS = (
    Fact(
        fact="How long a session lives, and whether it is said.",
        taken="Nobody says so: it is used until it turns out to be dead, then renewed once.",
    ),
    Fact(
        fact="How late a change becomes visible under the stamp of its beginning.",
        taken="Each poll begins ten minutes before the last change; what was seen is not news.",
    ),
    Fact(
        fact="Whether the end of a window of deleted records may lie ahead.",
        taken="It may, by two minutes: the vendor says up to when the answer holds.",
    ),
    Fact(
        fact="Whether a record that is not there was purged, or is only not shared with the user.",
        taken="NOT_FOUND proves it gone: give the hub's user the right to see all records.",
    ),
    Fact(
        fact="Whether a unique External ID can be had on tasks.",
        taken="`hub setup` says so for each object; where none holds, nothing is made there.",
    ),
    Fact(
        fact="Whether a row that is locked is refused with 400 or 500.",
        taken="The code says it, not the status: it is tried again in seconds.",
    ),
    Fact(
        fact="How the answer of a duplicate rule spells its key.",
        taken="duplicateResut and duplicateResult are both read; a person decides.",
    ),
    Fact(
        fact="Whether a version of the API is still answered.",
        taken="67.0 is spoken, which is of summer 2026.",
        setting="api_version",
    ),
)
