"""The answer of a study: the leaders, the recommended recipe, how sure."""

from typing import Any

from rich.table import Table

from autodistill.errors import SpecError
from autodistill.recipe import Recipe
from autodistill.record import Leader, Record
from autodistill.screen import Screen

SHOWN_LEADERS = 5
ROWS_TO_SEE = 100_000


def recommend(record: Record, name: str, *, latency_ms: float | None = None) -> Recipe:
    """The leading pipeline as a recipe; raises SpecError when no run is complete."""
    leaders = record.leaders()
    if not leaders:
        raise SpecError(f"study '{name}' has no complete run yet, so there is nothing to recommend. Run the same search again to go on.")
    best, rows = leaders[0], record.facts["train_rows"] + record.facts["selection_rows"]
    evidence: dict[str, Any] = {
        "study": name,
        "runs": len(record.finished),
        "metric": record.study.metric,
        "score": round(best.mean, 6),
        "plus_minus": round(best.half_width(), 6),
        "seeds": len(best.scores),
        "teacher_score": round(record.facts["teacher_score"], 6),
        "trained_on_rows": record.facts["rows"],
        "selection_rows": record.facts["selection_rows"],
        "params": int(best.cost["params"]),
        "size_bytes": int(best.cost["size_bytes"]),
    }
    if latency_ms is not None:
        evidence["latency_ms"] = round(latency_ms, 2)
    return Recipe(record.study, best.pipeline, full_epochs(rows), seed=0, evidence=evidence)


def full_epochs(rows: int) -> int:
    """Passes over all rows in the full training: two over a large set, up to ten over a small one."""
    return min(10, max(2, round(ROWS_TO_SEE / rows)))


def show_answer(record: Record, recipe: Recipe, screen: Screen) -> None:
    """Leaders, recommendation, how sure."""
    leaders, evidence = record.leaders(), recipe.evidence
    table = Table(title=f"{evidence['study']}: {evidence['runs']} runs, teacher {evidence['teacher_score']:.4f}", title_justify="left")
    for head, justify in (("trial", "right"), (evidence["metric"], "left"), ("seeds", "right"), ("params", "right"), ("pipeline", "left")):
        table.add_column(head, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for leader in leaders[:SHOWN_LEADERS]:
        score = f"{leader.mean:.4f} ± {leader.half_width():.4f}"
        table.add_row(str(leader.numbers[0]), score, str(len(leader.scores)), f"{leader.cost['params'] / 1e6:.1f}M", str(leader.pipeline))
    screen.answer(table)
    screen.answer(f"Recommended: {recipe.pipeline}")
    speed = f", {evidence['latency_ms']} ms a text" if "latency_ms" in evidence else ""
    screen.answer(f"  student   {evidence['params'] / 1e6:.1f} million parameters, {evidence['size_bytes'] / 1e6:.0f} MB{speed}")
    screen.answer(
        f"  score     {evidence['score']:.4f} ± {evidence['plus_minus']:.4f} {evidence['metric']} on "
        f"{evidence['selection_rows']:,} selection rows, "
        f"{evidence['seeds']} seed{'s' if evidence['seeds'] > 1 else ''}, after short trials on {evidence['trained_on_rows']:,} rows"
    )
    screen.answer(f"  how sure  {how_sure(leaders)}")


def how_sure(leaders: list[Leader]) -> str:
    """One honest sentence on the lead."""
    best = leaders[0]
    near = [x for x in leaders[1:] if best.mean - x.mean <= max(best.half_width(), x.half_width())]
    seeds = "one seed only: the spread over seeds is unknown" if len(best.scores) == 1 else f"{len(best.scores)} seeds"
    if len(leaders) == 1:
        return f"{seeds}; nothing to compare with yet"
    if not near:
        return f"{seeds}; ahead of every other complete pipeline by more than the interval"
    names = ", ".join(str(x.numbers[0]) for x in near[:6]) + (", ..." if len(near) > 6 else "")
    return f"{seeds}; cannot be told from {len(near)} of the {len(leaders) - 1} others (trials {names}): any of them may be as good"
