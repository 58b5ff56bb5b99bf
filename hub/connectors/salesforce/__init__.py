"""Salesforce: its facts, and what it does otherwise than others.

kinds.py    what is read and written     login.py   three ways of being let in
rows.py     records, with their lines    query.py   asking for them
news.py     what changed and went        write.py   many in a call, each judged by itself
changes.py  what is told as it changes
judge.py    what an answer means         fields.py  what an org says of its objects
"""

from hub.connectors.salesforce.salesforce import Salesforce

__all__ = ["Salesforce"]
