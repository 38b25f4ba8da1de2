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
        self.rows: defaultdict[tuple[str, ...], dict[int, tuple[float, ...]]] = defaultdict(dict)
        """Group of knobs -> finished trial's number -> its values as numbers; empty where it lacks one of the knobs."""

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """All groups; nothing is reported or told in between, so that they share one split of the trials."""
        with _split_once():
            return super().sample_relative(study, trial, search_space)

    def _get_internal_repr(
        self, trials: list[FrozenTrial], search_space: dict[str, BaseDistribution], study: optuna.Study
    ) -> dict[str, NDArray[Any]]:
        """A column of numbers for each knob of the group; a finished trial is read once, it never changes."""
        rows, found = self.rows[tuple(search_space)], []
        for trial in trials:
            if (row := rows.get(trial.number)) is None:
                row = tuple(c.item() for c in super()._get_internal_repr([trial], search_space, study).values() if len(c))
                if trial.state.is_finished():
                    rows[trial.number] = row
            if row:
                found.append(row)
        columns = zip(*found) if found else [()] * len(search_space)
        return {name: np.asarray(column) for name, column in zip(search_space, columns)}


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
