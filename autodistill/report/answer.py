"""The answer of a study: the leaders, the recommended recipe, how sure."""

from typing import Any

from rich.table import Table

from autodistill.analysis.comparison import Interval, mcnemar
from autodistill.analysis.pareto import dominated
from autodistill.analysis.verdict import Verdict, judge
from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.runtime.progress import Screen
from autodistill.study.recipe import Recipe, full_epochs
from autodistill.study.results import Selection, StudyResult, TrialGroup, as_classes

SHOWN_LEADERS = 5


def recommend(record: StudyResult, name: str) -> tuple[Recipe, Verdict]:
    """The recommended pipeline as a recipe, and why; raises SpecError when no run is complete."""
    if not record.leaders():
        raise SpecError(
            f"study '{name}' has no complete run yet, so there is nothing to recommend. Run the same search again to go on."
        )
    verdict, rows = (
        judge(record, families.build("metrics", record.study.metric, {}).of_counts),
        _known_rows(record),
    )
    chosen = verdict.recommended
    evidence: dict[str, Any] = {
        "study": name,
        "runs": len(record.finished),
        "metric": record.study.metric,
        "score": round(chosen.mean, 6),
        "score_interval": [round(verdict.score.low, 6), round(verdict.score.high, 6)],
        "seeds": len(chosen.scores),
        "ties": len(verdict.ties),
        "teacher_score": round(record.facts["teacher_score"], 6),
        "trained_on_rows": record.facts["rows"],
        "selection_rows": record.facts["selection_rows"],
        **{k: int(chosen.cost[k]) for k in ("params", "size_bytes")},
    }
    if "latency_ms" in chosen.cost:
        evidence["latency_ms"] = round(chosen.cost["latency_ms"], 2)
    if gain := verdict.gain:
        evidence |= {
            "gain": round(gain.interval.value, 6),
            "gain_interval": [round(gain.interval.low, 6), round(gain.interval.high, 6)],
        }
        evidence |= {"distillation": gain.finding}
    return Recipe(
        record.study, chosen.pipeline, full_epochs(rows), seed=0, evidence=evidence
    ), verdict


def show_answer(record: StudyResult, recipe: Recipe, verdict: Verdict, screen: Screen) -> None:
    """Leaders, recommendation, how sure, what distillation was worth."""
    evidence = recipe.evidence
    title = f"{evidence['study']}: {evidence['runs']} runs, teacher {evidence['teacher_score']:.4f}"
    screen.answer(_leaders(verdict, title, evidence["metric"]))
    if front := _front(record):
        screen.answer(front)
    screen.answer(f"Recommended: {recipe.pipeline}")
    digits = 1 if evidence["params"] > 1e6 else 2
    unit = (
        families.card("students", recipe.pipeline.student.name)
        .traits.get("reads", "texts")
        .removesuffix("s")
    )
    speed = (
        f", {evidence['latency_ms']} ms {'an' if unit == 'image' else 'a'} {unit}"
        if "latency_ms" in evidence
        else ""
    )
    screen.answer(
        f"  student   {evidence['params'] / 1e6:.{digits}f} million parameters, {evidence['size_bytes'] / 1e6:.{digits - 1}f} MB{speed}"
    )
    seeds = f"{evidence['seeds']} seed{'s' if evidence['seeds'] > 1 else ''}"
    screen.answer(
        f"  score     {_span(verdict.score)} {evidence['metric']} on {evidence['selection_rows']:,} selection rows, "
        f"{seeds}, after short trials on {evidence['trained_on_rows']:,} rows"
    )
    screen.answer(f"  how sure  {how_sure(verdict)}")
    for line in (*worth(verdict), *fidelity(verdict, record.selection)):
        screen.answer(line)


def how_sure(verdict: Verdict) -> str:
    """One honest sentence on the lead."""
    best = verdict.leaders[0][0]
    count = len(best.scores)
    seeds = (
        f"{count} fresh seed{'s' if count > 1 else ''}"
        if best.is_repeated
        else "one seed only: the spread over seeds is a guess"
    )
    others = len(verdict.leaders) - 1
    if not others:
        return f"{seeds}; nothing to compare with yet"
    if len(verdict.ties) == 1:
        return f"{seeds}; ahead of the {others} other leaders by more than chance"
    names = ", ".join(str(a.numbers[0]) for a in verdict.ties[:6]) + (
        ", ..." if len(verdict.ties) > 6 else ""
    )
    taken = "; the cheapest of them is taken" if verdict.recommended in verdict.ties else ""
    return f"{seeds}; {len(verdict.ties)} of {others + 1} leaders cannot be told apart (trials {names}){taken}"


