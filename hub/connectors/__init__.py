"""What reaches a vendor: one way out for every call, inside the vendor's limits.

connector.py  what a connector is              outcome.py  what came of a call
zoho_crm/     Zoho CRM                         http/       one call, one attempt, one outcome
zoho_books/   Zoho Books                       budget/     what a connection may spend
zoho.py       what all of Zoho's share         oauth/      access tokens, and when a grant is dead
build.py      from settings to a way out       clock.py    the time they go by
"""
