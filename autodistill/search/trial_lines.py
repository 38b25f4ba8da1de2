"""Lines of a search about its trials."""

from collections.abc import Mapping
from typing import Any

from autodistill.prepare.quantities import COSTS, cost_text, over_limit
from autodistill.runtime.progress import short
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import Trial


def trial_line(
    outcome: Trial, best: float | None, seconds: float, left: str, level: int = 0
) -> str:
    """How a trial ended, the best score so far, and what is left of the budget."""
    what = kind_of(outcome.baseline, outcome.seed, level) or outcome.status
    if outcome.status != "complete":  # its score is no result, whatever it was to be
        what = outcome.status
    who = student(outcome.pipeline, outcome.cost.get("params"))
    shown = f"best {best:.4f}" if best is not None else ""
    return (
        f"trial {outcome.number:>3}  {what:<8} {outcome.score:.4f}  {shown}  {short(seconds)}  "
        f"{left}  {who} · {terms(outcome.pipeline)}"
    )


def trial_facts(outcome: Trial, seconds: float) -> dict[str, Any]:
    """The same for a program; costs are those of its student."""
    return {
        "trial": outcome.number,
        "status": outcome.status,
        "score": outcome.score,
        "baseline": outcome.baseline,
        "seed": outcome.seed,
        "seconds": round(seconds, 2),
        **{name: outcome.cost[name] for name in COSTS if name in outcome.cost},
        "pipeline": outcome.pipeline.to_dict(),
        "error": outcome.error,
    }


def kind_of(baseline: str, repeat: int, level: int) -> str:
    """The kind of a run: a baseline's name, repeat, longer; empty for a recipe's first run."""
    return baseline or ("repeat" if repeat else "longer" if level else "")


def broken_limits(cost: Mapping[str, float], limits: Mapping[str, float]) -> str:
    """The limits that a student breaks: size 61 MB > 30 MB."""
    return ", ".join(
        over_limit(name, cost[name], most) for name, most in limits.items() if cost[name] > most
    )


def limits_line(limits: Mapping[str, float]) -> str:
    """All limits: size 30 MB, latency 5 ms."""
    return ", ".join(f"{COSTS[name]} {cost_text(name, most)}" for name, most in limits.items())


def student(pipeline: Pipeline, params: float | None) -> str:
    """The kind of student, with its parameters where they are known."""
    size = "" if params is None else f" {cost_text('params', params)}"
    return f"{pipeline.student.name}{size}"


def terms(pipeline: Pipeline) -> str:
    """The losses with their weights, and what else the recipe does."""
    treated = "".join(f", {part}" for part in pipeline.stages.values())
    return " + ".join(f"{t.weight:.2g} {t.loss}" for t in pipeline.terms) + treated
