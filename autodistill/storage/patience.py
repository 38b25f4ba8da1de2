"""A database's refusals: one message for a person, and another try for what passes by itself."""

import functools
import inspect
import json
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote

import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage import outage
from autodistill.study.places import hidden

BUSY_SECONDS = 30
PATIENCE_SECONDS = 30.0
"""Seconds in which a call is tried again; SQLite has waited as long when it says it is busy."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 2.0
_DAMAGED = "the database {db} is damaged ({why}). Restore a copy, or name another file."
_SENTENCES = {
    "file is not a database": "{db} is not an SQLite database. Name another file.",
    "malformed": _DAMAGED,
    "disk I/O error": "the database {db} is damaged, or its disk is full ({why}). Free some space, "
    "restore a copy, or name another file.",
    "Could not decode": _DAMAGED,
    "no such": _DAMAGED,
    "unsupported file format": _DAMAGED,
    "is full": "no space is left for the database {db}. Free some and run the same command again: "
    "everything recorded is kept.",
    "readonly": "the database {db} cannot be written: the file or its folder is read-only. "
    "Name a file in a folder that you may write.",
    "unable to open": "the database {db} cannot be opened: it is a folder, or its folder cannot be "
    "written. Name another file.",
    "is locked": "the database {db} was locked by another program for {busy} s. End that program, "
    "or try again; SQLite needs a local disk, not a network folder.",
}
_FILE_REST = "the database {db} refuses: {why}. Restore a copy, or name another file."
_SERVER_REST = (
    "the database {db} refuses: {why}. Check that its server runs and lets you in, "
    "and that the name is right."
)
_PASSING_STATES = ("08", "40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300")
"""Beginnings of SQLSTATE: connection lost, serialization, deadlock, lock, restart, connections."""
_NO_CONNECTION = ("connection refused", "closed the connection", "starting up", "shutting down")
_BUGS = (
    sa.exc.IntegrityError,
    sa.exc.ProgrammingError,
    sa.exc.DataError,
    sa.exc.NotSupportedError,
)
_SIGNS_OF_DAMAGE = (AssertionError, AttributeError, TypeError, ValueError, sa.exc.SQLAlchemyError)
"""Errors that a damaged file can lead to, and a bug of ours, too: the file tells which it was."""
P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound=type)


class Passing(StorageError):
    """A refusal that may pass by itself: busy, a deadlock, a connection lost for a moment."""

    of_server = False
    """Whether a server refuses, not a file: while a search runs it is waited for much longer."""


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
    except _SIGNS_OF_DAMAGE as error:
        if isinstance(error, sa.exc.DatabaseError) and not isinstance(error, _BUGS):
            raise refusal(url, error) from error
        if isinstance(error, UnicodeDecodeError | json.JSONDecodeError) or _is_damaged(url):
            why = " ".join(f"a row cannot be read: {error}".split())[:200]
            raise StorageError(_DAMAGED.format(db=shown(url), why=why)) from error
        raise


def refusal(url: str, error: sa.exc.DBAPIError) -> StorageError:
    """The message for a database's error."""
    why = " ".join(str(error.orig).split()).rstrip(".")
    made = sa.make_url(url)
    if made.password:
        why = why.replace(str(made.password), "***")
    rest = _FILE_REST if made.get_backend_name() == "sqlite" else _SERVER_REST
    sentence = next((s for symptom, s in _SENTENCES.items() if symptom in why), rest)
    kind = Passing if _passes(error) else StorageError
    told = kind(sentence.format(db=shown(url), why=why, busy=BUSY_SECONDS))
    if isinstance(told, Passing):
        told.of_server = rest is _SERVER_REST
    return told


def translate_errors(engine: sa.Engine, url: str) -> None:
    """Have an engine that others use raise our messages, too; bugs pass through."""

    @sa.event.listens_for(engine, "handle_error")
    def _translate(context: sa.engine.ExceptionContext) -> StorageError | None:
        error = context.sqlalchemy_exception
        if not isinstance(error, sa.exc.DatabaseError) or isinstance(error, _BUGS):
            return None
        return refusal(url, error)


def patiently(method: Callable[P, T]) -> Callable[P, T]:
    """The same function, called again for a while when the database's refusal may pass.

    How long: PATIENCE_SECONDS; for a server, while a search runs, `outage.OUTAGE_SECONDS`.
    """

    @functools.wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        begin, pause, refused = time.monotonic(), FIRST_PAUSE_SECONDS, False
        while True:
            try:
                found = method(*args, **kwargs)
            except Passing as error:
                wait, so_far = pause * random.uniform(0.5, 1.5), time.monotonic() - begin
                if so_far + wait > _patience(error):
                    raise
                outage.pause(wait, so_far, str(error))
                pause, refused = min(2 * pause, LONGEST_PAUSE_SECONDS), True
                continue
            if refused:
                outage.answered(time.monotonic() - begin)
            return found

    return call


def _patience(error: Passing) -> float:
    waits = error.of_server and outage.is_waited_out()
    return outage.OUTAGE_SECONDS if waits else PATIENCE_SECONDS


def patient(kind: C) -> C:
    """A class whose public methods are called patiently; each of them is one transaction."""
    for name, method in list(vars(kind).items()):
        if inspect.isfunction(method) and not name.startswith("_"):
            setattr(kind, name, patiently(method))
    return kind


def _is_damaged(url: str) -> bool:
    """Whether SQLite finds faults in a file; a server looks after its own."""
    made = sa.make_url(url)
    if made.get_backend_name() != "sqlite":
        return False
    try:
        place = f"file:{quote(made.database or '')}?mode=ro"
        with closing(sqlite3.connect(place, uri=True)) as file:
            return bool(file.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.OperationalError:  # it is busy, or gone
        return False
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return True


def _passes(error: sa.exc.DBAPIError) -> bool:
    orig: Any = error.orig
    if name := getattr(orig, "sqlite_errorname", ""):
        return str(name).startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"))
    if state := getattr(orig, "sqlstate", None):
        return str(state).startswith(_PASSING_STATES)
    why = str(orig).lower()
    return error.connection_invalidated or any(symptom in why for symptom in _NO_CONNECTION)
