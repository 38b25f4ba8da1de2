"""Optuna's storage in the same database as ours."""

import copy
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any

import optuna
import sqlalchemy as sa
from optuna.distributions import BaseDistribution
from optuna.storages import BaseStorage, RDBStorage, _CachedStorage, get_storage
from optuna.storages._rdb.storage import _create_scoped_session
from optuna.trial import FrozenTrial, TrialState

from autodistill.registry.ranges import Domain, OneOf, Real, Whole


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
    return _OneWriter(storage) if only_writer else get_storage(storage)


class _OneWriter(_CachedStorage):
    """Optuna's cache, which looks for news only after it has written: while a study is searched nobody else writes (see store.lease).

    The sampler reads all trials once for each group of knobs, ten times a trial, and nothing happens in between.
    """

    def __init__(self, backend: RDBStorage) -> None:
        super().__init__(backend)
        self.read: dict[int, list[FrozenTrial]] = {}
        """All trials of the studies that were read after the last write."""
        self.held: list[tuple[int, str, float, BaseDistribution]] | None = None
        """Suggested values that are written later: trial, name, value as Optuna keeps it, domain."""

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
        """Write what is suggested inside at its end, in one transaction instead of one for each value."""
        self.held = []
        try:
            yield
        finally:
            held, self.held = self.held, None
            with self._lock, _create_scoped_session(self._backend.scoped_session) as session:
                for trial, name, value, domain in held:
                    known = self._studies[
                        self._trial_id_to_study_id_and_number[trial][0]
                    ].param_distribution
                    self._backend._set_trial_param_without_commit(
                        session, trial, name, value, domain, known.get(name)
                    )
                    known.setdefault(name, domain)


@contextmanager
def suggested_together(study: optuna.Study) -> Iterator[None]:
    """Inside, the values of a trial are suggested; its only writer writes them at once."""
    storage = study._storage
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
        trial._trial_id, "constraints", [float(v) for v in values.values()]
    )
