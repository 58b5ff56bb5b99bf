"""The database: the embedded server, connections that come back, migrations, and SQL from files.

open.py      reach the schema, and come back  migrate.py    forward only, each file once
embedded.py  a server of the hub's own        cluster.py    its files
find.py      its programs                     account.py    who it runs as
alone.py     one process at a time            filelock.py   the same, over a file
place.py     where it is, without a password  statement.py  SQL from its file
db.py        what is asked of a connection
"""

from hub.database.migrate import migrate
from hub.database.open import Database, Session, open_database
from hub.database.statement import statement

__all__ = ["Database", "Session", "migrate", "open_database", "statement"]