def worth(verdict: Verdict) -> list[str]:
    """Whether distillation helped, and whether it was the teacher."""
    if verdict.gain is None:
        return ["  worth     unknown: no run of the same student without a teacher is complete yet"]
    gain = verdict.gain
    said = {
        "helps": "distillation helps",
        "probably": f"distillation probably helps ({gain.chance:.0%} sure)",
        "perhaps": f"distillation was not shown to help, yet is the better guess ({gain.chance:.0%} sure)",
        "no": "distillation was not shown to help: the student alone is recommended",
        "hurts": "distillation hurts here: the student alone is recommended",
    }[gain.finding]
    closed = (
        f"; closes {gain.gap_closed.value:.0%} of the gap to the teacher"
        if gain.gap_closed and gain.finding == "helps"
        else ""
    )
    lines = [f"  worth     {said}: {gain.interval} over the student alone{closed}"]
    if 1 < len(verdict.leaders) == len(verdict.ties) and gain.finding in ("perhaps", "no"):
        unseen = gain.interval.value - gain.interval.low
        lines.append(
            f"            nothing differs as far as this study can tell: it would not show gains below about {unseen:.3f}"
        )
    if verdict.teacher_matters is not None:
        lines.append(
            f"            against a random teacher, plain distillation gives {verdict.teacher_matters}"
        )
    return lines


def fidelity(verdict: Verdict, selection: Selection | None) -> list[str]:
    """How the recommended student relates to its teacher and to the student alone, row by row; what is not known is left out."""
    chosen, lines = verdict.recommended, []
    known = chosen.metrics
    if {"agreement", "calibration_error"} <= known.keys():
        errors = (
            f", repeats {known['inherited_errors']:.0%} of its errors"
            if "inherited_errors" in known
            else ""
        )
        lines.append(
            f"  fidelity  agrees with the teacher on {known['agreement']:.1%} of the rows{errors}; calibration error "
            f"{known['calibration_error']:.3f}"
        )
    baseline = verdict.gain.baseline if verdict.gain else None
    if (
        selection
        and baseline
        and baseline is not chosen
        and chosen.predictions
        and baseline.predictions
    ):
        labels = as_classes(selection.labels)
        won, lost, chance = mcnemar(
            *(as_classes(group.predictions[0]) == labels for group in (chosen, baseline))
        )
        lines.append(
            f"            one run each: right on {won} rows that the student alone gets wrong, wrong on {lost} (McNemar p {chance:.2g})"
        )
    return lines


def _leaders(verdict: Verdict, title: str, metric: str) -> Table:
    table = Table(title=title, title_justify="left")
    for head in ("trial", metric, "seeds", "ms", "params", "pipeline"):
        table.add_column(
            head, justify="left" if head in (metric, "pipeline") else "right", overflow="fold"
        )
    for group, interval in verdict.leaders[:SHOWN_LEADERS]:
        mark = "*" if group is verdict.recommended else "=" if group in verdict.ties else ""
        table.add_row(
            f"{group.numbers[0]}{mark}",
            _span(interval),
            str(len(group.scores)),
            *_cost(group),
            str(group.pipeline),
        )
    if verdict.gain:
        baseline = verdict.gain.baseline
        mark = "*" if baseline is verdict.recommended else ""
        table.add_row(
            f"alone{mark}",
            f"{baseline.mean:.4f}",
            str(len(baseline.scores)),
            *_cost(baseline),
            str(baseline.pipeline),
        )
    table.caption, table.caption_justify = "* recommended   = cannot be told from the best", "left"
    return table


def _front(record: StudyResult) -> Table | None:
    """Score, latency and size of the students that no other one beats in all three; None where all have one shape."""
    import numpy as np

    groups = [*record.leaders(), *record.baselines("alone")]
    if len({(a.cost.get("latency_ms"), a.cost.get("params")) for a in groups}) < 2:
        return None
    points = np.array(
        [(1 - a.mean, a.cost.get("latency_ms", 0.0), a.cost.get("size_bytes", 0.0)) for a in groups]
    )
    table = Table(
        title="Front: no other student is better in score, speed and size", title_justify="left"
    )
    for head in ("trial", record.study.metric, "ms", "params", "pipeline"):
        table.add_column(head, overflow="fold")
    for group in sorted(
        (a for a, out in zip(groups, dominated(points)) if not out), key=lambda a: -a.mean
    ):
        table.add_row(
            str(group.numbers[0]), f"{group.mean:.4f}", *_cost(group), str(group.pipeline)
        )
    return table


def _cost(group: TrialGroup) -> tuple[str, str]:
    return (
        f"{group.cost['latency_ms']:.2f}" if "latency_ms" in group.cost else "",
        f"{group.cost['params'] / 1e6:.1f}M",
    )


def _span(interval: Interval) -> str:
    return f"{interval.value:.4f} ({interval.low:.4f} to {interval.high:.4f})"


def _known_rows(record: StudyResult) -> int:
    return int(record.facts["train_rows"] + record.facts["selection_rows"])
