"""A small study in a database, with runs as a search leaves them."""

from pathlib import Path
from typing import Any

from autodistill.storage import Store
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import Trial
from autodistill.study.study import Study

FACTS: dict[str, Any] = {
    "rows": 40,
    "epochs": 2,
    "train_rows": 80,
    "selection_rows": 20,
    "classes": 2,
    "teacher_score": 0.95,
}


def pipeline(temperature: float = 2.0) -> Pipeline:
    """One student, one loss."""
    return Pipeline(
        Part("cut", {"keep": 0.5}),
        (Term(Part("kl", {"temperature": temperature}), 1.0),),
        Part("adamw", {"lr": 1e-4}),
    )


def outcome(number: int, score: float, status: str = "complete") -> Trial:
    """One run; pipelines differ by their temperature."""
    cost = {"params": 1e6, "size_bytes": 4e6, "train_seconds": 3.0}
    return Trial(
        number,
        pipeline(1.0 + number),
        0,
        status,
        score,
        {"rows": 40, "epochs": 2},
        {"row_error": 0.01},
        cost=cost,
    )


def write_study(path: Path, *outcomes: Trial, name: str = "tiny") -> Path:
    """A database with one study of the question reviews.csv."""
    store = Store(str(path))
    store.begin(Study("reviews.csv", metric="accuracy"), FACTS, name=name)
    for each in outcomes:
        store.add(name, each)
    store.close()
    return path
