"""What each recipe is worth over labels alone, for the same students, on each dataset."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.results import StudyResult, pooled_deviation

ALONE = "labels alone"


@dataclass(frozen=True)
class Gain:
    """One recipe on one dataset."""

    study: str
    recipe: str
    gain: float
    """Mean over students of the difference to the same student on labels alone, in the study's metric."""
    error: float
    """Standard error from the noise of seeds, as all repeats of the study show it; NaN where nothing was repeated."""
    students: int

    @property
    def is_shown(self) -> bool:
        """More than two standard errors from nothing."""
        return abs(self.gain) > 2 * self.error


def gains(studies: Mapping[str, StudyResult]) -> list[Gain]:
    """Of recipes that were run with two students or more which were also run on labels alone; in the order of studies, then of recipes."""
    return [gain for name, record in studies.items() for gain in _gains(name, record)]


def common_recipes(found: Sequence[Gain]) -> list[str]:
    """Those that at least half of the studies have."""
    studies, counts = {g.study for g in found}, Counter(g.recipe for g in found)
    return [recipe for recipe, count in counts.items() if 2 * count >= len(studies)]


def recipe_name(pipeline: Pipeline) -> str:
    """What is done beside the labels, without the student and its optimiser."""
    terms = [
        f"{t.weight:.2g} {_short(t.loss)}{f'@{t.mapping.name}' if t.mapping else ''}"
        for t in pipeline.terms
        if t.loss.name != "ce"
    ]
    return (
        ", ".join(
            [" + ".join(terms)] * bool(terms) + [_short(part) for part in pipeline.stages.values()]
        )
        or ALONE
    )


def _gains(name: str, record: StudyResult) -> list[Gain]:
    runs: dict[str, dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    for o in record.outcomes:
        if o.status == "complete" and o.score is not None and o.baseline in ("", "alone"):
            runs[recipe_name(o.pipeline)][
                str(o.pipeline.student), str(o.pipeline.optimizer)
            ].append(o.score)
    noise = (
        pooled_deviation(scores for each in runs.values() for scores in each.values()) or math.nan
    )
    found = []
    for recipe, each in runs.items():
        both = [s for s in each if s in runs[ALONE]] if recipe != ALONE and ALONE in runs else []
        if len(both) < 2:
            continue
        differences = [fmean(each[s]) - fmean(runs[ALONE][s]) for s in both]
        variance = fmean(1 / len(each[s]) + 1 / len(runs[ALONE][s]) for s in both) / len(both)
        found.append(Gain(name, recipe, fmean(differences), noise * math.sqrt(variance), len(both)))
    return found


def _short(part: Part) -> str:
    heat = part.knobs.get("temperature")
    return part.name if heat is None else f"{part.name}(T={heat:.2g})"
