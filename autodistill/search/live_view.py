"""A search while it runs, in a few lines: its runs, the best so far, the front, what is left."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from autodistill.analysis.pareto import dominated
from autodistill.analysis.seed_spread import NORMAL
from autodistill.prepare.quantities import cost_text
from autodistill.runtime.progress import short
from autodistill.search.ask_tell import AskTell
from autodistill.search.asked import Asked
from autodistill.search.ended_runs import EndedRuns
from autodistill.search.front_plot import Point, plot
from autodistill.search.trial_lines import kind_of, student, terms
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part
from autodistill.study.results import FAILED
from autodistill.study.simple_baselines import SHORT
from autodistill.training.rungs import RUNGS

MOST_OF_FRONT = 6
"""Students of the front that are shown."""


@dataclass
class Running:
    """A run that has begun and not ended."""

    asked: Asked
    params: float | None
    began: float = field(default_factory=time.monotonic)
    so_far: tuple[int, float] | None = None
    """Quarters of it that are over, and the score then."""

    def line(self) -> str:
        """Its kind, the score so far, its seconds, student and recipe."""
        asked, seconds = self.asked, short(time.monotonic() - self.began)
        kind = kind_of(asked.baseline, asked.repeat, asked.level) or "recipe"
        return (
            f"trial {asked.number:>3}  {kind:<8} {self.score:<14}  {seconds:>6}  "
            f"{self.student} · {terms(asked.pipeline)}"
        )

    @property
    def student(self) -> str:
        """Its kind and parameters."""
        return student(self.asked.pipeline, self.params)

    @property
    def score(self) -> str:
        """The score so far, and how far that is."""
        if self.so_far is None:
            return ""
        rung, value = self.so_far
        return f"{value:.4f} at {rung / RUNGS[-1]:.0%}"


class LiveView:
    """The runs of a search, while they run."""

    def __init__(
        self,
        questions: AskTell,
        costs: Callable[[Part], Mapping[str, float]],
        facts: StudyFacts,
        left: Callable[[], str],
    ) -> None:
        """`left` says what is left of the budget."""
        self.questions = questions
        self.costs = costs
        self.facts = facts
        self.left = left
        self.running: dict[int, Running] = {}

    def begin(self, number: int) -> None:
        """A run was started."""
        asked = self.questions.asked[number]
        self.running[number] = Running(asked, self.costs(asked.pipeline.student).get("params"))

    def report(self, number: int, rung: int, value: float) -> None:
        """A run was scored."""
        if running := self.running.get(number):
            running.so_far = rung, value

    def end(self, number: int) -> None:
        """A run has ended."""
        self.running.pop(number, None)

    def lines(self) -> list[str]:
        """The runs, the best so far, the front, what is left: those of which something is known."""
        runs = self.questions.runs
        return [
            *(each.line() for each in tuple(self.running.values())),
            *_best(runs, self.facts),
            *_front(tuple(runs.students), self.facts.teacher_score),
            f"so far    {counts(runs)}; {self.left()}",
        ]

    def brief(self) -> str:
        """The runs and what is left, in one line."""
        runs = ", ".join(
            f"trial {each.asked.number} {each.student} {each.score}".rstrip()
            for each in tuple(self.running.values())
        )
        ended = counts(self.questions.runs)
        return f"running   {runs or 'nothing yet'}; {ended}; {self.left()}"


def counts(runs: EndedRuns) -> str:
    """How many runs have ended, and how."""
    found = Counter[str]()
    for status, count in tuple(runs.statuses.items()):
        found["failed" if status in FAILED else status] += count
    return ", ".join(f"{n} {status}" for status, n in found.items()) or "no run has ended"


def _best(runs: EndedRuns, facts: StudyFacts) -> list[str]:
    """The best run of a recipe, with half of its 95 % interval over rows; then the baselines."""
    beside = {} if facts.teacher_score is None else {"teacher": facts.teacher_score}
    beside |= {} if runs.alone is None else {"student alone": runs.alone}
    beside |= {SHORT.get(b["kind"], b["kind"]): b["score"] for b in facts.simple_baselines or ()}
    told = ", ".join(f"{name} {score:.4f}" for name, score in beside.items())
    lines = [f"beside    {told}"] if told else []
    if (best := runs.best) is None:
        return lines
    error = NORMAL * best.metrics.get("row_error", 0.0)
    shown = f"{best.score:.4f}" + (f" ± {error:.4f}" if error else "")
    who = f"trial {best.number}, {student(best.pipeline, best.cost.get('params'))}"
    return [f"best      {shown} ({who})", *lines]


def _front(students: Sequence[tuple[float, float]], teacher: float | None) -> list[str]:
    """Students that no smaller one equals, smallest first, and a drawing of them and the others.

    Students are parameters and a score.
    """
    highest = dict(sorted(students))  # of each size
    points = np.array([(params, -score) for params, score in highest.items()]).reshape(-1, 2)
    kept = {each: None for each, worse in zip(highest.items(), dominated(points)) if not worse}
    found = [f"{cost_text('params', params)} {score:.4f}" for params, score in kept]
    if len(found) < 2:
        return []
    drawn = [Point(*student, student in kept) for student in students]
    return [f"front     {' · '.join(found[-MOST_OF_FRONT:])}", *plot(drawn, teacher)]
