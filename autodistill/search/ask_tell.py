"""The choice of the next trial, and the results of the earlier ones.

Optuna remembers what was asked; the store remembers what happened. Both are reconciled when a
search begins, so that a kill at any moment loses no finished run and repeats none by accident.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any

import optuna
from optuna.trial import FrozenTrial, TrialState

from autodistill.search.asked import Asked, arm_of, given, given_pipeline, is_given, unlisted
from autodistill.search.ended_runs import EndedRuns
from autodistill.search.next_run import Chosen, Size, begin, choose, size_of, values_of
from autodistill.search.one_writer import suggested_together
from autodistill.search.opening import opening
from autodistill.search.optuna_storage import constrain, open_storage, suggest
from autodistill.search.optuna_study import (
    close,
    is_survey,
    name_values,
    objective_of,
    open_study,
    remembered,
)
from autodistill.search.promotion import Fits, Promotion, any_fits, promotes
from autodistill.search.warm_start import DEFAULT, PAST, Hints
from autodistill.study.baselines import baselines_of
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import BASELINES, FINISHED, StudyResult, Trial
from autodistill.study.space import Space
from autodistill.study.study import CLOSING_SHARE


class AskTell:
    """The sampler, the early stopping, the controls and the repeats of one study."""

    def __init__(
        self,
        name: str,
        space: Space,
        url: str,
        *,
        seed: int,
        history: StudyResult,
        closing_share: float = CLOSING_SHARE,
        hints: Sequence[Mapping[str, Any]] = (),
        top: int = 0,
    ) -> None:
        self.space = space
        self.hints = Hints(hints)
        top = top if promotes(history.study) else 0
        share = 0.0 if is_survey(history) else closing_share
        self.promotion = Promotion(history.facts, top, share)
        self.objective = objective_of(history)
        self.storage = open_storage(url, only_writer=True)
        self.study = open_study(name, self.storage, self.objective, history, seed=seed)
        self.runs = EndedRuns(history.facts, history.outcomes)
        self.seeds: defaultdict[tuple[str, str, int], set[int]] = defaultdict(set)
        for outcome in history.outcomes:
            if outcome.status in FINISHED:
                self.seeds[self._arm(outcome)].add(outcome.seed)
        self.open: dict[int, optuna.Trial] = {}
        self.asked: dict[int, Asked] = {}
        self.costs: dict[int, Mapping[str, float]] = {}
        self.waiting = 0
        self._reconcile(history.outcomes)
        self._run_again(history.outcomes)
        listed = history.study.students == "each"
        if not self._trials():
            name_values(self.study, history.study.metric)
            if not listed:
                for values, attrs in opening(space):
                    self._enqueue(values, **attrs)
        asked = {t.user_attrs.get("control") for t in self._trials()}
        self.missing = set() if listed else BASELINES.keys() - asked
        self.waiting = len(self._trials(TrialState.WAITING))

    def ask(self, spent: float, fits: Fits = any_fits) -> Asked:
        """The next run, given the share of the budget that is spent and what can end in time."""
        queued = self._queued(self._next(spent, fits))
        trial = begin(self.study, self.storage, queued)
        self.waiting -= queued is not None
        attrs = trial.user_attrs
        if is_given(attrs):
            pipeline = given_pipeline(attrs)
        else:
            with suggested_together(self.storage):
                pipeline = self.space.sample(lambda name, domain: suggest(trial, name, domain))
        baseline, level = attrs.get("control", ""), attrs.get("level", 0)
        taken = self.seeds[pipeline.key, baseline, level]
        seed = next(n for n in count() if n not in taken)
        asked = Asked(trial.number, pipeline, seed, baseline, level)
        taken.add(asked.repeat)
        if not is_given(attrs):
            trial.set_user_attr("pipeline", str(pipeline))
        trial.set_user_attr("repeat", asked.repeat)
        self.open[trial.number], self.asked[trial.number] = trial, asked
        return asked

    def next_run(self, spent: float, fits: Fits = any_fits) -> Size:
        """Length and student of the run that `ask` would give now."""
        return size_of(self._next(spent, fits))

    def enlist(self, pipelines: Iterable[Pipeline]) -> None:
        """Have these run, in this order, as often as they stand here.

        Runs that were asked for before count.
        """
        before = [t.user_attrs for t in self._trials() if "listed" in t.user_attrs]
        for pipeline in unlisted(before, pipelines):
            self._enqueue({}, **given(pipeline, why="a short training", listed=True))

    def note_cost(
        self, number: int, cost: Mapping[str, float], limits: Mapping[str, float]
    ) -> list[str]:
        """Record a student's cost before training; returns the limits that it breaks."""
        self.costs[number] = cost
        if limits:
            constrain(self.open[number], {k: cost[k] / limit - 1 for k, limit in limits.items()})
        broken = [k for k, limit in limits.items() if cost[k] > limit]
        if self.missing and not broken:
            self._enqueue_controls(self.asked[number].pipeline)
        return broken

    def report(self, number: int, step: int, value: float) -> bool:
        """Whether to stop this run as hopeless.

        The default recipe is judged like the others, but it, repeats and baselines go on.
        """
        asked, trial = self.asked[number], self.open[number]
        if asked.repeat or asked.baseline or asked.level:
            return False
        hopeless = self.objective.is_hopeless(trial, step, value, self.costs.get(number, {}))
        return hopeless and trial.user_attrs.get("why", PAST) == PAST

    def tell(self, outcome: Trial) -> None:
        """Record the result of a run; call it after the store has it."""
        self.runs.add(outcome)
        if outcome.error:
            self.open[outcome.number].set_user_attr("error", outcome.error[:500])
        if outcome.status == "rejected":
            self.seeds[self._arm(outcome)].discard(outcome.seed)
        close(self.study, self.objective, outcome)
        del self.open[outcome.number], self.asked[outcome.number]
        self.costs.pop(outcome.number, None)

    def was_killed(self, number: int) -> bool:
        """Whether this run is the second try of one that was killed from outside."""
        return "killed" in self._trials()[number].user_attrs

    def put_back(self, number: int, *, killed: bool = False) -> None:
        """A run that was cut off through no fault of its own is asked again later.

        `killed` marks its second try.
        """
        trial = self._trials()[number]
        if not any(t.user_attrs.get("retry_of") == number for t in self._trials()):
            whole = ("why", "control", "listed", "pipeline", "level")
            kept = whole if is_given(trial.user_attrs) else ("why", "hint", "level")
            self._enqueue(
                trial.params,
                **{k: v for k, v in trial.user_attrs.items() if k in kept},
                **({"killed": True} if killed else {}),
                retry_of=number,
            )
        self.study.tell(number, state=TrialState.FAIL, skip_if_finished=True)
        if asked := self.asked.pop(number, None):
            self.seeds[asked.pipeline.key, asked.baseline, asked.level].discard(asked.repeat)
            del self.open[number]

    def past_was_dropped(self) -> bool:
        """Whether past studies' suggestions did worse than the study's own runs."""
        return self.hints.are_worse(self._trials())

    def _reconcile(self, outcomes: Sequence[Trial]) -> None:
        """Finish what a dead coordinator left open.

        Add a published study's runs to Optuna, too, which has never seen them.
        """
        known = {o.number: o for o in outcomes}
        for number in range(len(self._trials()), max(known, default=-1) + 1):
            self.study.add_trial(remembered(self.objective, known.get(number)))
        for trial in self._trials(TrialState.RUNNING):
            if outcome := known.get(trial.number):
                close(self.study, self.objective, outcome)
            else:
                self.put_back(trial.number)

    def _run_again(self, outcomes: Sequence[Trial]) -> None:
        """Put back baselines, repeats and the default recipe that the clock cut off.

        None of them is ever stopped for its score; older versions stored them as stopped.
        """
        done = {(self._arm(o), o.seed) for o in outcomes if o.status != "stopped"}
        cut_off = {o.number: o for o in outcomes if o.status == "stopped"}
        for trial in self._trials():
            stopped = cut_off.get(trial.number)
            if stopped and (
                stopped.baseline or stopped.seed or trial.user_attrs.get("why") == DEFAULT
            ):
                if (self._arm(stopped), stopped.seed) not in done:
                    self.seeds[self._arm(stopped)].discard(stopped.seed)
                self.put_back(trial.number)

    def _enqueue(self, params: Mapping[str, Any], **attrs: Any) -> None:
        self.study.enqueue_trial(dict(params), user_attrs=attrs)
        self.waiting += 1

    def _enqueue_controls(self, pipeline: Pipeline) -> None:
        """Those that the study does not have yet, of the first student that is trained."""
        for kind, baseline in baselines_of(pipeline).items():
            if kind in self.missing:
                self._enqueue({}, **given(baseline, why=f"control: {kind}", control=kind))
        self.missing = set()

    def _next(self, spent: float, fits: Fits) -> Chosen | None:
        """A run that waits, a longer run or repeat of a leader, or None for a new one."""
        waiting = self._trials(TrialState.WAITING) if self.waiting else ()
        longer = partial(self.promotion.longer, self.runs, self._taken, spent)
        repeat = partial(self.promotion.repeat, self.runs, self._taken, fits)
        is_time = self.promotion.is_time_to_repeat(spent)
        return choose(waiting, longer, repeat, fits, is_time=is_time)

    def _queued(self, chosen: Chosen | None) -> FrozenTrial | None:
        """The run in Optuna's queue, put there if it does not wait yet; None: one to sample."""
        if isinstance(chosen, FrozenTrial):
            return chosen
        if chosen:
            values, attrs = values_of(chosen, lambda number: self._trials()[number].params)
        elif self.hints.values and (found := self.hints.next(self._trials())):
            values, attrs = found[1], {"why": PAST, "hint": found[0]}
        else:
            return None
        self._enqueue(values, **attrs)
        return self._trials(TrialState.WAITING)[-1]

    def _taken(self, *arm: Any) -> int:
        return len(self.seeds.get(arm, ()))

    def _arm(self, outcome: Trial) -> tuple[str, str, int]:
        return arm_of(outcome, self.promotion.facts)

    def _trials(self, *states: TrialState) -> list[FrozenTrial]:
        return self.study.get_trials(deepcopy=False, states=states or None)
