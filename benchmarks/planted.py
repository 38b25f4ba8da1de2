"""Runs with a planted truth: a pool for the real loop that trains nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from autodistill.runtime.workers import Ended, Reported
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.results import Selection, TrialResult, as_bytes
from autodistill.training.rungs import EARLY_ROWS, RUNGS
from autodistill.training.trial import TrialSpec

ROW_SPREAD, ARM_SPREAD, SEED_SPREAD = 3.0, 0.7, 0.5
"""Spreads in logits, for each row: all runs, runs of one pipeline, one run."""
BEHIND = {1: 0.8, 2: 0.3, 4: 0.0}
"""Logits by which a run is behind its end at each rung."""
PACE_SPREAD = {1: 0.3, 2: 0.1, 4: 0.0}
"""Logits by which pipelines differ at a rung in pace, unrelated to their end."""
UNREST = {1: 2.0, 2: 1.4, 4: 1.0}
"""Factor of a run's own noise at a rung, relative to its end."""
TEACHER_LEAD = 2.0
Effect = Callable[[Pipeline, str], float]
"""effect(pipeline, baseline): logits over the student alone."""


@dataclass(frozen=True)
class Truth:
    """Planted results of one study; the same spec always gives the same result."""

    effect: Effect
    seed: int
    rows: int = 500
    """Validation rows; the right class of all of them is 0."""

    @cached_property
    def easiness(self) -> NDArray[np.float64]:
        """Logits for the right class that all runs share, one per row."""
        return 3.0 + ROW_SPREAD * np.random.default_rng(self.seed).normal(size=self.rows)

    @property
    def selection(self) -> Selection:
        """The validation rows as stored in the database, with the teacher's predictions."""
        teacher = (
            self.easiness
            + TEACHER_LEAD
            + np.random.default_rng([self.seed, 0]).logistic(size=self.rows)
            <= 0
        )
        return Selection(as_bytes(np.zeros(self.rows, dtype=int)), as_bytes(teacher.astype(int)))

    def wrong(self, ticket: TrialSpec, rung: int) -> NDArray[np.bool_]:
        """Rows that a run gets wrong after this many quarters of its training."""
        group = [self.seed, 1, crc32(f"{ticket.pipeline.key} {ticket.baseline}".encode())]
        shared, own = np.random.default_rng(group), np.random.default_rng([*group, 1 + ticket.seed])
        logits = (
            self.easiness
            + self.effect(ticket.pipeline, ticket.baseline)
            + ARM_SPREAD * shared.normal(size=self.rows)
        )
        logits += (
            PACE_SPREAD[rung] * shared.normal() - BEHIND[rung] + SEED_SPREAD * own.normal() / 4
        )
        own = np.random.default_rng([*group, 1 + ticket.seed, rung])
        wrong: NDArray[np.bool_] = (
            logits + UNREST[rung] * SEED_SPREAD * own.logistic(size=self.rows) <= 0
        )
        return wrong


@dataclass
class _Run:
    ticket: TrialSpec
    rungs: list[int] = field(default_factory=lambda: list(RUNGS))
    curve: list[tuple[int, float]] = field(default_factory=list)
    stopped: bool = False


class PlantedPool:
    """A pool of as many runs at once as a search has workers.

    Each takes one step, to its next rung or to its end, in a `wait`.
    """

    def __init__(self, truth: Truth, workers: int = 2) -> None:
        self.truth = truth
        self.workers = workers
        self.live: dict[Any, _Run] = {}

    @property
    def running(self) -> int:
        """Number of runs now."""
        return len(self.live)

    @property
    def free(self) -> int:
        """Number of runs that may start now."""
        return self.workers - len(self.live)

    def start(self, ticket: TrialSpec, timeout_seconds: float) -> None:
        """Begin a run."""
        self.live[ticket.number] = _Run(ticket)

    def wait(self, seconds: float) -> Sequence[Reported | Ended]:
        """One step of every run."""
        return [self._step(run) for run in list(self.live.values())]

    def stop(self) -> Sequence[int]:
        """Stop all runs; returns their numbers."""
        numbers = list(self.live)
        self.live.clear()
        return numbers

    def _step(self, run: _Run) -> Reported | Ended:
        if run.stopped or not run.rungs:
            del self.live[run.ticket.number]
            return Ended(run.ticket.number, "done", self._result(run), "", float(run.curve[-1][0]))
        rung = run.rungs.pop(0)
        wrong = self.truth.wrong(run.ticket, rung)
        run.curve.append((rung, float(1 - (wrong[:EARLY_ROWS] if run.rungs else wrong).mean())))

        def reply(stop: bool) -> None:
            run.stopped = stop and bool(run.rungs)

        return Reported(run.ticket.number, rung, run.curve[-1][1], reply)

    def _result(self, run: _Run) -> TrialResult:
        """As training.trial.run_trial returns it."""
        score, complete = run.curve[-1][1], not run.stopped
        row_error = max(np.sqrt(score * (1 - score) / self.truth.rows), 1 / self.truth.rows)
        wrong = self.truth.wrong(run.ticket, RUNGS[-1]).astype(int) if complete else None
        return TrialResult(
            status="complete" if complete else "stopped",
            score=score,
            curve=tuple(run.curve),
            fidelity={"rows": run.ticket.rows, "epochs": run.ticket.epochs},
            cost={
                "train_seconds": float(run.curve[-1][0]),
                "evaluation_seconds": 0.0,
                **student_cost(run.ticket.pipeline.student),
            },
            metrics={"row_error": float(row_error)} if complete else {},
            predictions=b"" if wrong is None else as_bytes(wrong),
        )


def student_cost(student: Part) -> Mapping[str, float]:
    """A student's cost by the share of layers that it keeps."""
    keep = float(student.knobs.get("keep", 1.0))
    return {"params": 2e7 * keep, "size_bytes": 8e7 * keep, "latency_ms": 4.0 * keep}
