"""Optuna's storage in the same database as ours."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import optuna
import sqlalchemy as sa
from optuna.exceptions import StorageInternalError
from optuna.storages import BaseStorage, RDBStorage, get_storage

from autodistill.errors import StorageError
from autodistill.registry.ranges import Domain, OneOf, Real, Whole
from autodistill.search import optuna_private
from autodistill.search.one_writer import OneWriter
from autodistill.storage.alone import alone
from autodistill.storage.engine import as_url
from autodistill.storage.foreign import check_database
from autodistill.storage.patience import (
    BUSY_SECONDS,
    patiently,
    refusal,
    refusals,
    shown,
    translate_errors,
)
from autodistill.storage.server import server_options


def open_storage(url: str, *, only_writer: bool = False) -> BaseStorage:
    """Optuna's tables behind its cache; SQLite with write-ahead log and a long busy time-out.

    The only writer of its study need not look for news that it did not write itself. Raises
    StorageError, here and at every call; what may pass by itself is tried again for a while.
    """
    backend = open_tables(url)
    own = only_writer and optuna_private.AVAILABLE
    storage = OneWriter(backend) if own else get_storage(backend)
    for name, method in inspect.getmembers(storage, inspect.ismethod):
        if not name.startswith("_") and hasattr(BaseStorage, name):
            setattr(storage, name, _translated(url, patiently(method)))
    return storage


def open_tables(url: str) -> RDBStorage:
    """Optuna's tables without a cache; raises StorageError, here and where they refuse."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    backend = patiently(_open_tables)(url)
    translate_errors(backend.engine, url)
    return backend


def _translated(url: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """The same call; what it finds of a damaged file is one message."""

    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        with refusals(url):
            return method(*args, **kwargs)

    return call


def check_tables(storage: str) -> None:
    """Refuse at once tables of another Optuna, where there are any; raises StorageError."""
    url = as_url(storage)
    path = sa.make_url(url).database or ""
    if not url.startswith("sqlite") or Path(path).exists():
        backend = patiently(_open_tables)(url)
        backend.engine.dispose()


def _open_tables(url: str) -> RDBStorage:
    """Optuna's tables, created where they are missing while no other process does so."""
    sqlite = url.startswith("sqlite")
    options: dict[str, Any] = (
        {"connect_args": {"timeout": BUSY_SECONDS}} if sqlite else server_options(url)
    )
    try:
        with alone(url), refusals(url):
            check_database(url)
            backend = RDBStorage(url, engine_kwargs=options)
    except StorageInternalError as error:
        if isinstance(error.__cause__, sa.exc.DBAPIError):
            raise refusal(url, error.__cause__) from error
        raise
    except RuntimeError as error:
        raise _other_version(url, options) from error
    if sqlite:

        @sa.event.listens_for(backend.engine, "connect")
        def _pragmas(raw: Any, _: Any) -> None:
            for pragma in (
                f"busy_timeout={BUSY_SECONDS * 1000}",
                "journal_mode=WAL",
                "synchronous=NORMAL",
            ):
                raw.execute(f"PRAGMA {pragma}")

        backend.engine.dispose()  # the first connection was made before the pragmas
    return backend


def _other_version(url: str, options: dict[str, Any]) -> StorageError:
    """The message for tables that the installed Optuna does not work with."""
    found = RDBStorage(url, options, skip_compatibility_check=True, skip_table_creation=True)
    theirs, ours = found.get_current_version(), found.get_head_version()
    installed = f"Optuna {optuna.__version__}, which is installed,"
    if theirs in found.get_all_versions():
        return StorageError(
            f"the database {shown(url)} holds tables of an older Optuna: they have version "
            f"{theirs}, {installed} needs {ours}. Copy the database, then run `optuna storage "
            "upgrade --storage URL`; or name another database."
        )
    return StorageError(
        f"the database {shown(url)} holds tables of a newer Optuna: they have version {theirs}, "
        f"{installed} knows up to {ours}. Upgrade it (pip install --upgrade optuna), or name "
        "another database."
    )


def suggest(trial: optuna.Trial, name: str, domain: Domain) -> Any:
    """One value of a domain, asked of Optuna."""
    match domain:
        case OneOf(choices=choices):
            return trial.suggest_categorical(name, list(choices))
        case Real(low=low, high=high, log=log):
            return trial.suggest_float(name, low, high, log=log)
        case Whole(low=low, high=high, log=log):
            return trial.suggest_int(name, low, high, log=log)


def constrain(trial: optuna.Trial, values: dict[str, float]) -> None:
    """Record how far a trial is beyond each limit; 0 or less is within."""
    for name, value in values.items():
        trial.set_constraint(name, value)
    # optuna-dashboard 0.21 reads only the key of Optuna 4
    known = optuna_private.trial_id(trial, trial.study, trial.storage)
    trial.storage.set_trial_system_attr(known, "constraints", [float(v) for v in values.values()])
