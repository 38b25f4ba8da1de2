"""Sentences on a student or a teacher that is no better than a simple baseline."""

from autodistill.analysis.verdict import OverSimple, Verdict
from autodistill.report.sentences import difference, metric_name, span
from autodistill.study.facts import StudyFacts
from autodistill.study.simple_baselines import SimpleBaseline, below


def caution(verdict: Verdict, metric: str) -> str:
    """The simple baselines that the recommended student does not beat; empty where it beats all."""
    if not verdict.unbeaten:
        return ""
    strongest, *others = verdict.unbeaten
    found = [_finding(strongest, metric_name(metric))]
    if others:
        more = ", ".join(f"{each.baseline.title} ({each.baseline.score:.4f})" for each in others)
        found.append(f"Nor is it shown to beat {more}.")
    return " ".join(found)


def _finding(over: OverSimple, metric: str) -> str:
    name = over.baseline.title
    spread = f" ({span(over.interval)})" if over.interval else ""
    score = f"{over.baseline.score:.4f} {metric}{spread} on the same validation rows"
    gain = difference(over.gain) if over.gain else f"{over.difference:+.4f}"
    if over.best_difference <= 0:
        return (
            f"No student beats {name}: it scores {score} and takes seconds, the recommended "
            f"student differs by {gain}. Use it instead, or go on searching with a larger --budget "
            "or another --space."
        )
    if over.difference <= 0:
        return (
            f"The recommended student does not beat {name}, which scores {score} and takes "
            f"seconds: it differs by {gain}. Trial {over.best_trial} scores higher than both."
        )
    return (
        f"The recommended student is not shown to beat {name}, which scores {score} and takes "
        f"seconds: it differs by {gain}. More validation rows would tell."
    )


def weak_teacher(facts: StudyFacts) -> str:
    """A teacher that scores below a linear model on all rows; empty where none is known to."""
    if facts.whole_baseline is None or facts.teacher_score is None:
        return ""
    return below(facts.teacher_score, SimpleBaseline(**facts.whole_baseline))
