"""Gain of each recipe over labels alone, for the same students, on each dataset."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from autodistill.study.deviation import pooled_deviation
from autodistill.study.pipeline import SHOWN, Part, Pipeline
from autodistill.study.results import StudyResult

ALONE = "labels alone"


@dataclass(frozen=True)
class Gain:
    """The gain of one recipe on one dataset."""

    study: str
    recipe: str
    gain: float
    """Mean over students of the gain over labels alone, in the study's metric."""
    error: float
    """Standard error from the noise of seeds, pooled over all repeats of the study.

    NaN where nothing was repeated.
    """
    students: int

    @property
    def is_shown(self) -> bool:
        """Whether the gain is more than two standard errors from zero."""
        return abs(self.gain) > 2 * self.error


def gains(studies: Mapping[str, StudyResult]) -> list[Gain]:
    """Gains by study, then by recipe.

    A recipe counts if two students or more were run with it and on labels alone.
    """
    return [gain for name, record in studies.items() for gain in _gains(name, record)]


def common_recipes(found: Sequence[Gain]) -> list[str]:
    """Recipes that at least half of the studies have."""
    studies, counts = {g.study for g in found}, Counter(g.recipe for g in found)
    return [recipe for recipe, count in counts.items() if 2 * count >= len(studies)]


def recipe_name(pipeline: Pipeline) -> str:
    """The recipe without labels, student and optimiser, in words."""
    terms = [
        f"{t.weight:.2g} {_short(t.loss)}{f'@{t.mapping.name}' if t.mapping else ''}"
        for t in pipeline.terms
        if t.loss.name != "ce"
    ]
    return (
        ", ".join(
            [" + ".join(terms)] * bool(terms)
            + [_stage(slot, part) for slot, part in pipeline.stages.items()]
        )
        or ALONE
    )


def _gains(name: str, record: StudyResult) -> list[Gain]:
    runs: dict[str, dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    for o in record.explored:
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


def _stage(slot: str, part: Part) -> str:
    return f"{SHOWN[slot]}: {_short(part)}" if slot in SHOWN else _short(part)


def _short(part: Part) -> str:
    heat = part.knobs.get("temperature")
    return part.name if heat is None else f"{part.name}(T={heat:.2g})"
