"""Optuna's tables behind a cache that keeps what it writes, for the only writer of a study."""

import copy
import json
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from optuna.distributions import BaseDistribution
from optuna.exceptions import UpdateFinishedTrialError
from optuna.storages import BaseStorage, RDBStorage
from optuna.trial import FrozenTrial, TrialState

from autodistill.search.optuna_private import OpenCache, Value
from autodistill.search.small_trials import SmallTrials
from autodistill.search.unseen import Unseen
from autodistill.storage.patience import patiently


class OneWriter(OpenCache):
    """Optuna's cache, which reads a trial again only after a write that it does not know.

    While a study is searched nobody else writes (see store.lease). The sampler and the pruner read
    all trials several times between two writes, and Optuna's own cache reads all of them again that
    have not ended.
    """

    def __init__(self, backend: RDBStorage) -> None:
        super().__init__(backend)
        self.tables = backend
        self.engine = backend.engine
        self.is_read: set[int] = set()
        """Studies whose trials here are those of the tables."""
        self.trials: defaultdict[int, list[FrozenTrial]] = defaultdict(list)
        """All of a study, by number; one is replaced when it is written, never changed."""
        self.unseen: defaultdict[int, Unseen] = defaultdict(Unseen)
        self.small = SmallTrials()
        self.held: list[Value] | None = None
        """Suggested values that are written later."""

        @sa.event.listens_for(backend.engine, "before_cursor_execute")
        def _note(_: Any, __: Any, statement: str, *___: Any) -> None:
            if not statement.startswith("SELECT"):
                self.is_read.clear()

    def get_all_trials(
        self, study_id: int, deepcopy: bool = True, states: Container[TrialState] | None = None
    ) -> list[FrozenTrial]:
        """As Optuna's, in order of numbers."""
        trials, unseen = self.trials[study_id], self.unseen[study_id]
        if study_id not in self.is_read:
            known = self.read_news(study_id)
            trials[:] = [known[number] for number in range(len(known))]
            self.is_read.add(study_id)
        unseen.of(trials)
        if states is not None:
            ends = any(state in states for state in TrialState if state.is_finished())
            trials = [t for t in (trials if ends else unseen.open) if t.state in states]
        return copy.deepcopy(trials) if deepcopy else list(trials)

    def get_trial(self, trial_id: int) -> FrozenTrial:
        """As Optuna's: the caller may change one that has not ended."""
        known = self._known(trial_id)
        if known is None:
            return super().get_trial(trial_id)
        return known if known.state.is_finished() else _copied(known)

    def kept(self, trial: FrozenTrial) -> FrozenTrial:
        """A trial that has ended, in as little memory as it needs."""
        return self.small.of(trial) if trial.state.is_finished() else trial

    def create_new_trial(self, study_id: int, template_trial: FrozenTrial | None = None) -> int:
        """As Optuna's."""
        is_read = study_id in self.is_read
        trial_id = super().create_new_trial(study_id, template_trial)
        if is_read:
            self._take(trial_id, self._read_again(trial_id))
        return trial_id

    def set_trial_state_values(
        self, trial_id: int, state: TrialState, values: Sequence[float] | None = None
    ) -> bool:
        """As Optuna's; the same end again, after a connection was lost, changes nothing."""
        known = self._known(trial_id)
        self.is_read.clear()
        try:
            is_set = super().set_trial_state_values(trial_id, state, values)
        except UpdateFinishedTrialError:
            there = self._read_again(trial_id)
            if (there.state, there.values) != (state, None if values is None else [*values]):
                raise
            is_set = True
        if known is not None:
            self._take(trial_id, self._read_again(trial_id))
        return is_set

    def set_trial_intermediate_value(
        self, trial_id: int, step: int, intermediate_value: float
    ) -> None:
        """As Optuna's."""
        with self._changed(trial_id) as trial:
            super().set_trial_intermediate_value(trial_id, step, intermediate_value)
            trial.intermediate_values[step] = float(intermediate_value)

    def set_trial_user_attr(self, trial_id: int, key: str, value: Any) -> None:
        """As Optuna's."""
        with self._changed(trial_id) as trial:
            super().set_trial_user_attr(trial_id, key, value)
            trial.user_attrs[key] = json.loads(json.dumps(value))

    def set_trial_system_attr(self, trial_id: int, key: str, value: Any) -> None:
        """As Optuna's."""
        with self._changed(trial_id) as trial:
            super().set_trial_system_attr(trial_id, key, value)
            trial.system_attrs[key] = json.loads(json.dumps(value))

    def set_trial_param(
        self,
        trial_id: int,
        param_name: str,
        param_value_internal: float,
        distribution: BaseDistribution,
    ) -> None:
        """As Optuna's, or held back."""
        value = (trial_id, param_name, param_value_internal, distribution)
        if self.held is None:
            self._write_together([value])
        else:
            self.held.append(value)

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
            patiently(self._write_together)(held)

    def _write_together(self, values: Sequence[Value]) -> None:
        """Values of one trial."""
        for trial_id in {value[0] for value in values}:
            with self._changed(trial_id) as trial:
                self.write_values(values)
                for _, name, value, domain in values:
                    trial.params[name] = domain.to_external_repr(value)
                    trial.distributions[name] = domain

    @contextmanager
    def _changed(self, trial_id: int) -> Iterator[FrozenTrial]:
        """A copy of a trial, to be changed as the tables are; it takes the trial's place.

        Where the change fails, all trials are read again.
        """
        known = self._known(trial_id)
        trial = _copied(self.tables.get_trial(trial_id) if known is None else known)
        self.is_read.clear()
        yield trial
        if known is not None:
            self._take(trial_id, trial)

    def _read_again(self, trial_id: int) -> FrozenTrial:
        """A trial that was written: where reading fails, the write is not made a second time."""
        return patiently(self.tables.get_trial)(trial_id)

    def _known(self, trial_id: int) -> FrozenTrial | None:
        """A trial as it stands in the tables, or None where they must be asked."""
        study, number = self.place_of(trial_id)
        return self.trials[study][number] if study in self.is_read else None

    def _take(self, trial_id: int, trial: FrozenTrial) -> None:
        """Put a trial in its place; where others are missing before it, all are read again."""
        study, number = self.place_of(trial_id)
        trials, kept = self.trials[study], self.keep(study, trial)
        if number <= len(trials):
            trials[number : number + 1] = [kept]
            self.is_read.add(study)


def _copied(trial: FrozenTrial) -> FrozenTrial:
    """The same trial, with containers of its own."""
    own = copy.copy(trial)
    own.params, own.distributions = dict(trial.params), dict(trial.distributions)
    own.user_attrs, own.system_attrs = dict(trial.user_attrs), dict(trial.system_attrs)
    own.intermediate_values = dict(trial.intermediate_values)
    return own


@contextmanager
def suggested_together(storage: BaseStorage) -> Iterator[None]:
    """A context inside which the values of a trial are suggested.

    The only writer of its study writes them at once.
    """
    if isinstance(storage, OneWriter):
        with storage.together():
            yield
    else:
        yield
