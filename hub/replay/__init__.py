"""Look again at what is in the log: make a projector's tables anew, or see a record in the past.

Nothing here can append an event or reach a vendor: it runs under a database role that may not, and
imports nothing that does. Tests hold it to both.
"""
