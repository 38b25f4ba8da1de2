"""A study with everything that a page shows: two students, baselines, predictions, broken runs."""

import numpy as np

from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import Selection, StudyResult, Trial, as_bytes
from autodistill.study.study import Study

ROWS, CLASSES = 400, 3
NAMES = ("angry", "calm", "glad")
ALONE = (Term(Part("ce"), 1.0),)
TAUGHT = (Term(Part("ce"), 0.1), Term(Part("kl", {"temperature": 2.0}), 0.9))
SMALL, LARGE = Part("static", {"width": 64}), Part("cut", {"keep": 0.5})
COSTS = {
    "static": {"params": 1e6, "size_bytes": 4e6, "latency_ms": 0.07},
    "cut": {"params": 15e6, "size_bytes": 60e6, "latency_ms": 8.9},
}
LABELS = np.arange(ROWS) % CLASSES


def answers(right: float, seed: int) -> np.ndarray:
    """Classes of which this share is right; the others are one too high."""
    wrong = np.random.default_rng(seed).permutation(ROWS)[: round((1 - right) * ROWS)]
    found = LABELS.copy()
    found[wrong] = (found[wrong] + 1) % CLASSES
    return found


def run(
    number: int,
    student: Part,
    terms: tuple[Term, ...],
    right: float,
    *,
    seed: int = 0,
    baseline: str = "",
    status: str = "complete",
    seconds: float = 10.0,
) -> Trial:
    """One run whose score is that of its predictions."""
    is_complete = status == "complete"
    return Trial(
        number,
        Pipeline(student, terms, Part("adamw", {"lr": 1e-3})),
        seed,
        status,
        float((answers(right, number) == LABELS).mean()) if is_complete else None,
        {"rows": 1000, "epochs": 3},
        {"row_error": 0.02} if is_complete else {},
        cost={**COSTS[student.name], "seconds": seconds, "train_seconds": seconds - 1},
        baseline=baseline,
        predictions=as_bytes(answers(right, number)) if is_complete else b"",
    )


def studied(dataset: str = "reviews.csv") -> StudyResult:
    """The small student gains 0.15 from its teacher, the large one nothing."""
    outcomes = (
        run(0, SMALL, TAUGHT, 0.85),
        run(1, LARGE, TAUGHT, 0.86),
        run(2, SMALL, TAUGHT, 0.86, seed=1),
        run(3, LARGE, TAUGHT, 0.865, seed=1),
        run(4, SMALL, ALONE, 0.70, baseline="alone"),
        run(5, LARGE, ALONE, 0.87, baseline="alone"),
        run(6, LARGE, TAUGHT, 0.85, baseline="vanilla"),
        run(7, LARGE, TAUGHT, 0.0, status="stopped", seconds=4.0),
        run(8, SMALL, TAUGHT, 0.0, status="failed", seconds=2.0),
    )
    facts = StudyFacts(
        rows=1000,
        epochs=3,
        train_rows=1000,
        selection_rows=ROWS,
        classes=CLASSES,
        teacher_score=0.9,
        teacher_params=30_000_000,
        plan={"tuning_seconds": 159.4, "recording_seconds": 12.8, "workers": 2},
    )
    selection = Selection(as_bytes(LABELS), as_bytes(answers(0.9, 99)), NAMES)
    study = Study(dataset, metric="accuracy", limits={"latency_ms": 9.0})
    return StudyResult(study, outcomes, 55.0, facts, selection)
