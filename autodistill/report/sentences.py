"""Sentences on a verdict: how sure, what distillation gained, how student and teacher differ."""

from pathlib import Path, PurePath

from autodistill.analysis.comparison import Interval
from autodistill.analysis.gain import Gain
from autodistill.analysis.resampling import mcnemar
from autodistill.analysis.verdict import Verdict
from autodistill.registry import families
from autodistill.study.lengths import size_of, times_as_long
from autodistill.study.results import Selection, StudyResult, as_classes
from autodistill.study.rules import NETWORK
from autodistill.study.study import AGREEMENT

WITHOUT_LABELS = (
    "No row has a label: this is how often the student predicts what the teacher predicts, not how "
    "often it is right."
)
NAMED_TIES = 6
"""Trials that a sentence on ties names."""


def metric_name(name: str) -> str:
    """A metric as it stands in a sentence, such as Matthews correlation; score where unknown."""
    if not name:
        return "score"
    return str(families.build("metrics", name, {}).title or name.replace("_", " "))


def short_name(source: str) -> str:
    """The name of a dataset or a teacher; of a path its last part."""
    return PurePath(source).name if source[:1] in "/.~" else source


def whose(teacher: str) -> str:
    """Whose size a student's is a share of: the teacher's, or the encoder's beside its answers.

    Answers in a file have no size; students are cut from an encoder then.
    """
    if not Path(teacher).suffix:
        return "teacher"
    from autodistill.datasets._files import READERS, ending  # which reads all kinds, by pyarrow

    return "encoder" if ending(Path(teacher)) in READERS else "teacher"


def span(interval: Interval, signed: bool = False) -> str:
    """The ends of a 95% interval."""
    form = "+.4f" if signed else ".4f"
    return f"95% interval {interval.low:{form}} to {interval.high:{form}}"


def difference(interval: Interval) -> str:
    """A signed difference with its interval."""
    return f"{interval.value:+.4f} ({span(interval, signed=True)})"


def how_searched(record: StudyResult) -> str:
    """How many trials there were, on which rows, under which teacher."""
    facts, count = record.facts, len(record.finished)
    used, whole = facts.rows or 0, facts.train_rows or 0
    rows = f"{used:,} of {whole:,}" if used < whole else f"all {whole:,}"
    pool = f" (and {facts.pool_rows:,} unlabelled ones)" if facts.pool_rows else ""
    scores = (
        "is not scored: it has no answers to some of them"
        if facts.teacher_score is None
        else f"scores {facts.teacher_score:.4f} {metric_name(record.study.metric)}"
    )
    longer = (
        f", the best of them again {times_as_long(record.level)} times as long,"
        if record.level
        else " and"
    )
    return (
        f"{count:,} trial{'s' if count != 1 else ''}, trained on {rows} training rows{pool}{longer}"
        f" compared on {facts.selection_rows or 0:,} validation rows, where the teacher "
        f"'{short_name(record.study.teacher)}' {scores}."
    )


def beginning(verdict: Verdict) -> str:
    """The pre-trained weights that a named network begins with; empty for any other student."""
    network = verdict.recommended.pipeline.student.knobs.get(NETWORK)
    if not isinstance(network, str):
        return ""
    return (
        f"The pre-trained network '{short_name(network)}', which inherits nothing from the tuned "
        "teacher: trained alone it has never met it. A student cut from the teacher has."
    )


def score(verdict: Verdict, record: StudyResult) -> str:
    """The recommended student's score, and which rows it stands on."""
    count = len(verdict.recommended.scores)
    seeds = "one seed" if count == 1 else f"the mean of {count} seeds"
    return (
        f"{verdict.score.value:.4f} {metric_name(record.study.metric)} ({span(verdict.score)}) on "
        f"{record.facts.selection_rows or 0:,} validation rows, {seeds}, after short training on "
        f"{size_of(record.compared, record.facts)[0] or 0:,} rows. The recipe was chosen on these "
        "validation rows; the held-out test rows were not used."
        + (f" {WITHOUT_LABELS}" if record.study.metric == AGREEMENT else "")
    )


def how_sure(verdict: Verdict) -> str:
    """How far the lead can be trusted."""
    best, compared = verdict.leaders[0][0], len(verdict.leaders)
    count = len(best.scores)
    seeds = (
        f"The best recipe was trained again with {count} new seed{'s' if count > 1 else ''}, and "
        f"only {'these count' if count > 1 else 'that one counts'}."
        if best.is_repeated
        else "The best recipe was trained with one seed only: how much scores vary between seeds "
        + ("was measured on other recipes." if verdict.has_repeats else "is assumed, not measured.")
    )
    if compared == 1:
        return f"{seeds} There is no other recipe to compare it with yet."
    if len(verdict.ties) == 1:
        others = f"each of the {compared - 1} other recipes" if compared > 2 else "the other recipe"
        return f"{seeds} It beats {others} compared by more than chance explains."
    more = ", ..." if len(verdict.ties) > NAMED_TIES else ""
    trials = ", ".join(str(tie.numbers[0]) for tie in verdict.ties[:NAMED_TIES]) + more
    choice = (
        " The cheapest of them (lowest latency, then fewest parameters) is recommended."
        if verdict.recommended in verdict.ties
        else ""
    )
    return (
        f"{seeds} {len(verdict.ties)} of the {compared} recipes compared are statistically tied "
        f"for the best score (trials {trials}; cheapest first).{choice}"
    )


