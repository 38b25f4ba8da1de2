"""Opening of a database: from the user's text to an engine with current tables."""

import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage.alone import alone
from autodistill.storage.foreign import check_database
from autodistill.storage.patience import BUSY_SECONDS, refusals, shown
from autodistill.storage.schema import upgrade
from autodistill.storage.server import make_engine, server_options

_FORMS = (
    "write a path such as studies.db, sqlite:///studies.db or postgresql://user:password@host/name."
)


def as_url(text: str) -> str:
    """The database URL for a path, `sqlite:///path` or `postgresql://…`."""
    if "://" not in text:
        return sa.URL.create("sqlite", database=str(Path(text).expanduser())).render_as_string()
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise StorageError(
            f"the database URL starting with '{text.split('://')[0]}://' cannot be read; {_FORMS}"
        ) from error
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise StorageError(
            f"databases of the kind '{url.drivername}' are not supported ({shown(text)}); {_FORMS}"
        )
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise StorageError(f"'{text}' names no file, so nothing would be stored; {_FORMS}")
    return url.render_as_string(hide_password=False)


def open_engine(text: str) -> sa.Engine:
    """An engine whose tables exist and are up to date.

    Many processes may open an empty database at once. `engine.begin()` takes SQLite's write lock at
    its start, so that a transaction that reads, then writes, waits instead of failing. Only
    `engine.execution_options(reading=True)` leaves writers alone.
    """
    url = as_url(text)
    on_file = sa.make_url(url).get_backend_name() == "sqlite"
    engine = _sqlite(url) if on_file else make_engine(url, **server_options(url))
    with alone(url), refusals(url):
        if on_file:
            _create_private(Path(sa.make_url(url).database or ""))
        check_database(url)
        with engine.begin() as connection:
            upgrade(connection, shown(url))
    return engine


def _create_private(path: Path) -> None:
    """A new database's empty file, readable by its owner alone; SQLite's other files follow it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:  # it is there, or SQLite says better why it cannot be
        return


def _sqlite(url: str) -> sa.Engine:
    # No pool: a connection carried over a fork can damage the file, and opening one takes less
    # than a millisecond.
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": BUSY_SECONDS})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = (
            None  # else the driver begins transactions itself, and later than requested
        )
        for setting in (
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
        ):
            connection.execute(f"PRAGMA {setting}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(
            "BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE"
        )

    return engine
