"""The scores in metrics.json as lines for people."""

from collections.abc import Mapping, Sequence
from statistics import mean, stdev
from typing import Any

from autodistill.study.reading import reading_name


def score_lines(metrics: Mapping[str, Any]) -> list[str]:
    """Validation score, then that of the held-out test or why there is none."""
    lines = [validation_line(metrics)] if "validation" in metrics else []
    lines += [seeds_line(metrics)] if "seeds" in metrics else []
    if "student_test" in metrics:
        return [*lines, held_out_line(metrics)]
    note = str(metrics.get("test_note", ""))
    return [*lines, f"{note[:1].upper()}{note[1:]}."] if note else lines


def validation_line(m: Mapping[str, Any]) -> str:
    """The score on the validation rows, and whose it is."""
    low, high = m["validation_interval"]
    score = (
        f"Validation, {m['validation_rows']:,} rows: {m['metric']} {m['validation']:.4f} "
        f"(95% interval {low:.4f} to {high:.4f})"
    )
    rows, runs = m["validation_trained_on_rows"], m["validation_runs"]
    epochs = m["validation_epochs"]
    if m["validation_of"] == "student":
        return f"{score}, of this student, trained on the other {rows:,} rows"
    count = f"the mean of {runs} runs" if runs > 1 else "one run"
    return (
        f"{score}, {count} of this recipe on {rows:,} training rows alone, "
        f"{epochs} epoch{'s' if epochs != 1 else ''}; the student written here has learned from "
        "the validation rows, too"
    )


def seeds_line(m: Mapping[str, Any]) -> str:
    """The spread over seeds, and which student of them was written."""
    line = f"{len(m['seeds'])} seeds: validation {m['metric']} {_spread(m['seed_validations'])}"
    if "seed_tests" in m:
        line += f", held-out test {_spread(m['seed_tests'])}"
    return f"{line}; written: seed {m['seed']}, the median by validation score"


def _spread(scores: Sequence[float]) -> str:
    return (
        f"{mean(scores):.4f} on average (standard deviation {stdev(scores):.4f}, "
        f"{min(scores):.4f} to {max(scores):.4f})"
    )


def held_out_line(m: Mapping[str, Any]) -> str:
    """The score on the held-out test, and which reading of it that was."""
    line = f"Held-out test, {m['test_rows']:,} rows: student {m['metric']} {m['student_test']:.4f}"
    if m.get("teacher_test"):
        share = m["student_test"] / m["teacher_test"]
        line += f", teacher {m['teacher_test']:.4f} ({share:.1%} of it)"
    if interval := m.get("student_test_interval"):
        line += f"; 95% interval of the student {interval[0]:.4f} to {interval[1]:.4f}"
    if "test_reading" in m:
        line += f"; {reading_name(m['test_reading'], m['test_recipes_before'])}"
    return line
