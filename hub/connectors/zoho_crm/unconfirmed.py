"""What the pages of Zoho CRM do not settle, in one place, and how this hub takes each."""

from __future__ import annotations

from hub.connectors.ground import Fact

FACTS = (
    Fact(
        fact="Whether a write without automation (`trigger: []`) is notified all the same.",
        taken="It is: the hub knows its own voice by what it wrote, not by silence.",
    ),
    Fact(
        fact="The name of the header by which a record is changed only if nobody has since.",
        taken="If-Unmodified-Since, with the Modified_Time that was seen; empty: none is sent.",
        setting="condition_header",
    ),
    Fact(
        fact="Whether a notification that did not arrive is sent again.",
        taken="It is not: polling finds what was not told.",
    ),
    Fact(
        fact="How long a channel may last: pages say a day, or a week.",
        taken="A week is asked for, and what was granted is read back; it is renewed at half.",
    ),
    Fact(
        fact="How long search lags behind what was written.",
        taken="It is never used to see whether something is there: a query is.",
    ),
    Fact(
        fact="How a quotation mark stands in what a query compares with.",
        taken="Twice, as in SQL; and what is found is compared with what was asked.",
    ),
    Fact(
        fact="What a single read says of an id that is nobody's: 204, 400 or 404.",
        taken="Each of them proves it gone.",
    ),
    Fact(
        fact="Whether a note or task moves the Modified_Time of the record it hangs on.",
        taken="It may: what says what it said before is kept once.",
    ),
    Fact(
        fact="Which way an Exchange_Rate is meant.",
        taken="Rates are never carried to another vendor.",
    ),
    Fact(
        fact="Whether credits or calls at once are spent when it answers 429.",
        taken="Calls at once: it is tried again after seconds; the credits are counted here too.",
    ),
    Fact(
        fact="How many credits a day there are: those of each user are not known.",
        taken="What the plan has without its users, or what the CRM says is left, if less.",
        setting="plan",
    ),
    Fact(
        fact="How many unique fields a module may have.",
        taken="One is asked for; where the edition has none left, `hub setup` says so.",
    ),
    Fact(
        fact="Whether tasks, as other modules, may have a unique field.",
        taken="It is asked for; where the CRM refuses, `hub setup` says so: open no tasks then.",
    ),
    Fact(
        fact="Whether a delete is told with the fields that were affected.",
        taken="Only its ids are used; the record is then read, which proves it gone.",
    ),
    Fact(
        fact="Whether the data centre in the United Kingdom has these hosts.",
        taken="accounts.zoho.uk and www.zohoapis.uk, where the settings name it.",
        setting="data_centre",
    ),
)
