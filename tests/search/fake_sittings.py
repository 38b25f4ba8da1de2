"""A sitting of a search over fakes: no process, no database, no training."""

from typing import Any

from autodistill.runtime.workers import Ended
from autodistill.search.asked import Asked
from autodistill.search.ended_runs import EndedRuns
from autodistill.search.promotion import Promotion
from autodistill.search.session import SearchSession
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part
from autodistill.study.results import Trial, TrialResult
from autodistill.study.study import Budget
from tests.records import pipeline
from tests.screens import Heard


class AskTell:
    """Asks the same pipeline, never stops a run."""

    def __init__(self, *known: Trial) -> None:
        self.runs = EndedRuns(StudyFacts(), known)
        self.asked = {n: Asked(n, pipeline(1.0 + n), 0) for n in range(9)}
        self.told: list[int] = []
        self.put: list[tuple[int, bool]] = []
        self.tries: set[int] = set()

        self.promotion = Promotion(StudyFacts(rows=8, epochs=1))
        self.level = 0
        self.student: Part | None = None

    def next_run(self, *_: Any) -> tuple[int, Part | None]:
        return self.level, self.student

    def report(self, *_: Any) -> bool:
        return False

    def tell(self, done: Trial) -> None:
        self.told.append(done.number)
        self.runs.add(done)

    def was_killed(self, number: int) -> bool:
        return number in self.tries

    def put_back(self, number: int, *, killed: bool = False) -> None:
        self.put.append((number, killed))


class Store:
    """Remembers what was added."""

    def __init__(self) -> None:
        self.added: list[Trial] = []

    def add(self, _: str, done: Trial) -> None:
        self.added.append(done)


class Lease:
    """A study that has been searched for some seconds before."""

    def __init__(self, spent: float) -> None:
        self.spent_before = spent
        self.spent = spent

    def beat(self, spent: float) -> None:
        self.spent = spent


def sitting(budget: Budget, *known: Trial, spent: float = 0.0) -> SearchSession:
    """A sitting over fakes; a trial is expected to take ten seconds."""
    facts, cost = StudyFacts(trial_seconds=10.0), {"params": 1.0}
    made: Any = (
        Store(),
        AskTell(*known),
        Lease(spent),
        budget,
        "tiny",
        facts,
        Heard(),
        len(known),
        lambda _: cost,
        {},
    )
    return SearchSession(*made)


def done(number: int, score: float = 0.9) -> Ended:
    """A worker that has ended well."""
    result = TrialResult(
        status="complete",
        score=score,
        curve=((1, score),),
        fidelity={"rows": 8, "epochs": 1},
        cost={"params": 1.0},
        metrics={"row_error": 0.01},
        predictions=b"\0\0",
    )
    return Ended(number, "done", result, "", 2.0)


def stopped(number: int) -> Ended:
    """A worker that has ended early, as it was told."""
    result = TrialResult(
        status="stopped", score=0.5, curve=((1, 0.5),), fidelity={}, cost={"params": 1.0}
    )
    return Ended(number, "done", result, "", 2.0)
