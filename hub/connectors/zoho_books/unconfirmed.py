"""What the pages of Zoho Books do not settle, in one place, and how this hub takes each."""

from __future__ import annotations

from hub.connectors.ground import Fact

FACTS = (
    Fact(
        fact="Whether webhooks are sent for what is written by the API.",
        taken="They are: the hub knows its own voice by what it wrote, not by their absence.",
    ),
    Fact(
        fact="Whether a webhook that did not arrive is sent again, and in which order they come.",
        taken="Once at most, in no order: polling finds what was not told.",
    ),
    Fact(
        fact="Under which key a webhook bears a payment.",
        taken="Both payment and customer_payment are understood.",
    ),
    Fact(
        fact="By which words the API of webhooks names events and modules.",
        taken="create_or_edit and delete, with the module in the singular. Where Books refuses "
        "them, `hub setup` prints the clicks.",
    ),
    Fact(
        fact="Whether last_modified_time filters any list but that of invoices.",
        taken="It is not relied on: lists are read through, and compared.",
    ),
    Fact(
        fact="Whether what a customer owes moves the stamp of the customer.",
        taken="It does not: balances come from invoices, payments and credits.",
    ),
    Fact(
        fact="Whether an invoice that becomes overdue tells of it.",
        taken="It does not: the hub counts the days itself, in the organisation's zone.",
    ),
    Fact(
        fact="Which code says that no record bears a unique value.",
        taken="None is looked for: any refusal but one of rights or limits says so.",
    ),
    Fact(
        fact="Whether making by a unique field writes that field, and answers 200 or 201.",
        taken="The value is sent in both places; what is answered with 200 counts as found.",
    ),
    Fact(
        fact="Whether a list of items can be narrowed to a SKU.",
        taken="It is asked to be; where that is ignored, ten pages are read and compared.",
    ),
    Fact(
        fact="Whether a change of a person, or of one custom field, leaves alone what it does not "
        "name.",
        taken="It does, as with the fields of a customer; a person's first name is said again.",
    ),
    Fact(
        fact="Whether making inactive what is inactive already is answered as done, and whether "
        "what is inactive can still be changed.",
        taken="Both are so; where Books refuses either, a person is asked.",
    ),
    Fact(
        fact="Which custom fields there are: no call lists them.",
        taken="Those are known that lists of customers and invoices show filled.",
    ),
    Fact(
        fact="How far beyond 100 calls a minute Books blocks, and for how long.",
        taken="80 a minute are made; a block is taken to last an hour where it does not say.",
    ),
    Fact(
        fact="How many calls a day the organisation has.",
        taken="What its plan is said to have, or what Books itself says is left, if less.",
        setting="plan",
    ),
    Fact(
        fact="Whether the data centre in the United Kingdom has Books.",
        taken="It is called as the others are, where the settings name it.",
        setting="data_centre",
    ),
)
