"""The score of one recipe of a study, from its runs there."""

from dataclasses import dataclass

from autodistill.analysis.comparison import Comparison, Interval
from autodistill.analysis.resampling import Score
from autodistill.analysis.verdict import judge
from autodistill.study.lengths import size_of
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import StudyResult, TrialGroup

SHUFFLED = "random"
"""The baseline whose teacher is not the pipeline's own."""


@dataclass(frozen=True)
class RecipeScore:
    """A recipe's mean score on the validation rows, trained on training rows alone."""

    interval: Interval
    runs: int
    rows: int | None
    """Training rows of one run."""
    epochs: int | None


def recipe_score(record: StudyResult, pipeline: Pipeline, score: Score) -> RecipeScore | None:
    """The score of a pipeline's complete runs, as the study's answer has it; None without any."""
    groups = [*record.leaders(), *record.baselines()]
    own = [g for g in groups if g.pipeline.key == pipeline.key and g.baseline != SHUFFLED]
    if not own:
        return None
    group = max(own, key=lambda each: len(each.scores))
    known: dict[tuple[int, ...], Interval] = {}
    if record.leaders():
        verdict = judge(record, score)
        known = {g.numbers: interval for g, interval in (*verdict.leaders, *verdict.baselines)}
    interval = known.get(group.numbers) or _interval(groups, group, score, record)
    return RecipeScore(interval, len(group.scores), *size_of(record.compared, record.facts))


def _interval(
    groups: list[TrialGroup], group: TrialGroup, score: Score, record: StudyResult
) -> Interval:
    return Comparison(groups, score, record.selection).interval(groups.index(group))
