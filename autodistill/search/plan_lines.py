"""The plan of a search for people."""

from autodistill.runtime.progress import short
from autodistill.runtime.settings import TOKEN_GB
from autodistill.search.cost import Plan
from autodistill.study.lengths import FACTOR

SHOWN = {"tokens": "states", "projections": "queries, keys and values"}
"""Names for people of the kinds of signals."""


def lines(plan: Plan, *, compares: bool = True) -> list[str]:
    """The plan for people, and why it may not be enough.

    `compares` is off where no leaders are repeated to be told apart.
    """
    teacher = ", ".join(_teacher(plan))
    passes = f"{plan.epochs} epochs" if plan.epochs > 1 else "1 epoch"
    every = plan.train_rows + plan.pool_rows
    on = f"{plan.workers} worker{'s' * (plan.workers > 1)}"
    found = [
        f"plan      teacher: {teacher}",
        f"plan      search: {short(plan.search_seconds)}, about {plan.runs} runs on {on}, about "
        f"{short(plan.trial_seconds)} each to its end ({plan.rows:,} of {every:,} rows, {passes})",
        f"plan      in total about {short(plan.seconds)}, "
        f"{plan.teacher_seconds / plan.seconds:.0%} of it for the teacher; "
        f"{plan.disk_bytes / 1e6:,.0f} MB of disk",
    ]
    if plan.promoted:
        found.insert(
            2,
            f"plan      about {plan.promoted} of them are the best of the others again, "
            f"{FACTOR} times as long, about {short(plan.promoted_seconds)} each; repeats and the "
            "answer are of this length",
        )
    if not compares:
        return found
    return [
        *found,
        f"plan      differences below about {100 * plan.detectable:.1f} points will look like ties "
        f"({plan.selection_rows:,} validation rows, {_seeds(plan)})",
        *(_token_line(kind, count, plan.token_limit) for kind, count in plan.by_token.items()),
        *(f"warning   {text}" for text in plan.warnings()),
    ]


def _seeds(plan: Plan) -> str:
    if plan.repeats_each:
        return f"{plan.fresh_seeds:.1f} fresh seeds for each leader"
    share = f"{plan.fresh_seeds:.0%}"
    return "no fresh seed" if share == "0%" else f"a fresh seed for {share} of the leaders"


def _teacher(plan: Plan) -> list[str]:
    """Steps that are left for the teacher and with it, in order, each with its time."""
    found = []
    if plan.tuning_seconds:
        found.append(f"{short(plan.tuning_seconds)} to fine-tune")
    if plan.choice_seconds:
        found.append(f"{short(plan.choice_seconds)} to try recipes")
    if plan.tuning_seconds + plan.recording_seconds:
        unlabelled = f" ({plan.pool_rows:,} of them unlabelled)" if plan.pool_rows else ""
        found.append(f"{short(plan.recording_seconds)} to predict all rows{unlabelled}")
    else:
        found.append("all its predictions are on disk")
    if plan.words_seconds:
        found.append(f"{short(plan.words_seconds)} to read its vocabulary")
    return [*found, "once for this dataset" if plan.teacher_seconds else "0 s"]


def _token_line(kind: str, count: int, limit: float) -> str:
    if count <= limit:
        return (
            f"plan      {SHOWN[kind]} of every token: recorded when a recipe first uses them, "
            f"{count / 1e6:,.0f} MB"
        )
    over = f"{count / 1e9:,.1f} GB, over {TOKEN_GB}={limit / 1e9:g}"
    return f"plan      {SHOWN[kind]} of every token: {over}: the teacher runs at every step"
