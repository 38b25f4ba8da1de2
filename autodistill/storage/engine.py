"""Opening of a database: from the user's text to an engine with current tables."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import filelock
import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.runtime import files
from autodistill.storage.schema import upgrade
from autodistill.study.places import hidden

BUSY_SECONDS = 30
_LOCK_SECONDS = 120
_ADVISORY_LOCK = 4_207_849_011
"""An arbitrary PostgreSQL advisory lock number that no other program uses."""
_SENTENCES = {
    "file is not a database": "{db} is not an SQLite database. Name another file.",
    "malformed": "the database {db} is damaged ({why}). Restore a copy, or name another file.",
    "is full": "no space is left for the database {db}. Free some and run the same command again: "
    "everything recorded is kept.",
    "readonly": "the database {db} cannot be written: the file or its folder is read-only. "
    "Name a file in a folder that you may write.",
    "unable to open": "the database {db} cannot be opened: it is a folder, or its folder cannot be "
    "written. Name another file.",
    "disk I/O error": "the database {db} cannot be read or written: its disk is full, damaged or "
    "gone. Free some space, or name a file on another disk; everything recorded is kept.",
    "is locked": "the database {db} was locked by another program for {busy} s. End that program, "
    "or try again; SQLite needs a local disk, not a network folder.",
}
_FORMS = (
    "write a path such as studies.db, sqlite:///studies.db or postgresql://user:password@host/name."
)
_REST = (
    "the database {db} refuses: {why}. Check that its server runs and lets you in, "
    "and that the name is right."
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


def shown(url: str) -> str:
    """A database's name in messages: a file's path, or the URL without its password."""
    made = sa.make_url(url)
    return (
        f"'{made.database}'"
        if made.get_backend_name() == "sqlite"
        else f"'{hidden(made.render_as_string(hide_password=True))}'"
    )


@contextmanager
def refusals(url: str) -> Iterator[None]:
    """A context that turns a database's refusal into a StorageError.

    Bugs (wrong SQL, broken constraints) pass through.
    """
    try:
        yield
    except (
        sa.exc.IntegrityError,
        sa.exc.ProgrammingError,
        sa.exc.DataError,
        sa.exc.NotSupportedError,
    ):
        raise
    except sa.exc.DatabaseError as error:
        why = " ".join(str(error.orig).split()).rstrip(".")
        if password := sa.make_url(url).password:
            why = why.replace(str(password), "***")
        sentence = next((s for symptom, s in _SENTENCES.items() if symptom in why), _REST)
        raise StorageError(sentence.format(db=shown(url), why=why, busy=BUSY_SECONDS)) from error


def open_engine(text: str) -> sa.Engine:
    """An engine whose tables exist and are up to date.

    Many processes may open an empty database at once. `engine.begin()` takes SQLite's write lock at
    its start, so that a transaction that reads, then writes, waits instead of failing. Only
    `engine.execution_options(reading=True)` leaves writers alone.
    """
    url = as_url(text)
    on_file = sa.make_url(url).get_backend_name() == "sqlite"
    engine = _sqlite(url) if on_file else _server(url)
    with _alone(url) if on_file else nullcontext(), refusals(url), engine.begin() as connection:
        if not on_file:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        upgrade(connection, shown(url))
    return engine


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


def _server(url: str) -> sa.Engine:
    try:
        return sa.create_engine(url, pool_pre_ping=True, pool_size=2, max_overflow=2)
    except ModuleNotFoundError as error:
        raise StorageError(
            f"the database {shown(url)} needs the package {error.name}; "
            "pip install 'kd-autodistill[postgres]', or name a file."
        ) from error


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """A context holding the lock file beside the database.

    Creating tables in two processes at once fails.
    """
    path = Path(sa.make_url(url).database or "")
    lock = filelock.FileLock(f"{path}.lock", timeout=_LOCK_SECONDS, mode=0o600)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
        if not str(path).startswith("file:"):  # a URI, which SQLite takes apart itself
            files.make_private_file(path)
    except filelock.Timeout as error:
        raise StorageError(
            f"another program has been preparing the database '{path}' for {_LOCK_SECONDS} s. "
            "End it, or try again."
        ) from error
    except OSError as error:
        raise StorageError(
            f"the database '{path}' cannot be opened or created: {error.strerror or error}. "
            "Name a file in a folder that you may write."
        ) from error
    try:
        yield
    finally:
        lock.release()
