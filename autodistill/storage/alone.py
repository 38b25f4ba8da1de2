"""The lock under which tables are created: two programs doing so at once would fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage.patience import refusals, shown
from autodistill.storage.server import connect_options, make_engine

LOCK_SECONDS = 120
_ADVISORY_LOCK = 4_207_849_011
"""An arbitrary PostgreSQL advisory lock number that no other program uses."""


@contextmanager
def alone(url: str) -> Iterator[None]:
    """A context in which no other process creates or upgrades tables of this database."""
    held = _file(url) if sa.make_url(url).get_backend_name() == "sqlite" else _server(url)
    with held:
        yield


def lock_file(url: str) -> Path:
    """The lock file beside an SQLite database."""
    return Path(f"{sa.make_url(url).database or ''}.lock")


@contextmanager
def _server(url: str) -> Iterator[None]:
    engine = make_engine(url, poolclass=sa.NullPool, **connect_options(url))
    with refusals(url), engine.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        yield


@contextmanager
def _file(url: str) -> Iterator[None]:
    path = lock_file(url)
    lock = filelock.FileLock(path, timeout=LOCK_SECONDS)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except filelock.Timeout as error:
        raise StorageError(
            f"another program has been preparing the database {shown(url)} for {LOCK_SECONDS} s. "
            "End it, or try again."
        ) from error
    except OSError as error:
        raise StorageError(
            f"the database {shown(url)} cannot be opened or created: {error.strerror or error}. "
            "Name a file in a folder that you may write."
        ) from error
    try:
        yield
    finally:
        lock.release()