def distillation_gain(verdict: Verdict, metric: str) -> str:
    """Whether distillation helped, by how much, and how small a gain would have been missed."""
    gain = verdict.gain
    if verdict.recommended.baseline and gain is None:
        return (
            "Not known: no recipe is complete yet. This is a baseline, the best run so far; give "
            "the study a larger budget."
        )
    if gain is None:
        return (
            "Not known: no trial of the same student trained without a teacher is complete yet, so "
            "there is no baseline to compare with. A larger budget trains it."
        )
    found = [
        f"{_finding(gain)} {metric_name(metric)} changes by {difference(gain.interval)} compared "
        f"with the student alone ({_compared(gain, metric)})."
    ]
    if gain.gap_closed and gain.finding == "helps":
        found.append(f"This closes {gain.gap_closed.value:.0%} of the gap to the teacher.")
    all_tie = 1 < len(verdict.leaders) == len(verdict.ties)
    if all_tie and gain.finding in ("perhaps", "elsewhere", "no"):
        unseen = gain.interval.value - gain.interval.low
        found.append(
            "No recipe differs measurably from another in this study; a gain smaller than about "
            f"{unseen:.3f} would not have shown."
        )
    return " ".join(found)


def _compared(gain: Gain, metric: str) -> str:
    """The student alone that a gain is measured against."""
    kept = [f"{slot} {part}" for slot, part in gain.baseline.pipeline.stages.items()]
    like = f", with the same {' and '.join(kept)} and as many steps," if kept else ","
    labels = "teacher's classes alone" if metric == AGREEMENT else "labels without a teacher"
    found = f"the same student{like} trained on the {labels}"
    if gain.is_matched:
        return found
    return f"{found}; unlike the recipe it had no augmented views or other such stages"


def _finding(gain: Gain) -> str:
    return {
        "helps": "Distillation helps:",
        "probably": f"Distillation probably helps (probability {gain.chance:.0%}):",
        "perhaps": "Distillation was not shown to help, but it is more likely to help than not "
        f"(probability {gain.chance:.0%}), so it is recommended:",
        "elsewhere": "Distillation was not shown to help here, but is recommended: with few labels "
        f"and many texts such students gained {gain.elsewhere}, which with what was seen here "
        f"makes a gain likely (probability {gain.chance_with_others:.0%}). Here",
        "unmatched": "Whether distillation helps is not known yet, for the student alone was not "
        "trained in the same way; a larger budget trains it. The whole recipe:",
        "no": "Distillation was not shown to help, so the student alone is recommended:",
        "hurts": "Distillation hurts here, so the student alone is recommended:",
    }[gain.finding]


def teacher_effect(verdict: Verdict) -> str:
    """Whether it was the teacher's knowledge that helped; empty where that is not known."""
    if verdict.teacher_matters is None:
        return ""
    return (
        "Plain distillation differs in score by "
        f"{difference(verdict.teacher_matters)} from the same training with a shuffled teacher, "
        "whose predictions belong to other rows."
    )


def agreement(verdict: Verdict) -> str:
    """How often the student follows its teacher, and into which errors; empty where not known."""
    known = verdict.recommended.metrics
    if "agreement" not in known:
        return ""
    errors = (
        f" and repeats {known['inherited_errors']:.0%} of the teacher's errors"
        if "inherited_errors" in known
        else ""
    )
    return (
        f"The student predicts the same class as the teacher on {known['agreement']:.1%} of the "
        f"validation rows{errors}."
    )


def calibration(verdict: Verdict) -> str:
    """How far the student's probabilities are off; empty where not known."""
    known = verdict.recommended.metrics
    if "calibration_error" not in known:
        return ""
    return (
        f"The expected calibration error of the student is {known['calibration_error']:.3f} (0 is "
        "perfect: predicted probabilities match how often the student is right)."
    )


def row_by_row(verdict: Verdict, selection: Selection | None) -> str:
    """The rows that set student and baseline apart; empty where not known."""
    chosen, baseline = verdict.recommended, verdict.gain.baseline if verdict.gain else None
    if selection is None or baseline is None or baseline is chosen:
        return ""
    if not chosen.predictions or not baseline.predictions:
        return ""
    labels = as_classes(selection.labels)
    won, lost, chance = mcnemar(
        *(as_classes(group.predictions[0]) == labels for group in (chosen, baseline))
    )
    return (
        f"With one trial of each, the recommended student is right on {won:,} rows that the "
        f"student alone gets wrong, and wrong on {lost:,} that the student alone gets right "
        f"(McNemar test, p = {chance:.2g})."
    )
