"""The ground under every table: Tortoise's two backends, made safe.

The stock backends lose their one lock (SQLite) or a pool connection (PostgreSQL) for good when a task is
cancelled while a transaction begins or ends, and open SQLite transactions so late that two processes
which read and then write refuse each other. `sqlite` and `asyncpg` mend exactly that and nothing else.
Tortoise picks its schema editor by the module's name, so the two keep the names of their drivers.
"""

from models.engine.errors import Crossed, Damaged, Unavailable, Unprepared, assert_folder
from models.engine.uninterruptible import uninterrupted

__all__ = ["Crossed", "Damaged", "Unavailable", "Unprepared", "assert_folder", "uninterrupted"]
