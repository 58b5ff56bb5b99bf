"""The database: the embedded server, connections that come back, migrations, and SQL from files."""

from hub.database.migrate import migrate
from hub.database.open import Database, Session, open_database
from hub.database.statement import statement

__all__ = ["Database", "Session", "migrate", "open_database", "statement"]
