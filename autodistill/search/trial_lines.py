"""Lines of a search about its trials."""

from collections.abc import Mapping

from autodistill.prepare.quantities import COSTS, cost_text, over_limit
from autodistill.runtime.progress import short
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import Trial


def trial_line(
    outcome: Trial, best: float | None, seconds: float, left: str, level: int = 0
) -> str:
    """How a trial ended, the best score so far, and what is left of the budget."""
    what = outcome.baseline or ("repeat" if outcome.seed else "longer" if level else outcome.status)
    if outcome.status != "complete":  # its score is no result, whatever it was to be
        what = outcome.status
    shown = f"best {best:.4f}" if best is not None else ""
    return (
        f"trial {outcome.number:>3}  {what:<8} {outcome.score:.4f}  {shown}  {short(seconds)}  "
        f"{left}  {_student(outcome)} · {_terms(outcome.pipeline)}"
    )


def broken_limits(cost: Mapping[str, float], limits: Mapping[str, float]) -> str:
    """The limits that a student breaks: size 61 MB > 30 MB."""
    return ", ".join(
        over_limit(name, cost[name], most) for name, most in limits.items() if cost[name] > most
    )


def limits_line(limits: Mapping[str, float]) -> str:
    """All limits: size 30 MB, latency 5 ms."""
    return ", ".join(f"{COSTS[name]} {cost_text(name, most)}" for name, most in limits.items())


def _student(outcome: Trial) -> str:
    """The kind of student, with its parameters where they are known."""
    params = outcome.cost.get("params")
    size = "" if params is None else f" {cost_text('params', params)}"
    return f"{outcome.pipeline.student.name}{size}"


def _terms(pipeline: Pipeline) -> str:
    treated = "".join(f", {part}" for part in pipeline.stages.values())
    return " + ".join(f"{t.weight:.2g} {t.loss}" for t in pipeline.terms) + treated
