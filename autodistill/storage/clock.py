"""The database's clock, the same for all who use it, whatever their own clocks say."""

import os
from datetime import UTC, datetime

import sqlalchemy as sa

from autodistill.storage.alone import lock_file


def database_now(connection: sa.Connection, url: str) -> datetime:
    """The time by the server, or by the file system that holds an SQLite file; in UTC."""
    if connection.dialect.name == "postgresql":
        found: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        return found.astimezone(UTC)
    path = lock_file(url)
    path.touch()
    os.utime(path)  # the kernel's or the file server's time, not this program's
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
