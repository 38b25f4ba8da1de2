"""Optuna's TPE in groups, which does once for each trial what it would do again for each group of knobs.

The tree of a space makes about seven groups. Optuna sorts all finished trials into good and bad ones for each of them, and reads off all
finished trials which knobs go together at every ask: at 5,000 trials that is most of a suggestion's time. The suggestions are the same.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import BaseDistribution
from optuna.samplers import TPESampler
from optuna.samplers._tpe import sampler as tpe
from optuna.search_space.group_decomposed import _SearchSpaceGroup
from optuna.trial import FrozenTrial


class GroupedTPE(TPESampler):
    """Multivariate TPE over groups of knobs that occur together."""

    def __init__(self, *, seed: int, n_startup_trials: int) -> None:
        super().__init__(multivariate=True, group=True, seed=seed, n_startup_trials=n_startup_trials)
        assert self._group_decomposed_search_space is not None
        self._group_decomposed_search_space._search_space = _Groups()
        self.columns: defaultdict[tuple[str, ...], _Columns] = defaultdict(_Columns)
        """By group of knobs."""
        self.numbers: dict[int, tuple[list[FrozenTrial], NDArray[np.int64]]] = {}
        """Of the trials in a list, by the list's identity, while one suggestion is made."""

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """All groups; nothing is reported or told in between, so that they share one split of the trials."""
        with _split_once():
            self.numbers.clear()
            try:
                return super().sample_relative(study, trial, search_space)
            finally:
                self.numbers.clear()

    def _get_internal_repr(
        self, trials: list[FrozenTrial], search_space: dict[str, BaseDistribution], study: optuna.Study
    ) -> dict[str, NDArray[Any]]:
        """A column of numbers for each knob of the group; a finished trial is read once, it never changes."""
        columns, numbers = self.columns[tuple(search_space)], self._numbers(trials)
        columns.grow(len(search_space), int(numbers.max(initial=-1)) + 1)
        for trial in (trials[i] for i in np.flatnonzero(~columns.read[numbers])):
            row = [c.item() for c in super()._get_internal_repr([trial], search_space, study).values() if len(c)]
            columns.put(trial, row)
        whole = numbers[columns.whole[numbers]]
        return {name: columns.values[i, whole] for i, name in enumerate(search_space)}

    def _numbers(self, trials: list[FrozenTrial]) -> NDArray[np.int64]:
        if (known := self.numbers.get(id(trials))) is None:
            known = self.numbers[id(trials)] = trials, np.fromiter((t.number for t in trials), np.int64, len(trials))
        return known[1]


class _Columns:
    """Finished trials as numbers: a row of `values` for each knob of one group, a column for each trial's number."""

    def __init__(self) -> None:
        self.values = np.zeros((0, 0))
        self.read, self.whole = np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
        """Whether a trial need not be read again, since it has ended; whether it has all knobs."""

    def grow(self, knobs: int, trials: int) -> None:
        """Room for so many."""
        if (more := trials - len(self.read)) > 0:
            more += trials  # twice what is needed, so that it is seldom done
            self.values = np.pad(self.values if self.values.size else np.zeros((knobs, 0)), ((0, 0), (0, more)))
            self.read, self.whole = np.pad(self.read, (0, more)), np.pad(self.whole, (0, more))

    def put(self, trial: FrozenTrial, row: list[float]) -> None:
        """Keep one trial; an empty row is one that lacks a knob."""
        self.whole[trial.number] = bool(row)
        self.read[trial.number] = trial.state.is_finished()
        if row:
            self.values[:, trial.number] = row


class _Groups(_SearchSpaceGroup):
    """Names that were seen together before can split no group any more."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[frozenset[str]] = set()

    def add_distributions(self, distributions: dict[str, BaseDistribution]) -> None:
        if (names := frozenset(distributions)) not in self.seen:
            self.seen.add(names)
            super().add_distributions(distributions)


@contextmanager
def _split_once() -> Iterator[None]:
    """While the block runs, Optuna's split of one study's trials into good and bad ones is made once."""
    original = tpe._split_trials
    known: dict[tuple[int, int], Any] = {}

    def split(study: optuna.Study, trials: list[FrozenTrial], n_below: int) -> Any:
        key = (len(trials), n_below)
        if key not in known:
            known[key] = original(study, trials, n_below)
        return known[key]

    tpe._split_trials = split
    try:
        yield
    finally:
        tpe._split_trials = original
