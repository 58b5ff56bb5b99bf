"""What reaches a vendor: one way out for every call, inside the vendor's limits.

connector.py  what a connector is              outcome.py  what came of a call
record.py     records to the byte, and back    http/       one call, one attempt, one outcome
zoho_crm/     Zoho CRM                         budget/     what a connection may spend
zoho_books/   Zoho Books                       oauth/      access tokens, and when a grant is dead
zoho_desk/    Zoho Desk                        clock.py    the time they go by
zoho.py       what all of Zoho's share         build.py    from settings to a way out
salesforce/   Salesforce                       pubsub/     its stream of change events
known_fields.py  the fields of every account
streamed.py   of which kinds changes are told over a stream

Before the hub runs: site.py opens a connection for a command; consent.py comes by a grant;
account.py and ground.py say whose it is and what is to be prepared there, setup.py prepares it,
reach.py knocks at the hub's own door; finding.py is what was looked at, field.py what a field is.
"""
