"""One sitting of a search: from events to stored outcomes, and whether the budget allows more."""

import math
import platform
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any, Protocol

from autodistill.errors import SpecError
from autodistill.runtime.progress import Meanwhile, Screen, short
from autodistill.runtime.workers import Ended, Reported
from autodistill.search.ask_tell import Asked, AskTell
from autodistill.storage import Lease, Store
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.results import Trial, TrialResult
from autodistill.study.study import Budget
from autodistill.training.signals import Shard
from autodistill.training.trial import TrialSpec
from autodistill.training.trial_data import TutorSignals

GRACE = 1.1
"""Share of the time budget after which what still runs is cut off and put back."""
NEEDED_SHARE = 0.8
"""Share of a trial's expected seconds that must be left for it to begin."""
HOPELESS_START = 3
"""A search whose first trials all fail ends with the first one's error."""
HOPELESS_LIMITS = 60
"""Students in a row that break a limit."""


class TrainingInputs(Protocol):
    """The inputs of a pipeline's training beside the rows; `views.Views` is one."""

    def __call__(self, pipeline: Pipeline, meanwhile: Meanwhile) -> tuple[Shard, ...]: ...
    def tutored(self, pipeline: Pipeline, meanwhile: Meanwhile) -> TutorSignals | None: ...


