"""The recommended recipe of a study, with the evidence for it."""

from typing import Any

from autodistill.analysis.larger_budget import enough
from autodistill.analysis.verdict import Verdict, judge
from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.runtime.packages import PACKAGES
from autodistill.study.lengths import size_of
from autodistill.study.recipe import Recipe, former_epochs
from autodistill.study.results import StudyResult, TrialGroup


def recommend(record: StudyResult, name: str) -> tuple[Recipe, Verdict]:
    """The recommended pipeline as a recipe, and why; raises SpecError when no run is complete."""
    if not record.leaders() and not record.usable_baselines():
        failed = [o.error.splitlines()[0] for o in record.outcomes if o.error]
        why = f" The last trial that failed: {failed[-1]}." if failed else ""
        raise SpecError(
            f"study '{name}' has no complete run yet, so there is nothing to recommend.{why} "
            f"Run the same search again with --budget {enough(record)} (a total) and without "
            "--trials: it goes on until a run is complete."
        )
    verdict = _verdict(record)
    rows = (record.facts.train_rows or 0) + (record.facts.selection_rows or 0)
    epochs = record.facts.full_epochs or former_epochs(rows)
    evidence = evidence_of(record, verdict, name)
    pipeline = verdict.recommended.pipeline
    return Recipe(record.study, pipeline, epochs, seed=0, evidence=evidence), verdict


def _verdict(record: StudyResult) -> Verdict:
    """Computed once for a record: an answer and its figures are about the same one."""
    if "verdict" not in record.derived:
        score = families.build("metrics", record.study.metric, {}).of_rows
        record.derived["verdict"] = judge(record, score)
    found: Verdict = record.derived["verdict"]
    return found


def _teacher_score(record: StudyResult) -> dict[str, float]:
    """The teacher's score; nothing where it is not known."""
    score = record.facts.teacher_score
    return {} if score is None else {"teacher_score": round(score, 6)}


def evidence_of(record: StudyResult, verdict: Verdict, name: str) -> dict[str, Any]:
    """The numbers that a recipe file carries, as plain data."""
    chosen, spread = verdict.recommended, verdict.spread
    rows, epochs = size_of(record.compared, record.facts)
    evidence: dict[str, Any] = {
        "study": name,
        "runs": len(record.finished),
        "metric": record.study.metric,
        "score": round(chosen.mean, 6),
        "score_interval": [round(verdict.score.low, 6), round(verdict.score.high, 6)],
        "seeds": len(chosen.scores),
        "ties": len(verdict.ties),
        **_teacher_score(record),
        "trained_on_rows": rows,
        "selection_rows": record.facts.selection_rows,
        **{k: int(chosen.cost[k]) for k in ("params", "size_bytes")},
    }
    if "latency_ms" in chosen.cost:
        evidence["latency_ms"] = round(chosen.cost["latency_ms"], 2)
    if spread and epochs:
        evidence |= {
            "trained_for_epochs": epochs,
            "seed_deviation": round(spread.deviation, 6),
            "seed_freedom": spread.freedom,
        }
    if versions := _versions(record, chosen):
        evidence["versions"] = versions
    if gain := verdict.gain:
        evidence |= {
            "gain": round(gain.interval.value, 6),
            "gain_interval": [round(gain.interval.low, 6), round(gain.interval.high, 6)],
            "distillation": gain.finding,
        }
    if verdict.simple:
        evidence["simple_baselines"] = {
            over.baseline.kind: round(over.baseline.score, 6) for over in verdict.simple
        }
        evidence["beats_simple_baselines"] = not verdict.unbeaten
    return evidence


def _versions(record: StudyResult, group: TrialGroup) -> dict[str, str]:
    """Versions of the packages that the group's last run was trained with; empty: not kept."""
    runs = [o.environment for o in record.outcomes if o.number in group.numbers and o.environment]
    known = runs[-1] if runs else {}
    return {name: known[name] for name in PACKAGES if name in known}
