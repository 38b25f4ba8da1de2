"""Advice from past studies as text: suggestions with their costs, and how sure."""

import math
from collections.abc import Sequence
from statistics import median

from rich.table import Table

from autodistill.recommend.advice import Suggestion
from autodistill.recommend.recommend import Advised
from autodistill.runtime.progress import short
from autodistill.study.pipeline import Pipeline

NEAREST = 3
"""Past studies that are shown."""


def expected_seconds(pipeline: Pipeline, advised: Advised) -> float:
    """Seconds of a full training, as estimated from the nearest studies.

    The time for a row is that of the nearest studies that trained this kind of student; NaN where
    none did.
    """
    kind = pipeline.student.name
    for name, _ in advised.advice.nearest:
        record = advised.past.records[name]
        runs = [
            o
            for o in record.outcomes
            if "train_seconds" in o.cost
            and o.status == "complete"
            and o.pipeline.student.name == kind
            and o.environment.get("device", "") == advised.workspace.data.device.speed
        ]
        if runs:
            rows = [
                o.cost["train_seconds"] / (o.fidelity["rows"] * o.fidelity["epochs"]) for o in runs
            ]
            data = advised.workspace.data
            visits = (data.train_rows + data.selection_rows) * advised.recipe.epochs
            return median(rows) * visits
    return float("nan")


def lines(advised: Advised) -> list[str]:
    """How far to believe it, for people."""
    advice, found = advised.advice, list[str]()
    if earned := advice.earned:
        found.append(
            f"  earned    from the worst pipeline (0 %) to the best (100 %) of {earned.datasets} "
            f"datasets left out, its first recipe came to {earned.first:.0%} (a random one: "
            f"{earned.random_first:.0%}), its best of five to {earned.five:.0%} (random: "
            f"{earned.random_five:.0%})"
        )
    if advice.silence:
        found.append(
            f"  how sure  not at all: {advice.silence}. These are the recipes that did best on "
            "average; `autodistill search` finds out"
        )
    else:
        first = advice.suggestions[0]
        found.append(
            f"  how sure  it is expected to beat {first.standing:.0%} of pipelines (80 % interval: "
            f"{first.low:.0%} to {first.high:.0%})"
        )
    for name, distance in advice.nearest[:NEAREST]:
        found.append(
            f"  near      {name}, distance {distance:.2f}: {advised.past.best(name)} won there"
        )
    return found


def suggestions_table(advised: Advised, suggestions: Sequence[Suggestion]) -> Table:
    """One row a suggestion."""
    is_hedge = not advised.advice.silence and tuple(suggestions) == advised.advice.suggestions
    hedge = ", the likeliest first; the others are what to try beside it" if is_hedge else ""
    table = Table(
        title=f"{advised.workspace.task.name}: recipes from past studies{hedge}",
        title_justify="left",
    )
    heads = ("beats", "80 %", "million params", "ms", "full training", "recipe")
    for head in heads:
        table.add_column(head, justify="left" if head == "recipe" else "right", overflow="fold")
    for s in suggestions:
        cost, seconds = advised.costs(s.pipeline.student), expected_seconds(s.pipeline, advised)
        took = "" if math.isnan(seconds) else short(seconds)
        cells = (
            f"{s.standing:.0%}",
            f"{s.low:.0%} to {s.high:.0%}",
            f"{cost['params'] / 1e6:.2f}",
            f"{cost['latency_ms']:.2f}",
            took,
        )
        table.add_row(*cells, str(s.pipeline))
    return table


def by_student(advised: Advised) -> list[Suggestion]:
    """The best suggestion of each student."""
    found: dict[str, Suggestion] = {}
    for suggestion in advised.advice.ranked or advised.advice.suggestions:
        found.setdefault(str(suggestion.pipeline.student), suggestion)
    return list(found.values())
