"""Verdict of a study: leaders, ties, gain from distillation, recommendation."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from autodistill.analysis.comparison import Comparison, Interval
from autodistill.analysis.elsewhere import gained_elsewhere
from autodistill.analysis.gain import Gain
from autodistill.analysis.resampling import Score
from autodistill.analysis.seed_spread import SeedSpread
from autodistill.study.baselines import is_alone_of
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import StudyResult, TrialGroup, cheapness
from autodistill.study.simple_baselines import SimpleBaseline


@dataclass(frozen=True)
class OverSimple:
    """The recommended student compared with a simple baseline on the same validation rows."""

    baseline: SimpleBaseline
    interval: Interval | None
    """The baseline's score; None where predictions were not kept."""
    gain: Interval | None
    """The recommended student's score less the baseline's."""
    difference: float
    best_trial: int
    """First trial of the recipe with the highest mean."""
    best_difference: float
    """Difference of that mean from the baseline's score."""

    @property
    def is_beaten(self) -> bool:
        """Whether the recommended student is better by more than chance explains."""
        return self.gain.low > 0 if self.gain else self.difference > 0


@dataclass(frozen=True)
class Verdict:
    """The answer of a study."""

    leaders: tuple[tuple[TrialGroup, Interval], ...]
    """Repeated pipelines, or all complete ones where none was repeated; best first."""
    ties: tuple[TrialGroup, ...]
    """Leaders indistinguishable from the best, the cheapest first."""
    recommended: TrialGroup
    score: Interval
    gain: Gain | None
    """Gain of the cheapest tie; None before a baseline is complete."""
    teacher_matters: Interval | None
    """Vanilla distillation from the teacher less the same from a random one."""
    baselines: tuple[tuple[TrialGroup, Interval], ...] = ()
    """Best mean first."""
    teacher: Interval | None = None
    """Its score on the validation rows; None where its predictions were not kept."""
    simple: tuple[OverSimple, ...] = ()
    """The simple baselines, best score first."""
    spread: SeedSpread | None = None
    """The spread of single runs over seeds, on the validation rows."""

    @cached_property
    def tied(self) -> frozenset[tuple[int, ...]]:
        """The ties, each by the numbers of its runs."""
        return frozenset(tie.numbers for tie in self.ties)

    @property
    def has_repeats(self) -> bool:
        """Whether any recipe compared has fresh seeds, which count in place of its first run."""
        return any(group.is_repeated for group, _ in self.leaders)

    @property
    def unbeaten(self) -> tuple[OverSimple, ...]:
        """The simple baselines that the recommended student is not shown to beat."""
        return tuple(each for each in self.simple if not each.is_beaten)


def judge(record: StudyResult, score: Score) -> Verdict:
    """The verdict on a study with at least one complete run.

    It recommends the cheapest of the ties, or the baseline when that is the better bet; before a
    recipe is complete, the best baseline. `score` is a metric's `of_rows`.
    """
    whole = record.leaders() or record.usable_baselines()
    leaders = sorted(_held_up(whole), key=lambda a: -a.mean)
    baselines = [b for b in record.baselines() if b not in leaders]
    groups = [*leaders, *baselines]
    simple = record.simple_baselines
    fixed = [baseline.predictions for baseline in simple]
    seen = Comparison(groups, score, record.selection, fixed=fixed)
    ties = sorted(
        (leaders[i] for i in seen.ties(among=len(leaders))), key=lambda a: (*cheapness(a), -a.mean)
    )
    best = ties[0]
    equals = [a for a in ties if cheapness(a) == cheapness(best)]
    gain = _gain(seen, best, baselines, equals, record)
    recommended = gain.baseline if gain and gain.finding in ("no", "hurts") else best
    return Verdict(
        tuple((a, seen.interval(i)) for i, a in enumerate(leaders)),
        tuple(ties),
        recommended,
        seen.interval(groups.index(recommended)),
        gain,
        _teacher_matters(seen, record),
        tuple(
            sorted(
                ((a, seen.interval(groups.index(a))) for a in baselines), key=lambda b: -b[0].mean
            )
        ),
        seen.teacher_interval(),
        _over_simple(seen, simple, recommended, equals if recommended is best else []),
        seen.spread,
    )


def _held_up(groups: list[TrialGroup]) -> list[TrialGroup]:
    """Those with fresh seeds; all, while none of them had the best first run.

    Then the time that was left was too short to repeat that one, and long enough for others.
    """
    repeated = [group for group in groups if group.is_repeated]
    best = max(group.first for group in groups)
    return repeated if any(group.first >= best for group in repeated) else groups


def _gain(
    seen: Comparison,
    group: TrialGroup,
    baselines: list[TrialGroup],
    equals: list[TrialGroup],
    record: StudyResult,
) -> Gain | None:
    """Gain over the best baseline of the same student, with its views and steps or without.

    A baseline with the same optimiser alone would flatter a recipe whose learning rate suits it.
    `baselines` are best first, discounted for one lucky run; `equals` are as cheap as `group`,
    which was picked from them for its mean.
    """
    same = students_alone(group.pipeline, baselines)
    if not same or group.baseline:
        return None
    i, j = seen.groups.index(group), seen.groups.index(same[0])
    among = _places(seen, equals)
    return Gain(
        same[0],
        seen.gain(i, j, best_of=among),
        seen.probably_better(i, j, best_of=among),
        seen.gap_closed(i, j),
        any(is_alone_of(c.pipeline, group.pipeline) for c in same),
        gained_elsewhere(record, group.pipeline, same[0].mean),
    )


def _places(seen: Comparison, groups: Sequence[TrialGroup]) -> list[int]:
    """Places of these groups in the order; thousands of them are not compared one by one."""
    places = {id(group): place for place, group in enumerate(seen.groups)}
    return [places[id(group)] for group in groups]


def students_alone(pipeline: Pipeline, baselines: Sequence[TrialGroup]) -> list[TrialGroup]:
    """Those of the baselines that are a pipeline's student alone, in their order.

    With its views and steps, or without any stage.
    """
    return [
        c
        for c in baselines
        if c.baseline == "alone"
        and (
            is_alone_of(c.pipeline, pipeline)
            or (c.pipeline.student == pipeline.student and not c.pipeline.stages)
        )
    ]


def _teacher_matters(seen: Comparison, record: StudyResult) -> Interval | None:
    taught, misled = record.baselines("vanilla"), record.baselines("random")
    return (
        seen.gain(seen.groups.index(taught[0]), seen.groups.index(misled[0]))
        if taught and misled
        else None
    )


def _over_simple(
    seen: Comparison,
    simple: Sequence[SimpleBaseline],
    recommended: TrialGroup,
    equals: Sequence[TrialGroup],
) -> tuple[OverSimple, ...]:
    """The recommended student over each simple baseline; `equals` are those it was picked from."""
    place, among = seen.groups.index(recommended), _places(seen, equals)
    best = max(seen.groups, key=lambda group: group.mean)
    are_known = len(seen.fixed) == len(simple)
    return tuple(
        OverSimple(
            each,
            seen.fixed_interval(i) if are_known else None,
            seen.gain_over_fixed(place, i, best_of=among) if are_known else None,
            recommended.mean - each.score,
            best.numbers[0],
            best.mean - each.score,
        )
        for i, each in sorted(enumerate(simple), key=lambda pair: -pair[1].score)
    )
