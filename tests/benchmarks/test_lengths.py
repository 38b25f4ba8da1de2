"""Short runs beside full trainings: sizes, the table that goes on, its summary."""

from pathlib import Path

import pytest

from autodistill.study.pipeline import Part, Pipeline, Term
from benchmarks.lengths import Line, append, at_rate, read, summary


def line(recipe: int, score: float, *, steps: int = 31, full: int = 0, power: float = 0.0) -> Line:
    """A training of the table."""
    short_steps = 31 if power else 0
    return Line("a.csv", recipe, steps, full, power, short_steps, 0, score, 1.0)


def test_a_table_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    lines = [line(0, 0.1), line(1, 0.25, steps=500, full=1, power=0.5)]
    for each in lines:
        append(tmp_path / "t.csv", each)

    assert read(tmp_path / "t.csv") == lines
    assert read(tmp_path / "none.csv") == []


def test_the_summary_ranks_short_runs_by_the_full_trainings() -> None:
    full = [0.5, 0.6, 0.7, 0.4]
    lines = [line(n, score) for n, score in enumerate((0.1, 0.2, 0.3, 0.4))]
    lines += [line(n, score, steps=500, full=1) for n, score in enumerate(full)]

    (pair,) = summary(lines)["pairs"]

    # ranks 1 2 3 4 and 2 3 4 1: 1 - 6 * (1 + 1 + 1 + 9) / (4 * 15) = -0.2
    assert pair["spearman"] == pytest.approx(-0.2)
    assert pair["picked_full"] == 40.0
    assert pair["best_full"] == 70.0


def test_a_rate_is_multiplied_and_nothing_else_changes() -> None:
    optimizer = Part("adamw", {"lr": 1e-3, "batch": 16})
    before = Pipeline(Part("cut"), (Term(Part("ce"), 1.0),), optimizer)

    after = at_rate(before, 0.25)

    assert after.optimizer == Part("adamw", {"lr": 2.5e-4, "batch": 16})
    assert after.student == before.student
    assert after.terms == before.terms
