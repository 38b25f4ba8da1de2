"""Optuna's storage in the same database as ours."""

import copy
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any

import optuna
import sqlalchemy as sa
from optuna.distributions import BaseDistribution
from optuna.storages import BaseStorage, RDBStorage, get_storage
from optuna.trial import FrozenTrial, TrialState

from autodistill.registry.ranges import Domain, OneOf, Real, Whole
from autodistill.search import optuna_private
from autodistill.search.optuna_private import CachedStorage, Value


def open_storage(url: str, *, only_writer: bool = False) -> BaseStorage:
    """Optuna's tables behind its cache; SQLite with write-ahead log and a long busy time-out.

    The only writer of its study need not look for news that it did not write itself.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sqlite = url.startswith("sqlite")
    options: dict[str, Any] = (
        {"connect_args": {"timeout": 30}}
        if sqlite
        else {"pool_pre_ping": True, "pool_size": 2, "max_overflow": 2}
    )
    storage = RDBStorage(url, engine_kwargs=options)
    if sqlite:

        @sa.event.listens_for(storage.engine, "connect")
        def _pragmas(raw: Any, _: Any) -> None:
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
                raw.execute(f"PRAGMA {pragma}")

        storage.engine.dispose()  # the first connection was made before the pragmas
    own = only_writer and optuna_private.AVAILABLE
    return _OneWriter(storage) if own else get_storage(storage)


class _OneWriter(CachedStorage):
    """Optuna's cache, which looks for news only after it has written.

    While a study is searched nobody else writes (see store.lease). The sampler reads all trials
    once for each group of knobs, ten times a trial, and nothing happens in between.
    """

    def __init__(self, backend: RDBStorage) -> None:
        super().__init__(backend)
        self.engine = backend.engine
        self.read: dict[int, list[FrozenTrial]] = {}
        """All trials of the studies that were read after the last write."""
        self.held: list[Value] | None = None
        """Suggested values that are written later."""

        @sa.event.listens_for(backend.engine, "before_cursor_execute")
        def _note(_: Any, __: Any, statement: str, *___: Any) -> None:
            if not statement.startswith("SELECT"):
                self.read.clear()

    def get_all_trials(
        self, study_id: int, deepcopy: bool = True, states: Container[TrialState] | None = None
    ) -> list[FrozenTrial]:
        """As Optuna's, in order of numbers."""
        if study_id not in self.read:
            found = super().get_all_trials(study_id, deepcopy=False)
            self.read[study_id] = found
        trials = [t for t in self.read[study_id] if states is None or t.state in states]
        return copy.deepcopy(trials) if deepcopy else trials

    def set_trial_param(
        self,
        trial_id: int,
        param_name: str,
        param_value_internal: float,
        distribution: BaseDistribution,
    ) -> None:
        """As Optuna's, or held back."""
        if self.held is None:
            super().set_trial_param(trial_id, param_name, param_value_internal, distribution)
        else:
            self.held.append((trial_id, param_name, param_value_internal, distribution))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write the values suggested inside in one transaction at the end.

        Without it each value is a transaction of its own.
        """
        self.held = []
        try:
            yield
        finally:
            held, self.held = self.held, None
            optuna_private.write_values(self, held)


@contextmanager
def suggested_together(storage: BaseStorage) -> Iterator[None]:
    """A context inside which the values of a trial are suggested.

    The only writer of its study writes them at once.
    """
    if isinstance(storage, _OneWriter):
        with storage.together():
            yield
    else:
        yield


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
    trial.storage.set_trial_system_attr(
        optuna_private.trial_id(trial), "constraints", [float(v) for v in values.values()]
    )
