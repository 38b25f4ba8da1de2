"""Optuna's storage in the same database as ours."""

from typing import Any

import optuna
import sqlalchemy as sa
from optuna.storages import BaseStorage, RDBStorage, get_storage

from autodistill.domain import Domain, OneOf, Real, Whole


def open_storage(url: str) -> BaseStorage:
    """Optuna's tables behind its cache; SQLite with write-ahead log and a long busy time-out."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sqlite = url.startswith("sqlite")
    options: dict[str, Any] = {"connect_args": {"timeout": 30}} if sqlite else {"pool_pre_ping": True, "pool_size": 2, "max_overflow": 2}
    storage = RDBStorage(url, engine_kwargs=options)
    if sqlite:

        @sa.event.listens_for(storage.engine, "connect")
        def _pragmas(raw: Any, _: Any) -> None:
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
                raw.execute(f"PRAGMA {pragma}")

        storage.engine.dispose()  # the first connection was made before the pragmas
    return get_storage(storage)


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
    trial.storage.set_trial_system_attr(trial._trial_id, "constraints", [float(v) for v in values.values()])
