"""What to try next, and what became of it.

Optuna remembers what was asked; the store remembers what happened. Both are reconciled when a search begins, so that
a kill at any moment loses no finished run and repeats none by accident.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.trial import FrozenTrial, TrialState

from autodistill.pipeline import Pipeline
from autodistill.record import Leader, Outcome, Record
from autodistill.search.storage import open_storage, suggest
from autodistill.space import Space
from autodistill.study import Study

_NOBODY = Study("")
CLOSING_SHARE = 0.75
"""From this share of the budget on, the leaders are repeated with fresh seeds."""
REPEATED_LEADERS = 3
STATES = {"complete": TrialState.COMPLETE, "stopped": TrialState.PRUNED, "failed": TrialState.FAIL, "timeout": TrialState.FAIL}


@dataclass(frozen=True)
class Asked:
    """One run to make."""

    number: int
    pipeline: Pipeline
    repeat: int
    """0 for the first run of a pipeline; n for its n-th repeat with a fresh seed."""


class Questions:
    """The sampler, the pruner and the repeats of one study."""

    def __init__(self, name: str, space: Space, url: str, *, seed: int, history: Record) -> None:
        self.space = space
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            sampler = optuna.samplers.TPESampler(multivariate=True, group=True, seed=seed + len(history.outcomes), n_startup_trials=8)
        self.study = optuna.create_study(
            study_name=name,
            storage=open_storage(url),
            direction="maximize",
            sampler=sampler,
            pruner=optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=2, min_early_stopping_rate=0),
            load_if_exists=True,
        )
        self.outcomes = list(history.outcomes)
        self.open: dict[int, optuna.Trial] = {}
        self.asked: dict[int, Asked] = {}
        self._reconcile()
        if not self._trials():
            self.study.enqueue_trial(space.default_values(), user_attrs={"why": "the default recipe"})

    def ask(self, spent: float) -> Asked:
        """The next run, given the share of the budget that is spent."""
        if spent >= CLOSING_SHARE and not self._waiting():
            self._enqueue_repeat()
        trial = self.study.ask()
        pipeline = self.space.sample(lambda name, domain: suggest(trial, name, domain))
        asked = Asked(trial.number, pipeline, self._runs_of(pipeline))
        trial.set_user_attr("pipeline", str(pipeline))
        trial.set_user_attr("repeat", asked.repeat)
        self.open[trial.number], self.asked[trial.number] = trial, asked
        return asked

    def report(self, number: int, step: int, value: float) -> bool:
        """Whether to stop this run as hopeless. The default recipe and repeats are never stopped."""
        trial = self.open[number]
        trial.report(value, step)
        return self.asked[number].repeat == 0 and "why" not in trial.user_attrs and trial.should_prune()

    def tell(self, outcome: Outcome) -> None:
        """What became of a run; call it after the store has it."""
        self.outcomes.append(outcome)
        if outcome.error:
            self.open[outcome.number].set_user_attr("error", outcome.error[:500])
        value = outcome.score if outcome.status == "complete" else None
        self.study.tell(outcome.number, value, state=STATES[outcome.status], skip_if_finished=True)
        del self.open[outcome.number], self.asked[outcome.number]

    def put_back(self, number: int) -> None:
        """A run that was cut off through no fault of its own is asked again later."""
        trial = next(t for t in self._trials() if t.number == number)
        if not any(t.user_attrs.get("retry_of") == number for t in self._trials()):
            attrs = {k: v for k, v in trial.user_attrs.items() if k == "why"}
            self.study.enqueue_trial(trial.params, user_attrs={**attrs, "retry_of": number})
        self.study.tell(number, state=TrialState.FAIL, skip_if_finished=True)
        self.open.pop(number, None)
        self.asked.pop(number, None)

    def _reconcile(self) -> None:
        """Finish what a dead coordinator left open."""
        known = {o.number: o for o in self.outcomes}
        for trial in self._trials(TrialState.RUNNING):
            if outcome := known.get(trial.number):
                value = outcome.score if outcome.status == "complete" else None
                self.study.tell(trial.number, value, state=STATES[outcome.status], skip_if_finished=True)
            else:
                self.put_back(trial.number)

    def _enqueue_repeat(self) -> None:
        leaders = Record(_NOBODY, tuple(self.outcomes)).leaders()[:REPEATED_LEADERS]
        if leaders:
            least = min(leaders, key=lambda x: (self._runs_of(x.pipeline), leaders.index(x)))
            self.study.enqueue_trial(dict(self._params_of(least)), user_attrs={"why": f"repeat of trial {least.numbers[0]}"})

    def _params_of(self, leader: Leader) -> Mapping[str, Any]:
        return next(t.params for t in self._trials() if t.number == leader.numbers[0])

    def _runs_of(self, pipeline: Pipeline) -> int:
        ended = sum(o.pipeline.key == pipeline.key for o in self.outcomes if o.status in STATES)
        return ended + sum(a.pipeline.key == pipeline.key for a in self.asked.values())

    def _waiting(self) -> bool:
        return bool(self._trials(TrialState.WAITING))

    def _trials(self, *states: TrialState) -> list[FrozenTrial]:
        return self.study.get_trials(deepcopy=False, states=states or None)
