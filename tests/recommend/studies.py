"""Studies as a plan leaves them, with a known truth."""

import numpy as np

from autodistill.recommend.past import FACT
from autodistill.study.pipeline import NONE, Part, Pipeline, Term
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import Study


def pipeline(temperature: float, keep: float = 0.5, mixup: bool = False) -> Pipeline:
    """A student of the tiny teacher and one loss beside the labels."""
    terms = (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": temperature}), 0.5))
    part = Part("embedding", {"alpha": 0.4, "ratio": 1.0, "teacher": "interpolate", "per": "row"})
    optimizer = Part("adamw", {"lr": 1e-3, "batch": 32, "weight_decay": 0.01, "warmup": 0.1})
    return Pipeline(Part("cut", {"keep": keep}), terms, optimizer).with_stages(
        mixup=part if mixup else NONE
    )


COMMON = [
    pipeline(t, keep, mixup)
    for t in (1.0, 2.0, 4.0)
    for keep in (0.5, 1.0)
    for mixup in (False, True)
]
ABOUT = {
    **dict.fromkeys(("log_classes", "is_image", "is_pair"), 0.0),
    "log_rows": 3.0,
    "length_50": 3.0,
    "teacher_accuracy": 0.9,
    "teacher_lift": 0.4,
    "teacher_error": 0.01,
    "landmark_surface": 0.8,
}


def past(
    place: int, *, mixup: float = 0.02, noise: float = 0.002, seeds: int = 2, **about: float
) -> StudyResult:
    """One study: keeping more is worth 4 points, mixup as much as given, a temperature nothing."""
    draw, outcomes = np.random.default_rng(place), []
    for _ in range(seeds):
        for p in COMMON:
            score = (
                0.8
                + 0.08 * (float(p.student.knobs["keep"]) - 0.5)
                + mixup * (p.stage("mixup") != NONE)
                + noise * draw.normal()
            )
            seed = sum(o.pipeline == p for o in outcomes)
            cost = {"train_seconds": 2.0}
            outcomes.append(
                Trial(
                    len(outcomes), p, seed, "complete", score, {"rows": 100, "epochs": 1}, cost=cost
                )
            )
    alone = Trial(
        len(outcomes), COMMON[0], 0, "complete", 0.99, {"rows": 100, "epochs": 1}, baseline="random"
    )
    facts = {"rows": 100, "epochs": 1, FACT: {**ABOUT, "log_rows": 3.0 + 0.1 * place, **about}}
    return StudyResult(Study(f"set{place}", metric="accuracy"), (*outcomes, alone), 1.0, facts)
