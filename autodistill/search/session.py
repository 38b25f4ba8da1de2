"""One session of a search: from events to stored outcomes, and whether the budget allows more."""

from collections.abc import Callable, Mapping
from typing import Protocol

from autodistill.errors import SpecError
from autodistill.runtime.progress import Meanwhile, Screen, short
from autodistill.runtime.workers import Ended, Reported
from autodistill.search.ask_tell import AskTell
from autodistill.search.clock import SearchClock
from autodistill.search.endings import DEVICE, environment, is_result, rejected, trial_of
from autodistill.search.live_view import LiveView
from autodistill.search.trial_lines import broken_limits, limits_line, trial_facts, trial_line
from autodistill.storage import Lease, Store
from autodistill.study.facts import StudyFacts
from autodistill.study.lengths import times_as_long
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.results import FAILED, Trial
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
        device: str = "",
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
        failed = sum(questions.runs.statuses[status] for status in FAILED)
        self.failed_first = failed if failed == finished else 0
        self.has_result = questions.runs.has_result
        self.clock = SearchClock()
        self.counted = lease.spent_before
        """Seconds up to the last end of a run: those of runs that are killed do not count."""
        self.cut_off: set[int] = set()
        """Runs that were told to stop because time was up."""
        self.curves: dict[int, list[tuple[int, float]]] = {}
        self.view = LiveView(questions, costs, facts, self.left)
        self.environment = environment(device)

    @property
    def seconds(self) -> float:
        """Seconds of this study's searching, over all sittings."""
        return self.lease.spent_before + self.clock.seconds

    def is_spent(self) -> bool:
        """Nothing is left of the budget."""
        return self.budget.spent(self.finished, self.seconds) >= 1

    def is_overdue(self) -> bool:
        """Whether time is up for running trials, too, once there is a result."""
        return (
            self.has_result
            and self.budget.seconds is not None
            and self.seconds > self.budget.seconds * GRACE + 5
        )

    def may_start(self, running: int) -> bool:
        """Whether one more run fits the budget.

        One that could not end in time is not begun; but while there is no result, one is always
        under way, so that every search ends with one.
        """
        if not self.has_result and not running:
            return self.budget.trials is None or self.finished < self.budget.trials
        spent = self.budget.spent(self.finished + running, self.seconds)
        if spent >= 1:
            return False
        if self.budget.seconds is None:
            return True
        return self._fits(*self.questions.next_run(spent, self._fits))

    def _fits(self, level: int, student: Part | None) -> bool:
        """Whether a run of this length can end in time.

        It is expected to take what the student's first runs took, if there were any.
        """
        if self.budget.seconds is None:
            return True
        usual, here = self.facts.trial_seconds or 0.0, self.environment.get(DEVICE)
        each = self.questions.runs.seconds_of(student, here, usual)
        return self.budget.seconds - self.seconds > NEEDED_SHARE * each * times_as_long(level)

    def next_ticket(self, running: int, meanwhile: Meanwhile = lambda: None) -> TrialSpec:
        """Ask for a run that keeps the limits, and say how large it is.

        Raises SpecError when nothing seems to keep them.
        """
        for _ in range(HOPELESS_LIMITS):
            spent = self.budget.spent(self.finished + running, self.seconds)
            asked = self.questions.ask(spent, self._fits)
            cost = self.costs(asked.pipeline.student)
            broken = self.questions.note_cost(asked.number, cost, self.limits)
            if not broken:
                views = self.views(asked.pipeline, meanwhile) if self.views else ()
                rows, epochs = self.questions.promotion.size(asked.level)
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
            why = broken_limits(cost, self.limits)
            outcome = rejected(asked, cost, why)
            self.store.add(self.name, outcome)
            self.questions.tell(outcome)
            self.screen.line(f"trial {asked.number:>3}  rejected: {why}")
        raise SpecError(
            f"{HOPELESS_LIMITS} students in a row are over the limits "
            f"({limits_line(self.limits)}); the last one: {why}. "
            "Raise --limit, or give a --space with smaller students."
        )

    def beat(self) -> None:
        """Keep the lease and the time spent on runs that have ended."""
        self.lease.beat(self.counted)

    def close(self) -> None:
        """Keep all of the time: the budget ended the session, and nobody interrupted it."""
        self.counted = self.seconds
        self.beat()

    def take(self, event: Reported | Ended) -> None:
        """Answer a report, or store an end and tell it; or put back a run that was cut off."""
        if isinstance(event, Reported):
            self._answer(event)
            return
        self.view.end(event.number)
        if lost := self._lost(event):
            self.questions.put_back(event.number, killed=event.status == "killed")
            self.screen.line(f"trial {event.number:>3}  put back: {lost}")
        else:
            self._store(event)
        self.curves.pop(event.number, None)

    def _answer(self, event: Reported) -> None:
        self.curves.setdefault(event.number, []).append((event.step, event.value))
        self.view.report(event.number, event.step, event.value)
        hopeless = self.questions.report(event.number, event.step, event.value)
        late = self.is_spent() and self.has_result
        if late and not hopeless:
            self.cut_off.add(event.number)
        event.reply(hopeless or late)

    def _lost(self, event: Ended) -> str:
        """Why a run ended through no fault of its own, to be run again; empty for others."""
        if event.status == "killed" and not self.questions.was_killed(event.number):
            return f"{event.error}; it is run again and counts once"
        if event.status == "lost":
            return event.error
        if (
            event.number in self.cut_off
            and event.status == "done"
            and event.result.status == "stopped"
        ):
            return "the budget ended; a larger one runs it again"
        return ""

    def _store(self, event: Ended) -> None:
        asked = self.questions.asked[event.number]
        cost = self.costs(asked.pipeline.student)
        curve = self.curves.get(event.number, ())
        size = self.questions.promotion.size(asked.level) if asked.level else ()
        longer = dict(zip(("rows", "epochs"), size))
        outcome = trial_of(event, asked, cost, curve, self.environment, longer)
        self.has_result |= is_result(outcome)
        self.store.add(self.name, outcome)
        self.questions.tell(outcome)
        self.finished += 1
        self.counted = self.seconds
        self.screen.event("trial", **trial_facts(outcome, event.seconds))
        self._say(outcome, event.seconds, asked.level)

    def _say(self, outcome: Trial, seconds: float, level: int) -> None:
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
        best = self.questions.runs.best
        highest = best.score if best else None
        self.screen.line(trial_line(outcome, highest, seconds, self.left(), level))

    def left(self) -> str:
        """The rest of the budget: trials and time."""
        parts = []
        if self.budget.trials is not None:
            parts.append(f"{self.finished} of {self.budget.trials}")
        if self.budget.seconds is not None:
            parts.append(f"{short(max(0.0, self.budget.seconds - self.seconds))} left")
        return ", ".join(parts)