class SearchSession:
    """One session of a search: from events to stored outcomes, within the budget."""

    def __init__(
        self,
        store: Store,
        questions: AskTell,
        lease: Lease,
        budget: Budget,
        name: str,
        facts: StudyFacts,
        screen: Screen,
        finished: int,
        costs: Callable[[Part], Mapping[str, float]],
        limits: Mapping[str, float],
        views: TrainingInputs | None = None,
    ) -> None:
        self.store = store
        self.questions = questions
        self.lease = lease
        self.budget = budget
        self.name = name
        self.facts = facts
        self.screen = screen
        self.finished = finished
        self.costs = costs
        self.limits = limits
        self.views = views
        self.failed_first = 0
        self.best = max(
            (o.score for o in questions.outcomes if o.score is not None and o.status == "complete"),
            default=None,
        )
        self.began = time.monotonic()
        self.curves: dict[int, list[tuple[int, float]]] = {}
        self.environment = environment()

    @property
    def seconds(self) -> float:
        """Wall seconds of this study's searching, over all sittings."""
        return self.lease.spent_before + time.monotonic() - self.began

    def is_spent(self) -> bool:
        """Nothing is left of the budget."""
        return self.budget.spent(self.finished, self.seconds) >= 1

    def is_overdue(self) -> bool:
        """Whether time is up for running trials, too, once one run is complete."""
        return (
            self.best is not None
            and self.budget.seconds is not None
            and self.seconds > self.budget.seconds * GRACE + 5
        )

    def may_start(self, running: int) -> bool:
        """Whether one more run fits the budget.

        One that could not end in time is not begun, but for the very first.
        """
        if self.budget.spent(self.finished + running, self.seconds) >= 1:
            return False
        left = math.inf if self.budget.seconds is None else self.budget.seconds - self.seconds
        return (
            left > NEEDED_SHARE * (self.facts.trial_seconds or 0.0) or self.finished + running == 0
        )

    def next_ticket(self, running: int, meanwhile: Meanwhile = lambda: None) -> TrialSpec:
        """Ask for a run that keeps the limits, and say how large it is.

        Raises SpecError when nothing seems to keep them.
        """
        for _ in range(HOPELESS_LIMITS):
            asked = self.questions.ask(self.budget.spent(self.finished + running, self.seconds))
            cost = self.costs(asked.pipeline.student)
            broken = self.questions.note_cost(asked.number, cost, self.limits)
            if not broken:
                views = self.views(asked.pipeline, meanwhile) if self.views else ()
                rows, epochs = self.facts.rows, self.facts.epochs
                assert rows is not None
                assert epochs is not None
                tutored = self.views.tutored(asked.pipeline, meanwhile) if self.views else None
                return TrialSpec(
                    asked.number,
                    asked.pipeline,
                    asked.repeat,
                    rows,
                    epochs,
                    asked.baseline,
                    views,
                    tutored,
                )
            why = ", ".join(
                f"{k} {cost[k]:,.4g} is over the limit {self.limits[k]:,.4g}" for k in broken
            )
            outcome = Trial(
                asked.number,
                asked.pipeline,
                asked.repeat,
                "rejected",
                cost=cost,
                error=why,
                baseline=asked.baseline,
            )
            self.store.add(self.name, outcome)
            self.questions.tell(outcome)
            self.screen.line(f"trial {asked.number:>3}  rejected: {why}")
        limits = ", ".join(f"{k} {v:,.4g}" for k, v in self.limits.items())
        raise SpecError(
            f"{HOPELESS_LIMITS} students in a row are over the limits ({limits}); the last one: "
            f"{why}. "
            "Raise --limit, or give a --space with smaller students."
        )

    def beat(self) -> None:
        """Keep the lease and the time spent."""
        self.lease.beat(self.seconds)

    def take(self, event: Reported | Ended) -> None:
        """Answer a report, or store an end and tell it."""
        if isinstance(event, Reported):
            self.curves.setdefault(event.number, []).append((event.step, event.value))
            hopeless = self.questions.report(event.number, event.step, event.value)
            event.reply(hopeless or (self.is_spent() and self.best is not None))
            return
        outcome = self._outcome(event, self.questions.asked[event.number])
        self.store.add(self.name, outcome)
        self.questions.tell(outcome)
        self.finished += 1
        self._say(outcome, event.seconds)

    def _outcome(self, event: Ended, asked: Asked) -> Trial:
        known: dict[str, Any] = {"environment": self.environment, "baseline": asked.baseline}
        cost = {"train_seconds": event.seconds, **self.costs(asked.pipeline.student)}
        if event.status == "done":
            result: TrialResult = event.result
            return Trial(
                event.number,
                asked.pipeline,
                asked.repeat,
                result.status,
                result.score,
                fidelity=result.fidelity,
                metrics=result.metrics,
                curve=result.curve,
                cost={**cost, **result.cost, "seconds": event.seconds},
                predictions=result.predictions,
                **known,
            )
        curve = tuple(self.curves.get(event.number, ()))
        return Trial(
            event.number,
            asked.pipeline,
            asked.repeat,
            event.status,
            curve=curve,
            cost=cost,
            error=event.error,
            **known,
        )

    def _say(self, outcome: Trial, seconds: float) -> None:
        if outcome.error:
            self.failed_first += self.finished == self.failed_first + 1
            self.screen.line(
                f"trial {outcome.number:>3}  {outcome.status}: {outcome.error.splitlines()[0]}"
            )
            if self.failed_first >= HOPELESS_START:
                raise RuntimeError(
                    f"the first {HOPELESS_START} trials all failed; the last one:\n{outcome.error}"
                )
            return
        if (
            outcome.status == "complete"
            and outcome.score is not None
            and (self.best is None or outcome.score > self.best)
        ):
            self.best = outcome.score
        what = outcome.baseline or ("repeat" if outcome.seed else outcome.status)
        left = self._left()
        best = f"best {self.best:.4f}" if self.best is not None else ""
        self.screen.line(
            f"trial {outcome.number:>3}  {what:<8} {outcome.score:.4f}  {best}  {short(seconds)}  "
            f"{left}  {_terms(outcome.pipeline)}"
        )

    def _left(self) -> str:
        parts = []
        if self.budget.trials is not None:
            parts.append(f"{self.finished} of {self.budget.trials}")
        if self.budget.seconds is not None:
            parts.append(f"{short(max(0.0, self.budget.seconds - self.seconds))} left")
        return ", ".join(parts)


def environment() -> dict[str, str]:
    """Versions and machine, for the record."""
    libraries = ("torch", "lightning", "optuna", "transformers", "kd-autodistill")
    here = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": sys.platform,
    }
    return {n: version(n) for n in libraries} | here


def _terms(pipeline: Pipeline) -> str:
    treated = "".join(f", {part}" for part in pipeline.stages.values())
    return " + ".join(f"{t.weight:.2g} {t.loss}" for t in pipeline.terms) + treated
