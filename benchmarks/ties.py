"""Reliability of the verdict: simulated studies with a known truth.

They go through the real comparison and verdict.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from autodistill.analysis.verdict import Verdict, judge
from autodistill.registry import families
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import Selection, StudyResult, Trial, as_bytes
from autodistill.study.study import Study

ROWS, PIPELINES, REPEATED, FRESH = 500, 14, 3, 2
ROW_SPREAD, ARM_SPREAD, SEED_SPREAD = 3.0, 0.7, 0.5
"""Spreads in logits, for each row: all runs, runs of one pipeline, one run."""


def pipeline(number: int) -> Pipeline:
    """Pipelines that differ by their temperature."""
    return Pipeline(
        Part("cut"), (Term(Part("kl", {"temperature": 1.0 + number}), 1.0),), Part("adamw")
    )


def simulate(
    lifts: NDArray[np.float64], draw: np.random.Generator, passed_over: int = 0
) -> tuple[StudyResult, list[int]]:
    """A simulated study, and the pipelines that were repeated.

    Its pipelines have these lifts in logits over the student alone. Every pipeline runs once; the
    three best are repeated with two fresh seeds, as is the student alone. So many of the very best
    are passed over, as if their repeats could not have ended in time.
    """
    hard = 3.0 + ROW_SPREAD * draw.normal(size=ROWS)
    outcomes: list[Trial] = []

    def group(
        made: Pipeline, lift: float, baseline: str = ""
    ) -> "tuple[Pipeline, NDArray[np.float64], str]":
        return made, hard + lift + ARM_SPREAD * draw.normal(size=ROWS), baseline

    def run(of: "tuple[Pipeline, NDArray[np.float64], str]", seed: int) -> float:
        made, logits, baseline = of
        right = (
            logits + SEED_SPREAD * draw.normal() / 4 + SEED_SPREAD * draw.logistic(size=ROWS) > 0
        )
        score = float(right.mean())
        outcomes.append(
            Trial(
                len(outcomes),
                made,
                seed,
                "complete",
                score,
                baseline=baseline,
                predictions=as_bytes((~right).astype(int)),
            )
        )
        return score

    groups = [group(pipeline(i), lift) for i, lift in enumerate(lifts)]
    alone = group(Pipeline(Part("cut"), (Term(Part("ce"), 1.0),), Part("adamw")), 0.0, "alone")
    first = [run(a, 0) for a in groups]
    repeated = [int(i) for i in np.argsort(first)[::-1][passed_over:][:REPEATED]]
    for seed in range(1 + FRESH):
        run(alone, seed)
        if seed:
            for i in repeated:
                run(groups[i], seed)
    return StudyResult(
        Study("simulated"),
        tuple(outcomes),
        selection=Selection(as_bytes(np.zeros(ROWS, dtype=int))),
    ), repeated


def verdicts(
    lifts: NDArray[np.float64], studies: int, seed: int, passed_over: int = 0
) -> list[tuple[Verdict, list[int]]]:
    """Verdicts on this many simulated studies."""
    draw = np.random.default_rng(seed)
    accuracy = families.build("metrics", "accuracy", {})
    made = (simulate(lifts, draw, passed_over) for _ in range(studies))
    return [(judge(record, accuracy.of_rows), repeated) for record, repeated in made]


def ties(studies: int = 500, seed: int = 0, lift: float = 0.3) -> Mapping[str, float]:
    """Shares of the simulated studies, by planted truth; each kind has its own draws.

    equal: no pipeline differs from another one nor from the student alone, but by one in a million
    in logits, so that one of them is the best. better: one pipeline is, by `lift` logits (0.3:
    about two points). worse: all are worse than the student alone, by as much.
    """
    tiny = 1e-6 * np.arange(PIPELINES, dtype=float)
    better, worse = tiny.copy(), tiny - lift
    better[5] += lift
    found: dict[str, float] = {}
    for case, (name, lifts) in enumerate((("equal", tiny), ("better", better), ("worse", worse))):
        judged = verdicts(lifts, studies, 3 * seed + case)
        kept = [
            pipeline(max(repeated, key=lambda i: lifts[i])).key in {a.pipeline.key for a in v.ties}
            for v, repeated in judged
        ]
        findings = [v.gain.finding for v, _ in judged if v.gain]
        found[f"{name}_best_repeated_in_ties"] = float(np.mean(kept))
        best = int(np.argmax(lifts))
        found[f"{name}_best_of_all_repeated"] = float(
            np.mean([best in repeated for _, repeated in judged])
        )
        found[f"{name}_best_of_all_recommended"] = float(
            np.mean([v.recommended.pipeline == pipeline(best) for v, _ in judged])
        )
        found[f"{name}_ties"] = float(np.mean([len(v.ties) for v, _ in judged]))
        found |= {
            f"{name}_{kind}": findings.count(kind) / studies
            for kind in ("helps", "probably", "perhaps", "no", "hurts")
        }
        found[f"{name}_alone_recommended"] = float(
            np.mean([v.recommended.baseline == "alone" for v, _ in judged])
        )
    return found
