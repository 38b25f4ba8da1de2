"""A study's answer in one sentence and four numbers, and what it was measured on."""

from collections import Counter
from dataclasses import dataclass

from autodistill.analysis.gain import Gain
from autodistill.analysis.verdict import Verdict
from autodistill.report.costs import row_name, runs_as
from autodistill.report.readings import interval_text, own_reading
from autodistill.report.sentences import metric_name, short_name, whose
from autodistill.study.recipe import Recipe
from autodistill.study.results import StudyResult

FOUND = {
    "helps": "Distillation helps",
    "probably": "Distillation probably helps",
    "perhaps": "Distillation is not shown to help, but is the better bet",
    "elsewhere": "Distillation is not shown to help here, but did elsewhere",
    "unmatched": "Whether distillation helps is not known yet",
    "no": "Distillation is not shown to help",
    "hurts": "Distillation hurts here",
}
VERSIONS = ("kd-autodistill", "torch", "transformers", "optuna")
"""Packages whose versions are named."""


@dataclass(frozen=True)
class Tile:
    """One number to look at first: what it is, its value, what is to be known about it."""

    label: str
    value: str
    detail: str


def headline(record: StudyResult, verdict: Verdict) -> str:
    """The recommended student beside its teacher, and the gain of distillation."""
    metric, size = metric_name(record.study.metric), share_of_teacher(record, verdict)
    of_teacher = bool(size) and whose(record.study.teacher) == "teacher"
    megabytes = f"A student of {verdict.recommended.cost['size_bytes'] / 1e6:.3g} MB"
    student = f"A student with {size} of the teacher's parameters" if of_teacher else megabytes
    teacher, score = record.facts.teacher_score, verdict.score.value
    if teacher and teacher > 0 and score > 0:
        owner = "its" if of_teacher else "the teacher's"
        kept = f"{student} keeps {score / teacher:.0%} of {owner} {metric} on validation rows"
    else:
        kept = f"{student} scores {score:.4f} {metric} on validation rows"
    told = [f"{kept}."]
    if gain := verdict.gain:
        over = " over the same student alone" if gain.finding in ("helps", "probably") else ""
        told.append(f"{FOUND[gain.finding]}: {gain.interval.value:+.4f}{over}.")
    return " ".join(told)


def tiles(record: StudyResult, verdict: Verdict, recipe: Recipe) -> tuple[Tile, ...]:
    """Scores, size, speed and the gain of distillation; what is not known is left out."""
    cost, found = verdict.recommended.cost, verdict.score
    teacher = record.facts.teacher_score
    beside = f"; the teacher {teacher:.4f}" if teacher else ""
    told = [
        Tile(
            f"{metric_name(record.study.metric)}, validation",
            f"{found.value:.4f}",
            f"95% interval {found.low:.4f} to {found.high:.4f}{beside}",
        ),
        *_held_out(record, recipe),
        Tile("size", f"{cost['size_bytes'] / 1e6:.3g} MB", _parameters(record, verdict)),
    ]
    if "latency_ms" in cost:
        row = row_name(verdict.recommended.pipeline.student.name)
        where = f"per {row}, one CPU thread{runs_as(record.study.target)}"
        told.append(Tile("speed", f"{cost['latency_ms']:.2g} ms", where))
    return (*told, _gain(verdict.gain)) if verdict.gain else tuple(told)


def share_of_teacher(record: StudyResult, verdict: Verdict) -> str:
    """The recommended student's parameters as a share of the teacher's; empty if not known."""
    params, whole = verdict.recommended.cost["params"], record.facts.teacher_params
    if not whole:
        return ""
    return f"{params / whole:.0%}" if params >= 0.01 * whole else f"{params / whole:.2%}"


def measured_on(record: StudyResult) -> tuple[tuple[str, str], ...]:
    """Data, teacher, space and versions, each with its name."""
    facts, study = record.facts, record.study
    rows = f"{facts.train_rows or 0:,} training rows"
    pool = f", {facts.pool_rows:,} unlabelled" if facts.pool_rows else ""
    params = (facts.teacher_params or 0) / 1e6
    about = f"{params:.1f} M parameters" if params else ""
    if about and whose(study.teacher) == "encoder":
        about = f"its answers in a file; students are cut from an encoder of {about}"
    classes = f"; {facts.classes} classes" if facts.classes else ""
    told = {
        "Data": f"{short_name(study.dataset)}: {rows}{pool}, {facts.selection_rows or 0:,} "
        f"validation rows{classes}",
        "Teacher": ", ".join(filter(None, (short_name(study.teacher), about))),
        "Search space": f"{study.space}; trials: {len(record.finished):,}",
        "Versions": _versions(record),
    }
    return tuple((name, text) for name, text in told.items() if text)


def _held_out(record: StudyResult, recipe: Recipe) -> list[Tile]:
    """The score on the held-out test, where it was read for this recipe."""
    if (reading := own_reading(record, recipe)) is None:
        return []
    scores, interval = reading.scores, interval_text(reading)
    teacher = scores.get("teacher_test")
    told = (interval and f"95% interval {interval}", teacher and f"the teacher {teacher:.4f}")
    name = f"{metric_name(record.study.metric)}, held-out test"
    return [Tile(name, f"{scores['student_test']:.4f}", "; ".join(filter(None, told)))]


def _parameters(record: StudyResult, verdict: Verdict) -> str:
    params, share = verdict.recommended.cost["params"], share_of_teacher(record, verdict)
    owner = whose(record.study.teacher)
    return f"{params / 1e6:.3g} M parameters" + (f", {share} of the {owner}'s" if share else "")


def _gain(gain: Gain) -> Tile:
    seen = gain.interval
    return Tile(
        "gain of distillation",
        f"{seen.value:+.4f}",
        f"95% interval {seen.low:+.4f} to {seen.high:+.4f} over the same student alone",
    )


def _versions(record: StudyResult) -> str:
    """The versions of most trials."""
    seen = Counter(tuple(sorted(o.environment.items())) for o in record.outcomes if o.environment)
    if not seen:
        return ""
    known = dict(seen.most_common(1)[0][0])
    named = [f"{name} {known[name]}" for name in VERSIONS if name in known]
    return ", ".join(named + [f"Python {known[name]}" for name in ("python",) if name in known])
