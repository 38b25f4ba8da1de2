"""Optuna's TPE in groups, with the work common to all groups done once a trial.

The tree of a space makes ten or twenty groups. Optuna sorts all finished trials into good and
bad ones for each of them, and reads off all finished trials which knobs go together at every
ask: at 5,000 trials that is most of a suggestion's time. Up to MODELLED trials the suggestions are
the same. Of more, the best and the latest are modelled; decisions/0036.
"""

from collections import defaultdict
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.samplers import BaseSampler, TPESampler
from optuna.trial import FrozenTrial, TrialState

from autodistill.search import optuna_private
from autodistill.search.optuna_private import Domains, Halves, OpenTPE, SearchSpaceGroup
from autodistill.search.unseen import Unseen

MODELLED = 1000
"""Ended trials up to which all are modelled."""
ROOM = 250
"""Trials more than these before the worst of the earlier ones are left out."""
SAY = (TrialState.COMPLETE, TrialState.PRUNED)
"""States of ended trials that say something."""


def make_sampler(*, seed: int, n_startup_trials: int) -> BaseSampler:
    """Ours, or Optuna's own where it has changed inside: the same suggestions, slower."""
    if optuna_private.AVAILABLE:
        return GroupedTPE(seed=seed, n_startup_trials=n_startup_trials)
    return TPESampler(multivariate=True, group=True, seed=seed, n_startup_trials=n_startup_trials)


class GroupedTPE(OpenTPE):
    """Multivariate TPE over groups of knobs that occur together."""

    def __init__(self, *, seed: int, n_startup_trials: int) -> None:
        super().__init__(
            multivariate=True, group=True, seed=seed, n_startup_trials=n_startup_trials
        )
        self.use_groups(_Groups())
        self.modelled = _Modelled()
        self.columns: defaultdict[tuple[str, ...], _Columns] = defaultdict(_Columns)
        """By group of knobs."""
        self.halves: Halves | None = None
        """While one suggestion is made for all groups."""
        self.numbers: dict[int, NDArray[np.int64]] = {}
        """Numbers of the trials in one of the halves, by the list's identity."""

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: Domains
    ) -> dict[str, Any]:
        """Sample all groups.

        Nothing is reported or told in between, so that they share one split of the trials.
        """
        self.halves = self.split_all(study, trial)
        self.numbers = {id(half): _numbers(half) for half in self.halves}
        try:
            return super().sample_relative(study, trial, search_space)
        finally:
            self.halves, self.numbers = None, {}

    def suggest_group(
        self, study: optuna.Study, trial: FrozenTrial, domains: Domains
    ) -> dict[str, Any]:
        """Sample as Optuna does, but without counting finished trials for each group."""
        if len(self.modelled.ended) < self.startup_trials or not domains:
            return {}
        return self.suggest(study, trial, domains)

    def suggest(self, study: optuna.Study, trial: FrozenTrial, domains: Domains) -> dict[str, Any]:
        """As Optuna's own, but for the split, which need not be made again for each group."""
        best = self.best_drawn(study, domains, self.halves or self.split_all(study, trial))
        return {name: domain.to_external_repr(best[name]) for name, domain in domains.items()}

    def split_all(self, study: optuna.Study, trial: FrozenTrial) -> Halves:
        """Good and bad ones of all trials that are modelled, but this one."""
        trials = optuna_private.read_trials(study, use_cache=not self.sees_running)
        self.modelled.add(trials, lambda ended: self.split(study, ended)[0])
        running = self.modelled.unseen.running() if self.sees_running else []
        others = [t for t in running if t.number != trial.number]
        return self.split(study, [*self.modelled.ended, *others])

    def as_numbers(
        self, trials: list[FrozenTrial], domains: Domains, study: optuna.Study
    ) -> dict[str, NDArray[Any]]:
        """A column of numbers for each knob of the group.

        A finished trial is read once, it never changes.
        """
        columns = self.columns[tuple(domains)]
        if (numbers := self.numbers.get(id(trials))) is None:
            numbers = _numbers(trials)
        columns.grow(len(domains), int(numbers.max(initial=-1)) + 1)
        for trial in (trials[i] for i in np.flatnonzero(~columns.read[numbers])):
            row = [c.item() for c in super().as_numbers([trial], domains, study).values() if len(c)]
            columns.put(trial, row)
        whole = numbers[columns.whole[numbers]]
        return {name: columns.values[i, whole] for i, name in enumerate(domains)}


def _numbers(trials: list[FrozenTrial]) -> NDArray[np.int64]:
    return np.fromiter((t.number for t in trials), np.int64, len(trials))


class _Columns:
    """Finished trials as numbers.

    A row of `values` for each knob of one group, a column for each trial's number.
    """

    def __init__(self) -> None:
        self.values = np.zeros((0, 0))
        self.read, self.whole = np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
        """Whether a trial need not be read again, since it has ended; whether it has all knobs."""

    def grow(self, knobs: int, trials: int) -> None:
        """Room for so many."""
        if (more := trials - len(self.read)) > 0:
            more += trials  # twice what is needed, so that it is seldom done
            self.values = np.pad(
                self.values if self.values.size else np.zeros((knobs, 0)), ((0, 0), (0, more))
            )
            self.read, self.whole = np.pad(self.read, (0, more)), np.pad(self.whole, (0, more))

    def put(self, trial: FrozenTrial, row: list[float]) -> None:
        """Keep one trial; an empty row is one that lacks a knob."""
        self.whole[trial.number] = bool(row)
        self.read[trial.number] = trial.state.is_finished()
        if row:
            self.values[:, trial.number] = row


class _Modelled:
    """The trials that the model is made of: all that say something, later the best and the latest.

    The good half is what it would be of all of them, in a study of one score.
    """

    def __init__(self) -> None:
        self.unseen = Unseen()
        self.ended: list[FrozenTrial] = []
        """In order of numbers."""

    def add(
        self, trials: list[FrozenTrial], best: Callable[[list[FrozenTrial]], list[FrozenTrial]]
    ) -> None:
        """Take those of all trials that have ended since; `best` are the good ones of some."""
        new = [trial for trial in self.unseen.of(trials) if trial.state in SAY]
        for begin in range(0, len(new), ROOM):  # thousands at once when a search is gone on with
            self.ended += new[begin : begin + ROOM]
            self.ended.sort(key=attrgetter("number"))
            if len(self.ended) > MODELLED + ROOM:
                good, latest = best(self.ended), self.ended[-MODELLED:]
                earlier = [t for t in good if t.number < latest[0].number]
                self.ended = [*earlier, *latest]


class _Groups:
    """Knobs that occur together in trials that are complete or were stopped."""

    def __init__(self) -> None:
        self.groups = SearchSpaceGroup()
        self.unseen = Unseen()
        self.seen: set[frozenset[str]] = set()
        """Names that were found together; they can split no group any more."""

    def calculate(self, study: optuna.Study, use_cache: bool = False) -> SearchSpaceGroup:
        """The groups, as Optuna finds them.

        Optuna's own goes through all trials each time and hands out a copy of what it keeps.
        """
        for trial in self.unseen.of(optuna_private.read_trials(study, use_cache=use_cache)):
            names = frozenset(trial.distributions)
            if trial.state in SAY and names not in self.seen:
                self.seen.add(names)
                self.groups.add_distributions(trial.distributions)
        return self.groups
