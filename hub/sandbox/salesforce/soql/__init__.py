"""SOQL: the vendor's query language, over one object, what it leads to and what hangs on it.

query.py  what a query says      tokens.py, parse.py  how it is read
dates.py  TODAY, LAST_N_DAYS:3   condition.py  which records meet it
run.py    the rows of it         place.py      where a field of it is found
"""
